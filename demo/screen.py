"""The live picture of a rehearsal: the year, the phases, the money, who waits, who is pushed."""

from collections import Counter
from datetime import datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from demo.figures import billions
from domain import escalation, obstacles, question_forms
from domain.calendar import local_day
from domain.clearance import Clearing
from domain.phase import Phase, phase
from domain.portfolio import Rate
from domain.positions import Capital
from domain.project import Registered
from domain.values import Act, Extent, StreamId, Vnd, value
from storage import log, queries

_PHASES = {
    Phase.APPROVAL: "Chuẩn bị đầu tư · approval",
    Phase.CLEARANCE: "Giải phóng mặt bằng · clearance",
    Phase.CONSTRUCTION: "Thi công · construction",
    Phase.SETTLEMENT: "Quyết toán · settlement",
    Phase.CLOSED: "Đã tất toán · closed",
}
_TOLD = (
    "EscalationRaised",
    "EscalationAnswered",
    "ObstacleRecorded",
    "ObstacleRemoved",
    "QuestionRaised",
    "QuestionMerged",
    "QuestionReported",
    "QuestionReturned",
    "DirectiveIssued",
)
_BAR = 30


@value
class Sight:
    """What the record shows at one moment of the rehearsal."""

    now: datetime
    phases: Counter[Phase]
    sections: int
    cleared: int
    stalled: tuple[tuple[str, int], ...]
    money: Rate
    inbox: tuple[tuple[str, int], ...]
    told: tuple[log.Entry, ...]
    decisions: int
    missing: str = ""
    """What keeps the story from going on, in words; nothing while it goes on."""


def look(engine: Engine, capital: StreamId, now: datetime, decisions: int) -> Sight:
    """Read the picture from the read models."""
    states = [standing.state for standing in queries.standings(engine, "clearance")]
    sections = [state for state in states if isinstance(state, Clearing)]
    stalled = [
        (f"{s.charter.project}/{s.section}", s.stall.level) for s in sections if s.stall.level
    ]
    plan = queries.standing(engine, capital)
    money = plan.state if plan and isinstance(plan.state, Capital) else None
    projects = [standing.state for standing in queries.standings(engine, "project")]
    return Sight(
        now=now,
        phases=Counter(phase(state) for state in projects if isinstance(state, Registered)),
        sections=len(sections),
        cleared=sum(section.released is Extent.FULL for section in sections),
        stalled=tuple(sorted(stalled, key=lambda row: (-row[1], row[0]))),
        money=Rate(
            disbursed=money.disbursed if money else Vnd(0),
            of=money.allocated if money else Vnd(0),
        ),
        inbox=tuple(Counter(str(wait.post) for wait in queries.inbox(engine)).most_common(8)),
        told=queries.latest(engine, _TOLD, 8),
        decisions=decisions,
    )


def draw(sight: Sight, first: datetime, last: datetime, note: str) -> RenderableType:
    """The whole picture, for a terminal of 100 columns or more."""
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    grid.add_row(_year(sight, first, last), _money(sight.money))
    grid.add_row(_projects(sight), _inbox(sight))
    foot = Text(sight.missing, style="bold red") if sight.missing else Text(note, style="dim")
    return Group(grid, _told(sight), foot)


def line(sight: Sight) -> str:
    """The picture in one line, for logs."""
    phases = " ".join(f"{name}={sight.phases[name]}" for name in _PHASES)
    return (
        f"{local_day(sight.now):%d/%m/%Y}  {phases}  cleared={sight.cleared}/{sight.sections}"
        f"  stalled={len(sight.stalled)}  disbursed={billions(sight.money.disbursed)} tỷ"
        f" ({sight.money.cut(1)} % of {billions(sight.money.of)})  decisions={sight.decisions}"
    )


def told(entry: log.Entry) -> str:
    """One escalation or obstacle in a sentence."""
    day, stream = f"{local_day(entry.fact.act.at):%d/%m}", entry.fact.stream
    match entry.fact.event:
        case escalation.EscalationRaised() as raised:
            return (
                f"{day} {stream}: rung {raised.level} {raised.name}, after"
                f" {raised.working_days} working days, {raised.document} to {raised.addressee}"
            )
        case escalation.EscalationAnswered(number=number):
            return f"{day} {stream}: {entry.fact.act.by} answered escalation {number}"
        case obstacles.ObstacleRecorded(cause=cause, owner=owner):
            return f"{day} {stream}: obstacle {cause}, {owner} must remove it"
        case obstacles.ObstacleRemoved(obstacle=name):
            paper = entry.fact.act.document
            by = f" by {paper.symbol}" if paper else ""
            return f"{day} {stream}: obstacle {name} removed{by}"
        case (
            question_forms.QuestionRaised()
            | question_forms.QuestionMerged()
            | question_forms.QuestionReported()
            | question_forms.QuestionReturned()
            | question_forms.DirectiveIssued()
        ) as asked:
            return f"{day} {stream}: {_asked(asked, entry.fact.act)}"
        case other:
            return f"{day} {stream}: {other.kind}"


def _asked(event: question_forms.Event, act: Act) -> str:
    match event:
        case question_forms.QuestionRaised(cause=cause):
            return f"{act.by} asks about {cause}"
        case question_forms.QuestionMerged(into=into):
            return f"is now part of {into}"
        case question_forms.QuestionReported(holder=holder):
            return f"{act.by} reports to {holder}"
        case question_forms.QuestionReturned():
            return f"{act.by} sends it back"
        case question_forms.DirectiveIssued(directive=directive):
            paper = act.document.symbol if act.document else ""
            return f"{act.by} decides by {paper}: {directive.outcome}"
        case _:
            return event.kind


def _year(sight: Sight, first: datetime, last: datetime) -> Panel:
    gone = min(max((sight.now - first) / (last - first), 0.0), 1.0)
    return _gauge(
        "Ngày chương trình · programme day",
        f"{local_day(sight.now):%d/%m/%Y}",
        gone,
        f"{sight.decisions} quyết định · decisions",
    )


def _money(money: Rate) -> Panel:
    return _gauge(
        "Giải ngân · disbursed",
        f"{billions(money.disbursed)} / {billions(money.of)} tỷ đồng · billion",
        float(money.exact) / 100,
        f"{money.cut(1)} % của vốn bố trí · of the capital allocated",
    )


def _gauge(title: str, head: str, share: float, foot: str) -> Panel:
    rows = Table.grid()
    rows.add_row(Text(head, style="bold"))
    rows.add_row(ProgressBar(total=1.0, completed=share, width=_BAR))
    rows.add_row(Text(foot))
    return Panel(rows, title=title, title_align="left")


def _projects(sight: Sight) -> Panel:
    table = Table.grid(padding=(0, 1))
    most = max(sight.phases.values(), default=1)
    for name, label in _PHASES.items():
        count = sight.phases[name]
        bar = Text("█" * round(14 * count / most), style="cyan")
        table.add_row(label, f"{count:>3}", bar)
    cleared = f"{sight.cleared}/{sight.sections}"
    table.add_row("Tuyến đã bàn giao · cleared", cleared, "")
    return Panel(table, title="Dự án · projects", title_align="left")


def _inbox(sight: Sight) -> Panel:
    table = Table.grid(padding=(0, 1))
    for post, count in sight.inbox:
        table.add_row(post, f"{count:>3}")
    return Panel(table, title="Đang chờ ai · who is waited for", title_align="left")


def _told(sight: Sight) -> Panel:
    climbing = "  ".join(f"{name} bậc·rung {level}" for name, level in sight.stalled[:4])
    lines = [Text(told(entry), overflow="ellipsis", no_wrap=True) for entry in sight.told]
    head = Text(f"{len(sight.stalled)} stalled  {climbing}", style="bold")
    return Panel(Group(head, *lines), title="Đôn đốc · escalations", title_align="left")
