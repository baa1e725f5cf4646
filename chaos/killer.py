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
PARTS: tuple[Part, ...] = ("worker", "postgres", "temporal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What was killed when, and how long until everything was up again; seconds."""

    part: Part
    at: float
    back_after: float


async def kill(at: Path, chance: Random, until: float, pause: tuple[float, float]) -> list[Kill]:
    """Kill one part after another, each as often as the others, and bring it up again."""
    began = time.monotonic()
    kills: list[Kill] = []
    while time.monotonic() < until:
        for part in chance.sample(PARTS, len(PARTS)):
            await asyncio.sleep(chance.uniform(*pause))
            if time.monotonic() >= until:
                break
            struck = time.monotonic()
            if not _strike(at, part):
                continue
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await asyncio.to_thread(up.up, at)
            took = time.monotonic() - struck
            kills.append(Kill(part=part, at=struck - began, back_after=took))
    return kills


def _strike(at: Path, part: Part) -> bool:
    process: processes.Process | None = getattr(home.remembered(at), part)
    if not processes.alive(process):
        return False
    os.kill(process.pid, signal.SIGKILL)
    return True
