"""The file of the keys: made once, rotated, and refused where others could read it."""

import stat
from pathlib import Path

import pytest

from stack import payload_keys
from stack.payload_keys import NoKeys


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(payload_keys.VARIABLE, raising=False)
    return tmp_path


def test_a_home_gets_one_key_that_only_its_owner_reads(home: Path) -> None:
    payload_keys.ensure(home)
    made = payload_keys.read(payload_keys.place(home))
    payload_keys.ensure(home)

    assert payload_keys.read(payload_keys.place(home)) == made
    assert [len(key) for key in made] == [32]
    assert stat.S_IMODE(payload_keys.place(home).stat().st_mode) == 0o600


def test_a_new_key_comes_first_and_no_old_one_is_lost(home: Path) -> None:
    payload_keys.ensure(home)
    before = payload_keys.read(payload_keys.place(home))

    payload_keys.rotate(home)
    payload_keys.rotate(home)

    new, *old = payload_keys.read(payload_keys.place(home))
    assert old[1:] == [*before]
    assert len({new, *old}) == 3
    assert stat.S_IMODE(payload_keys.place(home).stat().st_mode) == 0o600


def test_a_file_that_the_environment_names_is_never_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = home / "mounted" / "keys"
    monkeypatch.setenv(payload_keys.VARIABLE, str(named))

    with pytest.raises(NoKeys, match=f"{named}: is not there"):
        payload_keys.ensure(home)

    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "holds no key"),
        ("# only a remark\n", "holds no key"),
        ("AAAA\n", "line 1: is no key of 32 bytes in base64"),
        ("# first\nnot base64!\n", "line 2: is no key"),
        ("é\n", "cannot be read"),
    ],
)
def test_what_is_no_key_is_named_by_its_line_and_never_quoted(
    home: Path, text: str, because: str
) -> None:
    file = payload_keys.place(home)
    file.write_text(text, "utf-8")
    file.chmod(0o600)

    with pytest.raises(NoKeys, match=because) as refusal:
        payload_keys.ensure(home)

    assert "not base64!" not in str(refusal.value)


def test_keys_that_others_may_read_are_refused(home: Path) -> None:
    payload_keys.ensure(home)
    payload_keys.place(home).chmod(0o640)

    with pytest.raises(NoKeys, match=r"others may read it \(mode 640, not 600\)"):
        payload_keys.read(payload_keys.place(home))
