"""How the messages of the outbox fare: what people, the doctor and the reports ask of it."""

from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Engine, Row, func, select

from domain.delivery import Channel, Trouble
from domain.notices import Notice
from domain.values import Post, value
from storage import codec, log, tables

_OUTBOX, _WAYS = tables.outbox, tables.deliveries
_OPEN = _WAYS.c.sent_at.is_(None) & _WAYS.c.given_up_at.is_(None)

State: TypeAlias = Literal["waiting", "failing", "given-up", "sent"]


@value
class Delivery:
    """One way of a message as it stands. `next_try_at` is real time, the rest the programme's."""

    channel: Channel
    via: str
    state: State
    attempts: int
    not_before: datetime
    next_try_at: datetime
    trouble: Trouble | None
    sent_at: datetime | None
    given_up_at: datetime | None


@value
class Message:
    """A message with all of its ways; none, while it has not been given any."""

    notice: Notice
    since: datetime
    sent_at: datetime | None
    deliveries: tuple[Delivery, ...]

    @property
    def state(self) -> State:
        """The worst of its ways."""
        states = {one.state for one in self.deliveries}
        order: tuple[State, ...] = ("given-up", "failing", "waiting")
        found = next((state for state in order if state in states), None)
        return found or ("waiting" if self.sent_at is None else "sent")


@value
class Backlog:
    """What the outbox owes: late without a way, late and not sent, tried in vain, given up.

    `since` is when the oldest of the late ones could have gone out, in real time.
    """

    unrouted: int
    due: int
    failing: tuple[tuple[Channel, Trouble, int], ...]
    given_up: int
    since: datetime | None = None


def message(engine: Engine, key: str) -> Message | None:
    """One message with its ways."""
    found = _messages(engine, _OUTBOX.c.key == key, limit=1)
    return found[0] if found else None


def messages(
    engine: Engine,
    *,
    to: Post | None = None,
    unsent: bool = False,
    given_up: bool = False,
    limit: int | None = None,
) -> tuple[Message, ...]:
    """Messages with their ways, the newest first."""
    where: list[ColumnElement[bool]] = []
    if to is not None:
        where.append(_OUTBOX.c.recipient == str(to))
    if unsent:
        where.append(_OUTBOX.c.sent_at.is_(None))
    if given_up:
        lost = select(_WAYS.c.key).where(_WAYS.c.given_up_at.is_not(None))
        where.append(_OUTBOX.c.key.in_(lost))
    return _messages(engine, *where, limit=limit)


def backlog(engine: Engine, now: datetime, real: datetime, *, only_urgent: bool) -> Backlog:
    """What has been owed since before two moments, the programme's and the real one."""
    has_way = select(_WAYS.c.key).where(_WAYS.c.key == _OUTBOX.c.key)
    unrouted = select(func.count()).where(
        _OUTBOX.c.sent_at.is_(None), _OUTBOX.c.created_at < now, ~has_way.exists()
    )
    due = select(func.count()).where(
        _OPEN,
        _WAYS.c.next_try_at < real,
        _WAYS.c.not_before < now,
        *([_WAYS.c.urgent] if only_urgent else []),
    )
    failing = (
        select(_WAYS.c.channel, _WAYS.c.trouble, func.count())
        .where(_WAYS.c.sent_at.is_(None), _WAYS.c.trouble.is_not(None))
        .group_by(_WAYS.c.channel, _WAYS.c.trouble)
        .order_by(_WAYS.c.channel, _WAYS.c.trouble)
    )
    given_up = select(func.count()).where(_WAYS.c.given_up_at.is_not(None))
    oldest = due.with_only_columns(func.min(_WAYS.c.next_try_at))
    with log.look(engine) as connection:
        return Backlog(
            since=connection.execute(oldest).scalar_one(),
            unrouted=connection.execute(unrouted).scalar_one(),
            due=connection.execute(due).scalar_one(),
            failing=tuple(
                (Channel(channel), Trouble(trouble), count)
                for channel, trouble, count in connection.execute(failing)
            ),
            given_up=connection.execute(given_up).scalar_one(),
        )


def _messages(
    engine: Engine, *where: ColumnElement[bool], limit: int | None
) -> tuple[Message, ...]:
    query = (
        select(_OUTBOX)
        .where(*where)
        .order_by(_OUTBOX.c.created_at.desc(), _OUTBOX.c.key)
        .limit(limit)
    )
    with log.look(engine) as connection:
        rows = connection.execute(query).all()
        keys = [row.key for row in rows]
        ways = select(_WAYS).where(_WAYS.c.key.in_(keys)).order_by(_WAYS.c.channel, _WAYS.c.via)
        found: dict[str, list[Delivery]] = {}
        for row in connection.execute(ways):
            found.setdefault(row.key, []).append(_delivery(row))
    return tuple(
        Message(
            notice=codec.NOTICE.validate_json(row.body),
            since=row.created_at,
            sent_at=row.sent_at,
            deliveries=tuple(found.get(row.key, ())),
        )
        for row in rows
    )


def _delivery(row: Row[Any]) -> Delivery:
    state: State = "failing" if row.trouble else "waiting"
    if row.given_up_at is not None:
        state = "given-up"
    if row.sent_at is not None:
        state = "sent"
    return Delivery(
        channel=Channel(row.channel),
        via=row.via,
        state=state,
        attempts=row.attempts,
        not_before=row.not_before,
        next_try_at=row.next_try_at,
        trouble=row.trouble and Trouble(row.trouble),
        sent_at=row.sent_at,
        given_up_at=row.given_up_at,
    )
