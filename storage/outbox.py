"""The outbox on its way: each message is given its ways, and each way is tried until it is done.

At least once: a row is held while its message is handed over and marked in the same transaction,
so a sender that dies in between leaves it to be sent again, under the same id.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.delivery import Channel, Failed, Outcome, Retry, Route, Sent, Trouble
from domain.notices import Notice
from domain.values import Post, value
from storage import codec, log, tables
from storage.failpoints import FailPoint, reach

_ROUTED_AT_ONCE = 500
_BUNDLED_AT_ONCE = 50

_OUTBOX, _WAYS = tables.outbox, tables.deliveries
_OPEN = _WAYS.c.sent_at.is_(None) & _WAYS.c.given_up_at.is_(None)


@value
class Owed:
    """A message, and since when it is owed by the programme clock."""

    notice: Notice
    since: datetime


@value
class Parcel:
    """What goes out as one: a message, or several of one bundle.

    Its id is made of the messages themselves, so that it is the same however often they go out.
    """

    id: str
    to: Post
    via: str
    messages: tuple[Owed, ...]


@value
class Look:
    """One look for what is due: at both clocks, and past what has just failed."""

    channel: Channel
    now: datetime
    real: datetime
    only_urgent: bool = False
    past_servers: tuple[str, ...] = ()
    past_posts: tuple[str, ...] = ()
    limit: int = 1


def route(
    engine: Engine, real: datetime, ways: Callable[[Notice], tuple[Route, ...]], now: datetime
) -> int:
    """Give its ways to every message that has none open; return how many ways."""
    unsent = select(_WAYS.c.key).where(_WAYS.c.key == _OUTBOX.c.key, _WAYS.c.sent_at.is_(None))
    query = (
        select(_OUTBOX.c.key, _OUTBOX.c.recipient, _OUTBOX.c.body)
        .where(_OUTBOX.c.sent_at.is_(None), ~unsent.exists())
        .order_by(_OUTBOX.c.created_at, _OUTBOX.c.key)
        .limit(_ROUTED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with log.look(engine) as connection, connection.begin():
        rows = connection.execute(query).all()
        wanted = [
            {
                "key": row.key,
                "channel": way.channel,
                "via": way.via,
                "recipient": row.recipient,
                "bundle": way.bundle,
                "urgent": way.urgent,
                "not_before": way.not_before,
                "next_try_at": real,
            }
            for row in rows
            for way in _ways(row.body, ways)
        ]
        if wanted:
            connection.execute(insert(_WAYS).on_conflict_do_nothing(), wanted)
            # Who was tried anew may have lost the way that failed, and have had all the others.
            _settle(connection, sorted({way["key"] for way in wanted}), now)
        return len(wanted)


def hand_over(
    engine: Engine, look: Look, retry: Retry, send: Callable[[Parcel], Outcome]
) -> tuple[tuple[Parcel, Outcome], ...]:
    """Send what is due, the untried first; rows that another sender holds are left to it."""
    with log.look(engine) as connection, connection.begin():
        rows = _due(connection, look)
        done = []
        for held in _parcelled(connection, look, rows):
            parcel = _parcel(held)
            if parcel is None:
                _mark(connection, held, Failed(trouble=Trouble.DEFECT), look, retry)
                continue
            outcome = send(parcel)
            reach(FailPoint.NOTICES_SENT)
            _mark(connection, held, outcome, look, retry)
            done.append((parcel, outcome))
        sent = [parcel for parcel, outcome in done if isinstance(outcome, Sent)]
        _settle(
            connection, [one.notice.key for parcel in sent for one in parcel.messages], look.now
        )
        return tuple(done)


def again(engine: Engine, key: str) -> int:
    """Forget how the unsent ways of a message went: they are found and tried anew."""
    with log.look(engine) as connection, connection.begin():
        forget = delete(_WAYS).where(_WAYS.c.key == key, _WAYS.c.sent_at.is_(None))
        return connection.execute(forget).rowcount


def _ways(body: str, ways: Callable[[Notice], tuple[Route, ...]]) -> tuple[Route, ...]:
    notice = _read(body)
    return ways(notice) if notice else ()


def _read(body: str) -> Notice | None:
    """A message; None if a newer program owes it, for that one will send it."""
    try:
        return codec.NOTICE.validate_json(body)
    except ValueError:
        return None


def _due(connection: Connection, look: Look, *more: ColumnElement[bool]) -> list[Row[Any]]:
    query = (
        select(_WAYS, _OUTBOX.c.body, _OUTBOX.c.created_at)
        .join(_OUTBOX, _OUTBOX.c.key == _WAYS.c.key)
        .where(
            _OPEN,
            _WAYS.c.channel == look.channel,
            _WAYS.c.next_try_at <= look.real,
            _WAYS.c.not_before <= look.now,
            _WAYS.c.via.not_in(look.past_servers),
            _WAYS.c.recipient.not_in(look.past_posts),
            *([_WAYS.c.urgent] if look.only_urgent else []),
            *more,
        )
        .order_by(_WAYS.c.attempts, _WAYS.c.next_try_at, _WAYS.c.key)
        .limit(_BUNDLED_AT_ONCE if more else look.limit)
        .with_for_update(skip_locked=True, of=_WAYS)
    )
    return list(connection.execute(query).all())


def _parcelled(
    connection: Connection, look: Look, rows: Iterable[Row[Any]]
) -> Iterable[list[Row[Any]]]:
    for row in rows:
        if not row.bundle:
            yield [row]
            continue
        same = (_WAYS.c.recipient == row.recipient, _WAYS.c.via == row.via)
        bundle = _due(connection, look, _WAYS.c.bundle == row.bundle, *same)
        yield sorted(bundle, key=lambda one: str(one.key))


def _parcel(rows: list[Row[Any]]) -> Parcel | None:
    notices = [_read(row.body) for row in rows]
    known = [notice for notice in notices if notice is not None]
    if len(known) < len(rows):
        return None
    # Of the bodies: after a restore of the record a key may come to name another message.
    digest = sha256("\n".join(row.body for row in rows).encode()).hexdigest()
    messages = tuple(
        Owed(notice=notice, since=row.created_at) for notice, row in zip(known, rows, strict=True)
    )
    return Parcel(id=digest[:32], to=messages[0].notice.to, via=rows[0].via, messages=messages)


def _mark(
    connection: Connection, rows: list[Row[Any]], outcome: Outcome, look: Look, retry: Retry
) -> None:
    keys = [row.key for row in rows]
    attempt = max(row.attempts for row in rows) + 1
    values: dict[str, Any] = {"attempts": attempt}
    match outcome:
        case Sent():
            values |= {"sent_at": look.now, "trouble": None}
        case Failed(trouble=trouble, for_good=for_good, wait=wait):
            pause = max(retry.pause(keys[0], attempt), wait)
            given_up_at = look.now if for_good or retry.is_over(attempt) else None
            values |= {
                "trouble": trouble,
                "next_try_at": look.real + pause,
                "given_up_at": given_up_at,
            }
    way = (_WAYS.c.channel == look.channel, _WAYS.c.via == rows[0].via)
    connection.execute(update(_WAYS).where(_WAYS.c.key.in_(keys), *way).values(values))


def _settle(connection: Connection, keys: list[str], now: datetime) -> None:
    """Mark as sent what went out on all of its ways."""
    if not keys:
        return
    # One after another: two senders that finish at once would each see the other's way as open.
    ours = select(_OUTBOX.c.key).where(_OUTBOX.c.key.in_(keys)).order_by(_OUTBOX.c.key)
    connection.execute(ours.with_for_update()).all()
    unsent = select(_WAYS.c.key).where(_WAYS.c.key == _OUTBOX.c.key, _WAYS.c.sent_at.is_(None))
    settled = update(_OUTBOX).where(
        _OUTBOX.c.key.in_(keys), _OUTBOX.c.sent_at.is_(None), ~unsent.exists()
    )
    connection.execute(settled.values(sent_at=now))
