"""What people look at: folded states, inboxes and the outbox, written with the events."""

import json
from datetime import datetime

from sqlalchemy import Connection

from domain.inbox import is_open, waits
from domain.notices import Notice
from domain.policy import Policy
from domain.values import StreamId
from storage import codec, log
from storage.folds import Fold

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
    INSERT INTO outbox (key, recipient, body, created_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO NOTHING
"""


def write(connection: Connection, stream: StreamId, fold: Fold, policy: Policy) -> None:
    """Bring a stream's state and inbox rows to a new version."""
    rows = [
        {
            "key": wait.key,
            "post": str(wait.post),
            "due": wait.due and wait.due.isoformat(),
            "body": codec.WAIT.dump_json(wait).decode(),
        }
        for wait in waits(fold.state, policy)
    ]
    values = {
        "stream": stream,
        "room": stream.split("/", 1)[0],
        "version": fold.version,
        "is_open": is_open(fold.state),
        "body": codec.STATE.dump_json(fold.state).decode(),
        "rows": json.dumps(rows, ensure_ascii=False),
    }
    log.driver(connection).execute(_WRITE, values)


def owe(connection: Connection, notices: tuple[Notice, ...], now: datetime) -> None:
    """Put messages into the outbox; a key that is there already is the same message."""
    cursor = log.driver(connection)
    for notice in notices:
        body = codec.NOTICE.dump_json(notice).decode()
        cursor.execute(_OUTBOX, (notice.key, str(notice.to), body, now))
