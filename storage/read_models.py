"""What people look at: folded states, inboxes and the outbox, written with the events."""

import json
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection

from domain.inbox import is_open, waits
from domain.notices import Notice
from domain.policy import Policy
from domain.values import StreamId
from storage import codec, log
from storage.folds import Fold

Row: TypeAlias = dict[str, Any]

_WRITE = """
    WITH state AS (
        INSERT INTO states (stream, room, version, is_open, body)
        VALUES (%(stream)s, %(room)s, %(version)s, %(is_open)s, %(body)s)
        ON CONFLICT (stream) DO UPDATE
        SET version = excluded.version, is_open = excluded.is_open, body = excluded.body
    ), row AS (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row(key text, post text, due timestamptz, body text)
    ), gone AS (
        DELETE FROM inbox WHERE stream = %(stream)s AND key NOT IN (SELECT key FROM row)
    )
    INSERT INTO inbox (stream, key, post, due, body)
    SELECT %(stream)s, key, post, due, body FROM row
    ON CONFLICT (stream, key) DO UPDATE
    SET post = excluded.post, due = excluded.due, body = excluded.body
    WHERE inbox.body <> excluded.body
"""

_OUTBOX = """
    INSERT INTO outbox (key, recipient, body, created_at)
    VALUES (%(key)s, %(recipient)s, %(body)s, %(created_at)s)
    ON CONFLICT (key) DO NOTHING
"""


def shown_state(stream: StreamId, fold: Fold) -> Row:
    """The row that shows a stream's state."""
    return {
        "stream": stream,
        "room": stream.split("/", 1)[0],
        "version": fold.version,
        "is_open": is_open(fold.state),
        "body": codec.STATE.dump_json(fold.state).decode(),
    }


def shown_waits(fold: Fold, policy: Policy) -> list[Row]:
    """The rows that show what a stream waits for."""
    return [
        {
            "key": wait.key,
            "post": str(wait.post),
            "due": wait.due and wait.due.isoformat(),
            "body": codec.WAIT.dump_json(wait).decode(),
        }
        for wait in waits(fold.state, policy)
    ]


def owed(notice: Notice) -> Row:
    """The row that owes a message."""
    return {
        "key": notice.key,
        "recipient": str(notice.to),
        "body": codec.NOTICE.dump_json(notice).decode(),
    }


def write(connection: Connection, stream: StreamId, fold: Fold, policy: Policy) -> None:
    """Bring a stream's state and inbox rows to a new version."""
    rows = json.dumps(shown_waits(fold, policy), ensure_ascii=False)
    log.driver(connection).execute(_WRITE, {**shown_state(stream, fold), "rows": rows})


def owe(connection: Connection, notices: tuple[Notice, ...], now: datetime) -> int:
    """Put messages into the outbox; a key that is there already is the same message.

    Returns how many were new.
    """
    cursor = log.driver(connection)
    new = 0
    for notice in notices:
        new += cursor.execute(_OUTBOX, {**owed(notice), "created_at": now}).rowcount
    return new
