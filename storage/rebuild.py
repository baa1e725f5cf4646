"""Read models from the log alone: built anew, or compared with what stands in them.

Both replay every event with the code of the live path; there is no second one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Table, func, select

from domain.notices import notices
from domain.policy import Policy
from domain.streams import initial
from domain.values import StreamId, value
from storage import folds, forms, journey, log, read_models, snapshots, tables
from storage.failpoints import FailPoint, reach
from storage.folds import Fold
from storage.journey import Call
from storage.pinned import Law
from storage.read_models import Row

Tell: TypeAlias = Callable[[int, int], None]
"""Told how many events of how many were replayed."""

Folds: TypeAlias = dict[StreamId, Fold]

_BATCH = 500
_AT_ONCE = 100


class Hole(Exception):
    """The log lacks an event, so that nothing folded from it could be trusted."""


@value
class Rebuilt:
    """What was replayed, and what stands in the read models now."""

    events: int
    streams: int
    waits: int
    messages_added: int


@value
class Difference:
    """One row that is not what the log says, and in what."""

    table: str
    row: str
    what: str


def rebuild(engine: Engine, policy: Policy, tell: Tell) -> Rebuilt:
    """Build states and inboxes anew, in one transaction; `policy` is the law of today.

    Readers see the old rows until the end; writers wait. Messages that were owed already are left
    alone, sent or not; one that is missing is owed again.
    """
    law = Law(engine, policy)
    with log.look(engine) as connection, connection.begin():
        _shut_out_writers(connection)
        connection.execute(tables.inbox.delete())
        connection.execute(tables.states.delete())
        snapshots.drop(connection)
        standing: Folds = {}
        owed = (
            read_models.owe(notice, entry.fact.act.known_at or entry.recorded_at)
            for entry in _replay(connection, standing, tell)
            for notice in notices(entry.fact, standing[entry.fact.stream].state)
        )
        added = _send(connection, owed)
        shown = (
            read_models.write(stream, fold, law.of(fold.state)) for stream, fold in standing.items()
        )
        _send(connection, shown)
        forms.claim(connection)
        reach(FailPoint.REBUILT)
        return Rebuilt(
            events=sum(fold.version for fold in standing.values()),
            streams=len(standing),
            waits=_count(connection, tables.inbox),
            messages_added=added,
        )


def bring_up(engine: Engine, policy: Policy) -> Rebuilt | None:
    """Build anew what another program folded; None if ours did."""
    with log.look(engine) as connection:
        if forms.is_ours(connection):
            return None
    return rebuild(engine, policy, lambda _done, _of: None)


def differences(engine: Engine, policy: Policy, tell: Tell) -> tuple[Difference, ...]:
    """Every row of the read models and the outbox that is not what the log says; writes nothing.

    All of it is read from one snapshot, so that writers may go on meanwhile.
    """
    law = Law(engine, policy)
    with log.look(engine) as connection, connection.begin():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        standing: Folds = {}
        outbox: dict[str, Row] = {}
        taken = snapshots.digests(connection)
        altered: list[Difference] = []
        for entry in _replay(connection, standing, tell):
            fold = standing[entry.fact.stream]
            kept = taken.pop((entry.fact.stream, fold.version), None)
            if kept is not None and kept != snapshots.digest(fold.state):
                altered.append(_snapshot(entry.fact.stream, fold.version, "is another state"))
            for notice in notices(entry.fact, standing[entry.fact.stream].state):
                row = read_models.owed(notice)
                # The first one counts, as it does in the table.
                outbox.setdefault(row.pop("key"), row)
        for key in _sent(connection):
            # It was sent as it was written then, perhaps by an older program.
            outbox.get(key, {}).pop("body", None)
        states, inbox = {}, {}
        for stream, fold in standing.items():
            row = read_models.shown_state(stream, fold)
            states[str(row.pop("stream"))] = row
            for wait in read_models.shown_waits(fold, law.of(fold.state)):
                due = wait["due"] and datetime.fromisoformat(wait["due"])
                name = f"{stream} {wait.pop('key')}"
                inbox[name] = {**wait, "due": due}
        return (
            *_compared(connection, tables.states, ("stream",), states),
            *_compared(connection, tables.inbox, ("stream", "key"), inbox),
            *_compared(connection, tables.outbox, ("key",), outbox),
            *altered,
            *(_snapshot(*of, "is of no event on record") for of in taken),
        )


def _snapshot(stream: StreamId, version: int, what: str) -> Difference:
    return Difference(table=tables.snapshots.name, row=f"{stream} {version}", what=what)


def _sent(connection: Connection) -> Iterable[str]:
    table = tables.outbox.c
    return connection.execute(select(table.key).where(table.sent_at.is_not(None))).scalars()


def _shut_out_writers(connection: Connection) -> None:
    """Wait for decisions under way, and let none begin to write.

    A decision writes states first and takes the log's order last. Whoever took the order first
    would wait here for a decision that waits there for the order.
    """
    connection.exec_driver_sql("LOCK TABLE states IN EXCLUSIVE MODE")
    log.hold(connection)


def _send(connection: Connection, calls: Iterable[Call]) -> int:
    """Send statements by the hundred; how many rows they gave back."""
    given = 0
    left = iter(calls)
    while some := tuple(islice(left, _AT_ONCE)):
        given += sum(map(len, journey.send(connection, *some)))
    return given


def _replay(connection: Connection, standing: Folds, tell: Tell) -> Iterator[log.Entry]:
    """Each event in the order of the log, once `standing` includes it."""
    every = _count(connection, tables.events)
    last = 0
    tell(0, every)
    while entries := log.since(connection, last, _BATCH):
        for entry in entries:
            stream = entry.fact.stream
            fold = standing.get(stream)
            if fold is None:
                fold = Fold(version=0, decision_id="", state=initial(stream))
            if (entry.position, entry.fact.version) != (last + 1, fold.version + 1):
                raise Hole(
                    f"event {entry.position}, version {entry.fact.version} of {stream}:"
                    f" follows event {last} and version {fold.version}, so events are missing"
                )
            last = entry.position
            standing[stream] = folds.over(fold, (entry,))
            yield entry
        tell(last, every)


def _compared(
    connection: Connection, table: Table, key: tuple[str, ...], wanted: Mapping[str, Row]
) -> Iterator[Difference]:
    """The rows of one table beside what they should be."""
    found: dict[str, Row] = {}
    for row in connection.execute(select(table)).mappings():
        name = " ".join(row[column] for column in key)
        found[name] = {column: row[column] for column in row if column not in key}
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            what = "is missing"
        elif name not in wanted:
            what = "does not follow from the log"
        else:
            what = "; ".join(_unlike(wanted[name], found[name]))
        if what:
            yield Difference(table=table.name, row=name, what=what)


def _unlike(wanted: Row, found: Row) -> Iterator[str]:
    """Columns that differ; of a body only the fields are named, not what stands in them."""
    for column, should in wanted.items():
        has = found[column]
        if has == should:
            continue
        if column == "body":
            yield f"body differs in {', '.join(_fields_unlike(should, has)) or 'form only'}"
        else:
            yield f"{column} is {has}, should be {should}"


def _fields_unlike(should: str, has: str) -> list[str]:
    try:
        one, other = json.loads(should), json.loads(has)
    except ValueError:
        return ["everything: it is no JSON"]
    if not isinstance(one, dict) or not isinstance(other, dict):
        return ["everything"]
    missing: Any = object()
    return [
        field
        for field in sorted(one.keys() | other.keys())
        if one.get(field, missing) != other.get(field, missing)
    ]


def _count(connection: Connection, table: Table) -> int:
    count: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return count
