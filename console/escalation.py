"""`ntm escalation`: who was pushed because clearance stalls, and what comes next."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import escalations, show, sites
from console.failures import absent
from console.groups import group
from console.helping import example
from console.looking import head, listed, looking, mention
from console.options import InSite, Listing, MaybeAs, Output, Reason, Site, post
from console.sending import Wanted, deciding, open_session
from domain.calendar import local_day
from domain.clearance import Clearing
from domain.escalation import AnswerEscalation
from domain.stall import Escalation, PauseCause
from domain.standstill import PauseClock, ResumeClock, SnoozeEscalation
from domain.streams import clearance_stream
from domain.travel import View
from domain.values import Post, StreamId, value
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from domain.policy import Policy
    from storage.travel import Picture

app = group("Escalations of what stands still, and the answers to them.")


@value
class Line:
    """One escalation of a section. Nobody can answer for a section that was handed over."""

    stream: StreamId
    number: int
    waits: bool
    overdue: bool
    escalation: Escalation


@app.command(
    "list",
    epilog=example("ntm escalation list --as chair@an-duong", "ntm escalation list --all"),
)
@looking
def list_(
    *,
    view: View,
    by: MaybeAs = None,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones, too.")] = False,
    output: Listing = "table",
) -> None:
    """Escalations that wait for an answer, the highest first."""
    from storage import policies

    with open_session() as session:
        picture = session.picture(view)
        posts = policies.load().inherited(by, local_day(picture.now)) if by else None
        lines = tuple(
            line
            for line in sorted(raised(picture), key=_urgency)
            if (everything or line.waits) and (posts is None or line.escalation.addressee in posts)
        )
    counted = plural("escalation", "escalations", len(lines))
    listed(picture, lines, tuple[Line, ...], output, _table, counted)


@app.command(
    "show",
    epilog=example("ntm escalation show AD01-GT/T2", "ntm escalation show AD01-GT/T2 3"),
)
@looking
def show_(
    view: View,
    site: InSite,
    number: Annotated[
        int | None,
        typer.Argument(min=1, metavar="[NUMBER]", help="One letter, to see it whole."),
    ] = None,
    output: Output = "table",
) -> None:
    """A section's stall, its letters, and the next rung."""
    picture, clearing, policy = _found(view, site, output)
    mention(picture)
    if number is None:
        escalations.tell(escalations.standing(clearing, policy, picture.now), output)
        return
    letter = escalations.letter(picture, clearance_stream(site.project, site.section), number)
    if letter is None:
        advice = tr("see `{command}`", command="ntm escalation list --all")
        raise absent("NUMBER", str(number), advice)
    escalations.tell_letter(letter, output)


@app.command(epilog=example("ntm escalation explain AD01-GT/T2 --as-of 2024-04-30"))
@looking
def explain(view: View, site: InSite, output: Output = "table") -> None:
    """Count day by day, up to each next rung."""
    picture, clearing, policy = _found(view, site, output)
    mention(picture)
    counts = escalations.counts(clearing, policy, picture.now)
    if output == "json":
        show.json(counts, tuple[escalations.Count, ...])
        return
    head(picture)
    for count in counts:
        escalations.tell_count(count)


@app.command(
    epilog=example(
        "ntm escalation answer AD01-GT/T2 3 --answer 'Di chuyển cột trước 20/5' --as chair@an-duong"
    )
)
@deciding
def answer(
    site: InSite,
    number: Annotated[int, typer.Argument(min=1, help="Number of the letter, from the list.")],
    text: Annotated[
        str, typer.Option("--answer", metavar="TEXT", help="What will be done, and by when.")
    ],
) -> Wanted:
    """Answer a letter: say what will be done, and by when."""
    command = AnswerEscalation(number=number, answer=text)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm escalation snooze AD01-GT/T2 --days 3 --reason 'Họp dân ngày 5/3' --as chair@an-duong"
    )
)
@deciding
def snooze(
    site: InSite,
    days: Annotated[int, typer.Option(min=1, metavar="N", help="By how many working days.")],
    reason: Reason,
) -> Wanted:
    """Put the next rung off, within the limit of the law."""
    command = SnoozeEscalation(working_days=days, reason=reason)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm escalation pause AD01-GT/T2 --cause awaiting-reply"
        " --awaits power-company@hai-phong --reason 'Chờ phương án cắt điện'"
        " --document '12/CV-UBND;2024-03-01;UBND huyện' --as clearance-board@an-duong"
    )
)
@deciding
def pause(
    site: InSite,
    cause: Annotated[PauseCause, typer.Option(help="For which cause.")],
    reason: Reason,
    awaits: Annotated[
        Post | None,
        typer.Option(parser=post, metavar="ROLE@UNIT", help="Whose reply is awaited."),
    ] = None,
) -> Wanted:
    """Stop the count for a recorded cause; needs --document."""
    command = PauseClock(cause=cause, reason=reason, awaits=awaits)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


@app.command(
    epilog=example(
        "ntm escalation resume AD01-GT/T2 --reason 'Đã có trả lời' --as clearance-board@an-duong"
    )
)
@deciding
def resume(site: InSite, reason: Reason) -> Wanted:
    """Let the count go on the day after, for the cause is gone."""
    command = ResumeClock(reason=reason)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


def _found(view: View, site: Site, output: str) -> "tuple[Picture, Clearing, Policy]":
    """A section at a view, with the law that it pinned."""
    with open_session() as session:
        picture = session.picture(view)
        _, state = sites.section(picture, site, output)
        return picture, state, picture.law(state.policy)


def raised(picture: "Picture") -> Iterator[Line]:
    """Letters of every section, answered ones too."""
    for standing in picture.standings("clearance"):
        if isinstance(standing.state, Clearing):
            for number, asked in standing.state.stall.escalations.items():
                waits = standing.is_open and asked.answered_at is None
                yield Line(
                    stream=standing.stream,
                    number=number,
                    waits=waits,
                    overdue=waits and asked.answer_due.at <= picture.now,
                    escalation=asked,
                )


def _table(lines: tuple[Line, ...]) -> "Table":
    table = show.table(
        tr("Section, number"),
        tr("Rung"),
        tr("Addressee"),
        tr("Raised"),
        tr("Answer"),
        whole=[0, 2, 3, 4],
    )
    for line in lines:
        asked = line.escalation
        answer = show.day(asked.answered_at) or "–"
        if line.waits:
            state = f"[bold red]{tr('OVERDUE')}[/]" if line.overdue else tr("not yet, due")
            answer = show.under(state, show.last_day(asked.answer_due.at))
        table.add_row(
            show.under(
                show.clean(f"{line.stream.removeprefix('clearance/')} {line.number}"),
                show.clean(asked.document),
            ),
            show.under(escalations.rung(asked), escalations.triggers(asked)),
            show.post(asked.addressee),
            show.under(show.day(asked.raised_at), escalations.waited(asked)),
            answer,
        )
    return table


def _urgency(line: Line) -> tuple[int, str, int]:
    return (-line.escalation.level, line.stream, line.number)
