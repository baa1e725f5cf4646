"""SIGKILL, at moments drawn by chance, of the worker, of PostgreSQL and of Temporal."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from stack import home, processes, up

Part = Literal["worker", "postgres", "temporal"]
_TRIES = 3
PARTS: tuple[Part, ...] = ("worker", "postgres", "temporal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What was killed when, and how long until everything was up again; seconds."""

    part: Part
    at: float
    back_after: float


async def kill(
    at: Path, chance: Random, *, rounds: int, seconds: float, pause: tuple[float, float]
) -> list[Kill]:
    """Rounds of one kill for each part, for so long and at least so often; then all is up again."""
    began = time.monotonic()
    kills: list[Kill] = []
    while len(kills) < rounds * len(PARTS) or time.monotonic() < began + seconds:
        for part in chance.sample(PARTS, len(PARTS)):
            await asyncio.sleep(chance.uniform(*pause))
            struck = time.monotonic()
            _strike(at, part)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await asyncio.to_thread(_bring_up, at)
            took = time.monotonic() - struck
            kills.append(Kill(part=part, at=struck - began, back_after=took))
    return kills


def _bring_up(at: Path) -> None:
    for _ in range(_TRIES - 1):
        try:
            up.up(at)
        except processes.DidNotStart:
            # A machine that is busy with others; an operator would try again too.
            continue
        return
    up.up(at)


def _strike(at: Path, part: Part) -> None:
    process: processes.Process | None = getattr(home.remembered(at), part)
    if processes.alive(process):
        os.kill(process.pid, signal.SIGKILL)
