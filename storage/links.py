"""The log as it is kept, row by row; nothing is decoded, so that nothing altered stops us."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from domain.chain import Json, Link
from domain.values import value
from storage import log

_AT_ONCE = 2_000


@value
class Kept:
    """An event as it is kept, and whether the record knows its decision."""

    link: Link
    is_decided: bool


# Beyond four digits of a year, and before Christ, no two moments may look the same.
_MOMENT = """
    CASE WHEN {0} >= '0001-01-01Z' AND {0} < '10000-01-01Z'
         THEN to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
         ELSE {0}::text END
"""

_EVERY = f"""
    SELECT position, events.stream, events.version, decision_id, kind, schema_version,
           body::text, act::text,
           {_MOMENT.format("occurred_at")}, {_MOMENT.format("recorded_at")}, encode(hash, 'hex'),
           decisions.decision_id IS NOT NULL
    FROM events LEFT JOIN decisions USING (decision_id) WHERE position > %s ORDER BY position
"""  # noqa: S608  constants of this file


_AT = _EVERY.replace("position > %s", "position = %s")


def every(connection: Connection, after: int = 0) -> Iterator[Kept]:
    """Every event after a position, all of one moment, a few thousand in memory at a time."""
    raw = log.driver(connection).connection
    with raw.cursor("every_event") as cursor:
        cursor.itersize = _AT_ONCE
        for row in cursor.execute(_EVERY, (after,)):
            yield _kept(row)


def at(connection: Connection, position: int) -> Kept | None:
    """The event at a position."""
    row = log.driver(connection).execute(_AT, (position,)).fetchone()
    return None if row is None else _kept(row)


def _kept(row: tuple[Any, ...]) -> Kept:
    position, stream, version, decision_id, kind, schema_version, body, act, *rest = row
    occurred_at, recorded_at, end, is_decided = rest
    link = Link(
        position=position,
        stream=stream,
        version=version,
        decision_id=decision_id,
        kind=kind,
        schema_version=schema_version,
        body=_parsed(body),
        act=_parsed(act),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        hash=end,
    )
    return Kept(link=link, is_decided=is_decided)


def _parsed(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # PostgreSQL keeps numbers and depths that Python does not read. No record of ours has
        # them, and none can be written of this.
        return float("nan")
