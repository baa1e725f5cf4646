"""Communes that stand for a cohort: what speaks for each, and what it would cost."""

from collections.abc import Collection

from domain.law import Criterion
from domain.refusal import Refused
from domain.values import CommuneId, Vnd, value

_ALL = 100


@value
class Measure:
    """How far a commune meets a criterion, in whole per cent; yes is 100."""

    criterion: Criterion
    percent: int


@value
class Candidate:
    """A commune and its estimated total investment, đồng; what nobody measured counts as nothing.

    `synthetic` marks made-up figures.
    """

    commune: CommuneId
    cost: Vnd
    measures: tuple[Measure, ...]
    synthetic: bool

    def percent(self, criterion: Criterion) -> int:
        return sum(one.percent for one in self.measures if one.criterion is criterion)


def check(candidates: tuple[Candidate, ...], listed: Collection[CommuneId]) -> None:
    """Raise `Refused` for candidates that could not be ranked."""
    names = [one.commune for one in candidates]
    if not names or len(set(names)) != len(names):
        raise Refused("input", "candidates: need one or more, each commune once")
    if strangers := sorted(set(names) - set(listed)):
        raise Refused("input", f"candidates: not communes of the cohort: {', '.join(strangers)}")
    for one in candidates:
        if one.cost <= 0:
            raise Refused("input", f"cost: {one.commune} {one.cost:,} đồng must be positive")
        criteria = [measure.criterion for measure in one.measures]
        wrong = [m for m in one.measures if not 0 <= m.percent <= _ALL]
        if wrong or len(set(criteria)) != len(criteria):
            raise Refused(
                "input", f"measures: {one.commune}: each criterion once, from 0 to 100 per cent"
            )
        if Criterion.WAITED in criteria:
            raise Refused(
                "input", f"measures: {one.commune}: the record knows who has waited, nobody says it"
            )
