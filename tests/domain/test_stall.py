"""What makes a section count as stalled besides silence, and how it all becomes one letter."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.calendar import end_of
from domain.clearance import Clearing, watch
from domain.deadlines import Due, StepDeadline
from domain.escalation import (
    AnswerEscalation,
    Escalate,
    EscalationRaised,
    Event,
    decide,
    evolve,
    moved,
)
from domain.law import Limit, Succession, Trigger
from domain.plan import ClearancePlanned, PlanClearance, Target
from domain.policy import Policy
from domain.stall import Pause, PauseCause, Stall, Watch, next_rung
from domain.utilities import DecideRelocationFunding, RegisterUtilities, UtilityEntry
from domain.values import SYSTEM, Act, Post, Role, UnitCode, UtilityId, Vnd
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    CLEARANCE,
    INVESTOR,
    POLICY,
    TO_CLEARANCE,
    UNITS,
    Asked,
    act,
    ask,
    at,
    refused,
    told,
)

MOVING = Stall(progress_at=at("2024-03-04"), escalations={})
QUIET = Watch(place="AD01-GT/T1", units=UNITS)


def step(rule: str, last: str, *, expiry: bool = False, key: str = "H1") -> StepDeadline:
    due = Due(at=end_of(date.fromisoformat(last)), rule=rule, calendar="")
    return StepDeadline(
        key=f"{key}/{rule}",
        rule=rule,
        since=due.at - timedelta(days=10),
        due=due,
        kind="expiry" if expiry else "step",
    )


def late(*steps: StepDeadline) -> Watch:
    return replace(QUIET, deadlines=steps)


def climb(
    stall: Stall, day: str, watched: Watch, policy: Policy = POLICY
) -> tuple[Stall, list[EscalationRaised]]:
    """The clock asks at the end of a day."""
    by = Act(by=SYSTEM, at=end_of(date.fromisoformat(day)))
    events: tuple[Event, ...] = decide(stall, Escalate(), by, watched, policy)
    for event in events:
        stall = evolve(stall, event, by)
    return stall, [event for event in events if isinstance(event, EscalationRaised)]


# Steps past their deadline


def test_a_step_past_its_deadline_raises_the_first_rung_the_working_day_after() -> None:
    watched = late(step("inventory", "2024-03-08"))

    assert climb(MOVING, "2024-03-10", watched)[1] == []
    _, (letter,) = climb(MOVING, "2024-03-11", watched)

    assert (letter.level, letter.working_days, letter.addressee) == (1, 1, BOARD)
    (why,) = letter.reasons
    assert (why.trigger, why.about) == (Trigger.STEP_OVERDUE, "inventory")
    assert "inventory" in letter.text_vi


def test_steps_of_one_rule_are_one_reason_with_their_number() -> None:
    watched = late(*(step("inventory", "2024-03-08", key=f"H{n}") for n in range(200)))

    _, (letter,) = climb(MOVING, "2024-03-11", watched)

    assert [why.count for why in letter.reasons] == [200]


def test_one_letter_names_every_reason_and_nobody_gets_a_second_one() -> None:
    stall, _ = climb(MOVING, "2024-03-24", QUIET)
    watched = late(step("inventory", "2024-03-22"))

    # Fifteen working days of silence end on the 25th, and so does the first after the deadline.
    stall, letters = climb(stall, "2024-03-25", watched)
    again, more = climb(stall, "2024-03-27", watched)

    assert [letter.addressee for letter in letters] == [BOARD]
    assert {why.trigger for why in letters[0].reasons} == {
        Trigger.NO_PROGRESS,
        Trigger.STEP_OVERDUE,
    }
    assert more == []
    assert again == stall


def test_progress_elsewhere_does_not_repeat_the_rung_for_the_same_step() -> None:
    watched = late(step("inventory", "2024-03-08"))
    stall, _ = climb(MOVING, "2024-03-11", watched)

    stall = moved(stall, act(BOARD, "2024-03-12"))
    assert climb(stall, "2024-03-15", watched)[1] == []

    # It goes on to the next rung when six working days have passed since the deadline.
    _, letters = climb(stall, "2024-03-18", watched)
    assert [letter.level for letter in letters] == [2]


def test_another_step_that_falls_due_after_progress_is_a_new_matter() -> None:
    first = step("inventory", "2024-03-08")
    stall, _ = climb(MOVING, "2024-03-11", late(first))
    stall = moved(stall, act(BOARD, "2024-03-12"))

    _, letters = climb(stall, "2024-03-14", late(first, step("inventory", "2024-03-13", key="H2")))

    assert [(letter.level, letter.number) for letter in letters] == [(1, 2)]


def test_poles_that_are_paid_for_and_not_moved_are_a_step_where_the_law_limits_it() -> None:
    line = UtilityEntry(utility=UtilityId("U1"), voltage="MV", poles=3, estimate=Vnd(90_000_000))
    registered: Asked = (
        CLEARANCE,
        RegisterUtilities(utilities=(line,)),
        act(INVESTOR, "2024-03-04"),
    )
    funded: Asked = (
        CLEARANCE,
        DecideRelocationFunding(utilities=(line.utility,), payer="programme"),
        act(CITY_CHAIR, "2024-03-04"),
    )
    limit = Limit(
        rule="utility.relocate",
        count=10,
        unit="working-days",
        source="test",
        verified=False,
        valid_from=date(2020, 1, 1),
    )
    state = told(*TO_CLEARANCE, registered, funded)[CLEARANCE]
    assert isinstance(state, Clearing)

    assert watch(state, POLICY).deadlines == ()
    (due,) = watch(state, replace(POLICY, limits=(*POLICY.limits, limit))).deadlines

    assert (due.key, due.due.at) == ("utility/U1", end_of(date(2024, 3, 18)))


# Notices that lapse


def test_a_notice_is_warned_of_ahead_of_its_expiry() -> None:
    watched = late(step("recovery-notice", "2024-12-31", expiry=True))
    moving = replace(MOVING, progress_at=at("2024-11-15"))

    # Thirty working days before it lapses.
    assert climb(moving, "2024-11-18", watched)[1] == []
    _, (letter,) = climb(moving, "2024-11-19", watched)

    assert (letter.level, letter.working_days) == (1, -30)
    assert letter.reasons[0].trigger is Trigger.NOTICE_EXPIRING


def test_no_pause_holds_up_what_lapses() -> None:
    pause = Pause(
        cause=PauseCause.FORCE_MAJEURE,
        first=date(2024, 11, 15),
        last=None,
        reason="flood",
        by=BOARD,
    )
    paused = replace(MOVING, progress_at=at("2024-11-15"), pauses=(pause,))
    watched = late(step("recovery-notice", "2024-12-31", expiry=True))

    assert next_rung(paused, QUIET, POLICY) is None
    found = next_rung(paused, watched, POLICY)

    assert found is not None
    assert found.at == end_of(date(2024, 11, 19))


# The month's plan


def planned(*targets: tuple[str, int]) -> PlanClearance:
    return PlanClearance(
        targets=tuple(Target(by=date.fromisoformat(by), percent=p) for by, p in targets)
    )


def test_a_month_that_falls_short_of_its_plan_is_a_reason() -> None:
    plan: Asked = (
        CLEARANCE,
        planned(("2024-02-29", 50), ("2024-03-31", 100)),
        act(BOARD, "2024-02-05"),
    )
    world = told(*TO_CLEARANCE, plan)
    clock = Act(by=SYSTEM, at=at("2024-03-08", "00:00"))

    _, facts = ask(world, (CLEARANCE, Escalate(), clock))
    letters = [event for _, event in facts if isinstance(event, EscalationRaised)]

    # Silence since 2 February reached its first rung on 1 March; the second reason is not doubled.
    assert [letter.level for letter in letters] == [1]
    _, facts = ask(world, (CLEARANCE, Escalate(), replace(clock, at=at("2024-03-09", "00:00"))))
    second = [event for _, event in facts if isinstance(event, EscalationRaised)][1]
    assert {(why.trigger, why.about) for why in second.reasons} == {
        (Trigger.NO_PROGRESS, ""),
        (Trigger.BELOW_PLAN, "2024-02"),
    }


@pytest.mark.parametrize(
    "targets",
    [
        (),
        (("2024-03-30", 10),),
        (("2024-03-31", 101),),
        (("2024-03-31", 50), ("2024-04-30", 40)),
        (("2024-03-31", 50), ("2024-03-31", 60)),
    ],
    ids=["no month", "not a month's end", "more than all", "falling", "twice"],
)
def test_such_a_plan_is_refused(targets: tuple[tuple[str, int], ...]) -> None:
    with refused("input"):
        told((CLEARANCE, planned(*targets), act(BOARD, "2024-03-01")), given=told(*TO_CLEARANCE))


def test_a_month_that_is_over_is_not_planned_anew() -> None:
    with refused("out_of_turn"):
        told(
            (CLEARANCE, planned(("2024-02-29", 10)), act(BOARD, "2024-03-01")),
            given=told(*TO_CLEARANCE),
        )


def test_a_plan_is_no_progress_and_a_later_one_replaces_its_months() -> None:
    before = told(*TO_CLEARANCE)
    first: Asked = (CLEARANCE, planned(("2024-03-31", 20)), act(BOARD, "2024-03-01"))
    second: Asked = (CLEARANCE, planned(("2024-03-31", 40)), act(INVESTOR, "2024-03-02"))

    world, facts = ask(told(first, given=before), second)

    assert facts[0][1] == ClearancePlanned(targets=(Target(by=date(2024, 3, 31), percent=40),))
    state, was = world[CLEARANCE], before[CLEARANCE]
    assert isinstance(state, Clearing)
    assert isinstance(was, Clearing)
    assert state.plan == (Target(by=date(2024, 3, 31), percent=40),)
    assert state.stall == was.stall


# The ladder as policy


def test_a_row_for_a_unit_goes_before_the_general_one() -> None:
    general = next(r for r in POLICY.ladder if r.level == 1 and r.trigger is Trigger.NO_PROGRESS)
    district = replace(general, unit=UNITS.district, after_working_days=10)
    commune = replace(general, unit=UNITS.commune, after_working_days=5)
    elsewhere = replace(general, unit=UnitCode("elsewhere"), after_working_days=1)
    policy = replace(POLICY, ladder=(commune, *POLICY.ladder, district, elsewhere))

    found = next_rung(replace(MOVING, progress_at=at("2024-02-07")), QUIET, policy)

    # Five working days from the eve of Tết.
    assert found is not None
    assert found.at == end_of(date(2024, 2, 21))
    assert next_rung(MOVING, QUIET, replace(POLICY, ladder=(*POLICY.ladder, elsewhere))) == (
        next_rung(MOVING, QUIET, POLICY)
    )


def test_a_report_to_the_city_names_who_has_not_answered_and_who_holds_things_up() -> None:
    stuck = replace(QUIET, held_by=(CHAIR, CHAIR))

    _, letters = climb(MOVING, "2024-04-16", stuck)

    report = letters[-1]
    assert (report.level, report.addressee) == (4, CITY_CHAIR)
    assert report.names == (BOARD, INVESTOR, CHAIR)
    assert str(INVESTOR) in report.text_en
    assert report.copies
    assert not letters[0].names


def test_the_top_proposes_to_move_the_capital_or_the_route() -> None:
    _, letters = climb(MOVING, "2024-06-03", QUIET)

    assert [bool(letter.proposes) for letter in letters] == [False] * 4 + [True]


# Units that are no more


def test_after_its_district_is_gone_the_heir_is_written_to() -> None:
    before, _ = climb(replace(MOVING, progress_at=at("2025-06-02")), "2025-06-24", QUIET)
    after, letters = climb(before, "2025-07-20", QUIET)

    assert before.escalations[1].addressee == BOARD
    assert letters[0].addressee == Post(role=Role.INVESTOR, unit=UNITS.city)
    assert after.escalations[1].addressee == BOARD, "what was sent stays as it was sent"


def test_succession_follows_roles_before_units_and_goes_on() -> None:
    row = Succession(
        unit=UnitCode("a"),
        to_unit=UnitCode("b"),
        source="test",
        verified=False,
        valid_from=date(2025, 7, 1),
    )
    chair = replace(row, role=Role.CHAIR, to_unit=UnitCode("c"), to_role=Role.AGRICULTURE)
    on = replace(row, unit=UnitCode("b"), to_unit=UnitCode("d"), valid_from=date(2026, 1, 1))
    policy = replace(POLICY, successions=(row, chair, on))

    def heir(role: Role, day: date) -> str:
        return str(policy.successor(Post(role=role, unit=UnitCode("a")), day))

    assert heir(Role.INVESTOR, date(2025, 6, 30)) == "investor@a"
    assert heir(Role.INVESTOR, date(2025, 7, 1)) == "investor@b"
    assert heir(Role.INVESTOR, date(2026, 1, 1)) == "investor@d"
    assert heir(Role.CHAIR, date(2026, 1, 1)) == "agriculture@c"


def test_the_heir_answers_what_was_sent_before_and_the_former_post_no_more() -> None:
    stalled, _ = climb(replace(MOVING, progress_at=at("2025-06-02")), "2025-06-24", QUIET)
    heir = Post(role=BOARD.role, unit=UNITS.city)
    answer = AnswerEscalation(number=1, answer="Next week")

    assert decide(stalled, answer, act(BOARD, "2025-06-30"), QUIET, POLICY)
    assert decide(stalled, answer, act(heir, "2025-07-01"), QUIET, POLICY)
    for by, day in ((heir, "2025-06-30"), (BOARD, "2025-07-01")):
        with refused("authority"):
            decide(stalled, answer, act(by, day), QUIET, POLICY)
    assert BOARD in POLICY.inherited(heir, date(2025, 7, 1))
    assert POLICY.inherited(heir, date(2025, 6, 30)) == (heir,)


# Whatever happens


@for_any(
    dues=st.lists(st.tuples(st.integers(-5, 60), st.booleans()), max_size=8),
    news=st.lists(st.integers(1, 25), max_size=5),
    looks=st.lists(st.integers(1, 20), min_size=1, max_size=12),
)
@settings(deadline=None, max_examples=60)
def test_no_rung_is_raised_twice_without_progress_and_levels_only_rise(
    dues: list[tuple[int, bool]], news: list[int], looks: list[int]
) -> None:
    start = date(2024, 3, 4)
    watched = late(
        *(
            step(f"r{n % 2}", (start + timedelta(days=d)).isoformat(), expiry=e, key=f"H{n}")
            for n, (d, e) in enumerate(dues)
        )
    )
    progress = {sum(news[: n + 1]) for n in range(len(news))}
    stall, day, since_progress = MOVING, 0, [0]
    for look in looks:
        for passing in range(day + 1, day + look + 1):
            if passing in progress:
                moment: datetime = at("2024-03-04") + timedelta(days=passing)
                stall, since_progress = moved(stall, Act(by=BOARD, at=moment)), [0]
        day += look
        stall, letters = climb(stall, (start + timedelta(days=day)).isoformat(), watched)
        since_progress += [letter.level for letter in letters]
        assert since_progress == sorted(set(since_progress))
        assert all(letter.reasons for letter in letters)
    assert climb(stall, (start + timedelta(days=day)).isoformat(), watched)[1] == []
