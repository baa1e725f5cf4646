"""A database restored to an earlier point: found, refused, accepted by two, explained for ever."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text

from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch, Denied, Recorded
from domain.restore import (
    STREAM,
    AcceptRestore,
    LostCheckpoint,
    LostVersions,
    Restored,
    Trusted,
)
from domain.values import DossierKind, Post, ProjectId
from storage import audit, checkpoints, keyring, keys, log, notes, queries
from storage.audit import Note, Report
from storage.notes import Checkpoint
from storage.outside import Outside
from storage.record import Record
from tests.conftest import NewDatabase, envelope, hand_in, tell
from tests.domain.story import (
    CITY_CHAIR,
    COUNCIL,
    INVESTOR,
    PROJECT,
    REGISTER,
    TO_CONTRACT,
    TOTAL,
    TREASURY,
    Asked,
    act,
    at,
    submit,
)

SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
OTHER = ProjectId("AD02-GT")
Copy = Callable[[Engine], AbstractContextManager[Engine]]


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path)


@pytest.fixture
def copied() -> Copy:
    """A physical copy of a database as it is now: what a backup of this moment would restore."""

    @contextmanager
    def copy(engine: Engine) -> Iterator[Engine]:
        name = f"copy_{uuid4().hex}"
        engine.dispose()
        admin = engine.url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(
            admin.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {engine.url.database}".encode())
            url = engine.url.set(database=name).render_as_string(hide_password=False)
            one = log.engine(url)
            try:
                yield one
            finally:
                one.dispose()
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    return copy


def accept(record: Record, by: Post, left: int, timeline: int = 1) -> Accepted | Denied:
    command = AcceptRestore(timeline=timeline, left=left)
    return hand_in(record, envelope((STREAM, command, act(by, "2024-06-01"))))


def denied(record: Record, asked: Asked) -> str:
    outcome = hand_in(record, envelope(asked), keep_refusal=True)
    assert isinstance(outcome, Denied)
    return outcome.rule


def seen(record: Record, after: int, timeline: int = 1) -> Recorded:
    """A case's workflow reads on from a version."""
    return record.decide(
        Batch(stream=PROJECT, after=after, now=at("2024-06-01"), timeline=timeline)
    )


def verified(engine: Engine, outside: Outside, *given: Note) -> Report:
    own = keys.find(outside.home)
    assert own is not None
    return audit.verify(engine, keyring.joined(own.public_key()), given, lambda _done: None)


def newest(outside: Outside) -> Note:
    kept = outside.newest()
    assert kept is not None
    return Note(text=kept.text, kept_in=str(kept.file))


def standing(engine: Engine) -> object:
    found = queries.standing(engine, STREAM)
    return found and found.state


# Found by the checkpoint outside


def test_two_officials_accept_what_a_checkpoint_outside_shows_to_be_lost(
    engine: Engine, policy: Policy, outside: Outside, copied: Copy
) -> None:
    # given: a backup, decisions after it, and a checkpoint of them kept outside
    tell(Record(engine, policy, outside), REGISTER)
    left = audit.size(engine)
    with copied(engine) as restored:
        tell(Record(engine, policy, outside), SUBMIT)
        taken = checkpoints.take(engine, outside)
        assert taken is not None
        lost = newest(outside)

        # when: the backup is what the programs find now
        record = Record(restored, policy, outside)

        # then: commands are refused, even after a restart and by whoever has no folder of notes;
        # nothing is appended but that; reads go on
        assert denied(record, SUBMIT) == "restored"
        assert denied(Record(restored, policy, outside), SUBMIT) == "restored"
        assert denied(Record(restored, policy), SUBMIT) == "restored"
        assert audit.size(restored) == left + 1
        assert record.fold(PROJECT).version == left
        assert {wait.post for wait in queries.inbox(restored) if wait.stream == STREAM} == {
            CITY_CHAIR,
            COUNCIL,
            TREASURY,
        }
        found = standing(restored)
        assert isinstance(found, Restored)
        assert isinstance(found.found.evidence, LostCheckpoint)
        assert found.found.evidence.size == taken.checkpoint.size
        assert "\n".join(found.found.evidence.note) == taken.note
        with pytest.raises(checkpoints.Broken, match="not accepted"):
            checkpoints.take(restored, outside)
        assert "restored" in [one.wrong for one in verified(restored, outside).breaks]

        # one is not enough, the same twice is one, and not everybody may
        assert isinstance(accept(record, TREASURY, left), Accepted)
        assert denied(record, SUBMIT) == "restored"
        again = accept(record, TREASURY, left)
        assert isinstance(again, Denied)
        assert again.rule == "separation_of_duties"
        stranger = accept(record, INVESTOR, left)
        assert isinstance(stranger, Denied)
        assert stranger.rule == "authority"

        # two are
        other = Record(restored, policy, outside)
        assert isinstance(accept(other, COUNCIL, left), Accepted)
        tell(record, SUBMIT)
        assert isinstance(standing(restored), Trusted)

        # the audit explains what was lost, for ever, and takes checkpoints of the new timeline
        following = checkpoints.take(restored, outside)
        assert following is not None
        assert following.checkpoint.timeline == 2
        report = verified(restored, outside, lost, newest(outside))
        assert report.breaks == ()
        assert report.abandoned == 1
        assert [one.left for one in report.restores] == [left]
        assert (outside.home / "notes" / "1").is_dir()


def test_a_log_that_went_on_differently_is_found_by_the_event_under_the_note(
    engine: Engine, policy: Policy, outside: Outside, copied: Copy
) -> None:
    tell(Record(engine, policy, outside), REGISTER)
    with copied(engine) as restored:
        tell(Record(engine, policy, outside), SUBMIT)
        checkpoints.take(engine, outside)
        # somebody without the notes decided on, past the size that was signed
        tell(Record(restored, policy), *TO_CONTRACT[1:])

        assert denied(Record(restored, policy, outside), SUBMIT) == "restored"
        found = standing(restored)
        assert isinstance(found, Restored)
        assert found.found.left == 0


def test_what_is_certainly_left_is_what_log_and_folder_have_in_common(
    engine: Engine, policy: Policy, outside: Outside, copied: Copy
) -> None:
    tell(Record(engine, policy, outside), REGISTER)
    common = checkpoints.take(engine, outside)
    assert common is not None
    with copied(engine) as restored:
        tell(Record(engine, policy, outside), SUBMIT)
        checkpoints.take(engine, outside)
        tell(Record(restored, policy), *TO_CONTRACT[1:])

        denied(Record(restored, policy, outside), SUBMIT)
        found = standing(restored)
        assert isinstance(found, Restored)
        assert found.found.left == common.checkpoint.size


def test_a_note_copied_without_its_tree_is_enough(
    engine: Engine, policy: Policy, outside: Outside, copied: Copy
) -> None:
    tell(Record(engine, policy, outside), REGISTER)
    with copied(engine) as restored:
        tell(Record(engine, policy, outside), SUBMIT)
        checkpoints.take(engine, outside)
        for tree in outside.home.rglob("*.tree"):
            tree.unlink()

        assert denied(Record(engine, policy, outside), SUBMIT) != "restored"
        assert denied(Record(restored, policy, outside), SUBMIT) == "restored"


def test_a_second_restore_to_before_the_acceptance_is_found_again(
    engine: Engine, policy: Policy, outside: Outside, copied: Copy
) -> None:
    tell(Record(engine, policy, outside), REGISTER)
    left = audit.size(engine)
    with copied(engine) as restored, copied(engine) as again:
        tell(Record(engine, policy, outside), SUBMIT)
        checkpoints.take(engine, outside)
        record = Record(restored, policy, outside)
        denied(record, SUBMIT)
        accept(record, TREASURY, left)
        accept(record, COUNCIL, left)
        checkpoints.take(restored, outside)

        second = Record(again, policy, outside)
        assert denied(second, SUBMIT) == "restored"
        found = standing(again)
        assert isinstance(found, Restored)
        assert found.timeline == 2
        accept(second, TREASURY, left, timeline=2)
        accept(second, COUNCIL, left, timeline=2)
        tell(second, SUBMIT)
        last = checkpoints.take(again, outside)
        assert last is not None
        assert last.checkpoint.timeline == 3


# Found by a case that had seen more


def test_the_tail_lost_after_the_last_checkpoint_is_found_by_the_case_that_saw_it(
    engine: Engine, policy: Policy, outside: Outside
) -> None:
    # given: a log shorter than a workflow believes, and agreeing with every note
    record = Record(engine, policy, outside)
    tell(record, REGISTER)
    left = audit.size(engine)
    checkpoints.take(engine, outside)

    # when
    answer = seen(record, after=9)

    # then: it is answered, so that it reads the case anew, and nothing more is taken
    assert (answer.version, answer.facts) == (left, ())
    assert denied(record, SUBMIT) == "restored"
    found = standing(engine)
    assert isinstance(found, Restored)
    assert found.found.evidence == LostVersions(stream=PROJECT, seen=9, held=left)

    # and after two have accepted, those who are late are told of the new timeline
    accept(record, TREASURY, left)
    accept(record, CITY_CHAIR, left)
    assert seen(record, after=9).timeline == 2
    tell(record, SUBMIT)
    assert isinstance(standing(engine), Trusted)

    # unless they saw more on the new one
    seen(record, after=99, timeline=2)
    assert isinstance(standing(engine), Restored)


def test_a_decision_after_more_than_there_is_is_refused_and_found(
    engine: Engine, policy: Policy
) -> None:
    record = Record(engine, policy)
    tell(record, REGISTER)
    asks = (Ask(envelope=envelope(SUBMIT)),)

    (outcome,) = record.decide(
        Batch(stream=PROJECT, after=7, now=at("2024-06-01"), asks=asks)
    ).outcomes

    assert isinstance(outcome, Denied)
    assert outcome.rule == "restored"


def test_a_process_that_was_connected_before_hears_of_it_at_its_next_decision(
    engine: Engine, policy: Policy
) -> None:
    one, other = Record(engine, policy), Record(engine, policy)
    tell(one, REGISTER)
    tell(other, SUBMIT)
    before = audit.size(engine)

    seen(one, after=9)

    assert denied(other, TO_CONTRACT[2]) == "restored"
    assert audit.size(engine) == before + 1


def test_what_is_on_record_is_answered_from_there(engine: Engine, policy: Policy) -> None:
    record = Record(engine, policy)
    wanted = envelope(REGISTER, "known")
    hand_in(record, wanted)
    seen(record, after=9)

    assert isinstance(hand_in(record, wanted), Accepted)


# No false alarm


def test_a_lost_connection_a_restart_and_a_fresh_store_are_no_restore(
    engine: Engine, policy: Policy, outside: Outside, new_database: NewDatabase, tmp_path: Path
) -> None:
    record = Record(engine, policy, outside)
    tell(record, REGISTER)
    checkpoints.take(engine, outside)

    with engine.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
        connection.execute(text(f"{kill} {others}"))
        connection.invalidate()
    tell(record, SUBMIT)
    tell(Record(engine, policy, outside), REGISTER, project=OTHER)
    tell(Record(engine, policy, Outside(tmp_path / "another")), SUBMIT, project=OTHER)
    with new_database() as fresh:
        tell(Record(fresh, policy, Outside(tmp_path / "fresh")), REGISTER)

    assert standing(engine) is None


def test_a_note_that_our_key_did_not_sign_accuses_nobody(
    engine: Engine, policy: Policy, outside: Outside
) -> None:
    tell(Record(engine, policy, outside), REGISTER)
    checkpoints.take(engine, outside)
    forged = Checkpoint(size=99, root=bytes(32))
    outside.keep(forged, notes.sign(Ed25519PrivateKey.generate(), forged), None)

    tell(Record(engine, policy, outside), SUBMIT)
    assert standing(engine) is None
