"""Officials who decide while servers die: they repeat, they contradict each other, they insist."""

import asyncio
import math
import time
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from itertools import count
from random import Random

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from chaos.cases import PAYMENTS, SECTIONS, ChaosProject
from chaos.ledger import Ledger
from domain.refusal import Refused
from domain.streams import Envelope
from office import door

_PATIENCE = timedelta(seconds=4)
_AGAIN_AFTER = 0.2
_INSISTS = 90.0
"""Seconds after the end for which an official still asks for an answer."""

_NO_ANSWER = (
    door.NoCase, door.Pending, door.Unreachable, RPCError, WorkflowUpdateFailedError
)  # fmt: skip


class Desk:
    """Sends decisions until they are answered, and keeps every receipt in the ledger."""

    def __init__(self, client: Client, ledger: Ledger, chance: Random) -> None:
        self._client = client
        self._ledger = ledger
        self._chance = chance
        self._closed_at = math.inf
        self._sets = count(1)

    @property
    def open(self) -> bool:
        return time.monotonic() < self._closed_at

    def close(self) -> None:
        """What has been sent is still insisted upon; nothing new is."""
        self._closed_at = time.monotonic()

    async def send(self, envelope: Envelope, one_of: str | None = None) -> bool:
        """One decision, up to four times at once; whether it is on record."""
        copies = self._chance.choice((1, 1, 2, 4))
        answers = await asyncio.gather(*(self._insist(envelope, one_of) for _ in range(copies)))
        return any(answers)

    async def dispute(self, envelopes: tuple[Envelope, ...]) -> list[bool]:
        """Several decisions at once, of which one can be true."""
        name = f"set {next(self._sets)}"
        shuffled = self._chance.sample(envelopes, len(envelopes))
        answers = await asyncio.gather(*(self.send(one, name) for one in shuffled))
        by_id = {one.decision_id: said for one, said in zip(shuffled, answers, strict=True)}
        return [by_id[one.decision_id] for one in envelopes]

    async def _insist(self, envelope: Envelope, one_of: str | None) -> bool:
        while time.monotonic() < self._closed_at + _INSISTS:
            try:
                receipt = await door.ask(self._client, envelope, _PATIENCE)
            except Refused:
                self._ledger.refused += 1
                return False
            except _NO_ANSWER:
                self._ledger.retried += 1
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                self._ledger.acknowledge(
                    receipt.decision_id, envelope.stream, receipt.version, receipt.position, one_of
                )
                return True
        self._ledger.unanswered += 1
        return False


async def builder(desk: Desk, project: ChaosProject) -> None:
    """Reports progress, section after section."""
    for number in count(4):
        if not desk.open:
            return
        percent, section = divmod(number, len(SECTIONS))
        await desk.send(project.progress(SECTIONS[section], 1 + percent % 98))


async def disputer(desk: Desk, project: ChaosProject) -> None:
    """Submits a dossier that others approve and return at the same time."""
    while desk.open:
        await desk.send(project.submit())
        approved, *_ = await desk.dispute(project.appraisal())
        if approved:
            await desk.dispute(project.approval())


async def payer(desk: Desk, project: ChaosProject) -> None:
    """Asks for more than the year's capital, several requests at a time."""

    async def one(number: int) -> None:
        requested = await desk.send(project.request(number))
        if requested and await desk.send(project.check(number)):
            await desk.dispute(project.treasury(number))

    for first in range(1, PAYMENTS, 3):
        if not desk.open:
            return
        await asyncio.gather(*(one(first + more) for more in range(3) if first + more <= PAYMENTS))


WORK = (builder, disputer, payer)


def at_work(desk: Desk, projects: Iterable[ChaosProject]) -> list[Awaitable[None]]:
    """One official for each project, in turn a builder, a disputer and a payer."""
    return [WORK[number % len(WORK)](desk, project) for number, project in enumerate(projects)]
