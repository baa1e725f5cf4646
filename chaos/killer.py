"""SIGKILL of each part and of all at once, SIGTERM of the worker: at moments drawn by chance."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from stack import home, processes, up, work
from stack.home import Running
from storage.failpoints import FailPoint

Blow = Literal["worker", "postgres", "temporal", "everything", "restart"]
"""What is struck: one part, all three at once, or the worker as an operator restarts it."""

BLOWS: tuple[Blow, ...] = ("worker", "postgres", "temporal", "everything", "restart")
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What was killed when, and how long until everything was up again; seconds.

    `there` is whether it died where it was to die.
    """

    blow: Blow | FailPoint
    at: float
    back_after: float
    there: bool = True


async def kill(
    at: Path, chance: Random, *, rounds: int, seconds: float, pause: tuple[float, float]
) -> list[Kill]:
    """Rounds of every blow once, for so long and at least so often; then all is up again."""
    began = time.monotonic()
    kills: list[Kill] = []
    while len(kills) < rounds * len(BLOWS) or time.monotonic() < began + seconds:
        for blow in chance.sample(BLOWS, len(BLOWS)):
            await asyncio.sleep(chance.uniform(*pause))
            struck = time.monotonic()
            await asyncio.to_thread(strike, home.remembered(at), blow)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await asyncio.to_thread(bring_up, at)
            took = time.monotonic() - struck
            kills.append(Kill(blow=blow, at=struck - began, back_after=took))
    return kills


def bring_up(at: Path, tries: int = _TRIES) -> None:
    """Start whatever is down."""
    for _ in range(tries - 1):
        try:
            up.up(at)
        except processes.DidNotStart:
            # A machine that is busy with others; an operator would try again too.
            continue
        return
    up.up(at)


def strike(running: Running, blow: Blow) -> None:
    """Kill what is named, or restart the worker."""
    match blow:
        case "restart":
            if running.worker is not None:
                work.stop(running.worker)
        case "everything":
            for process in (running.worker, running.postgres, running.temporal):
                _kill(process)
        case part:
            _kill(getattr(running, part))


def _kill(process: processes.Process | None) -> None:
    if processes.alive(process):
        os.kill(process.pid, signal.SIGKILL)
