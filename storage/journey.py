"""Several statements in one journey to the server.

A decision is a handful of small statements. Sent one by one, most of its time would be the way
there and back, with streams locked meanwhile. So they travel together, as one message of the
simple protocol; each is planned once per connection, by PREPARE, and given its values by EXECUTE.
"""

from typing import Any, TypeAlias

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection

from domain.values import value
from storage import failpoints
from storage.failpoints import FailPoint


@value
class Statement:
    """SQL with its values as $1, $2 …; the name it is prepared under is ours alone."""

    name: str
    sql: str


Call: TypeAlias = tuple[Statement, tuple[Any, ...]]
"""A statement and its values."""

Row: TypeAlias = tuple[Any, ...]


def send(connection: Connection, *calls: Call) -> list[list[Row]]:
    """Send the calls as one message; the rows of each, in order.

    Where the driver opens no transactions, one is opened with the first message, so that a call
    may be `COMMIT`.
    """
    raw = _raw(connection)
    _prepare(connection, calls)
    text = [_text(statement, len(values)) for statement, values in calls]
    if raw.autocommit and raw.info.transaction_status is TransactionStatus.IDLE:
        text.insert(0, BEGIN.sql)
    cursor = psycopg.ClientCursor(raw)
    cursor.execute("; ".join(text).encode(), [one for _, values in calls for one in values])
    found = [_rows(result) for result in cursor.results()]
    return found[len(found) - len(calls) :]


Stage: TypeAlias = tuple[tuple[Call, ...], FailPoint]
"""Calls, and the point that is reached when they are done."""


def staged(connection: Connection, *stages: Stage) -> list[list[Row]]:
    """Send all stages as one message; one by one where the process is to die at one of them."""
    if not failpoints.is_armed():
        return send(connection, *(call for calls, _ in stages for call in calls))
    found: list[list[Row]] = []
    for calls, point in stages:
        found += send(connection, *calls) if calls else []
        failpoints.reach(point)
    return found


def driver(connection: Connection) -> psycopg.Cursor[Any]:
    """A psycopg cursor inside the SQLAlchemy transaction: 2.4-3 times cheaper on the hot path."""
    return _raw(connection).cursor()


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


BEGIN = Statement(name="", sql="BEGIN")
COMMIT = Statement(name="", sql="COMMIT")
"""What is not planned is sent as it is."""


def _prepare(connection: Connection, calls: tuple[Call, ...]) -> None:
    # SQLAlchemy keeps `info` as long as the connection to the server itself.
    known: set[str] = connection.info.setdefault("prepared", set())
    for statement, _ in calls:
        if statement.name and statement.name not in known:
            driver(connection).execute(f"PREPARE {statement.name} AS {statement.sql}".encode())
            known.add(statement.name)


def _text(statement: Statement, values: int) -> str:
    if not statement.name:
        return statement.sql
    marks = f" ({', '.join(['%s'] * values)})" if values else ""
    return f"EXECUTE {statement.name}{marks}"


def _rows(result: psycopg.Cursor[Any]) -> list[Row]:
    return result.fetchall() if result.pgresult and result.pgresult.nfields else []
