"""Every named fail point in turn: the worker dies there while officials decide, or a command does.

A point that was not reached is a law broken: a kill test that kills nothing proves nothing.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from temporalio.client import Client
from temporalio.service import RPCError

from chaos.cases import SECTIONS, ChaosProject
from chaos.killer import Kill, bring_up
from chaos.ledger import Ledger
from office import engine
from stack import home, processes, work
from storage.failpoints import VARIABLE, FailPoint

_WORKER = (
    FailPoint.ACTIVITY_BEGUN,
    FailPoint.BEFORE_LOCK,
    FailPoint.DECIDED,
    FailPoint.SHOWN,
    FailPoint.ORDER_TAKEN,
    FailPoint.APPENDED,
    FailPoint.COMMITTED,
    FailPoint.FLUSHED,
    FailPoint.ACTIVITY_DONE,
    FailPoint.RECORDED,
    FailPoint.FOLDED,
    FailPoint.CASE_READ,
    FailPoint.NOTICES_SENT,
)
_COMMANDS = (
    FailPoint.DOOR_SENT,
    FailPoint.REGISTERED,
    FailPoint.RESUMED_ONE,
    FailPoint.REBUILT,
    FailPoint.MIGRATED,
)
WALKED = {*_WORKER, *_COMMANDS}

_OFTEN = frozenset(_WORKER) - {FailPoint.CASE_READ, FailPoint.NOTICES_SENT}
_REACHED_WITHIN = 60.0
_HERE = Path(__file__).resolve().parent.parent
_NTM = (sys.executable, "-c", "from cli import main; main()")


class Walk:
    """A walk over the points of one home, among the officials who decide there."""

    def __init__(
        self, at: Path, client: Client, projects: list[ChaosProject], kept: Ledger
    ) -> None:
        self._at = at
        self._client = client
        self._projects = projects
        self._kept = kept
        self._began = time.monotonic()
        self._commands = 0

    async def walk(self, chance: Random, times: int) -> list[Kill]:
        """Every point so often; then all is up again."""
        every = [*_WORKER, *_COMMANDS] * times
        return [await self._kill_at(point, chance) for point in chance.sample(every, len(every))]

    async def _kill_at(self, point: FailPoint, chance: Random) -> Kill:
        if point in _COMMANDS:
            return await self._kill_command(point)
        return await self._kill_worker(point, chance.randint(1, 4))

    async def _kill_worker(self, point: FailPoint, nth: int) -> Kill:
        """Put an armed worker in the place of the one at work, and wait until it has died."""
        armed = f"{point}:{nth if point in _OFTEN else 1}"
        log = home.log(self._at, work.PART)
        said = log.stat().st_size
        await asyncio.to_thread(self._arm, armed)
        until = time.monotonic() + _REACHED_WITHIN
        while processes.alive(home.remembered(self._at).worker) and time.monotonic() < until:
            await asyncio.sleep(0.02)
            if point is FailPoint.CASE_READ:
                await self._have_read_again(self._projects[0])
        struck = time.monotonic()
        await asyncio.to_thread(bring_up, self._at)
        there = _says(log.read_bytes()[said:], point)
        return self._kill(point, struck, there=there)

    def _arm(self, armed: str) -> None:
        worker = home.remembered(self._at).worker
        if worker is not None:
            work.stop(worker)
        with _armed(armed):
            try:
                bring_up(self._at, tries=1)
            except processes.DidNotStart:
                # It may get there before it is called ready.
                return

    async def _have_read_again(self, project: ChaosProject) -> None:
        try:
            await engine.tell(self._client, project.stream, "reread")
        except RPCError:
            # Nobody is there to tell: the next time will do.
            return

    async def _kill_command(self, point: FailPoint) -> Kill:
        """A command dies in the middle; given again, it does what it was to do, once."""
        if point is FailPoint.RESUMED_ONE:
            for project in self._projects:
                await self._client.get_workflow_handle(project.stream).terminate("chaos")
        words = self._words(point)
        killed = await asyncio.to_thread(self._run, words, str(point))
        struck = time.monotonic()
        again = await asyncio.to_thread(self._run, words, "")
        well = again.returncode == 0
        if well and point in (FailPoint.DOOR_SENT, FailPoint.REGISTERED):
            told = json.loads(again.stdout)
            self._kept.acknowledge(
                told["decision_id"], told["stream"], told["version"], told["position"], None
            )
        there = killed.returncode == -signal.SIGKILL and _says(killed.stderr, point)
        return self._kill(point, struck, there=there and well)

    def _words(self, point: FailPoint) -> list[str]:
        self._commands += 1
        decision = f"command {self._commands}"
        investor = ["--as", "investor@an-duong", "--id", decision, "--output", "json"]
        match point:
            case FailPoint.DOOR_SENT:
                percent = str(1 + self._commands % 98)
                site = f"{self._projects[-1].name}/{SECTIONS[0]}"
                return ["works", "progress", site, "--percent", percent, *investor]
            case FailPoint.REGISTERED:
                charter = ["--name", "Road", "--cohort", "ntm/2024", "--commune", "AD01"]
                units = ["--units", "ad-01,an-duong,hai-phong", "--works", "S1;Road;road"]
                return ["project", "register", f"N{self._commands}", *charter, *units, *investor]
            case FailPoint.RESUMED_ONE:
                return ["resume"]
            case FailPoint.REBUILT:
                return ["store", "rebuild"]
            case _:
                return ["up"]

    def _run(self, words: list[str], armed: str) -> subprocess.CompletedProcess[bytes]:
        ours = {**os.environ, "NTM_HOME": str(self._at), VARIABLE: armed}
        return subprocess.run(
            [*_NTM, *words], cwd=_HERE, env=ours, capture_output=True, timeout=120, check=False
        )

    def _kill(self, point: FailPoint, struck: float, *, there: bool) -> Kill:
        now = time.monotonic()
        return Kill(blow=point, at=struck - self._began, back_after=now - struck, there=there)


@contextmanager
def _armed(how: str) -> Iterator[None]:
    """For what is started meanwhile; this process has read the variable long ago."""
    os.environ[VARIABLE] = how
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def _says(told: bytes, point: FailPoint) -> bool:
    return f"fail point {point}, time ".encode() in told
