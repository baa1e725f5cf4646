"""The year 2024, played: a coroutine per project and one for questions, waiting for each other."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Protocol

from demo.asking import questions
from demo.beats import AnswerRung, Beat
from demo.script import beats
from demo.tables import Dataset
from domain.clearance import Clearing
from domain.escalation import AnswerEscalation
from domain.question_forms import Concern, RaiseQuestion
from domain.streams import Envelope, State, clearance_stream
from domain.utilities import RecordRelocation, Relocation
from domain.values import ProjectId, StreamId, UtilityId


class Office(Protocol):
    """Where the story's decisions are asked for."""

    async def until(self, moment: datetime) -> None:
        """Wait until the programme clock shows a moment; not at all if it is past."""

    async def ask(self, envelope: Envelope) -> None:
        """Send a decision to the record; raises on a refusal."""

    async def seen(self, stream: StreamId, holds: Callable[[State], bool]) -> State | None:
        """Wait until a stream is as wished in the record; None if the year ends first."""
        ...


async def play(dataset: Dataset, office: Office) -> None:
    """Play the year. Played again after a break, it asks for the same decisions again."""
    async with asyncio.TaskGroup() as projects:
        for row in dataset.projects:
            life = _live(year(dataset, row.project), office)
            projects.create_task(life, name=f"story of {row.project}")
        projects.create_task(_live(questions(dataset), office), name="story of the questions")


def year(dataset: Dataset, project: ProjectId) -> tuple[Beat, ...]:
    """What is decided about a project in the year of the story."""
    now = dataset.facts.disbursed.to.year
    return tuple(beat for beat in beats(dataset, project) if beat.act.at.year == now)


async def _live(script: tuple[Beat, ...], office: Office) -> None:
    """One decision after the other, so that none overtakes the one it rests on."""
    for beat in script:
        await office.until(beat.act.at)
        for stream, stands in _grounds(beat):
            await office.seen(stream, stands)
        envelope = await _definite(beat, office)
        if envelope is not None:
            await office.ask(envelope)


def _grounds(beat: Beat) -> Iterator[tuple[StreamId, Callable[[State], bool]]]:
    """What others do first, however late they are: what a decision of another stream rests on."""
    for rung in beat.once_answered:
        yield rung.stream, partial(_is_answered, rung.level)
    match beat.command:
        case RaiseQuestion(concerns=concerns):
            for concern in concerns:
                stream = clearance_stream(concern.project, concern.section)
                yield stream, partial(_has_met, concern)
        case RecordRelocation(utility=utility):
            yield beat.stream, partial(_is_funded, utility)
        case _:
            pass


async def _definite(beat: Beat, office: Office) -> Envelope | None:
    """The beat as a command. An answer waits until the ladder has climbed to its rung.

    News that an outage held up begins the ladder anew, so late that the year may end before it is
    climbed: what was not raised is not answered.
    """
    if not isinstance(beat.command, AnswerRung):
        return beat.envelope()
    wanted = beat.command
    state = await office.seen(beat.stream, partial(_has_climbed_to, wanted.level))
    if state is None:
        return None
    return beat.carrying(AnswerEscalation(number=_asked(state, wanted.level), answer=wanted.answer))


def _has_climbed_to(level: int, state: State) -> bool:
    # Not `stall.level`: progress resets it, and a story that is played again must not wait.
    return isinstance(state, Clearing) and any(
        raised.level == level for raised in state.stall.escalations.values()
    )


def _is_answered(level: int, state: State) -> bool:
    return isinstance(state, Clearing) and any(
        raised.level == level and raised.answered_at for raised in state.stall.escalations.values()
    )


def _has_met(concern: Concern, state: State) -> bool:
    return isinstance(state, Clearing) and set(concern.obstacles) <= set(state.ground.obstacles)


def _is_funded(utility: UtilityId, state: State) -> bool:
    lines = state.ground.utilities if isinstance(state, Clearing) else {}
    return utility in lines and lines[utility].status is not Relocation.UNFUNDED


def _asked(state: State, level: int) -> int:
    """The number of the rung to answer: the first that nobody answered, or the first of all."""
    assert isinstance(state, Clearing)
    rungs = state.stall.escalations.items()
    reached = [number for number, raised in rungs if raised.level == level]
    still = [n for n in reached if state.stall.escalations[n].answered_at is None]
    return (still or reached)[0]
