"""The weekly report of a section: households, land, structures and poles, stage by stage."""

import pytest

from console.progress import area, sentence
from domain.clearance import Clearing
from domain.tally import Stage, Tally, tally
from domain.utilities import (
    DecideRelocationFunding,
    RecordRelocation,
    RegisterUtilities,
    UtilityEntry,
)
from domain.values import UtilityId, Vnd
from tests.domain.story import (
    CITY_CHAIR,
    CLEARANCE,
    INVESTOR,
    POWER_COMPANY,
    TO_CLEARANCE,
    TO_LAND,
    TO_SUPPORT_PLAN,
    Asked,
    told,
)
from tests.domain.taking import COERCED, DECIDED, step
from tests.domain.test_donation import GIFT

POLES = (
    UtilityEntry(utility=UtilityId("U1"), voltage="LV", poles=4, estimate=Vnd(1)),
    UtilityEntry(utility=UtilityId("U2"), voltage="MV", poles=3, estimate=Vnd(1)),
)
POWER: tuple[Asked, ...] = (
    step(RegisterUtilities(utilities=POLES), INVESTOR, "2024-03-04"),
    step(
        DecideRelocationFunding(utilities=(UtilityId("U1"),), payer="Ngân sách"),
        CITY_CHAIR,
        "2024-03-04",
    ),
    step(RecordRelocation(utility=UtilityId("U1")), POWER_COMPANY, "2024-03-05"),
)


def of(*story: Asked) -> Tally:
    state = told(*story)[CLEARANCE]
    assert isinstance(state, Clearing)
    return tally((state,))


def households(found: Tally) -> list[int]:
    return [found.stages[stage].households for stage in Stage]


@pytest.mark.parametrize(
    ("story", "counts"),
    [
        (TO_CLEARANCE, [2, 0, 0, 0, 0, 0, 0]),
        (TO_SUPPORT_PLAN[:-1], [2, 2, 2, 2, 0, 0, 0]),
        (TO_SUPPORT_PLAN, [2, 2, 2, 2, 2, 0, 0]),
        (TO_LAND, [2, 2, 2, 2, 2, 2, 2]),
        (DECIDED, [3, 2, 3, 3, 3, 3, 2]),
        (COERCED, [3, 2, 3, 3, 3, 3, 3]),
    ],
)
def test_each_stage_counts_who_has_come_to_it(story: tuple[Asked, ...], counts: list[int]) -> None:
    assert households(of(*story)) == counts


def test_a_gift_without_structures_owes_no_plan() -> None:
    posted = of(*GIFT).stages[Stage.POSTED]

    assert (posted.households, posted.owed) == (0, 1)


def test_the_sentence_reads_as_a_weekly_report() -> None:
    assert sentence(of(*TO_LAND, *POWER)) == (
        "2 households, 40 m²; 2 handed over, 40 m²; inventoried 2/2; posted 2/2; paid 2/2;"
        " poles moved 4/7"
    )
    assert sentence(tally(())) == ""


def test_sections_add_up() -> None:
    state = told(*TO_LAND, *POWER)[CLEARANCE]
    assert isinstance(state, Clearing)

    both = tally((state, state))

    assert (both.poles, both.poles_moved) == (14, 8)
    assert both.stages[Stage.PAID].support == 200_000_000
    assert both.stages[Stage.HANDED_OVER].area_m2 == 80


@pytest.mark.parametrize(
    ("square_metres", "said"),
    [
        (0, "0 m²"),
        (9_999, "9,999 m²"),
        (10_000, "1 ha"),
        (145_800, "14.58 ha"),
        (145_801, "14.5801 ha"),
        (1_000_000, "100 ha"),
    ],
)
def test_areas_are_exact(square_metres: int, said: str) -> None:
    assert area(square_metres) == said
