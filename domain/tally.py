"""How much of a section is cleared: households, land, structures and poles, stage by stage."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from domain.cases import APPROVED, SETTLED, Case, Cases, CaseStatus, Route, Step
from domain.clearance import Clearing
from domain.utilities import Relocation
from domain.values import Vnd, value


class Stage(StrEnum):
    """What weekly reports count; who has come to one has come to those before it."""

    NEEDED = "needed"
    AGREED = "agreed"
    INVENTORIED = "inventoried"
    POSTED = "posted"
    APPROVED = "approved"
    PAID = "paid"
    HANDED_OVER = "handed-over"


@value
class Count:
    """Cases that have come to a stage. `structures` are those that have any; `support` in đồng.

    `owed` are the cases that have to pass it: a gift needs no plan and no payment, and is counted
    neither as paid nor as unpaid, even where a list that was paid names it.
    """

    households: int = 0
    owed: int = 0
    area_m2: int = 0
    structures: int = 0
    support: Vnd = Vnd(0)


@value
class Tally:
    stages: Mapping[Stage, Count]
    poles: int
    poles_moved: int


def tally(sections: Iterable[Clearing]) -> Tally:
    """What sections have come to, all together."""
    stages = dict.fromkeys(Stage, Count())
    poles = moved = 0
    for section in sections:
        for stage, count in _stages(section.cases).items():
            stages[stage] = _sum(stages[stage], count)
        for utility in section.ground.utilities.values():
            poles += utility.entry.poles
            done = utility.status is Relocation.DONE
            moved += utility.entry.poles if done else utility.moved
    return Tally(stages=stages, poles=poles, poles_moved=moved)


_FOR_SUPPORT = (Stage.POSTED, Stage.APPROVED, Stage.PAID)


def _stages(cases: Cases) -> dict[Stage, Count]:
    """Counted in plain numbers: one object a case and stage would be slow for a large section."""
    sums = {stage: [0, 0, 0, 0, 0] for stage in Stage}
    for case in cases.values():
        counted = Step.INVENTORY in case.done
        gift = counted and case.route is Route.DONATION and not case.support
        for stage in _FOR_SUPPORT:
            sums[stage][1] += not gift
        for stage in (Stage.NEEDED, Stage.AGREED, Stage.INVENTORIED, Stage.HANDED_OVER):
            sums[stage][1] += 1
        for stage in _reached(case):
            if gift and stage in _FOR_SUPPORT:
                continue
            row = sums[stage]
            row[0] += 1
            row[2] += case.entry.area_given_m2
            row[3] += case.structures > 0
            row[4] += case.support
    return {
        stage: Count(
            households=row[0], owed=row[1], area_m2=row[2], structures=row[3], support=Vnd(row[4])
        )
        for stage, row in sums.items()
    }


def _reached(case: Case) -> Iterator[Stage]:
    done, status = case.done, case.status
    handed_over = status is CaseStatus.HANDED_OVER
    yield Stage.NEEDED
    if (
        (case.route is Route.DONATION and status is not CaseStatus.OPEN)
        or Step.EARLY_CONSENT in done
        or (handed_over and Step.COERCION not in done)
    ):
        yield Stage.AGREED
    if Step.INVENTORY in done:
        yield Stage.INVENTORIED
    if Step.POSTING in done:
        yield Stage.POSTED
    if Step.APPROVAL in done and status in APPROVED:
        yield Stage.APPROVED
    if Step.PAYMENT in done or Step.DEPOSIT in done or status in SETTLED:
        yield Stage.PAID
    if handed_over:
        yield Stage.HANDED_OVER


def _sum(one: Count, other: Count) -> Count:
    return Count(
        households=one.households + other.households,
        owed=one.owed + other.owed,
        area_m2=one.area_m2 + other.area_m2,
        structures=one.structures + other.structures,
        support=Vnd(one.support + other.support),
    )
