"""The year 2024 on the real servers: founded, carried over, played, and compared with the press."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio.runtime import Runtime

from demo import hands, screen, story
from demo.asking import questions
from demo.dataset import Dataset, founding, history
from demo.desk import Desk
from demo.figures import Figure, compare
from demo.hands import Hands
from demo.outage import NO_POSTGRES
from domain.calendar import HANOI, end_of, last_instant, local_day
from domain.clock import WALL_CLOCK, Clock
from domain.officials import STREAM
from domain.portfolio import Portfolio, portfolio
from domain.positions import Capital
from domain.programme_forms import Running
from domain.recording import Ask, Batch, Denied
from domain.refusal import Refused
from domain.streams import Envelope, capital_stream, programme_stream
from domain.travel import View
from domain.values import StreamId, value
from language.catalogue import tr
from office import door, payloads
from office.resume import resume
from stack import endpoints, home
from storage import audit, log, policies, queries, travel
from storage.outside import Outside
from storage.record import Record

_SECONDS_A_DAY = 0.4
_AT_MOST = 1.2
_SECONDS_A_DECISION = 0.006
"""What the record may take for one of the earlier years' decisions where a year passes at its
fastest; a quiet laptop needs half of it."""
_LOOK = 1.0
_WORK_AHEAD = timedelta(seconds=1)

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

Watch = Callable[[screen.Sight], None]
"""Called about once a second with what the record shows."""


@value
class Outcome:
    """How the rehearsal ended: the year's own figures, and the published ones beside ours."""

    as_published: Portfolio
    at_the_end: Portfolio
    figures: tuple[Figure, ...]
    decisions: int


def days_of(dataset: Dataset) -> tuple[datetime, datetime]:
    """The first and the last moment of the year that is played."""
    year = dataset.facts.disbursed.to.year
    return datetime(year, 1, 1, tzinfo=HANOI), end_of(date(year, 12, 31))


async def rehearse(
    at: Path, dataset: Dataset, runtime: Runtime, tell: Tell, watch: Watch
) -> Outcome:
    """Play the year to its end, or go on with one that was interrupted."""
    engine = log.engine(endpoints.database_url(at))
    try:
        client = await door.connect(endpoints.temporal_config(at), runtime, payloads.converter(at))
        record = Record(engine, policies.load(), Outside(at, home.other_media()))
        _check_clock(engine, dataset)
        people = await asyncio.to_thread(_enrolled, at, record, dataset)
        pace = await asyncio.to_thread(_load, record, dataset, tell, people)
        clock = _started(record, dataset, pace)
        await resume(client, engine, lambda done, of: tell("workflows", done, of))
        desk = Desk(client, record, clock, people)
        await _play(desk, record, dataset, watch)
        return _outcome(record, dataset, desk.decisions)
    finally:
        engine.dispose()


async def _play(desk: Desk, record: Record, dataset: Dataset, watch: Watch) -> None:
    _, last = days_of(dataset)
    plan = capital_stream(dataset.facts.programme.programme, dataset.facts.disbursed.to.year)
    playing = asyncio.create_task(story.play(dataset, desk))
    waiting = asyncio.create_task(desk.until(last))
    pacing = asyncio.create_task(desk.keep_pace())
    over: Awaitable[object] = asyncio.gather(playing, waiting)
    over = asyncio.ensure_future(over)
    sight: screen.Sight | None = None
    while not over.done():
        try:
            sight = await asyncio.to_thread(
                screen.look, record.engine, plan, desk.now(), desk.decisions
            )
            watch(replace(sight, missing=desk.missing))
        except log.Unavailable:
            # The last picture stands, and under it why it does not move.
            if sight is not None:
                watch(replace(sight, missing=tr(NO_POSTGRES)))
        await asyncio.wait({over}, timeout=_LOOK)
    pacing.cancel()
    try:
        await over
    except ExceptionGroup as several:
        # The first project that cannot go on says why; the others were stopped because of it.
        raise several.exceptions[0] from several


def _check_clock(engine: Engine, dataset: Dataset) -> None:
    """Raise `Refused` in a home where people rehearse day by day: a year would never pass."""
    clock = queries.clock(engine)
    first, _ = days_of(dataset)
    if clock != WALL_CLOCK and clock.origin != first:
        raise Refused(
            "out_of_turn",
            "this home rehearses by `ntm rehearse`; a year is played in an empty one (NTM_HOME)",
        )


def _load(record: Record, dataset: Dataset, tell: Tell, people: Hands | None = None) -> timedelta:
    """Record what founded the programme, and the years before: each decision once, for ever.

    The answer is how long a day of the year may take here, by how fast these went.
    """
    began, decisions = datetime.now(UTC), 0
    before = dict(history(dataset))
    streams: dict[StreamId, tuple[Envelope, ...]] = {}
    for envelope in founding(dataset):
        streams[envelope.stream] = (*streams.get(envelope.stream, ()), envelope)
    streams |= before
    first, _ = days_of(dataset)
    for done, (stream, envelopes) in enumerate(streams.items(), 1):
        asks = tuple(
            Ask(envelope=people.sign(one, (0, "")) if people else one)
            for one in envelopes
            if not queries.is_decided(record.engine, one.decision_id)
        )
        decisions += len(asks)
        recorded = record.decide(Batch(stream=stream, after=0, now=first, asks=asks))
        for outcome in recorded.outcomes:
            if isinstance(outcome, Denied):
                raise Refused(outcome.rule, f"{stream}: {outcome.because}")
        tell("history", done, len(streams))
    return a_day(datetime.now(UTC) - began, decisions)


def a_day(took: timedelta, decisions: int) -> timedelta:
    """How long a day of the year lasts on a machine that took so long for so many decisions.

    A year that ran ahead of its decisions would be another story: they come late, and every
    deadline that passes meanwhile writes its letters.
    """
    each = took.total_seconds() / decisions if decisions else 0.0
    slower = each / _SECONDS_A_DECISION
    return timedelta(seconds=min(max(_SECONDS_A_DAY, _SECONDS_A_DAY * slower), _AT_MOST))


def _enrolled(at: Path, record: Record, dataset: Dataset) -> Hands | None:
    """The officials of the story, with keys in the home; while they begin, the clock stands.

    None for a record that an older rehearsal began without them.
    """
    first, _ = days_of(dataset)
    if queries.head(record.engine, STREAM)[0] == 0:
        if audit.size(record.engine):
            return None
        clock = Clock(origin=first, started_at=datetime.now(UTC), rate=1.0, until=first)
        queries.set_clock(record.engine, clock)
    acts = [
        *(one.act for one in founding(dataset)),
        *(one.act for told in history(dataset).values() for one in told),
        *(one.act for row in dataset.projects for one in story.year(dataset, row.project)),
        *(one.act for one in questions(dataset)),
    ]
    day = min(local_day(act.at) for act in acts)
    return hands.found(record, at, {act.by for act in acts}, first, day)


def _started(record: Record, dataset: Dataset, day: timedelta) -> Clock:
    """The programme clock: set at the first rehearsal in this record, kept by the next ones."""
    clock = queries.clock(record.engine)
    first, last = days_of(dataset)
    if clock.until == last:
        return clock
    if clock.origin == first and not clock.is_wall_speed:
        # The rehearsal ended while something was missing and its clock stood.
        clock = clock.going_on(last, datetime.now(UTC) + _WORK_AHEAD)
    else:
        clock = Clock(
            origin=first,
            started_at=datetime.now(UTC) + _WORK_AHEAD,
            rate=timedelta(days=1) / day,
            until=last,
        )
    queries.set_clock(record.engine, clock)
    return clock


def _outcome(record: Record, dataset: Dataset, decisions: int) -> Outcome:
    facts = dataset.facts
    _, last = days_of(dataset)
    published = portfolio_of(record, dataset, facts.disbursed.to)
    return Outcome(
        as_published=published,
        at_the_end=portfolio_of(record, dataset, (last - timedelta(seconds=1)).date()),
        figures=compare(facts, published),
        decisions=decisions,
    )


def portfolio_of(record: Record, dataset: Dataset, day: date) -> Portfolio:
    """The portfolio as of the end of a day, folded from the record's events."""
    facts = dataset.facts
    year = facts.disbursed.to.year
    name, view = facts.programme.programme, View(as_of=last_instant(day))
    programme = travel.fold(record.engine, programme_stream(name), view).state
    capital = travel.fold(record.engine, capital_stream(name, year), view).state
    assert isinstance(programme, Running)
    assert isinstance(capital, Capital)
    return portfolio(programme, capital, year, day)
