"""The year played forward: small cases worked out by hand, and what holds for every play."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zlib import crc32

import pytest

from domain.experience import Experience, experience
from domain.play import ASSUMED_DAYS, Opening, WhatIf
from domain.positions import Capital
from domain.project import RegisterProject
from domain.simulation import Band, band, clearings, simulate, slipping
from domain.streams import initial, replay
from domain.values import CommuneId, PaymentKind, Vnd
from tests.domain.story import (
    CAPITAL,
    CHARTER,
    CLEARANCE,
    INVESTOR,
    POLICY,
    PROJECT,
    TO_CLEARANCE,
    TO_LAND,
    WORKS,
    Asked,
    act,
    build,
    pay,
    request,
)
from tests.domain.test_difference import told

BILLION = 1_000_000_000
ONE_ROAD: tuple[Asked, ...] = (
    (PROJECT, RegisterProject(charter=CHARTER, works=WORKS[:1]), act(INVESTOR, "2024-01-02")),
    *TO_CLEARANCE[1:],
)
"""The story of the road alone, to the opening of its clearance on Thursday, 1 February."""

ROAD_TAKES: Mapping[str, tuple[int, ...]] = {
    "clear-section": (30,),
    "start-works": (1,),
    "build-section": (10,),
    "claim volume": (1,),
    "check-payment": (1,),
    "confirm-treasury": (1,),
    "hand-over-to-use": (3,),
}
ALL_AT_ONCE = {"accepted": (10_000,)}


def chance(name: str) -> float:
    return crc32(name.encode()) / 2**32


def opening(
    story: Sequence[Asked],
    on: str,
    durations: Mapping[str, tuple[int, ...]] | None = None,
    shares: Mapping[str, tuple[int, ...]] | None = None,
) -> Opening:
    """A story as it stands on a day; what takes how long is given, or as the story itself shows."""
    facts = told(story)
    cases = {name: mine for name, mine in facts.items() if not name.startswith("capital/")}
    shown = experience(cases, POLICY)
    if durations is not None:
        shown = Experience(durations=durations, shares=shares or {}, marks=shown.marks)
    return Opening(
        day=date.fromisoformat(on),
        year=2024,
        plan=CAPITAL,
        states={name: replay(mine, initial(name)) for name, mine in facts.items()},
        experience=shown,
        laws={POLICY.version: POLICY},
        law=POLICY,
        chosen=frozenset({CHARTER.commune}),
    )


def until(*days: str, slips: int = 0, by: int = 0, target: int = 2024) -> WhatIf:
    at = tuple(date.fromisoformat(day) for day in days)
    return WhatIf(until=at[-1], target_year=target, at=at, slips=slips, by=by)


def test_a_claim_under_way_is_paid_after_a_day_with_finance_and_two_with_the_treasury() -> None:
    story = (*TO_LAND, request(1, PaymentKind.ADVANCE, BILLION, "2024-03-11"))
    start = opening(story, "2024-03-11", {"check-payment": (1,), "confirm-treasury": (2,)})

    ((base, _),) = simulate(start, until("2024-03-13", "2024-03-14"), 1, chance)

    # Asked on Monday, checked on Tuesday, paid on Thursday.
    assert base.disbursed == (0, BILLION)


def test_a_cleared_road_is_built_claimed_and_paid_up_to_its_capital() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)

    ((base, same),) = simulate(start, until("2024-04-09", "2024-04-10"), 1, chance)

    # Thirty working days from 1 February, Tết left out, are 21 March; started on the 22nd,
    # accepted on 5 April, claimed on the 8th, checked on the 9th, paid on the 10th. Of ten billion
    # 9.5 may be paid, and the plan has five.
    assert base.disbursed == (0, 5 * BILLION)
    assert base.missed == frozenset()
    assert same == base


def test_a_clearance_that_slips_a_week_pays_a_week_later() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)
    wanted = until("2024-04-10", "2024-04-16", "2024-04-17", slips=1, by=5)

    ((base, slipped),) = simulate(start, wanted, 1, chance)

    assert base.disbursed == (5 * BILLION,) * 3
    assert slipped.disbursed == (0, 0, 5 * BILLION)


def test_a_commune_misses_the_year_when_its_clearance_slips_too_far() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)

    ((base, slipped),) = simulate(start, until("2024-12-31", slips=1, by=240), 1, chance)

    assert base.missed == frozenset()
    assert slipped.missed == {CHARTER.commune}


def test_a_chosen_commune_without_a_project_misses_every_year() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)
    waiting = replace(start, chosen=start.chosen | {CommuneId("AD02")})

    ((base, _),) = simulate(waiting, until("2024-12-31"), 1, chance)

    assert base.missed == {"AD02"}


def test_a_wait_longer_than_any_on_record_begins_anew() -> None:
    story = (*TO_LAND, request(1, PaymentKind.ADVANCE, BILLION, "2024-03-11"))
    start = opening(story, "2024-03-22", {"check-payment": (2,), "confirm-treasury": (0,)})

    ((base, _),) = simulate(start, until("2024-03-25", "2024-03-26"), 1, chance)

    # Nine working days have passed; two more from Friday are Tuesday.
    assert base.disbursed == (0, BILLION)


def test_what_the_record_shows_nothing_of_takes_twenty_working_days() -> None:
    story = (*TO_LAND, request(1, PaymentKind.ADVANCE, BILLION, "2024-03-11"))
    start = opening(story, "2024-03-11", {"confirm-treasury": (0,)})
    after = POLICY.calendar.working_days_after(date(2024, 3, 11))
    nth = [next(after) for _ in range(ASSUMED_DAYS)]

    ((base, _),) = simulate(start, until(str(nth[-2]), str(nth[-1])), 1, chance)

    assert base.disbursed == (0, BILLION)
    assert "check-payment" in base.assumed
    assert "confirm-treasury" not in base.assumed


def test_money_is_asked_for_until_the_day_and_not_after_it() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)
    wanted = WhatIf(
        until=date(2024, 4, 5), target_year=2024, at=(date(2024, 4, 5), date(2024, 12, 31))
    )

    ((base, _),) = simulate(start, wanted, 1, chance)

    assert base.disbursed == (0, 0)
    assert base.missed == frozenset()


def test_the_deciders_have_the_last_word() -> None:
    start = opening(ONE_ROAD, "2024-02-02", ROAD_TAKES, ALL_AT_ONCE)
    plan = start.states[CAPITAL]
    assert isinstance(plan, Capital)
    row = plan.positions[CHARTER.project]
    lapsing = tuple(replace(lot, payable_until=date(2024, 4, 8)) for lot in row.lots)
    lapsed = replace(plan, positions={CHARTER.project: replace(row, lots=lapsing)})
    start = replace(start, states={**start.states, CAPITAL: lapsed})

    ((base, _),) = simulate(start, until("2024-12-31"), 1, chance)

    # Claimed on the last day on which the plan may pay, checked a day too late.
    assert base.disbursed == (0,)
    assert base.refused == {"capital_ceiling": 1}


# What holds for every play

WHOLE_STORY: tuple[Asked, ...] = (
    *TO_LAND,
    request(1, PaymentKind.ADVANCE, BILLION, "2024-03-07"),
    *pay(1, "2024-03-08"),
    *build(WORKS[1].section, 3 * BILLION, "2024-04-02"),
    request(2, PaymentKind.VOLUME, BILLION, "2024-04-10"),
)


def test_the_same_names_have_the_same_luck() -> None:
    start = opening(WHOLE_STORY, "2024-04-10")
    wanted = until("2024-06-28", "2024-12-31", slips=1, by=30)

    first = list(simulate(start, wanted, 5, chance))

    assert first == list(simulate(start, wanted, 5, chance))
    assert first[:2] == list(simulate(start, wanted, 2, chance))


def test_no_play_spends_what_is_not_allocated_or_takes_money_back() -> None:
    start = opening(WHOLE_STORY, "2024-04-10")
    wanted = until("2024-04-30", "2024-06-28", "2024-09-30", "2024-12-31")

    for base, _ in simulate(start, wanted, 20, chance):
        assert list(base.disbursed) == sorted(base.disbursed)
        assert base.disbursed[0] >= BILLION
        assert base.disbursed[-1] <= 5 * BILLION


def test_a_play_leaves_its_opening_alone() -> None:
    start = opening(WHOLE_STORY, "2024-04-10")
    before = repr(start)

    list(simulate(start, until("2024-12-31"), 3, chance))

    assert repr(start) == before


def test_as_many_clearances_slip_as_were_asked_for_or_are_under_way() -> None:
    start = opening(ONE_ROAD, "2024-02-02")

    assert clearings(start) == (CLEARANCE,)
    assert slipping(start, until("2024-12-31", slips=5, by=30), chance) == {CLEARANCE: 30}
    assert slipping(start, until("2024-12-31"), chance) == {}


# What the record shows


def test_durations_are_working_days_from_a_wait_to_its_end() -> None:
    shown = experience(told(WHOLE_STORY), POLICY)

    # The investment policy was submitted on Wednesday, 3 January, and appraised on Monday.
    assert shown.durations["decide-dossier investment-policy/appraise"] == (3,)
    assert shown.durations["check-payment"] == (1,)
    assert shown.durations["confirm-treasury"] == (0,)
    # A contract of 30 January, its advance asked for on 7 March.
    assert shown.durations["claim advance"] == (22,)
    assert shown.shares == {"accepted": (3_000,), "advanced": (1_000,), "contracted": (8_333,)}
    assert "clear-section" not in shown.durations


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ((7,), (7, 7, 7)),
        (tuple(range(1, 11)), (1, 5, 9)),
        ((3, 1, 2), (1, 2, 3)),
    ],
)
def test_a_band_is_made_of_amounts_that_were_played(
    amounts: tuple[int, ...], found: tuple[int, int, int]
) -> None:
    p10, p50, p90 = map(Vnd, found)

    assert band(map(Vnd, amounts)) == Band(p10=p10, p50=p50, p90=p90)
