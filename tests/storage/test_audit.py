"""Tamper evidence: whoever owns the database alters it in every way, and is found out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, text

from domain import chain
from domain.recording import Denied
from domain.values import PaymentKind, ProjectId
from storage import audit, keyring, links, log, migrate, notes
from storage.audit import Note, Report
from storage.breaks import Break
from storage.notes import Checkpoint
from storage.record import Record
from tests.conftest import NewDatabase, envelope, hand_in, tell
from tests.domain.story import PROJECT, SCHOOL, TO_CONTRACT, TO_LAND, build, pay, request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
THIEF = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = ProjectId("AD02-GT")


@dataclass(frozen=True)
class Told:
    """A log of two projects, and the checkpoints that somebody outside kept of it."""

    engine: Engine
    half: int
    size: int
    kept: tuple[Note, ...]


@pytest.fixture
def told(record: Record, engine: Engine) -> Told:
    tell(record, *TO_CONTRACT)
    first = checkpoint(engine, "half.note")
    tell(record, *TO_CONTRACT, project=OTHER)
    second = checkpoint(engine, "whole.note")
    half, size = (notes.read(KEY.public_key(), note.text).size for note in (first, second))
    return Told(engine=engine, half=half, size=size, kept=(first, second))


def checkpoint(engine: Engine, name: str) -> Note:
    report = verified(engine)
    assert report.breaks == ()
    taken = Checkpoint(size=report.events, root=bytes.fromhex(report.root))
    return Note(text=audit.keep(engine, KEY, taken), kept_in=name)


def verified(engine: Engine, *kept: Note) -> Report:
    return audit.verify(engine, keyring.joined(KEY.public_key()), kept, lambda _done: None)


@contextmanager
def superuser(engine: Engine) -> Iterator[Connection]:
    """Whoever owns the database: the triggers are switched off, and on again afterwards."""
    guarded = ("events", "decisions", "checkpoints")
    with engine.begin() as connection:
        for table in guarded:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield connection
        for table in guarded:
            connection.execute(
                text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_are_append_only")
            )


def alter(engine: Engine, *statements: str, rechain: bool = False) -> None:
    with superuser(engine) as connection:
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))
        if rechain:
            recompute(connection)


def recompute(connection: Connection) -> None:
    """Make every position and every hash right again, as somebody who read our code would."""
    shift = "UPDATE events SET position = {}"
    connection.execute(text(shift.format("position + 1000000")))
    connection.execute(
        text(
            shift.format("place.number FROM (SELECT position AS old, row_number() OVER")
            + " (ORDER BY position) AS number FROM events) AS place WHERE position = place.old"
        )
    )
    heads: dict[str, bytes] = {}
    change = text("UPDATE events SET hash = :hash WHERE position = :position")
    for kept in list(links.every(connection)):
        before = heads.get(kept.link.stream, chain.ORIGIN)
        heads[kept.link.stream] = chain.chained(before, chain.record_of(kept.link))
        row = {"hash": heads[kept.link.stream], "position": kept.link.position}
        connection.execute(change, row)


def forged(engine: Engine, key: Ed25519PrivateKey) -> tuple[str, ...]:
    """Stored checkpoints replaced by some of the log as it stands now."""
    alter(engine, "TRUNCATE checkpoints")
    report = verified(engine)
    taken = Checkpoint(size=report.events, root=bytes.fromhex(report.root))
    audit.keep(engine, key, taken)
    return tuple(one.wrong for one in report.breaks)


def stream_at(engine: Engine, position: int) -> tuple[str, int]:
    with engine.connect() as connection:
        query = text("SELECT stream, version FROM events WHERE position = :position")
        stream, version = connection.execute(query, {"position": position}).one()
        return stream, version


# The honest log


def test_an_untouched_log_is_intact(told: Told) -> None:
    report = verified(told.engine, *told.kept)

    assert report.breaks == ()
    assert (report.events, report.streams, report.checkpoints) == (told.size, 3, 4)
    assert 0 < told.half < told.size


def test_what_every_room_writes_is_intact(record: Record, engine: Engine) -> None:
    tell(record, *TO_LAND, request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05"))
    tell(record, *pay(1, "2024-03-08"))
    tell(record, *build(SCHOOL, 4_000_000_000, "2024-06-01"))
    refused = hand_in(record, envelope(TO_LAND[-1]), keep_refusal=True)

    report = verified(engine)

    assert isinstance(refused, Denied)
    assert report.breaks == ()
    assert report.streams == 4


def test_an_empty_log_is_intact_and_may_be_signed(engine: Engine) -> None:
    empty = checkpoint(engine, "empty.note")

    assert verified(engine, empty).breaks == ()


def test_without_a_key_the_chains_are_still_checked(told: Told) -> None:
    alter(told.engine, "UPDATE events SET version = 77 WHERE position = 5")

    report = audit.verify(told.engine, None, (), lambda _done: None)

    assert report.breaks[0].wrong == "version"


def test_every_event_is_counted_while_people_wait(told: Told) -> None:
    seen: list[int] = []

    audit.verify(told.engine, None, (), seen.append)

    assert seen == list(range(1, audit.size(told.engine) + 1))


def test_a_checkpoint_taken_twice_is_the_same_note(told: Told) -> None:
    assert checkpoint(told.engine, "again").text == told.kept[1].text


def test_checkpoints_are_append_only(told: Told) -> None:
    for change in ("UPDATE checkpoints SET size = 0", "DELETE FROM checkpoints"):
        with (
            told.engine.connect() as connection,
            pytest.raises(Exception, match="events are corrected by new events"),
        ):
            connection.execute(text(change))


# Twelve kinds of edit


@pytest.mark.parametrize(
    "change",
    [
        """body = jsonb_set(body, '{kind}', to_jsonb('x' || substr(body->>'kind', 2)))""",
        """act = jsonb_set(act, '{by,role}', '"chair"')""",
        "occurred_at = occurred_at + interval '1 microsecond'",
        "occurred_at = '-infinity'",
        "occurred_at = '2024-01-01 BC'",
        "kind = 'Other'",
        "schema_version = 2",
        "hash = decode(repeat('00', 32), 'hex')",
        "hash = ''",
    ],
)
def test_an_altered_event_is_found_by_the_chain_alone(told: Told, change: str) -> None:
    alter(told.engine, f"UPDATE events SET {change} WHERE position = 5", "TRUNCATE checkpoints")

    found = verified(told.engine).breaks[0]

    assert (found.wrong, found.position) == ("hash", 5)
    assert (found.stream, found.version) == stream_at(told.engine, 5)


@pytest.mark.parametrize("number", ["1.0", "1e400", "1" * 5000])
def test_a_number_that_has_two_forms_is_found(told: Told, number: str) -> None:
    body = f"""body = jsonb_set(body, '{{kind}}', '{number}')"""
    alter(told.engine, f"UPDATE events SET {body} WHERE position = 5")

    found = verified(told.engine).breaks[0]

    assert found.position == 5
    assert found.wrong in ("form", "hash")


def test_a_decision_given_to_somebody_else_is_found(told: Told) -> None:
    alter(
        told.engine,
        "UPDATE events SET decision_id = 'x' WHERE position = 5",
        "UPDATE decisions SET decision_id = 'x' WHERE decision_id ="
        " (SELECT decision_id FROM events WHERE position = 5)",
    )

    assert verified(told.engine).breaks[0].wrong == "hash"


def test_a_recording_moved_in_time_is_found_by_a_checkpoint(told: Told) -> None:
    change = "recorded_at = recorded_at - interval '1 day'"
    alter(told.engine, f"UPDATE events SET {change} WHERE position = 5")

    found = verified(told.engine, *told.kept).breaks[0]

    assert (found.wrong, found.position, found.until) == ("root", 1, told.half)


def test_a_tail_cut_off_in_haste_is_found_by_its_decisions(told: Told) -> None:
    alter(
        told.engine, f"DELETE FROM events WHERE position > {told.size - 2}", "TRUNCATE checkpoints"
    )

    assert verified(told.engine).breaks[0].wrong == "lost"


def cut(told: Told) -> None:
    last = f"(SELECT decision_id FROM events WHERE position = {told.size})"
    alter(
        told.engine,
        f"DELETE FROM decisions WHERE decision_id = {last}",
        f"DELETE FROM events WHERE decision_id = {last}",
    )


def drop_stream(told: Told) -> None:
    alter(
        told.engine,
        f"DELETE FROM decisions WHERE stream = '{PROJECT}'",
        f"DELETE FROM events WHERE stream = '{PROJECT}'",
        rechain=True,
    )


def reorder(told: Told) -> None:
    # The last event of one project and the first of the next: both chains stay as they were.
    half = told.half
    alter(
        told.engine,
        f"UPDATE events SET position = 0 WHERE position = {half}",
        f"UPDATE events SET position = {half} WHERE position = {half + 1}",
        f"UPDATE events SET position = {half + 1} WHERE position = 0",
    )


def insert_event(told: Told) -> None:
    stream, last = stream_at(told.engine, told.half)
    alter(
        told.engine,
        f"UPDATE events SET position = position + 1000 WHERE position > {told.half}",
        f"INSERT INTO events SELECT {told.half + 1}, stream, version + 1, 'slipped-in', kind,"
        " schema_version, body, act, occurred_at, recorded_at, hash FROM events"
        f" WHERE position = {told.half}",
        f"INSERT INTO decisions VALUES ('slipped-in', '{stream}', '', NULL, NULL, {last + 1})",
        rechain=True,
    )


def rewrite(told: Told) -> None:
    alter(
        told.engine,
        """UPDATE events SET act = jsonb_set(act, '{by,role}', '"chair"') WHERE position = 5""",
        rechain=True,
    )


@pytest.mark.parametrize(
    ("edit", "wrong", "after_half"),
    [
        (cut, "cut", True),
        (drop_stream, "root", False),
        (reorder, "root", False),
        (insert_event, "root", True),
        (rewrite, "root", False),
    ],
)
def test_what_is_made_right_again_is_found_by_a_checkpoint_kept_outside(
    told: Told, edit: Callable[[Told], None], wrong: str, *, after_half: bool
) -> None:
    # given: whoever did it also threw away the checkpoints in the database
    edit(told)
    alter(told.engine, "TRUNCATE checkpoints")

    # when
    alone, outside = verified(told.engine), verified(told.engine, *told.kept)

    # then: the chain is content, as it must be; the checkpoint says between which events it was
    assert alone.breaks == ()
    found = outside.breaks[0]
    assert found.wrong == wrong
    if wrong == "cut":
        assert (found.position, found.until) == (alone.events + 1, told.size)
        assert alone.events < told.size
    elif after_half:
        assert (found.position, found.until) == (told.half + 1, told.size)
        assert (found.stream, found.version) == stream_at(told.engine, told.half + 1)
    else:
        assert (found.position, found.until) == (1, told.half)
        assert (found.stream, found.version) == stream_at(told.engine, 1)


def test_a_dropped_stream_leaves_a_hole_if_nobody_fills_it(told: Told) -> None:
    alter(told.engine, f"DELETE FROM events WHERE stream = '{PROJECT}'")

    found = verified(told.engine).breaks[0]

    assert found.wrong == "position"


def test_an_event_slipped_in_as_it_is_breaks_the_chain(told: Told) -> None:
    stream, version = stream_at(told.engine, told.size)
    alter(
        told.engine,
        f"INSERT INTO events SELECT {told.size + 1}, stream, version + 1, 'slipped-in', kind,"
        " schema_version, body, act, occurred_at, recorded_at, hash FROM events"
        f" WHERE position = {told.size}",
    )

    found = verified(told.engine).breaks

    assert [one.wrong for one in found] == ["hash", "undecided"]
    assert (found[0].stream, found[0].version) == (stream, version + 1)


def test_a_renumbered_position_is_found(told: Told) -> None:
    alter(told.engine, "UPDATE events SET position = 1000 WHERE position = 5")

    found = verified(told.engine).breaks[0]

    assert (found.wrong, found.position, found.detail) == ("position", 6, "5")
    assert (found.stream, found.version) == stream_at(told.engine, 6)


def test_a_swapped_signature_is_found(told: Told) -> None:
    first, second = told.kept
    mixed = first.text.rpartition("\n\n")[0] + "\n\n" + second.text.rpartition("\n\n")[2]
    alter(told.engine, f"UPDATE checkpoints SET note = '{mixed}' WHERE size = {told.half}")

    found = verified(told.engine).breaks[0]

    assert found.wrong == "signature"
    assert f"checkpoints.{told.half}" in found.detail


def test_a_checkpoint_in_the_place_of_another_is_found(told: Told) -> None:
    alter(
        told.engine,
        f"UPDATE checkpoints SET note = '{told.kept[0].text}' WHERE size = {told.size}",
    )

    found = verified(told.engine).breaks[0]

    assert found == Break(wrong="replaced", until=told.size, detail=f"checkpoints.{told.size}")


def test_a_checkpoint_of_another_key_is_found(told: Told) -> None:
    rewrite(told)

    assert forged(told.engine, THIEF) == ()
    assert verified(told.engine).breaks[0].wrong == "signature"


def test_a_checkpoint_made_with_a_stolen_key_is_found_by_the_one_kept_outside(told: Told) -> None:
    rewrite(told)

    assert forged(told.engine, KEY) == ()
    assert verified(told.engine).breaks == ()
    assert verified(told.engine, told.kept[0]).breaks[0].wrong == "root"


def test_a_decision_moved_to_be_counted_twice_is_found(told: Told) -> None:
    stream, version = stream_at(told.engine, told.half)
    alter(
        told.engine,
        f"INSERT INTO events SELECT {told.size + 1}, stream, version + 1, decision_id, kind,"
        " schema_version, body, act, occurred_at, recorded_at, hash FROM events"
        f" WHERE position = {told.half}",
        rechain=True,
    )

    found = verified(told.engine, *told.kept).breaks[0]

    assert (found.wrong, found.position) == ("decided-twice", told.size + 1)
    assert (found.stream, found.version) == (stream, version + 1)


def test_the_first_break_comes_first_and_one_event_is_one_break(told: Told) -> None:
    change = """act = jsonb_set(act, '{by,role}', '"chair"')"""
    alter(
        told.engine, f"UPDATE events SET {change} WHERE position IN (4, 9)", "TRUNCATE checkpoints"
    )

    found = verified(told.engine).breaks

    assert [(one.wrong, one.position) for one in found] == [("hash", 4), ("hash", 9)]


# The append and the migration


def test_events_are_chained_the_same_whoever_knows_the_head(told: Told) -> None:
    # given: a fact appended by somebody who has no fold, such as a test or a bench
    with log.look(told.engine) as connection:
        last = log.read(connection, PROJECT)[-1]
    fact = replace(last.fact, version=last.fact.version + 1, decision_id="d-x")
    with log.turn(told.engine) as connection:
        log.append(connection, (fact,))

    # then
    assert [one.wrong for one in verified(told.engine).breaks] == ["undecided"]


COUNTING = ("count_appended", "count_capital", "give_capital", "move_capital", "recount_capital")


def test_a_record_that_was_not_chained_is_chained_by_the_migration(
    new_database: NewDatabase, told: Told
) -> None:
    # given: the same events in a database as it was before
    with told.engine.connect() as connection:
        columns = "position, stream, version, decision_id, kind, schema_version, body, act,"
        columns += " occurred_at, recorded_at"
        rows = connection.execute(text(f"SELECT {columns} FROM events")).all()
        hashes = connection.execute(text("SELECT hash FROM events ORDER BY position")).all()
    with new_database() as engine:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE events DROP COLUMN hash"))
            connection.execute(
                text("DROP TABLE checkpoints, deliveries, forms, ceilings, snapshots, proofs")
            )
            for function in COUNTING:
                connection.execute(text(f"DROP FUNCTION {function} CASCADE"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
            raw = log.driver(connection)
            for row in rows:
                values = [psycopg.types.json.Jsonb(v) if isinstance(v, dict) else v for v in row]
                marks = ", ".join(["%s"] * len(values))
                raw.execute(f"INSERT INTO events ({columns}) VALUES ({marks})".encode(), values)

        # when
        migrate.upgrade(engine.url.render_as_string(hide_password=False))

        # then
        with engine.connect() as connection:
            found = connection.execute(text("SELECT hash FROM events ORDER BY position")).all()
            assert found == hashes
            # What was recorded before there was a count is counted, too.
            counted = connection.execute(text("SELECT * FROM ceilings ORDER BY 1, 2, 3")).all()
            with told.engine.connect() as ours:
                assert (
                    counted == ours.execute(text("SELECT * FROM ceilings ORDER BY 1, 2, 3")).all()
                )
            with pytest.raises(Exception, match="events are corrected by new events"):
                connection.execute(text("UPDATE events SET hash = ''"))
