"""Ours and a baseline, measured in turns in one run: what stands at the end is a ratio."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeAlias, TypeVar

_T = TypeVar("_T")

Tick = Callable[[], None]
"""Called once for every round that is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much to measure: rounds that count, and what share of the full work each does."""

    rounds: int
    share: float

    def of(self, count: int) -> int:
        return max(1, round(count * self.share))


FULL = Scale(rounds=5, share=1.0)
QUICK = Scale(rounds=2, share=0.2)


Unit: TypeAlias = Literal["events/s", "decisions/s", "ms", "kB"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure of ours beside the baseline's, round by round.

    Rates are better high, times and sizes are better low; the ratio is ours to the baseline's in
    all of them.
    """

    what: str
    baseline_is: str
    unit: Unit
    ours: tuple[float, ...]
    baseline: tuple[float, ...]
    goal: float | None = None

    @property
    def ratio(self) -> float:
        """The median of the rounds' own ratios: what slows a whole round falls out of it."""
        return median(ours / base for ours, base in zip(self.ours, self.baseline, strict=True))

    @property
    def is_cost(self) -> bool:
        return self.unit in ("ms", "kB")

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.ratio <= self.goal if self.is_cost else self.ratio >= self.goal


def take_turns(
    scale: Scale, ours: Callable[[], _T], baseline: Callable[[], _T], tick: Tick
) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    """Run both in each round, now the one first and now the other; the first round is a warm-up."""
    mine: list[_T] = []
    theirs: list[_T] = []
    for number in range(scale.rounds + 1):
        if number % 2:
            mine.append(ours())
            theirs.append(baseline())
        else:
            theirs.append(baseline())
            mine.append(ours())
        tick()
    return tuple(mine[1:]), tuple(theirs[1:])
