"""A record found restored: nothing else is decided until two different posts accept it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.addresses import check_address
from domain.inbox import waits
from domain.restore import (
    STREAM,
    AcceptRestore,
    LostCheckpoint,
    LostVersions,
    ReportRestore,
    Restore,
    Restored,
    Trusted,
    is_abandoned,
)
from domain.streams import Command
from domain.values import SYSTEM, Post
from tests.conftest import envelope
from tests.domain.story import (
    CITY_CHAIR,
    COUNCIL,
    POLICY,
    PROJECT,
    TREASURY,
    World,
    act,
    ask,
    at,
    refused,
)

LOST = LostCheckpoint(size=9, root="00", note=("ntm-record", "9"))
REPORT = ReportRestore(timeline=1, left=7, evidence=LOST)
ACCEPT = AcceptRestore(timeline=1, left=7)


def told(*asked: tuple[Command, Post]) -> Trusted | Restored:
    world: World = {}
    for command, by in asked:
        world, _ = ask(world, (STREAM, command, act(by, "2024-03-08")))
    state = world[STREAM]
    assert isinstance(state, Trusted | Restored)
    return state


def test_found_accepted_once_accepted_by_two() -> None:
    found = told((REPORT, SYSTEM))
    once = told((REPORT, SYSTEM), (ACCEPT, TREASURY))
    twice = told((REPORT, SYSTEM), (ACCEPT, TREASURY), (ACCEPT, COUNCIL))

    assert isinstance(found, Restored)
    assert isinstance(once, Restored)
    assert [one.by.post for one in once.found.accepted] == [TREASURY]
    assert isinstance(twice, Trusted)
    (restore,) = twice.restores
    assert (restore.left, restore.evidence) == (7, LOST)
    assert [one.by.post for one in restore.accepted] == [TREASURY, COUNCIL]
    assert (found.timeline, once.timeline, twice.timeline) == (1, 1, 2)


def test_the_same_post_twice_is_one_post() -> None:
    with refused("separation_of_duties"):
        told((REPORT, SYSTEM), (ACCEPT, TREASURY), (ACCEPT, TREASURY))


def test_without_a_paper_nobody_accepts() -> None:
    world, _ = ask({}, (STREAM, REPORT, act(SYSTEM, "2024-03-08")))
    with refused("input"):
        ask(world, (STREAM, ACCEPT, act(TREASURY, "2024-03-09", document=None)))


def test_what_was_not_found_is_not_accepted() -> None:
    with refused("other_body"):
        told((REPORT, SYSTEM), (replace(ACCEPT, left=6), TREASURY))
    with refused("nothing_to_do"):
        told((ACCEPT, TREASURY))


def test_it_is_found_once() -> None:
    with refused("nothing_to_do"):
        told((REPORT, SYSTEM), (REPORT, SYSTEM))


def test_it_waits_for_everybody_who_may_and_has_not() -> None:
    first = waits(told((REPORT, SYSTEM)), POLICY)
    second = waits(told((REPORT, SYSTEM), (ACCEPT, COUNCIL)), POLICY)

    assert {wait.post for wait in first} == {CITY_CHAIR, COUNCIL, TREASURY}
    assert {wait.post for wait in second} == {CITY_CHAIR, TREASURY}
    assert waits(told((REPORT, SYSTEM), (ACCEPT, COUNCIL), (ACCEPT, TREASURY)), POLICY) == ()


def test_it_has_one_stream() -> None:
    wanted = envelope((STREAM, ACCEPT, act(TREASURY, "2024-03-08")))
    check_address(wanted)
    with refused("other_body"):
        check_address(replace(wanted, stream=PROJECT))


@pytest.mark.parametrize(
    ("timeline", "size", "abandoned"), [(1, 7, False), (1, 8, True), (2, 8, False), (2, 99, False)]
)
def test_only_what_was_signed_of_lost_events_is_abandoned(
    timeline: int, size: int, *, abandoned: bool
) -> None:
    one = Restore(timeline=1, left=7, evidence=LOST, found_at=at("2024-03-08"))
    assert is_abandoned((one,), timeline, size) is abandoned


@given(st.lists(st.integers(0, 50), max_size=5))
def test_a_note_of_the_present_timeline_is_never_abandoned(lefts: list[int]) -> None:
    state: Trusted | Restored = Trusted()
    for left in lefts:
        lost = LostVersions(stream=PROJECT, seen=2, held=1)
        report = ReportRestore(timeline=state.timeline, left=left, evidence=lost)
        accept = AcceptRestore(timeline=state.timeline, left=left)
        world: World = {STREAM: state}
        for command, by in ((report, SYSTEM), (accept, COUNCIL), (accept, TREASURY)):
            world, _ = ask(world, (STREAM, command, act(by, "2024-03-08")))
        assert isinstance(world[STREAM], Trusted)
        state = world[STREAM]  # type: ignore[assignment]
    assert isinstance(state, Trusted)
    assert state.timeline == len(lefts) + 1
    for size in range(60):
        assert not is_abandoned(state.restores, state.timeline, size)
        assert is_abandoned(state.restores, 1, size) is any(size > left for left in lefts)
