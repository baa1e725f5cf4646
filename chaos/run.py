"""One run: officials decide while servers are killed; then everything is put right and checked."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from temporalio.client import Client

from chaos import ledger, officials
from chaos.cases import ChaosProject, capital
from chaos.check import Law, check, read
from chaos.controls import Control, controls
from chaos.killer import Kill, kill
from chaos.ledger import Acknowledged, Ledger
from chaos.points import Walk
from domain.recording import Accepted, Ask, Batch
from domain.streams import Envelope
from office import door, payloads
from office.reconcile import reconcile
from office.resume import resume
from stack import endpoints, home, work
from storage import log, policies, queries
from storage.record import Record

_SETTLES_IN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how many officials, how often something is killed, and by which chance.

    With `walks`, every fail point is walked so often, instead of blows at random moments.
    """

    seed: int
    seconds: float
    rounds: int
    officials: int
    pause: tuple[float, float]
    walks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done, and what the checker says of it."""

    seed: int
    kills: list[Kill]
    receipts: tuple[Acknowledged, ...]
    refused: int
    retried: int
    unanswered: int
    events: int
    cases: int
    differences: tuple[str, ...]
    laws: tuple[Law, ...]
    controls: tuple[Control, ...]

    @property
    def held(self) -> bool:
        """No law broken, the two stores agree, and every falsification was seen."""
        return (
            not any(law.broken for law in self.laws)
            and not self.differences
            and all(control.seen for control in self.controls)
        )


def play(at: Path, plan: Plan, told: Callable[[str], None]) -> Outcome:
    """Everything, on servers that are up in this home."""
    kept = Ledger(at / "acknowledged.jsonl")
    long = f"{plan.walks} walks" if plan.walks else f"{plan.seconds:.0f} s or longer"
    told(f"seed {plan.seed}: {plan.officials} officials, {long}")
    with asyncio.Runner() as runner:
        kills, cases, differences = runner.run(_decide_and_kill(at, plan, kept))
    told("checking")
    _stop_worker(at)
    url = endpoints.database_url(at, "owner").replace("+psycopg", "")
    receipts, policy = ledger.read(kept.file), policies.load()
    books = read(url)
    return Outcome(
        seed=plan.seed,
        kills=kills,
        receipts=receipts,
        refused=kept.refused,
        retried=kept.retried,
        unanswered=kept.unanswered,
        events=len(books.events),
        cases=cases,
        differences=differences,
        laws=(*check(books, receipts, policy), _aimed(kills)),
        controls=tuple(controls(url, receipts, policy)),
    )


async def _decide_and_kill(
    at: Path, plan: Plan, kept: Ledger
) -> tuple[list[Kill], int, tuple[str, ...]]:
    client = await door.connect(
        endpoints.temporal_config(at), door.quiet_runtime(), payloads.converter(at)
    )
    projects = [ChaosProject(f"C{number:02d}") for number in range(plan.officials)]
    engine = log.engine(endpoints.database_url(at))
    _found(Record(engine, policies.load()), projects)
    await resume(client, engine, lambda _done, _of: None)
    kept.began = time.monotonic()
    # Two streams of chance, so that how fast officials are does not move the kills.
    desk = officials.Desk(client, kept, Random(plan.seed))
    chance = Random(plan.seed + 1)
    working = asyncio.gather(*officials.at_work(desk, projects))
    try:
        if plan.walks:
            kills = await Walk(at, client, projects, kept).walk(chance, plan.walks)
        else:
            kills = await kill(
                at, chance, rounds=plan.rounds, seconds=plan.seconds, pause=plan.pause
            )
    finally:
        desk.close()
    await working
    differences = await _settled(client, at)
    cases = len(queries.open_cases(engine, ("project", "clearance", "payment")))
    engine.dispose()
    return kills, cases, differences


def _found(record: Record, projects: list[ChaosProject]) -> None:
    told: list[tuple[Envelope, ...]] = [(capital(projects),)]
    for number, project in enumerate(projects):
        # A disputer's project is not approved yet: its dossier goes back and forth.
        building = () if number % 3 == 1 else tuple(project.building())
        told.append((*project.founding(), *building))
    for envelopes in told:
        asks = tuple(Ask(envelope=envelope) for envelope in envelopes)
        now = max(envelope.act.at for envelope in envelopes)
        batch = Batch(stream=envelopes[0].stream, after=0, now=now, asks=asks)
        for outcome in record.decide(batch).outcomes:
            assert isinstance(outcome, Accepted), outcome


async def _settled(client: Client, at: Path) -> tuple[str, ...]:
    """What record and engine still disagree about after a while; nobody repairs anything."""
    engine = log.engine(endpoints.database_url(at))
    until = time.monotonic() + _SETTLES_IN
    try:
        while True:
            found = await reconcile(client, engine, repair=False)
            if not found.differences or time.monotonic() > until:
                return tuple(f"{one.stream}: {one.kind}" for one in found.differences)
    finally:
        engine.dispose()


def _aimed(kills: list[Kill]) -> Law:
    """What was to be killed at a named place was killed there."""
    missed = tuple(f"{kill.blow} at {kill.at:.0f} s" for kill in kills if not kill.there)
    return Law(name="killed where it was to be killed", tried=len(kills), broken=missed)


def _stop_worker(at: Path) -> None:
    """The books are closed: nobody writes while they are read and copied."""
    worker = home.remembered(at).worker
    if worker is not None:
        work.stop(worker)
