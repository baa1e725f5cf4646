"""Measure everything, or what is named: `python -m bench [--quick] [NAME ...]`."""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench import append, decision, fold, reading, record, results, scale, startup
from bench.rounds import FULL, QUICK, Comparison, Scale, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A measurement, and how many comparisons of how many rounds it takes."""

    measure: Callable[[Scale, Tick], Iterator[Comparison]]
    comparisons: int


_BENCHES = {
    "append": Bench(measure=append.measure, comparisons=append.COMPARISONS),
    "record": Bench(measure=record.measure, comparisons=record.COMPARISONS),
    "reading": Bench(measure=reading.measure, comparisons=reading.COMPARISONS),
    "fold": Bench(measure=fold.measure, comparisons=fold.COMPARISONS),
    "decision": Bench(measure=decision.measure, comparisons=decision.COMPARISONS),
    "scale": Bench(measure=scale.measure, comparisons=scale.COMPARISONS),
    "startup": Bench(measure=startup.measure, comparisons=startup.COMPARISONS),
}


def main() -> None:
    """Measure, show, and keep the page of a full run."""
    asked = _arguments()
    names: list[str] = asked.names or list(_BENCHES)
    extent = QUICK if asked.quick else FULL
    began, (load, _, _) = datetime.now(UTC), os.getloadavg()
    found = _measured(names, extent)
    Console().print(results.table(found))
    if not asked.quick and names == list(_BENCHES):
        results.PAGE.write_text(results.page(found, extent.rounds, began, load), "utf-8")


def _measured(names: list[str], scale: Scale) -> list[Comparison]:
    found: list[Comparison] = []
    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {
            name: progress.add_task(
                name, total=_BENCHES[name].comparisons * (scale.rounds + 1), start=False
            )
            for name in names
        }
        for name, task in tasks.items():
            progress.start_task(task)
            found.extend(_BENCHES[name].measure(scale, partial(progress.advance, task)))
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*_BENCHES, []], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a rough look; keeps no page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
