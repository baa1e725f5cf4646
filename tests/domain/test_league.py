"""Units by their rate, against the average: by hand, with ties, and adding up."""

from collections.abc import Mapping

from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.league import UNKNOWN, Districts, Grouping, projects_of, ranking, units
from domain.positions import Capital, Position
from domain.values import CommuneId, ProjectId, UnitCode
from tests.domain.test_portfolio import position

ROWS: Mapping[ProjectId, Position] = {
    ProjectId("A"): position("2023", "C1", 100, 25),
    ProjectId("B"): position("2023", "C1", 300, 75),
    ProjectId("C"): position("2024", "C2", 200, 100),
    ProjectId("D"): position("2024", "C3", 400, 100),
    ProjectId("E"): position("2024", "C4", 0, 0),
}
PLAN = Capital(positions=ROWS, reservations={})
DISTRICTS: Districts = {
    CommuneId("C1"): UnitCode("x"),
    CommuneId("C2"): UnitCode("y"),
    CommuneId("C3"): UnitCode("z"),
}


def test_units_are_placed_by_exact_rate_and_ties_share_a_place() -> None:
    found = ranking(PLAN, Grouping.COMMUNE, DISTRICTS)

    # 300 of 1,000 is 30 %: C2 has 50 %; C1 and C3 both 25 %; C4 has nothing to be ranked by.
    assert (found.average.disbursed, found.average.of) == (300, 1_000)
    assert [(row.place, row.unit.name, row.tied, row.below_average) for row in found.places] == [
        (1, "C2", 1, False),
        (2, "C1", 2, True),
        (2, "C3", 2, True),
        (None, "C4", 1, False),
    ]


def test_the_average_is_of_all_capital_and_not_of_the_rates() -> None:
    found = ranking(PLAN, Grouping.COHORT, DISTRICTS)

    assert found.average.cut(1) == "30.0"
    assert [(row.unit.name, row.unit.rate.cut(1)) for row in found.places] == [
        ("2024", "33.3"),
        ("2023", "25.0"),
    ]


def test_projects_belong_to_the_districts_and_investors_of_their_communes() -> None:
    districts = {row.name: row.projects for row in units(PLAN, Grouping.DISTRICT, DISTRICTS)}
    investors = {row.name for row in units(PLAN, Grouping.INVESTOR, DISTRICTS)}

    assert districts == {"x": 2, "y": 1, "z": 1, UNKNOWN: 1}
    assert investors == {"investor@x", "investor@y", "investor@z", UNKNOWN}


def test_a_units_projects_are_found_by_any_of_its_names() -> None:
    for unit in ("2023", "x", "C1", "investor@x"):
        assert projects_of(PLAN, unit, DISTRICTS) == {"A", "B"}
    assert projects_of(PLAN, "C", DISTRICTS) == {"C"}
    assert projects_of(PLAN, "nowhere", DISTRICTS) == frozenset()


@for_any(
    rows=st.dictionaries(
        st.text("PQRS", min_size=1, max_size=4),
        st.tuples(
            st.sampled_from(["2022", "2023"]),
            st.sampled_from(["C1", "C2", "C3"]),
            st.integers(0, 10**12),
            st.fractions(0, 1),
        ),
    )
)
def test_however_units_are_cut_they_add_up_to_the_year(
    rows: dict[str, tuple[str, str, int, float]],
) -> None:
    plan = Capital(
        positions={
            ProjectId(name): position(cohort, commune, amount, int(amount * part))
            for name, (cohort, commune, amount, part) in rows.items()
        },
        reservations={},
    )

    for by in Grouping:
        found = units(plan, by, {})
        assert sum(row.allocated for row in found) == plan.allocated
        assert sum(row.disbursed for row in found) == plan.disbursed
        assert sum(row.projects for row in found) == len(plan.positions)
