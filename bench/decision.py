"""A decision from desk to record and back, beside the least that Temporal can do."""

import asyncio
import gc
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from bench import place
from bench.bare import QUEUE, Bare
from bench.projects import SECTIONS, BenchProject, tell
from bench.rounds import Comparison, Scale, Tick, take_turns
from domain.values import SectionId
from office import door, payloads
from stack import endpoints
from storage import log, policies
from storage.record import Record

_PATIENCE = timedelta(seconds=60)
_FIRST_PERCENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """So many cases, so many deciders at each, and so many decisions by each of them."""

    what: str
    cases: int
    deciders: int
    decisions: int


_PLANS = (
    _Plan(what="one decider", cases=1, deciders=1, decisions=24),
    _Plan(what="8 deciders, one case", cases=1, deciders=8, decisions=4),
    _Plan(what="8 deciders, 8 cases", cases=8, deciders=1, decisions=4),
)
COMPARISONS = len(_PLANS)

_Decide: TypeAlias = Callable[[int], Awaitable[object]]
"""One decider: makes the decision of this number."""

_Hire: TypeAlias = Callable[[_Plan], Awaitable[list[_Decide]]]
"""Opens a plan's cases, and has each decide once before it counts."""


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """One decider; eight on one case; eight, each on a case of their own."""
    with place.everything() as at, _bare_worker(at):
        yield from _plans(at, scale, tick)
    # The SDK's runtime must be gone before the interpreter is: otherwise it may abort at exit.
    gc.collect()


def _plans(at: Path, scale: Scale, tick: Tick) -> Iterator[Comparison]:
    engine = log.engine(endpoints.database_url(at))
    record = Record(engine, policies.load())
    with asyncio.Runner() as runner:
        client, bare_client = runner.run(_connect(at))
        projects, bare = partial(_projects, client, record), partial(_bare, bare_client)

        def played(plan: _Plan, hire: _Hire) -> list[float]:
            return runner.run(_round(plan, scale, hire))

        for plan in _PLANS:
            ours, baseline = take_turns(
                scale, partial(played, plan, projects), partial(played, plan, bare), tick
            )
            yield from _compared(plan, ours, baseline)
    engine.dispose()


async def _connect(at: Path) -> tuple[Client, Client]:
    """Our client, and one that speaks plain JSON."""
    runtime = door.quiet_runtime()
    config = endpoints.temporal_config(at)
    ours = await door.connect(config, runtime, payloads.converter(at))
    return ours, await Client.connect(**config, runtime=runtime)


async def _projects(client: Client, record: Record, plan: _Plan) -> list[_Decide]:
    """Deciders who report progress, each of a section of their own."""

    async def decide(project: BenchProject, section: SectionId, number: int) -> None:
        await door.ask(client, project.progress(section, number + _FIRST_PERCENT), _PATIENCE)

    found: list[_Decide] = []
    for _ in range(plan.cases):
        project = BenchProject()
        tell(record, project.stream, project.building())
        await door.begin(client, project.stream, "Eight roads")
        found += [partial(decide, project, section) for section in SECTIONS[: plan.deciders]]
    return found


async def _bare(client: Client, plan: _Plan) -> list[_Decide]:
    """Deciders who have nothing decided."""

    async def decide(handle: WorkflowHandle[Bare, None], number: int) -> None:
        await handle.execute_update(Bare.ask, str(number))

    found: list[_Decide] = []
    for _ in range(plan.cases):
        handle = await client.start_workflow(Bare.run, id=f"bare/{uuid4()}", task_queue=QUEUE)
        found += [partial(decide, handle)] * plan.deciders
    return found


async def _round(plan: _Plan, scale: Scale, hire: _Hire) -> list[float]:
    """Milliseconds of each decision of a plan."""
    deciders = await hire(plan)
    for decide in deciders:
        await decide(-1)  # it does not count

    async def work(decide: _Decide) -> list[float]:
        took = []
        for number in range(scale.of(plan.decisions)):
            began = time.perf_counter()
            await decide(number)
            took.append(1_000 * (time.perf_counter() - began))
        return took

    worked = await asyncio.gather(*map(work, deciders))
    return [one for took in worked for one in took]


def _compared(
    plan: _Plan, ours: tuple[list[float], ...], baseline: tuple[list[float], ...]
) -> Iterator[Comparison]:
    for name, of, goal in (("p50", median, 1.15), ("p95", _p95, None)):
        yield Comparison(
            what=f"decision {name}, {plan.what}",
            baseline_is="bare Update, no-op activity",
            unit="ms",
            ours=tuple(map(of, ours)),
            baseline=tuple(map(of, baseline)),
            goal=goal,
        )


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]


@contextmanager
def _bare_worker(at: Path) -> Iterator[None]:
    """The baseline's worker, a process of its own like ours."""
    address = endpoints.temporal_config(at)["target_host"]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bare", address],
        cwd=Path(__file__).resolve().parent.parent,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
