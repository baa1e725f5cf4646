"""The log of events: one turn at it, append, read.

Order and durability follow one idea: positions are taken under a lock in a transaction that does
not wait for the disk, and the disk is awaited once, after the lock is gone. The append owns all of
it, in one journey to the server, so that nobody can forget the flush, and no other writer waits
for our way there and back.
"""

import json
import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError

from domain import chain
from domain.streams import Fact
from domain.values import Post, StreamId, value
from storage import codec, journey, upcasts
from storage.failpoints import FailPoint
from storage.journey import Call, Statement
from storage.spans import span

driver = journey.driver


class Conflict(Exception):
    """Another writer took the stream's next version, past our locks. The decision is made again."""


class Overdrawn(Exception):
    """The database's own count of a plan of capital forbids what was to be appended.

    The rules had allowed it, so that they, or somebody past them, are wrong; trying again is vain.
    """


class Unreadable(Exception):
    """An event this program cannot read: of an unknown kind, a newer version, or another form.

    Nothing goes on past it: a fold without it would be a different history.
    """

    def __init__(self, place: str, because: str) -> None:
        super().__init__(f"{place}: cannot be read: {because}")


class Unavailable(Exception):
    """The database cannot be reached, or left in the middle. Nothing is known to have happened."""


@value
class Entry:
    """A fact with its place in the log and the moment we learned it."""

    fact: Fact
    position: int
    recorded_at: datetime
    hash: bytes


@value
class Appended:
    """The last position of what was appended, and the hash each of its streams now ends with."""

    last: int
    heads: Mapping[StreamId, bytes]


_CONFLICTS = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)

# A constraint on the table of ceilings, or its trigger (migration 0006); no other table has any.
_OVERDRAWN = (psycopg.errors.CheckViolation, psycopg.errors.NumericValueOutOfRange)

_ORDER_LOCK = 7_000_001
"""Advisory key of the log's order; stream locks are hashes of their names."""

_LOCK = Statement(name="ntm_lock", sql="SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")

# Whoever holds this lock holds up every other writer of the log. That is why the commit does not
# wait for the disk, and the flush, when the lock is gone, does.
_TAKE_ORDER = Statement(
    name="ntm_take_order",
    sql="SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)",
)

_APPEND = Statement(
    name="ntm_append",
    sql="""
        WITH last AS MATERIALIZED (
            SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1
        )
        INSERT INTO events (position, stream, version, decision_id, kind, schema_version,
                            body, act, occurred_at, recorded_at, hash)
        SELECT coalesce((SELECT position FROM last), 0) + row.ordinal,
               row.stream, row.version, row.decision_id, row.kind, row.schema_version,
               row.body, row.act, row.occurred_at,
               greatest(clock_timestamp(), (SELECT recorded_at FROM last)), decode(row.hash, 'hex')
        FROM jsonb_to_recordset($1::jsonb) AS row(
                 ordinal int, stream text, version int, decision_id text, kind text,
                 schema_version smallint, body jsonb, act jsonb, occurred_at timestamptz, hash text)
        ORDER BY row.ordinal
        RETURNING position
    """,
)

_FLUSH = Statement(name="ntm_flush", sql="SELECT pg_logical_emit_message(false, 'ntm', '', true)")
# A small synchronous commit waits for the same disk, and for standbys too. It has to write
# something: a commit of nothing is not waited for.
_FLUSH_BEFORE_17 = Statement(
    name="ntm_flush", sql="SELECT pg_logical_emit_message(true, 'ntm', '')"
)

_HEADS = """
    SELECT DISTINCT ON (stream) stream, hash FROM events WHERE stream = ANY(%s)
    ORDER BY stream, version DESC
"""

_COLUMNS = """
    SELECT position, stream, version, decision_id, kind, schema_version, body::text, act::text,
           recorded_at, hash
    FROM events
"""
_ENTRIES = sql.SQL(_COLUMNS)

_READ = Statement(
    name="ntm_read",
    sql=f"{_COLUMNS} WHERE stream = $1 AND version > $2 ORDER BY version",
)

_LATEST = _ENTRIES + sql.SQL("WHERE kind = ANY(%s) ORDER BY position DESC LIMIT %s")

_REFUSALS = _ENTRIES + sql.SQL("""
    WHERE kind = 'DecisionRefused' AND act->'by'->>'role' = %s AND act->'by'->>'unit' = %s
    ORDER BY position DESC
""")

_SINCE = _ENTRIES + sql.SQL("WHERE position > %s ORDER BY position LIMIT %s")


def engine(database_url: str) -> Engine:
    """An engine for the record: a dead connection is replaced before it is used."""
    made = create_engine(
        database_url,
        # One beyond the size would be opened, and closed again, for every single use.
        pool_size=20,
        max_overflow=0,
        # The driver's own prepared statements are all dropped at a rollback, and ours with them.
        connect_args={"prepare_threshold": None},
    )
    event.listen(made, "checkout", _refuse_dead)
    return made


@contextmanager
def turn(engine: Engine) -> Iterator[Connection]:
    """One transaction at the log, ended by the append; on an exception before it nothing happened.

    What a turn has read is on disk when it ends, too: it may be of another's commit whose flush
    never came, and is about to be answered.

    Raises `Conflict` when another writer was faster, `Overdrawn` when the database's own count of
    capital forbids it, `Unavailable` when the database is away.
    """
    with look(engine) as connection:
        raw = driver(connection).connection
        # BEGIN and COMMIT travel with what they enclose.
        raw.autocommit = True
        try:
            yield connection
            if raw.info.transaction_status is not TransactionStatus.IDLE:
                journey.send(connection, *_ending(connection))
        finally:
            if not raw.closed:
                raw.rollback()
                raw.autocommit = False


@contextmanager
def look(engine: Engine) -> Iterator[Connection]:
    """A connection whose errors have our names: `Conflict`, `Overdrawn` or `Unavailable`.

    The driver's own text may quote parameters, and with them what must not reach a log.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except (psycopg.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, _CONFLICTS):
            raise Conflict(str(cause.diag.message_primary)) from None
        if isinstance(cause, _OVERDRAWN):
            rule = cause.diag.constraint_name
            said = rule.replace("_", " ") if rule else cause.diag.message_primary
            raise Overdrawn(str(said)) from None
        raise Unavailable(f"the record cannot answer ({type(cause).__name__})") from None


def lock(connection: Connection, stream: StreamId) -> None:
    """Take a stream for the rest of the turn, so that its decisions are made one after another."""
    journey.send(connection, (_LOCK, (stream,)))


def append(
    connection: Connection,
    facts: tuple[Fact, ...],
    heads: Mapping[StreamId, bytes] | None = None,
    along: tuple[Call, ...] = (),
) -> Appended:
    """Append facts in order, each chained to its stream, and end the turn: durable on return.

    `heads` are the hashes their streams end with so far; who does not know them has them read.
    `along` goes before the facts in the same transaction. Raises `Conflict` on a taken version.
    """
    if heads is None:
        heads = _heads(connection, {fact.stream for fact in facts})
    rows, heads = _chained(facts, heads)
    commit, flush = _ending(connection)
    with span("append", **{"ntm.facts": len(facts)}):
        positions, *_ = journey.staged(
            connection,
            (along, FailPoint.SHOWN),
            (((_TAKE_ORDER, (_ORDER_LOCK,)),), FailPoint.ORDER_TAKEN),
            (((_APPEND, (json.dumps(rows, ensure_ascii=False),)),), FailPoint.APPENDED),
            ((commit,), FailPoint.COMMITTED),
            ((flush,), FailPoint.FLUSHED),
        )[len(along) + 1 :]
    return Appended(last=max(position for (position,) in positions), heads=heads)


def _ending(connection: Connection) -> tuple[Call, Call]:
    is_new = driver(connection).connection.info.server_version >= 170000
    return (journey.COMMIT, ()), (_FLUSH if is_new else _FLUSH_BEFORE_17, ())


def read(connection: Connection, stream: StreamId, after: int = 0) -> tuple[Entry, ...]:
    """The facts of a stream after a version, in order."""
    (rows,) = journey.send(connection, (_READ, (stream, after)))
    return tuple(map(entry, rows))


def take(connection: Connection, stream: StreamId, after: int = 0) -> tuple[Entry, ...]:
    """Lock a stream and read it, in one journey."""
    _, rows = journey.send(connection, (_LOCK, (stream,)), (_READ, (stream, after)))
    return tuple(map(entry, rows))


def latest(connection: Connection, kinds: tuple[str, ...], limit: int) -> tuple[Entry, ...]:
    """The newest facts of some kinds, newest first."""
    cursor = driver(connection)
    cursor.execute(_LATEST, (list(kinds), limit))
    return tuple(entry(row) for row in cursor.fetchall())


def refusals(connection: Connection, by: Post) -> tuple[Entry, ...]:
    """The refusals kept for a post, newest first."""
    cursor = driver(connection)
    cursor.execute(_REFUSALS, (by.role, by.unit))
    return tuple(entry(row) for row in cursor.fetchall())


def since(connection: Connection, after: int, limit: int) -> tuple[Entry, ...]:
    """The facts of all streams after a position, in the order in which they were recorded."""
    cursor = driver(connection)
    cursor.execute(_SINCE, (after, limit))
    return tuple(entry(row) for row in cursor.fetchall())


def hold(connection: Connection) -> None:
    """Let nobody append until this transaction ends."""
    driver(connection).execute("SELECT pg_advisory_xact_lock(%s)", (_ORDER_LOCK,))


def _heads(connection: Connection, streams: set[StreamId]) -> dict[StreamId, bytes]:
    cursor = driver(connection)
    cursor.execute(_HEADS, (sorted(streams),))
    return dict(cursor.fetchall())


def _chained(
    facts: tuple[Fact, ...], heads: Mapping[StreamId, bytes]
) -> tuple[list[dict[str, Any]], dict[StreamId, bytes]]:
    """The rows of facts, and the hash each of their streams ends with after them."""
    ends = dict(heads)
    rows = []
    for ordinal, fact in enumerate(facts, 1):
        row = {
            "stream": fact.stream,
            "version": fact.version,
            "decision_id": fact.decision_id,
            "kind": fact.event.kind,
            "schema_version": upcasts.current(fact.event.kind),
            "body": codec.EVENT.dump_python(fact.event, mode="json"),
            "act": codec.act(fact.act),
            "occurred_at": chain.moment(fact.act.at),
        }
        end = chain.chained(ends.get(fact.stream, chain.ORIGIN), chain.record(**row))
        ends[fact.stream] = end
        rows.append({**row, "ordinal": ordinal, "hash": end.hex()})
    return rows, ends


def entry(row: tuple[Any, ...]) -> Entry:
    """A row of the log, its columns in the order of `_ENTRIES`. Raises `Unreadable`."""
    position, stream, version, decision_id, kind, form, body, act, recorded_at, end = row
    try:
        fact = Fact(
            stream=stream,
            version=version,
            decision_id=decision_id,
            act=codec.ACT.validate_json(act),
            event=codec.event(kind, form, body),
        )
    except (upcasts.Unknown, ValueError, LookupError) as error:
        place = f"event {position}, version {version} of {stream}, {kind} {form}"
        # Without its cause: that quotes what stands in the row, and would go on with it.
        raise Unreadable(place, _why(error)) from None
    return Entry(fact=fact, position=position, recorded_at=recorded_at, hash=end)


def _why(error: Exception) -> str:
    """What is wrong with a row, without quoting what stands in it."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        )
    return str(error)


def _refuse_dead(connection: psycopg.Connection[Any], _record: object, _proxy: object) -> None:
    """Have the pool replace a connection whose server has gone, without a journey to ask it.

    An idle server says nothing; one that leaves says so, and its words or its end wait to be read.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise DisconnectionError
