"""Ranking by the criteria of the law, and the choice that follows from it under a ceiling.

A criterion of an earlier tier goes before all of a later one; within a tier, points are added up.
Of communes that are alike in all tiers the cheaper one goes first, then the order of their codes
decides, so that the same candidates always come to the same places.
"""

from collections.abc import Iterable, Mapping

from domain.candidates import Candidate
from domain.law import Criterion, Weight
from domain.values import CohortId, CommuneId, Vnd, value

_ALL = 100


@value
class Points:
    """What a criterion is worth to a candidate, in hundredths of a point, and in which tier."""

    criterion: Criterion
    tier: int
    percent: int
    points: int


@value
class Place:
    """A candidate's place, and what became of it.

    `left` is what the ranking had left of the ceiling when the candidate's turn came, đồng;
    `by_rank` is whether it was enough, for it and all before it. Who is `chosen` against the
    ranking, or passed over, has a `reason`. `waited` are the cohorts that deferred it before.
    """

    rank: int
    commune: CommuneId
    cost: Vnd
    points: tuple[Points, ...]
    left: Vnd
    by_rank: bool
    chosen: bool
    reason: str = ""
    waited: tuple[CohortId, ...] = ()

    @property
    def score(self) -> int:
        """All points together, in hundredths: for people to see, for tiers go before it."""
        return sum(one.points for one in self.points)


def places(
    candidates: Iterable[Candidate],
    waited: Mapping[CommuneId, tuple[CohortId, ...]],
    weights: tuple[Weight, ...],
    ceiling: Vnd,
) -> tuple[Place, ...]:
    """Every candidate by rank, chosen for as long as there is capital for the next in turn.

    The first one there is not enough for ends the choice: a cheaper one behind it would go before
    it.
    """
    scored = [
        (one, _points(one, has_waited=one.commune in waited, weights=weights)) for one in candidates
    ]
    scored.sort(key=lambda pair: (_by_tier(pair[1]), pair[0].cost, pair[0].commune))
    left, open_ = ceiling, True
    found = []
    for rank, (one, points) in enumerate(scored, 1):
        open_ = open_ and one.cost <= left
        found.append(
            Place(
                rank=rank,
                commune=one.commune,
                cost=one.cost,
                points=points,
                left=left,
                by_rank=open_,
                chosen=open_,
                waited=waited.get(one.commune, ()),
            )
        )
        left = Vnd(left - one.cost) if open_ else left
    return tuple(found)


def _points(
    candidate: Candidate, *, has_waited: bool, weights: tuple[Weight, ...]
) -> tuple[Points, ...]:
    def percent(criterion: Criterion) -> int:
        if criterion is Criterion.WAITED:
            return _ALL if has_waited else 0
        return candidate.percent(criterion)

    return tuple(
        Points(
            criterion=weight.criterion,
            tier=weight.tier,
            percent=percent(weight.criterion),
            points=weight.points * percent(weight.criterion),
        )
        for weight in weights
    )


def _by_tier(points: tuple[Points, ...]) -> tuple[int, ...]:
    tiers = sorted({one.tier for one in points})
    return tuple(-sum(one.points for one in points if one.tier == tier) for tier in tiers)
