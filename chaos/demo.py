"""Servers die in the middle of `ntm demo`: `python -m chaos.demo [--away SECONDS]`.

Temporal is killed and its database removed, later PostgreSQL is killed, later the worker. Each
time an operator types what the demo's own message says, and the demo has to end with the
published figures, and with read models that follow from its log.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from bench import place
from chaos.killer import Blow, strike
from domain.calendar import local_day
from domain.clock import WALL_CLOCK, Clock
from stack import endpoints, home
from storage import log, policies, queries, rebuild

_DAYS: tuple[tuple[date, Blow], ...] = (
    (date(2024, 3, 1), "temporal"),
    (date(2024, 6, 1), "postgres"),
    (date(2024, 9, 1), "worker"),
)
_HERE = Path(__file__).resolve().parent.parent
_NTM = (sys.executable, "-c", "from cli import main; main()")


def main() -> int:
    """What the demo ended with, and 1 if its read models are not what its log says."""
    parser = argparse.ArgumentParser(prog="python -m chaos.demo", description=__doc__)
    parser.add_argument("--away", type=float, default=20.0, help="seconds until somebody comes")
    away = parser.parse_args().away
    with place.everything() as at:
        ours = {**os.environ, "NTM_HOME": str(at)}
        demo = subprocess.Popen([*_NTM, "demo", "--no-live"], cwd=_HERE, env=ours)
        for day, blow in _DAYS:
            _wait(at, demo, day)
            print(f"--- {blow} away for {away:.0f} s", flush=True)
            strike(home.remembered(at), blow)
            if blow == "temporal":
                shutil.rmtree(at / "temporal")
            time.sleep(away)
            for word in ("up", "resume"):
                subprocess.run([*_NTM, word], cwd=_HERE, env=ours, check=True)
        ended = demo.wait()
        astray = _astray(at)
    print(f"the demo ended with {ended}; rows that are not what the log says: {astray}")
    return ended or min(astray, 1)


def _wait(at: Path, demo: subprocess.Popen[bytes], day: date) -> None:
    """Until the programme clock shows a day, and the demo plays."""
    engine = log.engine(endpoints.database_url(at))
    try:
        # Before the rehearsal sets its clock, this is the wall's.
        while (clock := queries.clock(engine)) == WALL_CLOCK or _shows(clock) < day:
            if demo.poll() is not None:
                raise SystemExit(f"the demo ended before {day}, with {demo.returncode}")
            time.sleep(0.5)
    finally:
        engine.dispose()


def _shows(clock: Clock) -> date:
    return local_day(clock.now(datetime.now(UTC)))


def _astray(at: Path) -> int:
    engine = log.engine(endpoints.database_url(at))
    try:
        return len(rebuild.differences(engine, policies.load(), lambda _done, _of: None))
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
