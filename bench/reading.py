"""Reading what is recorded: a case, the log, all of it again, and a day that has passed."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

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
from storage import log, policies, rebuild, travel
from storage.record import Record
from storage.travel import Picture

COMPARISONS = 6

_PROJECTS = 500
_LOADS = 100
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
            some = scale.of(_LOADS)
            yield _rates(
                f"load a case of {EVENTS} events",
                "eventsourcing, repository.get",
                4.0,
                take_turns(
                    scale,
                    lambda: _per_second(
                        some * EVENTS, partial(_loaded, engine, policy, names[:some])
                    ),
                    lambda: _per_second(
                        some * EVENTS, lambda: [app.repository.get(i) for i in ids[:some]]
                    ),
                    tick,
                ),
            )
            every = projects * EVENTS
            typed = partial(rival.read_log, app, _AT_ONCE, typed=True)
            bare = partial(rival.read_log, app, _AT_ONCE, typed=False)
            yield _rates(
                "read the log, typed",
                "eventsourcing, typed",
                2.5,
                take_turns(
                    scale,
                    lambda: _per_second(every, partial(_read, engine)),
                    lambda: _per_second(every, typed),
                    tick,
                ),
            )
            yield _rates(
                "rebuild the read models",
                "eventsourcing, its log only read",
                1.3,
                take_turns(
                    scale,
                    lambda: _per_second(every, again),
                    lambda: _per_second(every, bare),
                    tick,
                ),
            )
        yield from _past(scale, tick, engine, projects)


def _past(scale: Scale, tick: Tick, engine: Engine, projects: int) -> Iterator[Comparison]:
    """A list of every project, of a day after all that happened and of one in its midst."""
    midst = _BEGUN + timedelta(hours=EVENTS // 2)
    for what, view, goal in (
        (f"--as-of, {projects} projects, last month", View(as_of=_LATER), 0.10),
        (f"--as-of, {projects} projects, amid their events", View(as_of=midst), None),
    ):
        ours, baseline = take_turns(
            scale,
            lambda view=view: _milliseconds(partial(_listed, engine, view)),
            lambda view=view: _milliseconds(partial(_folded, engine, view)),
            tick,
        )
        yield Comparison(
            what=what,
            baseline_is="every project folded",
            unit="ms",
            ours=ours,
            baseline=baseline,
            goal=goal,
        )
    ours, baseline = take_turns(
        scale,
        lambda: _milliseconds(partial(_listed, engine, View(as_of=_LATER))),
        lambda: _milliseconds(partial(_listed, engine, View())),
        tick,
    )
    yield Comparison(
        what=f"--as-of, {projects} projects, last month",
        baseline_is="the list of today",
        unit="ms",
        ours=ours,
        baseline=baseline,
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


def _loaded(engine: Engine, policy: Policy, names: list[str]) -> None:
    # A record that has just begun remembers no fold.
    record = Record(engine, policy)
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


def _folded(engine: Engine, view: View) -> None:
    entries = Picture(engine, view, _LATER).entries_under("project/")
    for stream, told in travel.by_stream(entries).items():
        past(stream, (entry.fact for entry in told))


def _per_second(events: int, work: Callable[[], object]) -> float:
    return 1_000 * events / _milliseconds(work)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - began)


def _rates(
    what: str,
    baseline_is: str,
    goal: float,
    found: tuple[tuple[float, ...], tuple[float, ...]],
) -> Comparison:
    return Comparison(
        what=what,
        baseline_is=baseline_is,
        unit="events/s",
        ours=found[0],
        baseline=found[1],
        goal=goal,
    )
