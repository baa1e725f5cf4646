"""Signed notes: the published vectors of the form, and what is no note of ours."""

from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage import keys, notes
from storage.notes import Checkpoint

# The example of the reference implementation (golang.org/x/mod/sumdb/note).
PETER = "PeterNeumann"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PRIVATE = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = (
    f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
    "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = Checkpoint(size=1234, root=bytes(range(32)))
NOTE = notes.sign(KEY, CHECKPOINT)


def test_the_published_note_is_made_and_read_to_the_byte() -> None:
    peter = Ed25519PrivateKey.from_private_bytes(PRIVATE)

    assert notes.signed(peter, TEXT, PETER) == SIGNED
    assert notes.spelled(peter.public_key(), PETER) == PUBLIC
    assert notes.opened(notes.public_key(PUBLIC, PETER), SIGNED, PETER) == TEXT


def test_a_checkpoint_is_read_back() -> None:
    assert notes.read(KEY.public_key(), NOTE) == CHECKPOINT
    assert NOTE.split("\n")[:4] == [
        "ntm-record", "1234", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "",
    ]  # fmt: skip


def test_no_character_of_a_note_can_be_another() -> None:
    for place, letter in enumerate(NOTE):
        for other in {"A", "\n", " ", "0", chr(ord(letter) ^ 1)} - {letter}:
            with pytest.raises(ValueError, match="is "):
                notes.read(KEY.public_key(), NOTE[:place] + other + NOTE[place + 1 :])


def test_a_witness_may_sign_below() -> None:
    witness = notes.signed(Ed25519PrivateKey.generate(), "x\n", "witness").rpartition("\n\n")[2]

    assert notes.read(KEY.public_key(), NOTE + witness) == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "other\n1\n{}\n",
        "ntm-record\n01\n{}\n",
        "ntm-record\n-1\n{}\n",
        "ntm-record\n١\n{}\n",
        "ntm-record\n1\nAAAA\n",
        "ntm-record\n1\n{}\nmore\n",
        "ntm-record\n1\n",
    ],
)
def test_what_we_signed_is_not_therefore_a_checkpoint(text: str) -> None:
    root = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    with pytest.raises(ValueError, match="is n"):
        notes.read(KEY.public_key(), notes.signed(KEY, text.format(root)))


@pytest.mark.parametrize("text", ["", "x", PUBLIC[:-1], PUBLIC.lower(), f"{PUBLIC}A", "a+b+ARpc"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is n"):
        notes.public_key(text, PETER)


# The key of a home


def test_a_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    made = keys.own(tmp_path)

    assert keys.own(tmp_path).private_bytes_raw() == made.private_bytes_raw()
    assert (tmp_path / "audit-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["audit-key"]


def test_looking_for_a_key_makes_none(tmp_path: Path) -> None:
    assert keys.find(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys.own(tmp_path)
    (tmp_path / "audit-key").chmod(0o640)

    with pytest.raises(ValueError, match="others may read it"):
        keys.own(tmp_path)


def test_a_file_that_is_no_key_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "audit-key").write_text("x")
    (tmp_path / "audit-key").chmod(0o600)

    with pytest.raises(ValueError, match="is no key"):
        keys.own(tmp_path)
    assert (tmp_path / "audit-key").read_text() == "x"
