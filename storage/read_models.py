"""What people look at: folded states, inboxes and the outbox, written with the events."""

from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from domain.inbox import is_open, waits
from domain.notices import Notice
from domain.policy import Policy
from domain.values import StreamId
from storage import codec, tables
from storage.folds import Fold


def write(connection: Connection, stream: StreamId, fold: Fold, policy: Policy) -> None:
    """Bring a stream's state and inbox rows to a new version."""
    body = codec.STATE.dump_json(fold.state).decode()
    row = {
        "stream": stream,
        "room": stream.split("/", 1)[0],
        "version": fold.version,
        "is_open": is_open(fold.state),
        "body": body,
    }
    statement = insert(tables.states).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_=row))
    connection.execute(delete(tables.inbox).where(tables.inbox.c.stream == stream))
    rows = [
        {
            "stream": stream,
            "key": wait.key,
            "post": str(wait.post),
            "due": wait.due,
            "body": codec.WAIT.dump_json(wait).decode(),
        }
        for wait in waits(fold.state, policy)
    ]
    if rows:
        connection.execute(insert(tables.inbox), rows)


def owe(connection: Connection, notices: tuple[Notice, ...], now: datetime) -> None:
    """Put messages into the outbox; a key that is there already is the same message."""
    rows = [
        {
            "key": notice.key,
            "recipient": str(notice.to),
            "body": codec.NOTICE.dump_json(notice).decode(),
            "created_at": now,
        }
        for notice in notices
    ]
    if rows:
        connection.execute(
            insert(tables.outbox).on_conflict_do_nothing(index_elements=["key"]), rows
        )
