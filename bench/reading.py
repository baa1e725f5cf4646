"""Reading what is recorded: a case, the log, all of it again, and a day that has passed."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from bench import place, rival
from bench.projects import EVENTS, BenchProject, tell
from bench.rounds import Comparison, Scale, Tick, take_turns
from domain.calendar import HANOI
from domain.policy import Policy
from domain.streams import project_stream
from domain.travel import View, past
from domain.values import ProjectId
from storage import log, policies, rebuild, snapshots, travel
from storage.record import Record
from storage.travel import Picture

COMPARISONS = 6

_PROJECTS = 250
_PROJECTS_OF_THE_PAST = 10_000
_LOADS = 50
_AT_ONCE = 500
_BEGUN = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_LATER = datetime(2025, 1, 1, tzinfo=HANOI)

# Copies of the one project that was decided; only their names differ.
_COPY = """
    INSERT INTO events
    SELECT position + (n - {first}) * {events}, replace(stream, '{name}', 'C' || n), version,
           replace(decision_id, '{name}', 'C' || n), kind, schema_version,
           replace(body::text, '{name}', 'C' || n)::jsonb, act, occurred_at, recorded_at, hash
    FROM events, generate_series({first} + 1, {last}) AS n
"""


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """Beside the library where it does the same, and beside ourselves where only we do."""
    with ExitStack() as opened:
        url = opened.enter_context(place.database())
        engine = log.engine(url)
        opened.callback(engine.dispose)
        projects, policy = scale.of(_PROJECTS), policies.load()
        names = _filled(engine, url.replace("+psycopg", ""), projects, policy)
        again = partial(_rebuilt, engine, policy)
        again()
        if rival.IS_HERE:
            app = opened.enter_context(rival.application(url))
            ids = rival.written(app, projects, EVENTS)
            some, every = scale.of(_LOADS), projects * EVENTS
            bare = partial(rival.read_log, app, _AT_ONCE, typed=False)
            typed = partial(rival.read_log, app, _AT_ONCE, typed=True)
            record = partial(Record, engine, policy)
            for what, is_, goal, events, ours, theirs in (
                (
                    f"load a case of {EVENTS} events", "eventsourcing, repository.get", 4.0,
                    some * EVENTS, partial(_loaded, record, names[:some]),
                    partial(_got, app, ids[:some]),
                ),
                (
                    "read the log, typed", "eventsourcing, typed", 2.5, every,
                    partial(_read, engine), typed,
                ),
                (
                    "rebuild the read models", "eventsourcing, its log only read", 1.3, every,
                    again, bare,
                ),
            ):  # fmt: skip
                rates = take_turns(
                    scale,
                    partial(_per_second, events, ours),
                    partial(_per_second, events, theirs),
                    tick,
                )
                yield Comparison(
                    what=what,
                    baseline_is=is_,
                    unit="events/s",
                    ours=rates[0],
                    baseline=rates[1],
                    goal=goal,
                )
    yield from _past(scale, tick)


def _past(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """A list of every project, of a day after all that happened and of one in its midst."""
    projects, policy = scale.of(_PROJECTS_OF_THE_PAST), policies.load()
    with ExitStack() as opened:
        url = opened.enter_context(place.database())
        engine = log.engine(url)
        opened.callback(engine.dispose)
        _filled(engine, url.replace("+psycopg", ""), projects, policy)
        _rebuilt(engine, policy)
        snapshots.take(engine)
        yield from _lists(scale, tick, engine, projects)


def _lists(scale: Scale, tick: Tick, engine: Engine, projects: int) -> Iterator[Comparison]:
    midst = _BEGUN + timedelta(hours=EVENTS // 2)
    last_month = partial(_listed, engine, View(as_of=_LATER))
    month, amid = (
        f"--as-of, {projects:,} projects, last month",
        f"--as-of, {projects:,} projects, amid",
    )
    for what, is_, goal, ours, theirs in (
        (month, "every project folded", 0.1, last_month, partial(_folded, engine, _LATER)),
        (amid, "every project folded", None, partial(_listed, engine, View(as_of=midst)),
         partial(_folded, engine, midst)),
        (month, "the list of today", None, last_month, partial(_listed, engine, View())),
    ):  # fmt: skip
        took = take_turns(scale, partial(_milliseconds, ours), partial(_milliseconds, theirs), tick)
        yield Comparison(
            what=what,
            baseline_is=is_,
            unit="ms",
            ours=took[0],
            baseline=took[1],
            goal=goal,
        )


def _filled(engine: Engine, address: str, projects: int, policy: Policy) -> list[str]:
    """So many projects of 40 events; their names."""
    project = BenchProject()
    tell(Record(engine, policy), project.stream, project.in_revision())
    first = 100_000
    copy = _COPY.format(name=project.name, events=EVENTS, first=first, last=first + projects - 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(copy.encode())
        connection.execute("VACUUM ANALYZE events")
    return [project.name, *(f"C{number}" for number in range(first + 1, first + projects))]


def _loaded(new: Callable[[], Record], names: list[str]) -> None:
    # A record that has just begun remembers no fold.
    record = new()
    for name in names:
        assert record.fold(project_stream(ProjectId(name))).version == EVENTS


def _read(engine: Engine) -> None:
    after = 0
    with log.look(engine) as connection:
        while entries := log.since(connection, after, _AT_ONCE):
            after = entries[-1].position


def _rebuilt(engine: Engine, policy: Policy) -> None:
    rebuild.rebuild(engine, policy, lambda _done, _all: None)


def _listed(engine: Engine, view: View) -> None:
    assert Picture(engine, view, _LATER).standings("project")


def _got(app: rival.Library, ids: list[UUID]) -> None:
    for one in ids:
        app.repository.get(one)


def _folded(engine: Engine, as_of: datetime) -> None:
    entries = Picture(engine, View(as_of=as_of), _LATER).entries_under("project/")
    for stream, told in travel.by_stream(entries).items():
        past(stream, (entry.fact for entry in told))


def _per_second(events: int, work: Callable[[], object]) -> float:
    return 1_000 * events / _milliseconds(work)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - began)
