"""What presses: what stands in the way, who was pushed, and who is waited for."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from console import escalation, explaining, obstacles
from console.explaining import Line
from domain.values import Cause as Hindrance
from domain.values import value
from domain.waiting import Waited

if TYPE_CHECKING:
    from storage.travel import Picture

AGES = (10, 30, 60)
"""Where one class of age ends and the next begins, working days."""

_LONGEST = 10


@value
class Held:
    """Obstacles of one cause that stand, by age: one count for each class of `AGES`, and older."""

    cause: Hindrance
    ages: tuple[int, ...]
    late: int
    oldest: int

    @property
    def standing(self) -> int:
        return sum(self.ages)


@value
class Letters:
    """What was raised on one rung of the ladder.

    Of those not answered some still `wait`, `overdue` ones past their limit; for a section that was
    handed over nobody can answer any more.
    """

    level: int
    name: str
    name_vi: str
    raised: int
    unanswered: int
    waiting: int
    overdue: int


@value
class Longest:
    """A wait that is open, and the events of the decision with which it began."""

    waited: Waited
    begun: tuple[Line, ...]


def held(lines: Iterable[obstacles.Line]) -> tuple[Held, ...]:
    """The causes that hold up most first."""
    groups: dict[Hindrance, list[obstacles.Line]] = {}
    for line in lines:
        if line.obstacle.removed_at is None:
            groups.setdefault(line.obstacle.cause, []).append(line)
    found = (_of_cause(cause, some) for cause, some in groups.items())
    return tuple(sorted(found, key=lambda one: (-one.standing, -one.oldest, one.cause)))


def _of_cause(cause: Hindrance, some: Sequence[obstacles.Line]) -> Held:
    classes = Counter(bisect_left(AGES, line.age_working_days) for line in some)
    return Held(
        cause=cause,
        ages=tuple(classes[nth] for nth in range(len(AGES) + 1)),
        late=sum(line.late for line in some),
        oldest=max(line.age_working_days for line in some),
    )


def letters(lines: Iterable[escalation.Line]) -> tuple[Letters, ...]:
    """Rung by rung, from the foot."""
    from storage import policies

    in_vietnamese = {rung.name: rung.name_vi for rung in policies.load().ladder}
    rungs: dict[int, list[escalation.Line]] = {}
    for line in lines:
        rungs.setdefault(line.escalation.level, []).append(line)
    return tuple(
        Letters(
            level=level,
            name=some[-1].escalation.name,
            name_vi=in_vietnamese.get(some[-1].escalation.name, some[-1].escalation.name),
            raised=len(some),
            unanswered=sum(line.escalation.answered_at is None for line in some),
            waiting=sum(line.waits for line in some),
            overdue=sum(line.overdue for line in some),
        )
        for level, some in sorted(rungs.items())
    )


def longest(picture: "Picture", waits: Iterable[Waited]) -> tuple[Longest, ...]:
    """The longest of those that are open, with what they began with."""
    still = [one for one in waits if one.until is None]
    first = sorted(still, key=lambda one: (-one.working_days, one.stream, one.key))[:_LONGEST]
    entries = picture.entries(*{one.stream for one in first})
    places = explaining.positions(entries)
    return tuple(
        Longest(
            waited=one,
            begun=tuple(
                explaining.line(entry.fact, places, 0)
                for entry in entries
                if (entry.fact.stream, entry.fact.act.at) == (one.stream, one.since)
            ),
        )
        for one in first
    )
