"""Why things do not move: the servers, the law, the outbox, the clocks, and every case's engine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from activities import contact_file
from activities.contacts import NOBODY, ContactsError
from domain.clock import WALL_CLOCK
from domain.cover import Cover
from domain.registry import Unfounded
from domain.values import StreamId, value
from domain.waits import Wait
from office import cover, reconcile, restored
from office import engine as temporal
from office.engine import Living
from office.reconcile import at_once
from office.resume import ROOMS
from stack import attributes, endpoints, postgres
from storage import deliveries, log, migrate, policies, queries, texts
from storage.policy_checks import PolicyError

Level = Literal["ok", "wrong", "unreachable"]
Check = Literal[
    "postgresql", "schema", "policies", "record", "clock", "contacts", "outbox", "letters",
    "proofs", "officials", "registrars",
    "temporal", "search-attributes", "workers", "strangers",
    "workflow-tasks", "activities", "workflows", "resets",
]  # fmt: skip

_OUTBOX_MAY_TAKE = timedelta(minutes=1)
_CLOCKS_MAY_DIFFER = timedelta(seconds=5)
_CALENDAR_REACHES = timedelta(days=180)
_REGISTRARS = 2
"""One proposes, another confirms."""


@value
class Finding:
    """One check: how it ended, and what was seen, in figures and names."""

    check: Check
    level: Level = "ok"
    about: str = ""
    cases: tuple[str, ...] = ()


@value
class Examination:
    """Every check that could be made, and who has been waited for longest."""

    findings: tuple[Finding, ...]
    longest: tuple[Wait, ...]

    @property
    def level(self) -> Level:
        """The worst of all."""
        levels = {finding.level for finding in self.findings}
        return "unreachable" if "unreachable" in levels else "wrong" if "wrong" in levels else "ok"


def examine_record(at: Path) -> tuple[Finding, ...]:
    """What the record says of itself; it ends where the database does not answer."""
    try:
        url = endpoints.database_url(at)
    except endpoints.NotRunning:
        return (Finding(check="postgresql", level="unreachable"), _policies())
    if not postgres.reachable(url):
        return (Finding(check="postgresql", level="unreachable"), _policies())
    found = [Finding(check="postgresql"), _schema(url), _policies()]
    if found[1].level == "ok":
        engine = log.engine(url)
        try:
            found += [_record(engine, at), _clock(engine)]
            found += _letters(engine, contact_file.place(at))
            found += _officials(engine)
        except log.Unavailable as error:
            found.append(Finding(check="postgresql", level="unreachable", about=str(error)))
        finally:
            engine.dispose()
    return tuple(found)


async def examine_engine(client: Client) -> tuple[Finding, ...]:
    """What Temporal says of itself and of its queues; the record is not asked."""
    lacking = await attributes.astray(client)
    return (
        Finding(check="temporal"),
        Finding(
            check="search-attributes",
            level="wrong" if lacking else "ok",
            about=", ".join(lacking),
        ),
        *[finding async for finding in _workers(client)],
    )


async def examine_cases(client: Client, record: Engine) -> tuple[Finding, ...]:
    """What Temporal says of every case, each asked by its id."""
    open_cases = await asyncio.to_thread(queries.open_cases, record, ROOMS)
    running = {one.stream async for one in temporal.listed(client, "ExecutionStatus = 'Running'")}
    streams = sorted({*open_cases, *running})
    looked = await at_once(lambda stream: temporal.living(client, stream), streams)
    reset = [one.stream for one in looked if one is not None and one.runs and one.was_reset]
    astray = await at_once(lambda stream: reconcile.look(client, record, stream), reset)
    doubted = [one.stream for one in astray if one is not None]
    return (
        *_cases(dict(zip(streams, looked, strict=True)), frozenset(open_cases)),
        # Who was reset and holds what the record holds has read it again since.
        replace(_about("resets", list(map(str, doubted))), about=", ".join(reset)),
    )


def longest(record: Engine, count: int = 3) -> tuple[Wait, ...]:
    """Who has been waited for longest."""
    return tuple(sorted(queries.inbox(record), key=lambda wait: wait.since)[:count])


def _cases(
    seen: dict[StreamId, Living | None], open_cases: frozenset[StreamId]
) -> Iterator[Finding]:
    living = [one for one in seen.values() if one is not None and one.runs]
    yield _about(
        "workflow-tasks",
        [f"{one.stream} (×{one.task_attempt})" for one in living if one.task_fails],
    )
    yield _about(
        "activities",
        [
            f"{one.stream}: {task.activity} ×{task.attempt}, {task.failure}"
            for one in living
            for task in one.pending
            if task.failure is not None
        ],
    )
    gone = {stream: seen[stream] for stream in sorted(open_cases) if not _runs(seen[stream])}
    yield _about(
        "workflows",
        [f"{stream} ({one.status if one else 'no workflow'})" for stream, one in gone.items()],
    )


def _runs(one: Living | None) -> bool:
    return one is not None and one.runs


def _about(check: Check, cases: list[str]) -> Finding:
    return Finding(check=check, level="wrong" if cases else "ok", cases=tuple(cases))


async def _workers(client: Client) -> AsyncIterator[Finding]:
    """Whether anybody asks for work, and whether somebody does who calls themselves otherwise.

    A stranger can take our name, too: this sees those who did not.
    """
    found = {queue: await temporal.pollers(client, queue) for queue in temporal.QUEUES}
    lacking = [queue for queue, pollers in found.items() if not pollers]
    about = ", ".join(lacking or [f"{queue} {len(found[queue])}" for queue in found])
    yield Finding(check="workers", level="wrong" if lacking else "ok", about=about)
    strange = {one for pollers in found.values() for one in pollers if not temporal.is_ours(one)}
    yield _about("strangers", sorted(strange))


def _schema(url: str) -> Finding:
    try:
        current, newest = migrate.versions(url)
    except SQLAlchemyError as error:
        return Finding(check="schema", level="unreachable", about=type(error).__name__)
    if current == newest:
        return Finding(check="schema", about=str(current))
    return Finding(check="schema", level="wrong", about=f"{current or 'none'} ≠ {newest}")


def _policies() -> Finding:
    try:
        policy = policies.load()
        texts.load()
    except PolicyError as error:
        return Finding(check="policies", level="wrong", about=str(error).splitlines()[0])
    reaches = policy.calendar.last
    near = reaches < (datetime.now(UTC) + _CALENDAR_REACHES).date()
    about = f"{policy.version}, calendar to {reaches:%d/%m/%Y}"
    return Finding(check="policies", level="wrong" if near else "ok", about=about)


def _record(record: Engine, at: Path) -> Finding:
    """Whether it was restored to an earlier point, and nobody has accepted that yet."""
    try:
        left = restored.look(record, at).left
    except (log.Unreadable, OSError, ValueError) as error:
        return Finding(check="record", level="wrong", about=str(error))
    if left is None:
        return Finding(check="record")
    return Finding(check="record", level="wrong", about=f"{left} events left")


def _officials(record: Engine) -> Iterator[Finding]:
    """Whether somebody is there for everything that waits, and enough to keep the registry."""
    known = cover.people(record)
    if isinstance(known, Unfounded):
        yield Finding(check="proofs", about="named, not proved: ntm official found")
        return
    yield Finding(check="proofs", about=f"{queries.proved(record)}")
    now = queries.clock(record).now(datetime.now(UTC))
    yield _about("officials", [_vacancy(one) for one in cover.vacant(record, now)])
    able = known.able(known.registrar, now, policies.load())
    level: Level = "ok" if len(able) >= _REGISTRARS else "wrong"
    yield Finding(check="registrars", level=level, about=f"{len(able)}")


def _vacancy(one: Cover) -> str:
    """A wait that nobody can end, and why: an empty post, or people who have acted before."""
    why = f"not {', '.join(one.wait.barred)}" if one.wait.barred else "nobody"
    return f"{one.holder}: {one.wait.stream} {one.wait.key} ({why})"


def _clock(record: Engine) -> Finding:
    """Ours, the database's, the newest event's; and whether a rehearsal's clock runs."""
    theirs, recorded = queries.moments(record)
    apart = abs(theirs - datetime.now(UTC))
    if apart > _CLOCKS_MAY_DIFFER:
        about = f"PostgreSQL ± {apart.total_seconds():.0f} s"
        return Finding(check="clock", level="wrong", about=about)
    if recorded is not None and recorded > theirs + _CLOCKS_MAY_DIFFER:
        about = f"last event {recorded:%d/%m/%Y %H:%M} UTC"
        return Finding(check="clock", level="wrong", about=about)
    clock = queries.clock(record)
    if clock == WALL_CLOCK:
        return Finding(check="clock")
    return Finding(check="clock", about=f"rehearsal: {clock.now(datetime.now(UTC)):%d/%m/%Y}")


def _letters(record: Engine, file: Path) -> Iterator[Finding]:
    """The contacts, whether messages leave in time, and which of them found no taker."""
    try:
        contacts = contact_file.load(file, secrets=False)
        yield Finding(check="contacts", about=f"{len(contacts.contact)}")
    except ContactsError as error:
        contacts = NOBODY
        yield Finding(check="contacts", level="wrong", about=str(error))
    try:
        calendar = policies.load().calendar
    except PolicyError:
        # Said by the check of the law; without a calendar nobody knows who is late.
        return
    clock, real = queries.clock(record), datetime.now(UTC)
    # In real time: a rehearsal's days are short.
    earlier = real - _OUTBOX_MAY_TAKE
    rests = not all(contacts.hours.open(clock.now(at), calendar) for at in (earlier, real))
    owed = deliveries.backlog(record, clock.now(earlier), earlier, only_urgent=rests)
    late = owed.due + owed.unrouted
    yield Finding(check="outbox", level="wrong" if late else "ok", about=f"{late}" if late else "")
    yield Finding(
        check="letters",
        level="wrong" if owed.given_up else "ok",
        about=", ".join(
            f"{channel} {trouble} ×{count}" for channel, trouble, count in owed.failing
        ),
    )
