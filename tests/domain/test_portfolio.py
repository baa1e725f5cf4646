"""The figures that leaders read, as the city printed them in April 2024."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.disbursement import Claim
from domain.lots import Lot, Origin
from domain.portfolio import Line, Portfolio, Rate, Uses, cut, portfolio, used, uses
from domain.positions import UNALLOCATED, Capital, Position
from domain.programme_forms import Cohort, Commune, Running
from domain.project import Registered
from domain.values import (
    CohortId,
    CommuneId,
    PaymentKind,
    ProgrammeId,
    ProjectId,
    UnitCode,
    Vnd,
)
from tests.domain.story import (
    CAPITAL,
    INVESTOR,
    PROGRAMME,
    PROJECT,
    TO_LAND,
    WORKS,
    at,
    build,
    pay,
    request,
    told,
)

BILLION = 1_000_000_000
ALLOCATED = Vnd(2_047 * BILLION)
DISBURSED = Vnd(529_508_000_000)
CITY = Rate(disbursed=DISBURSED, of=ALLOCATED)


@pytest.mark.parametrize(
    ("decimals", "cut", "rounded"),
    [(0, "25", "26"), (1, "25.8", "25.9"), (2, "25.86", "25.87"), (3, "25.867", "25.868")],
)
def test_the_city_cuts_its_rate_where_arithmetic_rounds(
    decimals: int, cut: str, rounded: str
) -> None:
    assert CITY.cut(decimals) == cut
    assert CITY.rounded(decimals) == rounded


def test_the_exact_rate_stands_beside_what_is_printed() -> None:
    assert CITY.exact == Fraction(52_950_800, 2_047_000)


def test_nothing_allocated_is_nothing_disbursed() -> None:
    assert Rate(disbursed=Vnd(0), of=Vnd(0)).cut(1) == "0.0"


def test_everything_disbursed_is_a_hundred() -> None:
    assert Rate(disbursed=ALLOCATED, of=ALLOCATED).rounded(1) == "100.0"


@for_any(of=st.integers(1, 10**13), part=st.fractions(0, 1), decimals=st.integers(0, 4))
def test_a_rate_is_never_cut_upwards_nor_rounded_further_than_half(
    of: int, part: Fraction, decimals: int
) -> None:
    rate = Rate(disbursed=Vnd(int(of * part)), of=Vnd(of))
    step = Fraction(1, 10**decimals)

    assert 0 <= rate.exact - Fraction(rate.cut(decimals)) < step
    assert abs(rate.exact - Fraction(rate.rounded(decimals))) <= step / 2


def cohort(year: int, size: int, chosen: Mapping[str, int], total: int = 0) -> Cohort:
    """A cohort with so many communes chosen in each district."""
    communes = {
        CommuneId(f"{year}-{district}-{number}"): Commune(
            commune=CommuneId(f"{year}-{district}-{number}"),
            name="",
            district=UnitCode(district),
            synthetic=True,
        )
        for district, count in chosen.items()
        for number in range(count)
    }
    return Cohort(
        year=year,
        size=size,
        communes=communes,
        chosen=tuple(communes),
        deferred=size - len(communes) if chosen else 0,
        total_investment=Vnd(total),
    )


def position(cohort_: str, commune: str, allocated: int, disbursed: int = 0) -> Position:
    return Position(
        commune=CommuneId(commune),
        cohort=CohortId(cohort_),
        lots=(
            Lot(
                origin=Origin.PLAN,
                amount=Vnd(allocated),
                disbursed=Vnd(disbursed),
                payable_until=date(2025, 1, 31),
            ),
        ),
    )


@pytest.fixture
def april_2024() -> Portfolio:
    """The programme as reported at the end of April 2024; the split into projects is made up."""
    programme = Running(
        programme=ProgrammeId("ntm"),
        name="NTM",
        base_communes=139,
        cohorts={
            CohortId("2020"): cohort(2020, 8, {}),
            CohortId("2021"): cohort(2021, 14, {}),
            CohortId("2022"): cohort(2022, 35, {}),
            CohortId("2023"): cohort(2023, 35, {}),
            CohortId("2024"): cohort(2024, 45, {"thuy-nguyen": 10, "an-duong": 3}, 1_495 * BILLION),
        },
    )
    positions = {
        ProjectId("A"): position("2022", "C1", 47 * BILLION),
        ProjectId("B"): position("2023", "C2", 1_500 * BILLION, DISBURSED),
        ProjectId("C"): position("2023", "C2", 45 * BILLION),
        ProjectId("D"): position("2024", "C3", 455 * BILLION),
    }
    capital = Capital(positions=positions, reservations={})
    return portfolio(programme, capital, 2024, date(2024, 4, 30))


def test_the_year_was_allocated_in_three_cohorts(april_2024: Portfolio) -> None:
    assert april_2024.lines == (
        Line(cohort=CohortId("2022"), communes=1, allocated=Vnd(47 * BILLION), disbursed=Vnd(0)),
        Line(
            cohort=CohortId("2023"),
            communes=1,
            allocated=Vnd(1_545 * BILLION),
            disbursed=DISBURSED,
        ),
        Line(cohort=CohortId("2024"), communes=1, allocated=Vnd(455 * BILLION), disbursed=Vnd(0)),
    )


def test_the_lines_add_up_to_the_rate(april_2024: Portfolio) -> None:
    assert sum(line.allocated for line in april_2024.lines) == april_2024.rate.of == ALLOCATED
    assert sum(line.disbursed for line in april_2024.lines) == DISBURSED
    assert april_2024.rate.cut(1) == "25.8"


def test_thirteen_communes_average_a_hundred_and_fifteen_billion(april_2024: Portfolio) -> None:
    assert april_2024.chosen == 13
    assert april_2024.investment_per_commune == 115 * BILLION


def test_the_chosen_are_counted_by_district(april_2024: Portfolio) -> None:
    assert april_2024.chosen_by_district == {"an-duong": 3, "thuy-nguyen": 10}
    assert april_2024.deferred == 32


def test_two_communes_of_the_base_are_in_no_cohort_and_that_is_said(
    april_2024: Portfolio,
) -> None:
    assert april_2024.communes_in_cohorts == 137
    assert april_2024.unexplained_communes == 2


def test_the_year_funds_30_4_per_cent_of_what_the_thirteen_invest(april_2024: Portfolio) -> None:
    (funded,) = april_2024.funded

    assert funded.exact == Fraction(45_500, 1_495)
    assert cut(funded.exact, 1) == "30.4"


def test_what_was_disbursed_is_what_it_paid_for() -> None:
    story = (
        *TO_LAND,
        request(1, PaymentKind.ADVANCE, 2 * BILLION, "2024-03-07"),
        *pay(1, "2024-03-08"),
        request(2, PaymentKind.COMPENSATION, 100_000_000, "2024-03-10"),
        *pay(2, "2024-03-12"),
        *build(WORKS[1].section, 3 * BILLION, "2024-04-02"),
        request(3, PaymentKind.VOLUME, BILLION, "2024-04-10", recovers=400_000_000),
        *pay(3, "2024-04-11"),
        request(4, PaymentKind.VOLUME, BILLION, "2024-04-12"),
    )
    world = told(*story)
    project, plan = world[PROJECT], world[CAPITAL]
    assert isinstance(project, Registered)
    assert isinstance(plan, Capital)

    found = uses([project], PROGRAMME, 2024)

    # Of the two billion advanced 0.4 are recovered, by a payment of one billion for volume.
    assert found == Uses(
        advance=Vnd(1_600_000_000),
        volume=Vnd(BILLION),
        compensation=Vnd(100_000_000),
        final=Vnd(0),
        other=Vnd(0),
    )
    assert found.disbursed == plan.disbursed == 2_700_000_000
    assert found.advance == project.ledger.advance_balance
    assert uses([project], PROGRAMME, 2025).disbursed == 0


@pytest.mark.parametrize("kind", PaymentKind)
def test_every_kind_of_payment_has_a_use_and_uses_add_up_to_its_cash(kind: PaymentKind) -> None:
    claim = Claim(
        payment_kind=kind,
        worth=Vnd(10),
        recovers=Vnd(4),
        section=None,
        by=INVESTOR,
        at=at("2024-04-01"),
        budget_year=2024,
    )

    assert sum(amount for _, amount in used(claim)) == claim.cash


def test_no_commune_chosen_has_no_average() -> None:
    empty = Running(programme=ProgrammeId("ntm"), name="NTM", base_communes=0, cohorts={})

    figures = portfolio(empty, Capital(positions={}, reservations={}), 2024, date(2024, 4, 30))

    assert figures.investment_per_commune == 0


def test_a_deferred_commune_that_is_proposed_again_counts_where_it_stands_now() -> None:
    again = CommuneId("2024-vinh-bao-1")
    first = cohort(2024, 3, {"an-duong": 1})
    waiting = Commune(commune=again, name="W", district=UnitCode("vinh-bao"), synthetic=True)
    first = replace(first, communes={**first.communes, again: waiting}, deferred=2)
    second = replace(cohort(2025, 2, {"vinh-bao": 1}), deferred=1)
    second = replace(second, communes={**second.communes, again: waiting})
    programme = Running(
        programme=ProgrammeId("ntm"),
        name="NTM",
        base_communes=4,
        cohorts={CohortId("2024"): first, CohortId("2025"): second},
    )

    figures = portfolio(programme, UNALLOCATED, 2025, date(2025, 1, 1))

    assert figures.cohort_sizes == {"2024": 2, "2025": 2}
    assert (figures.communes_in_cohorts, figures.unexplained_communes) == (4, 0)
    assert (figures.chosen, figures.deferred) == (2, 2)
