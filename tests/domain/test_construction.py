"""Contract, works, acceptance and hand-over to use."""

from dataclasses import replace
from typing import TypeAlias

import pytest

from domain import construction, contract
from domain.construction import (
    AcceptWorks,
    Construction,
    HandedOverToUse,
    HandOverToUse,
    ProgressReported,
    ReportProgress,
    StartWorks,
    WorksAccepted,
    WorksStarted,
    planned,
)
from domain.contract import ContractSigned, Room, SignContract
from domain.refusal import Rule
from domain.values import Extent, SectionId, Vnd
from tests.domain.story import (
    GUARANTEE,
    INVESTOR,
    POLICY,
    ROAD,
    SCHOOL,
    TOTAL,
    WORKS,
    WORTH,
    act,
    at,
    refused,
)

BY = act(INVESTOR, "2024-03-01")
PLANNED = planned(WORKS, at("2024-01-02"))
SIGN = SignContract(number="01/HĐ", contractor="Builder", worth=WORTH, guarantee=GUARANTEE)
START = StartWorks(section=SCHOOL)
FINISH = ReportProgress(section=SCHOOL, percent=100)
ACCEPT = AcceptWorks(section=SCHOOL, volume=Vnd(4_000_000_000), complete=True)


ROOM = Room(least=Vnd(0), most=TOTAL, balance=Vnd(0))
Command: TypeAlias = construction.Command | SignContract
Event: TypeAlias = construction.Event | contract.Event


def when(command: Command, given: Construction) -> tuple[Event, ...]:
    if isinstance(command, SignContract):
        return contract.decide(given.contract, command, ROOM, BY, POLICY)
    return construction.decide(given, command)


def after(*commands: Command, given: Construction = PLANNED) -> Construction:
    building = given
    for command in commands:
        for event in when(command, building):
            if isinstance(event, contract.Event):
                signed = contract.evolve(building.contract, event, BY)
                building = replace(building, contract=signed)
            else:
                building = construction.evolve(building, event, BY)
    return building


def with_road(extent: Extent) -> Construction:
    """The road's site handed over, as far as `extent`."""
    road = replace(PLANNED.sections[ROAD], released=extent, stage="clearing")
    return replace(PLANNED, sections={**PLANNED.sections, ROAD: road})


def test_works_on_public_land_are_free_from_the_start() -> None:
    assert PLANNED.sections[SCHOOL].released is Extent.FULL
    assert PLANNED.sections[ROAD].released is None


def test_a_contract_may_be_worth_the_whole_total_investment() -> None:
    whole = replace(SIGN, worth=TOTAL)

    assert when(whole, given=PLANNED) == (
        ContractSigned(number="01/HĐ", contractor="Builder", worth=TOTAL, guarantee=GUARANTEE),
    )


@pytest.mark.parametrize("worth", [TOTAL + 1, 0, -1])
def test_a_contract_may_not_be_worth(worth: int) -> None:
    with refused("investment_ceiling"):
        when(replace(SIGN, worth=Vnd(worth)), given=PLANNED)


def test_works_start_under_a_contract_on_free_land() -> None:
    assert when(START, given=after(SIGN)) == (WorksStarted(section=SCHOOL),)


def test_works_may_start_on_a_site_handed_over_in_part() -> None:
    signed = after(SIGN, given=with_road(Extent.PARTIAL))

    assert when(StartWorks(section=ROAD), given=signed) == (WorksStarted(section=ROAD),)


def test_progress_only_rises() -> None:
    halfway = after(SIGN, START, ReportProgress(section=SCHOOL, percent=50))

    assert when(ReportProgress(section=SCHOOL, percent=51), given=halfway) == (
        ProgressReported(section=SCHOOL, percent=51),
    )


@pytest.mark.parametrize("percent", [50, 49, 101, -1])
def test_progress_from_half_may_not_become(percent: int) -> None:
    halfway = after(SIGN, START, ReportProgress(section=SCHOOL, percent=50))

    with refused("input"):
        when(ReportProgress(section=SCHOOL, percent=percent), given=halfway)


def test_volume_is_accepted_up_to_the_whole_contract() -> None:
    started = after(SIGN, START, FINISH)

    assert when(replace(ACCEPT, volume=WORTH), given=started) == (
        WorksAccepted(section=SCHOOL, volume=WORTH, complete=True),
    )


@pytest.mark.parametrize("volume", [WORTH + 1, 0, -1])
def test_a_part_may_not_be_accepted_of(volume: int) -> None:
    with refused("volume_ceiling"):
        when(
            AcceptWorks(section=SCHOOL, volume=Vnd(volume), complete=False),
            given=after(SIGN, START, FINISH),
        )


def test_the_volume_of_all_sections_counts_against_the_contract() -> None:
    road = StartWorks(section=ROAD)
    both = after(SIGN, START, FINISH, ACCEPT, road, given=with_road(Extent.FULL))
    rest = WORTH - ACCEPT.volume

    assert when(AcceptWorks(section=ROAD, volume=Vnd(rest), complete=False), given=both)
    with refused("volume_ceiling"):
        when(AcceptWorks(section=ROAD, volume=Vnd(rest + 1), complete=False), given=both)


def test_parts_accepted_add_up() -> None:
    part = AcceptWorks(section=SCHOOL, volume=Vnd(1_000_000_000), complete=False)

    building = after(SIGN, START, part, part)

    school = building.sections[SCHOOL]
    assert (school.accepted, school.stage) == (2_000_000_000, "started")


def test_the_project_goes_into_use_when_every_section_is_accepted() -> None:
    road = (
        StartWorks(section=ROAD),
        ReportProgress(section=ROAD, percent=100),
        AcceptWorks(section=ROAD, volume=Vnd(6_000_000_000), complete=True),
    )
    built = after(SIGN, START, FINISH, ACCEPT, *road, given=with_road(Extent.FULL))

    assert when(HandOverToUse(), given=built) == (HandedOverToUse(),)
    assert after(HandOverToUse(), given=built).in_use_since == BY.at
    with refused("out_of_turn"):
        when(HandOverToUse(), given=after(HandOverToUse(), given=built))


@pytest.mark.parametrize(
    ("given", "command", "rule"),
    [
        ((SIGN,), SIGN, "out_of_turn"),
        ((), START, "out_of_turn"),
        ((SIGN,), StartWorks(section=ROAD), "not_cleared"),
        ((SIGN, START), START, "out_of_turn"),
        ((SIGN, START, FINISH, ACCEPT), START, "out_of_turn"),
        ((SIGN,), FINISH, "out_of_turn"),
        ((SIGN,), ACCEPT, "out_of_turn"),
        ((SIGN, START), ACCEPT, "out_of_turn"),
        ((SIGN, START, FINISH, ACCEPT), HandOverToUse(), "out_of_turn"),
        ((SIGN,), StartWorks(section=SectionId("T9")), "not_found"),
    ],
    ids=[
        "signed twice",
        "started without a contract",
        "started before its site is handed over",
        "started twice",
        "started after acceptance",
        "reported before it started",
        "accepted before it started",
        "accepted in full before it is finished",
        "put to use with a section missing",
        "started where there is no such section",
    ],
)
def test_works_may_not_be(given: tuple[Command, ...], command: Command, rule: Rule) -> None:
    building = after(*given)

    with refused(rule):
        when(command, given=building)


def test_a_site_handed_over_in_part_is_not_accepted_in_full() -> None:
    road = (SIGN, StartWorks(section=ROAD), ReportProgress(section=ROAD, percent=100))
    finished = after(*road, given=with_road(Extent.PARTIAL))

    with refused("out_of_turn"):
        when(AcceptWorks(section=ROAD, volume=Vnd(1), complete=True), given=finished)


def test_a_section_accepted_in_parts_is_completed_without_more_volume() -> None:
    parts = AcceptWorks(section=SCHOOL, volume=WORTH, complete=False)
    built = after(SIGN, START, parts, FINISH)

    events = when(AcceptWorks(section=SCHOOL, volume=Vnd(0), complete=True), given=built)

    assert events == (WorksAccepted(section=SCHOOL, volume=Vnd(0), complete=True),)
