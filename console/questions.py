"""`ntm question list` and `ntm question show`: what was asked, whom it waits for, what came."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console import show as on_screen
from console import waiting, words
from console.failures import absent
from console.looking import head, listed, looking, mention, missing
from console.options import Listing, MaybeAs, Output, code
from console.sending import open_session
from domain.clearance import Clearing
from domain.obstacles import Obstacle
from domain.question import Asked, Status
from domain.streams import clearance_stream, question_stream
from domain.travel import View
from domain.values import (
    Cause,
    ObstacleId,
    Post,
    ProjectId,
    QuestionId,
    SectionId,
    StreamId,
    value,
)
from domain.waits import Wait
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

Question = Annotated[
    str, typer.Argument(parser=code, metavar="QUESTION", help="Code of the question: KN01.")
]


@value
class Line:
    """One question in a list."""

    question: QuestionId
    cause: Cause
    status: Status
    raised_by: Post
    holder: Post | None
    due: datetime | None
    overdue: bool
    sections: int
    obstacles: int


@value
class Reached:
    """One obstacle that a question is about, as its section has it."""

    project: ProjectId
    section: SectionId
    name: ObstacleId
    asked_by: Post
    obstacle: Obstacle | None


@value
class Portrait:
    """One question whole: what it asks, whom it waits for, and every obstacle it concerns."""

    stream: StreamId
    version: int
    state: Asked
    obstacles: tuple[Reached, ...]
    waits: tuple[Wait, ...]


@looking
def questions(
    *,
    view: View,
    by: MaybeAs = None,
    cause: Annotated[Cause | None, typer.Option(help="Only those with this cause.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones, too.")] = False,
    output: Listing = "table",
) -> None:
    """Open questions, whom they wait for and until when."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(
            line
            for line in sorted(_lines(picture), key=_order)
            if (everything or line.holder)
            and by in (None, line.holder)
            and cause in (None, line.cause)
        )
    counted = plural("question", "questions", len(lines))
    listed(picture, lines, tuple[Line, ...], output, _list, counted)


@looking
def show(view: View, question: Question, output: Output = "table") -> None:
    """One question, the obstacles it concerns, and the answer."""
    stream = question_stream(QuestionId(question))
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Asked):
            advice = tr("see `{command}`", command="ntm question list --all")
            failure = absent("QUESTION", question, advice)
            missing(picture, stream, output, failure)
        found = Portrait(
            stream=stream,
            version=standing.version,
            state=standing.state,
            obstacles=tuple(_reached(picture, standing.state)),
            waits=picture.waits_of((stream,)),
        )
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    screen = on_screen.screen()
    screen.print(_head(found))
    for table in (_obstacles(found.obstacles), waiting.table(found.waits)):
        if table.row_count:
            screen.print(table)


def _lines(picture: "Picture") -> Iterator[Line]:
    for standing in picture.standings("question"):
        state = standing.state
        if isinstance(state, Asked):
            yield Line(
                question=state.question,
                cause=state.cause,
                status=state.status,
                raised_by=state.raised_by,
                holder=state.holder if state.stage else None,
                due=state.due.at if state.stage else None,
                overdue=state.stage is not None and state.due.at <= picture.now,
                sections=len({(one.project, one.section) for one in state.concerns}),
                obstacles=sum(len(one.obstacles) for one in state.concerns),
            )


def _order(line: Line) -> tuple[bool, datetime | None, QuestionId]:
    return (line.due is None, line.due, line.question)


def _list(lines: tuple[Line, ...]) -> "Table":
    table = on_screen.table(
        tr("Question"),
        tr("Cause"),
        tr("Sections"),
        tr("Obstacles"),
        tr("Status"),
        tr("With, due"),
        numbers=[2, 3],
        whole=[0, 5],
    )
    for line in lines:
        late = f"[bold red]{tr('OVERDUE')}[/]" if line.overdue else ""
        holder = on_screen.post(line.holder) if line.holder else "–"
        table.add_row(
            on_screen.clean(line.question),
            on_screen.word(words.CAUSES, line.cause),
            str(line.sections),
            str(line.obstacles),
            on_screen.word(words.QUESTION_STATUSES, line.status),
            on_screen.under(holder, on_screen.under(on_screen.last_day(line.due), late)),
        )
    return table


def _reached(picture: "Picture", state: Asked) -> Iterator[Reached]:
    for share in state.shares:
        for one in share.concerns:
            standing = picture.standing(clearance_stream(one.project, one.section))
            section = standing.state if standing else None
            known = section.ground.obstacles if isinstance(section, Clearing) else {}
            for name in one.obstacles:
                yield Reached(
                    project=one.project,
                    section=one.section,
                    name=name,
                    asked_by=share.by,
                    obstacle=known.get(name),
                )


def _head(found: Portrait) -> "Table":
    state = found.state
    directive = state.directive
    payer = directive.payer if directive else None
    stream = tr("{stream}, version {version}", stream=found.stream, version=found.version)
    return on_screen.facts(
        (tr("Question"), f"[bold]{on_screen.clean(state.question)}[/]"),
        (tr("Cause"), words.said(words.CAUSES, state.cause)),
        (tr("Text"), on_screen.clean(state.text)),
        (tr("Raised by"), on_screen.clean(state.raised_by)),
        (tr("Status"), f"[bold]{words.said(words.QUESTION_STATUSES, state.status)}[/]"),
        (tr("Has taken in"), on_screen.clean(", ".join(state.merged))),
        (tr("Merged into"), on_screen.clean(state.merged_into or "")),
        (tr("Report"), on_screen.clean(state.report)),
        (tr("Directive"), on_screen.clean(state.document)),
        (tr("Outcome"), words.said(words.OUTCOMES, directive.outcome) if directive else ""),
        (tr("Answer"), on_screen.clean(directive.text) if directive else ""),
        (tr("In force from"), f"{directive.effective_from:%d/%m/%Y}" if directive else ""),
        (tr("Payer"), words.said(words.PAYERS, payer) if payer else ""),
        (tr("Stream"), on_screen.clean(stream)),
    )


def _obstacles(reached: tuple[Reached, ...]) -> "Table":
    table = on_screen.table(
        tr("Section"),
        tr("Obstacle"),
        tr("Cause"),
        tr("Asked by"),
        tr("Removed"),
        whole=[0, 1, 3],
    )
    for one in reached:
        obstacle = one.obstacle
        removed = on_screen.day(obstacle.removed_at) if obstacle else ""
        table.add_row(
            on_screen.clean(f"{one.project}/{one.section}"),
            on_screen.clean(one.name),
            on_screen.word(words.CAUSES, obstacle.cause) if obstacle else "–",
            on_screen.post(one.asked_by),
            on_screen.under(removed, on_screen.clean(obstacle.document if obstacle else ""))
            or tr("not yet"),
        )
    return table
