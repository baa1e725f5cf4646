"""`ntm demo`: the main job, from nothing to the published figures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from language.catalogue import mark, tr
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

    from demo.dataset import Dataset
    from demo.rehearsal import Outcome, Tell, Watch
    from domain.portfolio import Portfolio, Rate

_LIVE_NOTE = mark("Ctrl-C stops it; `ntm demo` goes on from there")


def demo(
    live: Annotated[bool, typer.Option(help="A live picture, or lines for a log.")] = True,
) -> None:
    """Play the programme of 2024 on real servers."""
    import asyncio
    import gc

    from rich.console import Console

    from demo.dataset import load
    from stack import home
    from stack.up import up

    console = Console(highlight=False) if live else Console(highlight=False, width=140)
    at = home.locate()
    console.print(f"[bold]NTM[/]  {tr('Model new-style rural communes, Hải Phòng 2024')}")
    up(at, worker=True, echo=console.print)
    dataset = load()
    try:
        outcome = asyncio.run(_rehearse(at, dataset, console, live=live))
    finally:
        # The SDK's runtime must be gone before the interpreter is: otherwise it may abort at exit.
        gc.collect()
    show_portfolio(console, outcome.at_the_end)
    show_figures(console, outcome)
    _print_next(console, at)
    if not all(figure.agrees for figure in outcome.figures):
        raise typer.Exit(1)


async def _rehearse(at: Path, dataset: Dataset, console: Console, *, live: bool) -> Outcome:
    from demo.rehearsal import rehearse
    from office.door import quiet_runtime

    with _picture(console, dataset) if live else _lines(console) as (tell, watch):
        return await rehearse(at, dataset, quiet_runtime(), tell, watch)


_DOING = {
    "history": mark("loading earlier years"),
    "workflows": mark("starting workflows"),
}


@contextmanager
def _picture(console: Console, dataset: Dataset) -> Iterator[tuple[Tell, Watch]]:
    """For people: bars for what comes before the year, then the year itself, live."""
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from demo import screen
    from demo.rehearsal import days_of

    first, last = days_of(dataset)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    )
    tasks = {what: bars.add_task(tr(label), visible=False) for what, label in _DOING.items()}
    picture = Live(console=console, auto_refresh=False, transient=True)

    def tell(what: str, done: int, of: int) -> None:
        bars.update(tasks[what], completed=done, total=of, visible=True, refresh=True)

    def watch(sight: screen.Sight) -> None:
        bars.stop()
        picture.start()
        picture.update(screen.draw(sight, first, last, tr(_LIVE_NOTE)), refresh=True)

    bars.start()
    try:
        yield tell, watch
    finally:
        bars.stop()
        picture.stop()


@contextmanager
def _lines(console: Console) -> Iterator[tuple[Tell, Watch]]:
    """For logs: a line for each thing done, then one a month and one for each escalation."""

    def tell(what: str, done: int, of: int) -> None:
        if done == of:
            console.print(f"{tr(_DOING[what])}: {grouped(of)}")

    yield tell, _one_line_a_month(console)


def _one_line_a_month(console: Console) -> Callable[[object], None]:
    from demo import screen
    from domain.calendar import local_day

    seen = {"month": 0, "position": 0}
    missing = ""

    def watch(sight: object) -> None:
        nonlocal missing
        assert isinstance(sight, screen.Sight)
        if sight.missing != missing:
            missing = sight.missing
            said = f"✗ {missing}" if missing else f"✓ {tr('the story goes on')}"
            console.print(said, markup=False, soft_wrap=True)
        for entry in reversed(sight.told):
            if entry.position > seen["position"]:
                seen["position"] = entry.position
                console.print(f"  {screen.told(entry)}", markup=False, soft_wrap=True)
        month = local_day(sight.now).month
        if month != seen["month"]:
            seen["month"] = month
            console.print(screen.line(sight), markup=False, soft_wrap=True)

    return watch


def show_portfolio(console: Console, portfolio: Portfolio) -> None:
    """The year's capital by cohort, as far as it was disbursed."""
    from rich.table import Table

    from domain.portfolio import Rate

    day = f"{portfolio.as_of:%d/%m/%Y}"
    table = Table(title=tr("Disbursed by {day}, billion đồng", day=day))
    for heading in (
        tr("Cohort"),
        tr("Communes"),
        tr("Allocated"),
        tr("Disbursed"),
        tr("Rate"),
    ):
        table.add_column(heading, justify="right")
    for line in portfolio.lines:
        rate = Rate(disbursed=line.disbursed, of=line.allocated)
        table.add_row(line.cohort, *_row(line.communes, rate))
    table.add_section()
    communes = sum(line.communes for line in portfolio.lines)
    table.add_row(tr("the whole year"), *_row(communes, portfolio.rate))
    console.print(table)


def _row(communes: int, rate: Rate) -> tuple[str, str, str, str]:
    from demo.figures import billions

    return (
        grouped(communes),
        of_english(billions(rate.of)),
        of_english(billions(rate.disbursed)),
        f"{of_english(rate.cut(1))} %",
    )


def show_figures(console: Console, outcome: Outcome) -> None:
    """What was published beside what the record says, figure by figure."""
    from rich.table import Table

    day = f"{outcome.as_published.as_of:%d/%m/%Y}"
    table = Table(title=tr("Against the figures published for {day}", day=day))
    table.add_column(tr("Figure"))
    table.add_column(tr("Published"), justify="right")
    table.add_column(tr("From the events"), justify="right")
    table.add_column(tr("Agrees"), justify="center")
    for figure in outcome.figures:
        verdict = "✓" if figure.agrees else f"[bold red]{tr('NO')}[/]"
        table.add_row(
            tr(figure.name), of_english(figure.published), of_english(figure.found), verdict
        )
    console.print(table)


def _print_next(console: Console, at: Path) -> None:
    from stack.up import status

    ui = next((part.address for part in status(at) if part.name == "Web UI"), None)
    console.print(f"\n[bold]{tr('Try next')}[/]")
    for line in (
        f"Temporal Web UI: {ui or tr('as your own server has it')}",
        "ntm report disbursement --as-of 2024-04-30",
        "ntm inbox --as chair@hai-phong",
        "ntm clearance list --stalled",
        "ntm question show KN01",
        "ntm project show AD01-GT",
        "ntm down",
    ):
        console.print(f"  {line}", markup=False)
