"""How a project came to its phase, leg by leg."""

from itertools import count

from domain.clearance import HandOverSite
from domain.course import Leg, course
from domain.phase import Phase
from domain.streams import Fact
from domain.values import Extent
from tests.domain.story import (
    CLEARANCE,
    INVESTOR,
    PROJECT,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_LAND,
    Asked,
    World,
    act,
    ask,
    at,
)


def facts(*story: Asked) -> tuple[Fact, ...]:
    """What the story put on the project's own stream."""
    world: World = {}
    found: list[Fact] = []
    versions = count(1)
    for asked in story:
        world, events = ask(world, asked)
        found += [
            Fact(stream=stream, version=next(versions), decision_id="d", act=asked[2], event=event)
            for stream, event in events
            if stream == PROJECT
        ]
    return tuple(found)


def test_a_project_begins_with_its_approval() -> None:
    assert course(PROJECT, facts(*TO_APPROVAL[:-1])) == (
        Leg(phase=Phase.APPROVAL, since=at("2024-01-02")),
    )


def test_each_phase_ends_with_the_act_that_leads_into_the_next() -> None:
    legs = course(PROJECT, facts(*TO_CLEARANCE))

    assert legs == (
        Leg(phase=Phase.APPROVAL, since=at("2024-01-02"), until=at("2024-01-24")),
        Leg(phase=Phase.CLEARANCE, since=at("2024-01-24")),
    )


def test_the_last_site_that_is_handed_over_leads_into_construction() -> None:
    handed = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(INVESTOR, "2024-03-05"))

    legs = course(PROJECT, facts(*TO_LAND, handed))

    assert [leg.phase for leg in legs][-1] is Phase.CONSTRUCTION
    assert legs[-2].until == legs[-1].since == at("2024-03-05")


def test_a_view_that_lacks_the_registration_has_no_course() -> None:
    assert course(PROJECT, facts(*TO_CLEARANCE)[1:]) == ()
