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
from domain.wording import CAUSES, OUTCOMES, PHASES
from language.catalogue import pick, plural, tr
from language.numerals import grouped, of_english
from storage import log, queries

_PHASES = (
    Phase.APPROVAL,
    Phase.CLEARANCE,
    Phase.CONSTRUCTION,
    Phase.SETTLEMENT,
    Phase.CLOSED,
)
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
    """The picture in one line, for logs: the same in every language."""
    phases = " ".join(f"{name}={sight.phases[name]}" for name in _PHASES)
    return (
        f"{local_day(sight.now):%d/%m/%Y}  {phases}  cleared={sight.cleared}/{sight.sections}"
        f"  stalled={len(sight.stalled)}  disbursed={billions(sight.money.disbursed)}"
        f" ({sight.money.cut(1)} % of {billions(sight.money.of)} billion)"
        f"  decisions={sight.decisions}"
    )


def told(entry: log.Entry) -> str:
    """One escalation, obstacle or question in a sentence."""
    day, stream = f"{local_day(entry.fact.act.at):%d/%m}", entry.fact.stream
    return f"{day} {stream}: {_what(entry)}"


def _what(entry: log.Entry) -> str:
    act = entry.fact.act
    match entry.fact.event:
        case escalation.EscalationRaised() as raised:
            return plural(
                "rung {level} after {n} working day, {document} to {addressee}",
                "rung {level} after {n} working days, {document} to {addressee}",
                raised.working_days,
                level=raised.level,
                document=raised.document,
                addressee=raised.addressee,
            )
        case escalation.EscalationAnswered(number=number):
            return tr("{post} answered escalation {number}", post=act.by, number=number)
        case obstacles.ObstacleRecorded(cause=cause, owner=owner):
            return tr("{cause}: {owner} must remove it", cause=pick(CAUSES[cause]), owner=owner)
        case obstacles.ObstacleRemoved(obstacle=name):
            if act.document is None:
                return tr("obstacle {name} removed", name=name)
            return tr("obstacle {name} removed by {paper}", name=name, paper=act.document.symbol)
        case (
            question_forms.QuestionRaised()
            | question_forms.QuestionMerged()
            | question_forms.QuestionReported()
            | question_forms.QuestionReturned()
            | question_forms.DirectiveIssued()
        ) as asked:
            return _asked(asked, act)
        case other:
            return other.kind


def _asked(event: question_forms.Event, act: Act) -> str:
    match event:
        case question_forms.QuestionRaised(cause=cause):
            return tr("{post} asks about {cause}", post=act.by, cause=pick(CAUSES[cause]))
        case question_forms.QuestionMerged(into=into):
            return tr("it is now part of {question}", question=into)
        case question_forms.QuestionReported(holder=holder):
            return tr("{post} reports to {holder}", post=act.by, holder=holder)
        case question_forms.QuestionReturned():
            return tr("{post} sends it back", post=act.by)
        case question_forms.DirectiveIssued(directive=directive):
            return tr(
                "{post} decides by {paper}: {outcome}",
                post=act.by,
                paper=act.document.symbol if act.document else "–",
                outcome=pick(OUTCOMES[directive.outcome]),
            )
        case _:
            return event.kind


def _year(sight: Sight, first: datetime, last: datetime) -> Panel:
    gone = min(max((sight.now - first) / (last - first), 0.0), 1.0)
    return _gauge(
        tr("Day of the programme"),
        f"{local_day(sight.now):%d/%m/%Y}",
        gone,
        plural("{n} decision", "{n} decisions", sight.decisions, n=grouped(sight.decisions)),
    )


def _money(money: Rate) -> Panel:
    return _gauge(
        tr("Disbursed"),
        tr(
            "{disbursed} of {allocated} billion đồng",
            disbursed=of_english(billions(money.disbursed)),
            allocated=of_english(billions(money.of)),
        ),
        float(money.exact) / 100,
        tr("{rate} % of the capital allocated", rate=of_english(money.cut(1))),
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
    for name in _PHASES:
        count = sight.phases[name]
        bar = Text("█" * round(14 * count / most), style="cyan")
        table.add_row(pick(PHASES[name]), f"{count:>3}", bar)
    table.add_row(tr("sections handed over"), f"{sight.cleared}/{sight.sections}", "")
    return Panel(table, title=tr("Projects by phase"), title_align="left")


def _inbox(sight: Sight) -> Panel:
    table = Table.grid(padding=(0, 1))
    for post, count in sight.inbox:
        table.add_row(post, f"{count:>3}")
    return Panel(table, title=tr("Who is waited for"), title_align="left")


def _told(sight: Sight) -> Panel:
    stalled = tr("Stalled sections: {n}", n=grouped(len(sight.stalled)))
    climbing = "  ".join(
        f"{name} {tr('rung {level}', level=level)}" for name, level in sight.stalled[:4]
    )
    lines = [Text(told(entry), overflow="ellipsis", no_wrap=True) for entry in sight.told]
    head = Text(f"{stalled}  {climbing}", style="bold")
    return Panel(Group(head, *lines), title=tr("Escalations"), title_align="left")
