"""How soon the command line answers, beside the interpreter alone."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.rounds import Comparison, Scale, Tick, take_turns

COMPARISONS = 1

_RUNS = 10
_NTM = Path(sys.executable).with_name("ntm")


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """`ntm --help`, from start to end."""
    runs = scale.of(_RUNS)
    ours, baseline = take_turns(
        scale,
        lambda: _milliseconds([str(_NTM), "--help"], runs),
        lambda: _milliseconds([sys.executable, "-c", "pass"], runs),
        tick,
    )
    yield Comparison(
        what="ntm --help",
        baseline_is="python -c pass",
        unit="ms",
        ours=ours,
        baseline=baseline,
    )


def _milliseconds(command: list[str], runs: int) -> float:
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took.append(1_000 * (time.perf_counter() - began))
    return median(took)
