"""What happened, as a small table with bars."""

from collections import Counter
from statistics import median

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from chaos.killer import BLOWS
from chaos.run import Outcome
from storage.failpoints import FailPoint

_NAMES: dict[str, str] = {
    "worker": "SIGKILL worker",
    "postgres": "SIGKILL PostgreSQL",
    "temporal": "SIGKILL Temporal",
    "everything": "SIGKILL all three",
    "restart": "SIGTERM worker",
}
_MARKS: dict[str, str] = {
    "worker": "w", "postgres": "P", "temporal": "T", "everything": "A", "restart": "r"
}  # fmt: skip
_WIDTH = 60


def show(console: Console, outcome: Outcome) -> None:
    """Kills, decisions over time, laws and controls."""
    console.print(Group(_kills(outcome), _timeline(outcome), _laws(outcome), _controls(outcome)))
    verdict = "[bold green]held[/]" if outcome.held else "[bold red]BROKEN[/]"
    console.print(f"seed {outcome.seed}: {verdict}")


def _kills(outcome: Outcome) -> Table:
    table = _table("", "blow", "times", "all up again after, median", "worst")
    struck = {kill.blow for kill in outcome.kills}
    for blow in (blow for blow in (*BLOWS, *FailPoint) if blow in struck):
        took = [kill.back_after for kill in outcome.kills if kill.blow == blow]
        bar = "█" * round(median(took)) if took else ""
        table.add_row(
            _MARKS.get(blow, "×"),
            _NAMES.get(blow, blow),
            str(len(took)),
            f"{median(took):.1f} s {bar}" if took else "–",
            f"{max(took):.1f} s" if took else "–",
        )
    return table


def _timeline(outcome: Outcome) -> Group:
    """Acknowledgements over the time of the run, and under them the kills."""
    end = max([receipt.at for receipt in outcome.receipts] + [kill.at for kill in outcome.kills])
    width = end / _WIDTH or 1.0
    counts = Counter(min(int(receipt.at / width), _WIDTH - 1) for receipt in outcome.receipts)
    most = max(counts.values(), default=1)
    heights = " ▁▂▃▄▅▆▇█"
    bars = "".join(heights[-(-counts[cell] * 8 // most)] for cell in range(_WIDTH))
    marks = [" "] * _WIDTH
    for kill in outcome.kills:
        marks[min(int(kill.at / width), _WIDTH - 1)] = _MARKS.get(kill.blow, "×")
    said = (
        f"{len(outcome.receipts):,} receipts for"
        f" {len({receipt.decision_id for receipt in outcome.receipts}):,} decisions,"
        f" {outcome.refused:,} refusals, {outcome.retried:,} asked again,"
        f" {outcome.unanswered} never answered; {outcome.events:,} events"
    )
    return Group(Text(bars, style="cyan"), Text("".join(marks), style="red"), said, "")


def _laws(outcome: Outcome) -> Table:
    table = _table("law", "tried on", "broken")
    for law in outcome.laws:
        table.add_row(law.name, f"{law.tried:,}", _mark(not law.broken, "; ".join(law.broken[:3])))
    agree = "; ".join(outcome.differences[:3])
    table.add_row("record and Temporal agree", str(outcome.cases), _mark(not agree, agree))
    return table


def _controls(outcome: Outcome) -> Table:
    table = _table("negative control", "law", "seen")
    for control in outcome.controls:
        table.add_row(control.name, control.law, _mark(control.seen, "NOT SEEN"))
    return table


def _mark(well: bool, otherwise: str) -> Text:  # noqa: FBT001  # it is what is shown
    return Text("✓", style="green") if well else Text(f"✗ {otherwise}", style="red")


def _table(*titles: str) -> Table:
    built = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        built.add_column(title)
    return built
