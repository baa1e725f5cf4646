"""Kill servers while officials decide: `python -m chaos [--seconds S] [--officials N] [--seed N]`.

With `--walks N` nothing is left to chance: the worker and the commands die at every named fail
point, N times each. Every flag has a variable for `make chaos`: CHAOS_SECONDS, CHAOS_OFFICIALS,
CHAOS_SEED, CHAOS_WALKS.
"""

import argparse
import gc
import os
import secrets
import sys

from rich.console import Console

from bench import place
from chaos import report
from chaos.run import Plan, play


def main() -> int:
    """One run in a home of its own; 1 if a law was broken or a falsification not seen."""
    asked = _arguments()
    plan = Plan(
        seed=asked.seed,
        seconds=asked.seconds,
        rounds=asked.rounds,
        officials=asked.officials,
        pause=(asked.pause / 4, asked.pause),
        walks=asked.walks,
    )
    told = Console(stderr=True)
    with place.everything() as at:
        outcome = play(at, plan, told.print)
    report.show(Console(), outcome)
    # The SDK's runtime must be gone before the interpreter is: otherwise it may abort at exit.
    gc.collect()
    return 0 if outcome.held else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    told = os.environ.get
    seconds = float(told("CHAOS_SECONDS", "60"))
    officials = int(told("CHAOS_OFFICIALS", "9"))
    seed = int(told("CHAOS_SEED", str(secrets.randbelow(10**6))))
    walks = int(told("CHAOS_WALKS", "0"))
    parser.add_argument("--walks", type=int, default=walks, help="over every fail point")
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--officials", type=int, default=officials)
    parser.add_argument("--rounds", type=int, default=1, help="at least so many kills of each")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--pause", type=float, default=4.0, help="longest time between two kills")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
