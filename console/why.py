"""`ntm why`: why a project or a section does not move, in one plain paragraph."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from console import completing, reasoning, show
from console.failures import absent
from console.inbox import days_left
from console.looking import head, looking, mention, missing
from console.options import CODE, Output, refuse
from console.portrait import clearings, registered, streams_of
from console.reasoning import Holder, Stuck, Why, Worker
from console.sending import open_session
from domain.calendar import Calendar
from domain.clearance import Clearing
from domain.course import course
from domain.holdup import blocking, coming
from domain.phase import Phase
from domain.policy import Policy
from domain.project import Registered
from domain.streams import clearance_stream, project_stream, question_stream
from domain.travel import View
from domain.values import Post, ProjectId, SectionId, StreamId
from domain.waits import Task, Wait
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session
    from storage.queries import Standing
    from storage.travel import Picture

_AT_ONCE = timedelta(days=1)
"""Waits that began within a day of the oldest are told beside it."""

_TOLD = 3


def _case(text: str) -> str:
    project, _, section = text.partition("/")
    if not CODE.fullmatch(project) or ("/" in text and not CODE.fullmatch(section)):
        raise refuse(text, tr("write PROJECT or PROJECT/SECTION: AD01-GT, AD01-GT/T1"))
    return text


@looking
def why(
    view: View,
    case: Annotated[
        str,
        typer.Argument(
            parser=_case,
            metavar="PROJECT[/SECTION]",
            help="A project or a section: AD01-GT, AD01-GT/T1.",
            autocompletion=completing.cases,
        ),
    ],
    output: Output = "table",
) -> None:
    """Say why it does not move: who holds it up, since when, and what comes next."""
    with open_session() as session:
        picture = session.picture(view)
        found = _read(picture, case, output, lambda: _worker(session, view))
    mention(picture)
    if output == "json":
        show.json(found)
        return
    head(picture)
    screen = show.screen()
    screen.print(show.clean(reasoning.paragraph(found)), width=min(screen.width, 100))


def _read(picture: "Picture", case: str, output: str, worker: Callable[[], Worker]) -> Why:
    name, _, section = case.partition("/")
    _, state = registered(picture, ProjectId(name), output)
    sections = tuple(
        standing for _, standing in clearings(picture, state) if section in _names(standing)
    )
    stream = project_stream(state.charter.project)
    if section:
        stream = clearance_stream(state.charter.project, SectionId(section))
        if not sections:
            known = (f"{name}/{one}" for one in state.building.sections)
            failure = absent("PROJECT/SECTION", case, tr("see `ntm clearance list`"), known)
            missing(picture, stream, output, failure)
    waits = picture.waits_of(_streams(state, sections, whole=not section))
    held = blocking(waits)
    alive = [standing for standing in sections if standing.is_open]
    calendar = picture.law(state.policy).calendar
    project = project_stream(state.charter.project)
    leg = course(project, (entry.fact for entry in picture.entries(project)))[-1]
    is_open = leg.phase not in (Phase.CLOSED, Phase.REJECTED)
    first = _first(held)
    return Why(
        stream=stream,
        name=case,
        now=picture.now,
        phase=leg.phase,
        phase_since=leg.since,
        phase_working_days=_days(calendar, leg.since, picture.now),
        is_open=any(standing.is_open for standing in sections) if section else is_open,
        holders=tuple(_holder(wait, calendar, picture.now) for wait in first),
        others=len(held) - len(first),
        sections=tuple(
            _stuck(picture, standing, waits) for standing in alive if _is_stuck(standing)
        ),
        coming=next(iter(coming(waits, _laws(picture, alive), picture.now)), None),
        worker=worker(),
    )


def _names(standing: "Standing") -> tuple[str, str]:
    """Its own name, and the empty one that stands for all."""
    return "", standing.stream.rpartition("/")[2]


def _streams(
    state: Registered, sections: tuple["Standing", ...], *, whole: bool
) -> Iterator[StreamId]:
    """The streams whose waits hold it up: also the questions that its obstacles wait for."""
    yield from streams_of(state) if whole else (standing.stream for standing in sections)
    asked = (
        question
        for standing in sections
        if isinstance(standing.state, Clearing)
        for question in standing.state.ground.awaited()
    )
    yield from map(question_stream, dict.fromkeys(asked))


def _first(held: tuple[Wait, ...]) -> tuple[Wait, ...]:
    """The oldest, and what began with it; the same of one post is told once."""
    alike: dict[tuple[Post, Task], Wait] = {}
    for wait in held:
        if wait.since - held[0].since <= _AT_ONCE:
            alike.setdefault((wait.post, wait.task), wait)
    return tuple(alike.values())[:_TOLD]


def _holder(wait: Wait, calendar: Calendar, now: datetime) -> Holder:
    return Holder(
        wait=wait,
        working_days=_days(calendar, wait.since, now),
        working_days_left=days_left(wait.due, now, calendar),
        overdue=wait.due is not None and wait.due <= now,
    )


def _is_stuck(standing: "Standing") -> bool:
    state = standing.state
    return isinstance(state, Clearing) and bool(state.stall.level or state.ground.standing())


def _stuck(picture: "Picture", standing: "Standing", waits: tuple[Wait, ...]) -> Stuck:
    state = standing.state
    assert isinstance(state, Clearing)
    letters = state.stall.escalations.values()
    return Stuck(
        stream=standing.stream,
        level=state.stall.level,
        quiet_working_days=_days(
            picture.law(state.policy).calendar, state.stall.progress_at, picture.now
        ),
        letter=max(letters, key=lambda one: (one.level, one.raised_at), default=None),
        paused=state.stall.pause.cause if state.stall.pause else None,
        obstacles=state.ground.standing(),
        asked={
            question: wait.post
            for question in state.ground.awaited()
            for wait in waits
            if wait.stream == question_stream(question)
        },
    )


def _laws(
    picture: "Picture", sections: list["Standing"]
) -> Iterator[tuple[StreamId, Clearing, Policy]]:
    for standing in sections:
        if isinstance(standing.state, Clearing):
            yield standing.stream, standing.state, picture.law(standing.state.policy)


def _days(calendar: Calendar, since: datetime, now: datetime) -> int | None:
    from office.chart import working_days

    return working_days(calendar, since, now)


def _worker(session: "Session", view: View) -> Worker:
    """Whether anything would happen by itself now; of other times nobody can ask."""
    if not view.is_now:
        return "not-asked"
    from temporalio.service import RPCError

    from office import door
    from office.doctor import examine_engine
    from stack import endpoints

    try:
        findings = session.talk(examine_engine)
    except (door.Unreachable, endpoints.NotRunning, RPCError):
        return "unreachable"
    asks = all(one.level == "ok" for one in findings if one.check == "workers")
    return "runs" if asks else "none"
