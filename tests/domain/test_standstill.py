"""The clock of a section's ladder: put off within a limit, stopped for a recorded cause alone."""

from dataclasses import replace
from datetime import date

import pytest

from domain.alarms import alarm
from domain.calendar import end_of
from domain.clearance import Clearing
from domain.counting import Kind
from domain.escalation import Escalate, EscalationRaised
from domain.inbox import waits
from domain.law import Trigger
from domain.plan import PlanClearance, Target
from domain.refusal import Rule
from domain.stall import PauseCause, Stall
from domain.standstill import Command, PauseClock, ResumeClock, SnoozeEscalation
from domain.values import SYSTEM, Act, Post
from domain.waits import IfIgnored, Task
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    POLICY,
    POWER_COMPANY,
    TO_CLEARANCE,
    World,
    act,
    ask,
    at,
    refused,
    told,
)

# Cases registered on Friday 2 February; the first rung is reached on Friday 1 March.
BEGUN = told(*TO_CLEARANCE)


def given(world: World, command: Command, by: Post, day: str) -> World:
    return told((CLEARANCE, command, act(by, day)), given=world)


def pause(cause: PauseCause = PauseCause.FORCE_MAJEURE, awaits: Post | None = None) -> PauseClock:
    return PauseClock(cause=cause, reason="bão số 3", awaits=awaits)


def snooze(days: int) -> SnoozeEscalation:
    return SnoozeEscalation(working_days=days, reason="họp dân ngày 5/3")


def stall(world: World) -> Stall:
    state = world[CLEARANCE]
    assert isinstance(state, Clearing)
    return state.stall


def rings(world: World) -> date | None:
    found = alarm(world[CLEARANCE], POLICY)
    return found.at.date() if found else None


def letters(world: World, day: str) -> tuple[World, list[EscalationRaised]]:
    clock = Act(by=SYSTEM, at=at(day, "00:00"))
    world, facts = ask(world, (CLEARANCE, Escalate(), clock))
    return world, [event for _, event in facts if isinstance(event, EscalationRaised)]


def test_the_clock_stands_still_until_somebody_says_that_it_runs_again() -> None:
    paused = given(BEGUN, pause(), BOARD, "2024-02-26")
    assert rings(paused) is None
    assert letters(paused, "2024-06-01")[1] == []

    resumed = given(paused, ResumeClock(reason="nước rút"), BOARD, "2024-03-05")

    # Ten working days were counted up to 23 February; five more follow on 5 March.
    assert rings(resumed) == end_of(date(2024, 3, 12)).date()
    _, (letter,) = letters(resumed, "2024-03-13")
    assert [(run.first, run.last) for run in letter.skipped if run.kind is Kind.PAUSED] == [
        (date(2024, 2, 26), date(2024, 3, 5))
    ]


def test_while_it_stands_still_every_wait_says_so_and_somebody_holds_it() -> None:
    found = {
        wait.key: wait
        for wait in waits(given(BEGUN, pause(), BOARD, "2024-02-26")[CLEARANCE], POLICY)
    }

    assert (found["pause"].task, found["pause"].post) == (Task.RESUME_CLOCK, BOARD)
    assert {wait.if_ignored for wait in found.values()} == {IfIgnored.CLOCK_PAUSED}
    assert all(wait.due is None for wait in found.values())


def test_the_awaited_body_has_its_own_clock_and_the_pause_ends_with_it() -> None:
    asked = pause(PauseCause.AWAITING_REPLY, awaits=POWER_COMPANY)

    world = given(BEGUN, asked, BOARD, "2024-02-26")

    reply = next(wait for wait in waits(world[CLEARANCE], POLICY) if wait.key == "pause")
    assert (reply.task, reply.post) == (Task.REPLY, POWER_COMPANY)
    assert reply.due == end_of(date(2024, 3, 11))
    # Ten working days for the reply, then the five that were missing.
    assert rings(world) == end_of(date(2024, 3, 18)).date()


def test_days_put_off_are_counted_within_the_limit_of_the_law() -> None:
    put_off = given(BEGUN, snooze(3), CHAIR, "2024-02-28")
    assert rings(put_off) == end_of(date(2024, 3, 6)).date()

    # Two of the five are left, once the first three are over.
    with refused("input"):
        given(put_off, snooze(3), CHAIR, "2024-03-05")
    assert rings(given(put_off, snooze(2), CHAIR, "2024-03-05")) == end_of(date(2024, 3, 8)).date()


def test_a_graver_reason_is_not_put_off() -> None:
    plan = PlanClearance(targets=(Target(by=date(2024, 2, 29), percent=50),))
    world = told((CLEARANCE, plan, act(BOARD, "2024-02-05")), given=BEGUN)
    put_off = given(world, snooze(5), CHAIR, "2024-02-29")
    assert stall(put_off).snoozes[0].covers is Trigger.NO_PROGRESS

    # Five working days after February the plan was missed, in the middle of the snooze.
    _, (letter,) = letters(put_off, "2024-03-08")

    assert [why.trigger for why in letter.reasons] == [Trigger.BELOW_PLAN]


def test_what_was_put_off_is_shown_as_such() -> None:
    put_off = given(BEGUN, snooze(3), CHAIR, "2024-02-28")

    _, (letter,) = letters(put_off, "2024-03-07")

    assert [(run.first, run.last) for run in letter.skipped if run.kind is Kind.SNOOZED] == [
        (date(2024, 2, 29), date(2024, 3, 4))
    ]
    assert letter.working_days == 15


@pytest.mark.parametrize(
    ("command", "by", "rule"),
    [
        (snooze(6), CHAIR, "input"),
        (snooze(0), CHAIR, "input"),
        (replace(snooze(1), reason=" "), CHAIR, "input"),
        (snooze(1), BOARD, "authority"),
        (replace(pause(), reason=" "), BOARD, "input"),
        (pause(PauseCause.AWAITING_REPLY), BOARD, "input"),
        (pause(PauseCause.COERCION_BLACKOUT, awaits=POWER_COMPANY), BOARD, "input"),
        (pause(), POWER_COMPANY, "authority"),
        (ResumeClock(reason="nước rút"), BOARD, "out_of_turn"),
    ],
    ids=[
        "beyond the limit",
        "for no day",
        "without a reason",
        "by whom it concerns",
        "a pause without a reason",
        "a reply from nobody",
        "a blackout that awaits somebody",
        "a pause by anybody",
        "going on while it runs",
    ],
)
def test_the_clock_runs_on(command: Command, by: Post, rule: Rule) -> None:
    with refused(rule):
        given(BEGUN, command, by, "2024-02-28")


def test_a_pause_needs_its_paper() -> None:
    with refused("input"):
        told((CLEARANCE, pause(), replace(act(BOARD, "2024-02-28"), document=None)), given=BEGUN)


def test_no_pause_in_a_pause_and_no_snooze_either() -> None:
    paused = given(BEGUN, pause(), BOARD, "2024-02-26")

    for command, by in ((pause(), BOARD), (snooze(1), CHAIR)):
        with refused("out_of_turn"):
            given(paused, command, by, "2024-02-27")
    with refused("input"):
        given(paused, ResumeClock(reason="x"), BOARD, "2024-02-23")


def test_nothing_is_put_off_twice_at_a_time_nor_where_nothing_comes() -> None:
    with refused("out_of_turn"):
        given(given(BEGUN, snooze(3), CHAIR, "2024-02-28"), snooze(1), CHAIR, "2024-02-29")
    top, _ = letters(BEGUN, "2024-06-04")
    with refused("nothing_to_do"):
        given(top, snooze(1), CHAIR, "2024-06-05")
