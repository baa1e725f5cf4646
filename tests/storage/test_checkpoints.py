"""Checkpoints that go on from the last one, and keys that follow one another."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text

from domain.values import ProjectId
from storage import audit, bundles, bundling, checkpoints, keyring, keys, notes
from storage.checkpoints import Broken
from storage.keyring import Succession
from storage.notes import Checkpoint
from storage.outside import Outside
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import REGISTER, TO_CONTRACT
from tests.storage.test_audit import alter

OLD, NEW, LAST = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in (1, 2, 3))
NAMES = tuple(notes.spelled(key.public_key()) for key in (OLD, NEW, LAST))
OTHER = ProjectId("AD02-GT")


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path / "home", (tmp_path / "usb",))


@pytest.fixture
def grown(record: Record, outside: Outside) -> Record:
    """A log signed when it was half as long."""
    outside.home.mkdir()
    tell(record, *TO_CONTRACT)
    assert checkpoints.take(record.engine, outside) is not None
    tell(record, *TO_CONTRACT, project=OTHER)
    return record


def signed(key: Ed25519PrivateKey, size: int) -> str:
    return notes.sign(key, Checkpoint(size=size, root=bytes(32)))


# Checkpoints


def test_going_on_signs_what_looking_at_everything_would(grown: Record, outside: Outside) -> None:
    taken = checkpoints.take(grown.engine, outside)
    report, _ = checkpoints.whole(grown.engine, outside, lambda _done: None)

    assert taken is not None
    assert taken.looked_at == report.events // 2
    assert taken.checkpoint == Checkpoint(size=report.events, root=bytes.fromhex(report.root))
    assert report.breaks == ()
    assert checkpoints.take(grown.engine, outside) is None


def test_every_folder_has_the_note(grown: Record, outside: Outside) -> None:
    taken = checkpoints.take(grown.engine, outside)
    assert taken is not None

    for place in outside.places:
        texts = {file.read_text("utf-8") for file in place.rglob("*.note")}
        assert taken.note in texts
        assert len(texts) == 2


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(
    grown: Record, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    both = Outside(tmp_path / "home", (tmp_path / "file",))

    taken = checkpoints.take(grown.engine, both)

    assert taken is not None
    assert taken.failed == (str(tmp_path / "file"),)


def test_an_edge_that_does_not_add_up_is_not_believed(grown: Record, outside: Outside) -> None:
    for tree in outside.home.parent.rglob("*.tree"):
        lines = tree.read_text("ascii").split()
        tree.write_text("\n".join([*lines[:-1], "00" * 32]))

    taken = checkpoints.take(grown.engine, outside)

    assert taken is not None
    assert taken.looked_at == taken.checkpoint.size


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("act = jsonb_set(act, '{by,role}', '\"chair\"')", "hash at position"),
        ("hash = ''", "hash at position"),
        ("body = jsonb_set(body, '{kind}', '1.5')", "form at position"),
        ("version = version + 70", "version at position"),
        ("position = position + 1000", "position at position"),
    ],
)
def test_what_is_wrong_with_a_new_event_is_not_signed(
    grown: Record, outside: Outside, change: str, because: str
) -> None:
    last = audit.size(grown.engine)
    alter(grown.engine, f"UPDATE events SET {change} WHERE position = {last}")

    with pytest.raises(Broken, match=because):
        checkpoints.take(grown.engine, outside)


def test_what_is_wrong_with_the_last_signed_event_is_not_built_upon(
    grown: Record, outside: Outside
) -> None:
    half = audit.size(grown.engine) // 2
    change = "recorded_at = recorded_at - interval '1 day'"
    alter(grown.engine, f"UPDATE events SET {change} WHERE position = {half}")

    with pytest.raises(Broken, match="not the one that was signed"):
        checkpoints.take(grown.engine, outside)


def test_a_home_without_the_key_signs_nothing_where_another_has(
    grown: Record, tmp_path: Path
) -> None:
    with pytest.raises(Broken, match="another one has signed"):
        checkpoints.take(grown.engine, Outside(tmp_path))
    assert keys.find(tmp_path) is None


# Keys


def test_the_old_key_leads_to_the_new_one_and_back() -> None:
    said = (keyring.state(OLD, NEW, 5), keyring.state(NEW, LAST, 9))

    for trusted in (OLD, NEW, LAST):
        known = keyring.joined(trusted.public_key(), said)
        assert all(known.knows(name) for name in NAMES)
        assert known.read(signed(OLD, 5)).size == 5
        assert known.read(signed(NEW, 9)).size == 9
        assert known.read(signed(LAST, 99)).size == 99
        with pytest.raises(ValueError, match="replaced at 5"):
            known.read(signed(OLD, 6))
        with pytest.raises(ValueError, match="replaced at 9"):
            known.read(signed(NEW, 10))


def test_without_a_statement_one_key_is_nothing_to_another() -> None:
    known = keyring.joined(NEW.public_key(), (keyring.state(LAST, OLD, 5),))

    assert not known.knows(NAMES[0])
    with pytest.raises(ValueError, match="not signed by this key"):
        known.read(signed(OLD, 5))


def test_a_key_that_names_two_is_believed_by_nobody() -> None:
    said = (keyring.state(OLD, NEW, 5), keyring.state(OLD, LAST, 5))

    with pytest.raises(ValueError, match="names two"):
        keyring.joined(OLD.public_key(), said)


def test_a_lost_key_is_known_to_those_who_trust_the_new_one_only() -> None:
    said = (keyring.lost(OLD.public_key(), NEW, 5),)

    assert keyring.joined(NEW.public_key(), said).read(signed(OLD, 5)).size == 5
    with pytest.raises(ValueError, match="replaced at 5"):
        keyring.joined(NEW.public_key(), said).read(signed(OLD, 6))
    assert not keyring.joined(OLD.public_key(), said).knows(NAMES[1])


def test_a_statement_needs_both_signatures_and_every_letter() -> None:
    whole = keyring.state(OLD, NEW, 5).text
    alone = notes.signed(OLD, whole.rpartition("\n\n")[0] + "\n")

    for text_ in (alone, whole.replace("\n5\n", "\n6\n"), whole.replace(NAMES[1], NAMES[2]), ""):
        with pytest.raises(ValueError, match=r"sign|statement"):
            keyring.read(text_)


def rotated(record: Record, outside: Outside) -> Succession:
    """What `ntm audit key rotate` does."""
    old = keys.own(outside.home)
    report, edge = checkpoints.whole(record.engine, outside, lambda _done: None)
    taken = checkpoints.sign(record.engine, outside, report, edge)
    said = keyring.state(old, keys.following(outside.home), taken.checkpoint.size)
    assert outside.keep_succession(said) == ()
    keys.succeed(outside.home)
    return said


def test_after_a_rotation_all_checkpoints_stay_good_and_new_ones_go_on(
    grown: Record, outside: Outside
) -> None:
    said = rotated(grown, outside)
    tell(grown, REGISTER, project=ProjectId("AD03-GT"))

    taken = checkpoints.take(grown.engine, outside)

    assert taken is not None
    assert taken.looked_at == 1
    own = keys.own(outside.home)
    assert notes.spelled(own.public_key()) == said.new
    assert notes.read(own.public_key(), taken.note) == taken.checkpoint
    report, _ = checkpoints.whole(grown.engine, outside, lambda _done: None)
    assert report.breaks == ()
    assert report.checkpoints == 4
    assert outside.successions() == (said,)


def test_bundles_under_either_key_are_proven_by_the_first_and_by_the_last(
    record: Record, outside: Outside, engine: Engine
) -> None:
    outside.home.mkdir()
    tell(record, *TO_CONTRACT)
    hand_in(record, envelope(REGISTER, "before", OTHER))
    said = rotated(record, outside)
    keep = keyring.joined(notes.public_key(said.old))
    before = bundling.bundle(engine, keep, "before", lambda _done: None)
    hand_in(record, envelope(REGISTER, "after", ProjectId("AD03-GT")))
    checkpoints.take(engine, outside)
    known = outside.keyring()
    assert known is not None
    after = bundling.bundle(engine, known, "after", lambda _done: None, (said.text,))
    assert before is not None
    assert after is not None

    first, last = notes.public_key(said.old), notes.public_key(said.new)
    # far away, with nothing but the file and a key
    assert bundles.check(bundles.read(bundles.dump(before)), first)
    assert bundles.check(bundles.read(bundles.dump(after)), first)
    assert bundles.check(bundles.read(bundles.dump(after)), last)
    # one made before the rotation cannot bring the statement along
    with pytest.raises(ValueError, match="another key"):
        bundles.check(before, last)
    assert bundles.check(before, last, (said,))
    with pytest.raises(ValueError, match="another key"):
        bundles.check(replace(after, rotated=()), first)


def test_the_tables_own_rows_say_which_key_signed(grown: Record, outside: Outside) -> None:
    rotated(grown, outside)
    with grown.engine.connect() as connection:
        found = connection.execute(text("SELECT note FROM checkpoints")).scalars().all()
    known = outside.keyring()
    assert known is not None
    assert {known.read(note).size for note in found} == {
        audit.size(grown.engine) // 2,
        audit.size(grown.engine),
    }
