"""What the command line and the reports ask of the record."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain import restore
from domain.clock import WALL_CLOCK, Clock
from domain.refusal import Rule
from domain.streams import DecisionRefused, State
from domain.values import Post, StreamId, value
from domain.waits import Wait
from storage import codec, guard, log, tables


@value
class Standing:
    """A stream as the read model has it."""

    stream: StreamId
    version: int
    is_open: bool
    state: State


@value
class Refusal:
    """A refusal kept for a sender who did not wait."""

    stream: StreamId
    version: int
    at: datetime
    refused: DecisionRefused


@value
class Signed:
    """When the record was signed last, since when events wait for that, and how many there are."""

    taken_at: datetime | None
    unsigned_since: datetime | None
    events: int
    standing: restore.Standing


def inbox(engine: Engine, post: Post | None = None) -> tuple[Wait, ...]:
    """Open waits, the most urgent first; of one post, or of everybody."""
    table = tables.inbox
    query = select(table.c.body).order_by(table.c.due.nulls_last(), table.c.stream, table.c.key)
    if post is not None:
        query = query.where(table.c.post == str(post))
    with log.look(engine) as connection:
        rows = connection.execute(query).scalars().all()
    return tuple(codec.WAIT.validate_json(row) for row in rows)


def waits_of(engine: Engine, stream: StreamId) -> tuple[Wait, ...]:
    """What one case waits for."""
    table = tables.inbox
    query = select(table.c.body).where(table.c.stream == stream).order_by(table.c.key)
    with log.look(engine) as connection:
        rows = connection.execute(query).scalars().all()
    return tuple(codec.WAIT.validate_json(row) for row in rows)


def standings(engine: Engine, room: str, *, open_only: bool = False) -> tuple[Standing, ...]:
    """All streams of one kind: programme, project, clearance, payment or capital."""
    table = tables.states
    where: list[ColumnElement[bool]] = [table.c.room == room]
    if open_only:
        where.append(table.c.is_open)
    with log.look(engine) as connection:
        rows = connection.execute(select(table).where(*where).order_by(table.c.stream)).all()
    return tuple(map(standing_of, rows))


def open_cases(engine: Engine, rooms: tuple[str, ...]) -> tuple[StreamId, ...]:
    """Names of the open streams of some kinds: what is to have a workflow."""
    table = tables.states.c
    query = select(table.stream).where(table.room.in_(rooms), table.is_open)
    with log.look(engine) as connection:
        return tuple(connection.execute(query.order_by(table.stream)).scalars().all())


def standing(engine: Engine, stream: StreamId) -> Standing | None:
    """One stream as the read model has it."""
    table = tables.states
    with log.look(engine) as connection:
        row = connection.execute(select(table).where(table.c.stream == stream)).one_or_none()
    return None if row is None else standing_of(row)


class OtherForm(Exception):
    """What is shown of a stream was folded by another program; a worker folds it anew first."""


def standing_of(row: Row[Any]) -> Standing:
    """A row of `states`. Raises `OtherForm`."""
    try:
        state = codec.STATE.validate_json(row.body)
    except ValueError:
        # Without its cause: that quotes what stands in the row, and would go on with it.
        raise OtherForm(f"{row.stream}: was folded by another program") from None
    return Standing(stream=row.stream, version=row.version, is_open=row.is_open, state=state)


def timeline(engine: Engine) -> int:
    """The timeline of the record: one more for every restore that was accepted."""
    with log.look(engine) as connection:
        return guard.read(connection)[1].timeline


def head(engine: Engine, stream: StreamId) -> tuple[int, str]:
    """The last version of a stream and its hash, in hex; zero and nothing if it has no events."""
    table = tables.events.c
    query = select(table.version, table.hash).where(table.stream == stream)
    with log.look(engine) as connection:
        row = connection.execute(query.order_by(table.version.desc()).limit(1)).one_or_none()
    return (0, "") if row is None else (row.version, row.hash.hex())


def proved(engine: Engine) -> int:
    """How many decisions their officials have signed."""
    with log.look(engine) as connection:
        return connection.execute(select(func.count()).select_from(tables.proofs)).scalar_one()


def is_decided(engine: Engine, decision_id: str) -> bool:
    """Whether a decision is on record, accepted or refused."""
    known = tables.decisions.c.decision_id
    with log.look(engine) as connection:
        row = connection.execute(select(known).where(known == decision_id)).one_or_none()
    return row is not None


@value
class Earlier:
    """A decision on record: whose, of when, and why it was refused, if it was."""

    stream: StreamId
    by: str
    at: datetime
    position: int
    rule: Rule | None
    because: str


def decided_under(engine: Engine, prefix: str) -> dict[str, Earlier]:
    """What is on record under decision ids that begin so, in the order of recording."""
    ours, events = tables.decisions.c, tables.events.c
    post = events.act["by"]
    by = post["role"].astext + "@" + post["unit"].astext
    query = (
        select(
            ours.decision_id, ours.stream, by, events.occurred_at, events.position,
            ours.refused_as, ours.refused_because,
        )
        .join(
            tables.events, (events.stream == ours.stream) & (events.version == ours.version)
        )
        .where(func.starts_with(ours.decision_id, prefix))
        .order_by(events.position)
    )  # fmt: skip
    with log.look(engine) as connection:
        rows = connection.execute(query).all()
    return {
        name: Earlier(
            stream=stream, by=by, at=at, position=position, rule=rule, because=because or ""
        )
        for name, stream, by, at, position, rule, because in rows
    }


def decided(engine: Engine, stream: StreamId, limit: int) -> tuple[str, ...]:
    """Ids of a stream's newest decisions, oldest first."""
    table = tables.events.c
    query = (
        select(table.decision_id)
        .where(table.stream == stream)
        .order_by(table.version.desc())
        .limit(limit)
    )
    with log.look(engine) as connection:
        return tuple(reversed(connection.execute(query).scalars().all()))


def entries(engine: Engine, stream: StreamId) -> tuple[log.Entry, ...]:
    """Every fact of a stream, oldest first."""
    with log.look(engine) as connection:
        return log.read(connection, stream)


def latest(engine: Engine, kinds: tuple[str, ...], limit: int) -> tuple[log.Entry, ...]:
    """The newest facts of some kinds, newest first."""
    with log.look(engine) as connection:
        return log.latest(connection, kinds, limit)


def refusals(engine: Engine, post: Post) -> Iterator[Refusal]:
    """Refusals of commands that a post sent without waiting, newest first."""
    with log.look(engine) as connection:
        entries = log.refusals(connection, post)
    for entry in entries:
        fact = entry.fact
        assert isinstance(fact.event, DecisionRefused)
        yield Refusal(stream=fact.stream, version=fact.version, at=fact.act.at, refused=fact.event)


def last_position(engine: Engine) -> int:
    """Where the log ends; 0 when it is empty."""
    query = select(func.coalesce(func.max(tables.events.c.position), 0))
    with log.look(engine) as connection:
        last: int = connection.execute(query).scalar_one()
    return last


def moments(engine: Engine) -> tuple[datetime, datetime | None]:
    """What the database's clock shows, and when it last recorded an event."""
    last = select(func.max(tables.events.c.recorded_at)).scalar_subquery()
    with log.look(engine) as connection:
        now, recorded = connection.execute(select(func.clock_timestamp(), last)).one()
    return now, recorded


def signed(engine: Engine) -> Signed:
    """How far the record is signed, as of the newest checkpoint in the database."""
    events, notes = tables.events.c, tables.checkpoints.c
    size = select(func.coalesce(func.max(notes.size), 0)).scalar_subquery()
    taken_at = select(func.max(notes.taken_at)).scalar_subquery()
    count = select(func.coalesce(func.max(events.position), 0)).scalar_subquery()
    first = select(func.min(events.recorded_at)).where(events.position > size).scalar_subquery()
    with log.look(engine) as connection:
        row = connection.execute(select(taken_at, first, count)).one()
        standing = guard.read(connection)[1]
    return Signed(taken_at=row[0], unsigned_since=row[1], events=row[2], standing=standing)


def clock(engine: Engine) -> Clock:
    """The programme clock; the wall clock unless a rehearsal set another."""
    with log.look(engine) as connection:
        body = connection.execute(select(tables.clock.c.body)).scalar_one_or_none()
    return WALL_CLOCK if body is None else codec.CLOCK.validate_json(body)


def set_clock(engine: Engine, wanted: Clock) -> None:
    """Set the programme clock of a rehearsal."""
    row = {"only_row": 1, "body": codec.CLOCK.dump_json(wanted).decode()}
    with log.look(engine) as connection, connection.begin():
        connection.execute(delete(tables.clock))
        connection.execute(insert(tables.clock).values(row))
