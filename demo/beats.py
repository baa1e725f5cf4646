"""The story's beats: who decides what on which day, each with an id that never changes."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from domain.calendar import HANOI
from domain.streams import Command, Envelope
from domain.values import Act, Document, Post, StreamId, value

_STORY = uuid5(NAMESPACE_URL, "ntm:demo/hai-phong-2024")
_MORNING = time(8)
_BETWEEN_ACTS = timedelta(minutes=5)


@value
class AnswerRung:
    """Answer a rung of the section's ladder; its number is known only once it was raised."""

    level: int
    answer: str


@value
class Rung:
    """A rung of a section's ladder."""

    stream: StreamId
    level: int


@value
class Move:
    """A decision on its day, before it has an hour and an id."""

    stream: StreamId
    on: date
    by: Post
    command: Command | AnswerRung
    document: Document | None = None
    once_answered: tuple[Rung, ...] = ()
    """It waits until these have been answered."""


@value
class Beat:
    """A decision ready to be asked for. Asked for again, it is the same decision."""

    decision_id: str
    stream: StreamId
    act: Act
    command: Command | AnswerRung
    once_answered: tuple[Rung, ...] = ()

    def envelope(self) -> Envelope:
        """The beat as a command to the record."""
        assert not isinstance(self.command, AnswerRung), "the rung's number must be seen first"
        return self.carrying(self.command)

    def carrying(self, command: Command) -> Envelope:
        """The beat with its command made definite."""
        return Envelope(
            decision_id=self.decision_id, stream=self.stream, act=self.act, command=command
        )


def number(moves: Iterable[Move], *, offset: timedelta = timedelta()) -> tuple[Beat, ...]:
    """Put moves in order of their days and give each its hour and its id.

    Moves of one day keep the order in which they are given.
    """
    ordered = sorted(moves, key=lambda move: move.on)
    today: Counter[date] = Counter()
    so_far: Counter[StreamId] = Counter()
    beats = []
    for move in ordered:
        at = datetime.combine(move.on, _MORNING, HANOI) + offset + _BETWEEN_ACTS * today[move.on]
        beats.append(
            Beat(
                decision_id=str(uuid5(_STORY, f"{move.stream}#{so_far[move.stream]}")),
                stream=move.stream,
                act=Act(by=move.by, at=at, document=move.document),
                command=move.command,
                once_answered=move.once_answered,
            )
        )
        today[move.on] += 1
        so_far[move.stream] += 1
    return tuple(beats)
