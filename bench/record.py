"""A whole decision at the record, beside plain INSERTs of the rows it leaves behind."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeAlias

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from bench import place
from bench.projects import BenchProject, tell
from bench.rounds import Comparison, Scale, Tick, take_turns
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch
from domain.streams import Envelope
from storage import log, policies
from storage.record import Record

COMPARISONS = 2

_PROJECTS = 20
_TABLES = {
    "events": "stream = %(stream)s AND decision_id = %(decision)s",
    "decisions": "decision_id = %(decision)s",
    "states": "stream = %(stream)s",
    "inbox": "stream = %(stream)s",
    "outbox": "key IN (SELECT stream || '#' || version FROM events"
    " WHERE stream = %(stream)s AND decision_id = %(decision)s)",
}
_numbers = count(1)

_Row: TypeAlias = tuple[object, ...]
_Rows: TypeAlias = tuple[tuple[str, _Row], ...]
"""What one decision leaves behind: tables and rows."""

_Connection: TypeAlias = psycopg.Connection[_Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A decision to be made, and the version up to which its case had read the stream."""

    envelope: Envelope
    after: int


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """By a process that knows the streams, and by one that has to fold them first."""
    with place.database() as url:
        engine = log.engine(url)
        policy = policies.load()
        projects = scale.of(_PROJECTS)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            rows = _rows_of_decisions(connection, Record(engine, policy), projects)
            for what, knows, goal in (
                ("decide on a project of 40 events", True, 0.5),
                ("the same, after a restart", False, None),
            ):
                ours, baseline = take_turns(
                    scale,
                    partial(_decisions, engine, policy, projects, knows=knows),
                    partial(_inserts, connection, rows),
                    tick,
                )
                yield Comparison(
                    what=what,
                    baseline_is="raw INSERTs of its rows, commit",
                    unit="decisions/s",
                    ours=ours,
                    baseline=baseline,
                    goal=goal,
                )
        engine.dispose()


def _decisions(engine: Engine, policy: Policy, projects: int, *, knows: bool) -> float:
    """Decisions per second: each project is submitted, then each is sent back."""
    record = Record(engine, policy)
    submitted, sent_back = _asked(record, projects)
    # A new record has the law, and has yet to fold the streams.
    records = [record if knows else Record(engine, policy) for _ in range(2)]
    began = time.perf_counter()
    for deciding, batch in zip(records, (submitted, sent_back), strict=True):
        for asked in batch:
            _decide(deciding, asked)
    return 2 * projects / (time.perf_counter() - began)


def _asked(record: Record, projects: int) -> tuple[list[_Asked], list[_Asked]]:
    """New projects of 40 events, and two decisions on each."""
    submitted, sent_back = [], []
    for _ in range(projects):
        project = BenchProject()
        version = tell(record, project.stream, project.in_revision())
        submitted.append(_Asked(envelope=project.submit(), after=version))
        sent_back.append(_Asked(envelope=project.send_back(), after=version + 2))
    return submitted, sent_back


def _decide(record: Record, asked: _Asked) -> None:
    wanted = asked.envelope
    batch = Batch(
        stream=wanted.stream, after=asked.after, now=wanted.act.at, asks=(Ask(envelope=wanted),)
    )
    (outcome,) = record.decide(batch).outcomes
    assert isinstance(outcome, Accepted), outcome


def _rows_of_decisions(connection: _Connection, record: Record, projects: int) -> list[_Rows]:
    """Make the plain tables; decide, and look up after each decision what it left behind."""
    for table in _TABLES:
        connection.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                sql.Identifier(f"plain_{table}"), sql.Identifier(table)
            )
        )
    found = []
    submitted, sent_back = _asked(record, projects)
    for asked in (*submitted, *sent_back):
        _decide(record, asked)
        found.append(_left_behind(connection, asked.envelope))
    return found


def _left_behind(connection: _Connection, envelope: Envelope) -> _Rows:
    sought = {"stream": envelope.stream, "decision": envelope.decision_id}
    return tuple(
        (table, row)
        for table, where in _TABLES.items()
        for row in connection.execute(f"SELECT * FROM {table} WHERE {where}".encode(), sought)
    )


def _inserts(connection: _Connection, decisions: list[_Rows]) -> float:
    """Transactions per second that insert the same rows, under other keys."""
    todo = [
        [(_into(table, row), _renamed(table, row)) for table, row in rows] for rows in decisions
    ]
    began = time.perf_counter()
    for statements in todo:
        with connection.transaction():
            for statement, values in statements:
                connection.execute(statement, values)
    return len(todo) / (time.perf_counter() - began)


def _into(table: str, row: _Row) -> bytes:
    return f"INSERT INTO plain_{table} VALUES ({', '.join(['%s'] * len(row))})".encode()


def _renamed(table: str, row: _Row) -> _Row:
    """The row under a key that no other has, its documents as the text that was sent."""
    number = next(_numbers)
    sent = [json.dumps(value) if isinstance(value, dict) else value for value in row]
    # The log's own key is its position; every other table begins with the name of a thing.
    sent[0] = number if table == "events" else f"{sent[0]}~{number}"
    if table == "events":
        sent[1] = f"{sent[1]}~{number}"
    return tuple(sent)
