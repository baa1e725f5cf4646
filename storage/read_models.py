"""What people look at: folded states, inboxes and the outbox, written with the events."""

import json
from datetime import datetime
from typing import Any, TypeAlias

from domain import ceilings
from domain.inbox import is_open, waits
from domain.notices import Notice
from domain.policy import Policy
from domain.positions import Capital
from domain.values import StreamId
from storage import codec
from storage.folds import Fold
from storage.journey import Call, Statement

Row: TypeAlias = dict[str, Any]

_WRITE = Statement(
    name="ntm_write",
    sql="""
        WITH state AS (
            INSERT INTO states (stream, room, version, is_open, body)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (stream) DO UPDATE
            SET version = excluded.version, is_open = excluded.is_open, body = excluded.body
        ), row AS (
            SELECT * FROM jsonb_to_recordset($6::jsonb)
            AS row(key text, post text, due timestamptz, body text)
        ), gone AS (
            DELETE FROM inbox WHERE stream = $1 AND key NOT IN (SELECT key FROM row)
        )
        INSERT INTO inbox (stream, key, post, due, body)
        SELECT $1, key, post, due, body FROM row
        ON CONFLICT (stream, key) DO UPDATE
        SET post = excluded.post, due = excluded.due, body = excluded.body
        WHERE inbox.body <> excluded.body
    """,
)

_OWE = Statement(
    name="ntm_owe",
    sql="""
        INSERT INTO outbox (key, recipient, body, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (key) DO NOTHING RETURNING key
    """,
)


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


def counted(fold: Fold) -> list[Row]:
    """What the database's own count of a plan (migration 0006) has to say, by the fold."""
    if not isinstance(fold.state, Capital):
        return []
    return [
        {
            "tier": node.tier.value,
            "name": node.name,
            "cohort": node.cohort,
            "commune": node.commune,
            "ceiling": node.ceiling,
            "allocated": node.allocated,
            "reserved": node.reserved,
            "disbursed": node.disbursed,
            "expired": node.expired,
        }
        for node in ceilings.tree(fold.state)
    ]


def write(stream: StreamId, fold: Fold, policy: Policy) -> Call:
    """What brings a stream's state and inbox rows to a new version."""
    rows = json.dumps(shown_waits(fold, policy), ensure_ascii=False)
    return _WRITE, (*shown_state(stream, fold).values(), rows)


def owe(notice: Notice, now: datetime) -> Call:
    """What puts a message into the outbox, unless it is there already; its row if it is new."""
    return _OWE, (*owed(notice).values(), now)
