"""Recovery by the State, step by step: what each step waits for, and what it may not do."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cases import Case, CaseStatus, Route, Step, SwitchCause
from domain.clearance import Clearing
from domain.coercion import CarryOutCoercion, DecideCoercion
from domain.deadlines import StepDeadline
from domain.households import (
    ApproveSupportPlan,
    DepositSupport,
    PostPlan,
    RecordDonations,
    RecordSupportPaid,
    SwitchRoute,
    TakeOverLand,
    deadlines,
)
from domain.inbox import waits
from domain.recovery import (
    BeginPersuasion,
    CompelInventory,
    DecideRecovery,
    HoldDialogue,
    HoldMeeting,
    IssueRecoveryNotice,
    RecordEarlyConsent,
)
from domain.refusal import Rule
from domain.values import CaseCode, Vnd
from domain.waits import Task
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    OFFICER,
    POLICY,
    Asked,
    World,
    ask,
    at,
    codes,
    refused,
    told,
)
from tests.domain.taking import (
    ALL,
    COERCED,
    COUNTED,
    DECIDED,
    LISTED,
    NOTIFIED,
    PLANNED,
    SWITCHED,
    step,
)

POSTED = PLANNED[:-2]
ONE = codes("R1")


def clearing(world: World) -> Clearing:
    state = world[CLEARANCE]
    assert isinstance(state, Clearing)
    return state


def case(world: World, code: str) -> Case:
    return clearing(world).cases[CaseCode(code)]


def test_a_recovery_goes_from_meeting_to_coercion() -> None:
    world = told(*COERCED)

    assert {case.status for case in clearing(world).cases.values()} == {CaseStatus.HANDED_OVER}
    assert Step.COERCION in case(world, "R1").done
    assert Step.COERCION not in case(world, "R2").done


@pytest.mark.parametrize(
    ("given", "asked", "rule"),
    [
        (LISTED, step(HoldMeeting(cases=ALL), OFFICER, "2024-08-06"), "out_of_turn"),
        (SWITCHED, step(IssueRecoveryNotice(cases=ALL), CHAIR, "2024-08-12"), "out_of_turn"),
        (NOTIFIED, step(IssueRecoveryNotice(cases=ALL), CHAIR, "2024-08-20"), "nothing_to_do"),
        (NOTIFIED, step(CompelInventory(cases=ALL), CHAIR, "2024-08-20"), "out_of_turn"),
        (COUNTED[:-2], step(CompelInventory(cases=ONE), CHAIR, "2024-09-16"), "too_early"),
        (COUNTED[:-2], step(CompelInventory(cases=ONE), CHAIR, "2024-09-04"), "too_early"),
        (COUNTED, step(PostPlan(cases=ALL), BOARD, "2024-09-17"), "out_of_turn"),
        (POSTED, step(HoldDialogue(cases=ALL), BOARD, "2024-10-21"), "too_early"),
        (
            POSTED,
            step(ApproveSupportPlan(cases=ALL, amount=Vnd(300)), CHAIR, "2024-10-28"),
            "out_of_turn",
        ),
        (PLANNED, step(DecideRecovery(cases=ALL), CHAIR, "2024-11-04"), "too_early"),
        (PLANNED, step(DecideRecovery(cases=ALL), CHAIR, "2025-08-13"), "out_of_turn"),
        (
            DECIDED[:-2],
            step(TakeOverLand(cases=codes("R2")), BOARD, "2025-02-11"),
            "out_of_turn",
        ),
        (DECIDED, step(DecideCoercion(cases=ONE), CHAIR, "2025-02-25"), "out_of_turn"),
        (COERCED[:-3], step(DecideCoercion(cases=ONE), CHAIR, "2025-02-24"), "too_early"),
        (COERCED[:-3], step(CarryOutCoercion(cases=ONE), BOARD, "2025-03-31"), "out_of_turn"),
        (COERCED[:-1], step(CarryOutCoercion(cases=ONE), BOARD, "2025-03-28"), "too_early"),
        (LISTED, step(CarryOutCoercion(cases=ONE), BOARD, "2025-03-31"), "out_of_turn"),
        (SWITCHED, step(RecordDonations(cases=ALL), OFFICER, "2024-08-06"), "out_of_turn"),
    ],
    ids=[
        "meeting on the donation route",
        "notice without a meeting",
        "notice while one is in force",
        "compulsory inventory without persuasion",
        "compulsory inventory in the time to comply",
        "compulsory inventory during persuasion",
        "posting dated before the inventory",
        "dialogue while the plan hangs",
        "plan without dialogue",
        "recovery before the notice has run",
        "recovery after the notice lapsed",
        "hand-over before the decision",
        "coercion without persuasion",
        "coercion during persuasion",
        "coercion nobody decided",
        "coercion of who complied and has time",
        "coercion on the donation route",
        "donation on the recovery route",
    ],
)
def test_there_is_no(given: tuple[Asked, ...], asked: Asked, rule: Rule) -> None:
    world = told(*given)

    with refused(rule):
        told(asked, given=world)


def test_every_step_of_recovery_needs_its_paper() -> None:
    stream, command, by = NOTIFIED[-1]

    with refused("input"):
        told((stream, command, replace(by, document=None)), given=told(*NOTIFIED[:-1]))


def test_recovery_need_not_wait_when_everybody_agrees() -> None:
    agreed = told(
        *PLANNED,
        step(RecordEarlyConsent(cases=codes("R1", "R2")), OFFICER, "2024-10-29"),
    )

    after = told(step(DecideRecovery(cases=ALL), CHAIR, "2024-10-30"), given=agreed)

    assert Step.RECOVERY_DECISION in case(after, "R1").done


def test_farm_land_waits_half_as_long_as_other_land() -> None:
    world = told(*PLANNED)

    told(step(DecideRecovery(cases=codes("R3")), CHAIR, "2024-11-12"), given=world)
    with refused("too_early"):
        told(step(DecideRecovery(cases=codes("R2")), CHAIR, "2024-11-12"), given=world)


def test_a_notice_that_lapsed_is_issued_again_and_keeps_the_inventory() -> None:
    again = told(*COUNTED, step(IssueRecoveryNotice(cases=ALL), CHAIR, "2025-08-14"))

    assert case(again, "R1").status is CaseStatus.INVENTORIED


@pytest.mark.parametrize(
    ("day", "clock", "why"),
    [
        ("2025-04-01", "22:00", "22:00"),
        ("2025-04-01", "05:59", "06:00"),
        ("2025-04-05", "09:00", "day off"),
        ("2025-04-30", "09:00", "day off"),
        ("2026-02-02", "09:00", "Tết"),
        ("2026-03-06", "09:00", "Tết"),
    ],
)
def test_nobody_is_coerced_at_night_on_a_day_off_or_around_tet(
    day: str, clock: str, why: str
) -> None:
    stream, command, by = COERCED[-1]

    with refused("coercion_blackout") as no:
        ask(told(*COERCED[:-1]), (stream, command, replace(by, at=at(day, clock))))
    assert why in no.value.because


@pytest.mark.parametrize(("day", "clock"), [("2025-04-01", "06:00"), ("2026-03-09", "21:59")])
def test_on_other_days_the_decision_is_carried_out(day: str, clock: str) -> None:
    stream, command, by = COERCED[-1]

    world, _ = ask(told(*COERCED[:-1]), (stream, command, replace(by, at=at(day, clock))))

    assert case(world, "R1").status is CaseStatus.HANDED_OVER


def test_a_year_whose_tet_is_not_known_is_no_year_to_coerce_in() -> None:
    blind = replace(POLICY, tets=())

    with refused("no_authority_rule"):
        blind.why_quiet(at("2025-04-01"))
    with refused("no_authority_rule"):
        replace(POLICY, quiets=()).why_quiet(at("2025-04-01"))


def test_disputed_land_is_paid_into_a_bank_and_then_to_the_household() -> None:
    disputed = told(*DECIDED[:-7])
    assert case(disputed, "R1").origin_disputed

    with refused("out_of_turn"):
        told(step(RecordSupportPaid(cases=ONE), BOARD, "2024-11-04"), given=disputed)
    settled = told(*DECIDED)
    paid = told(step(RecordSupportPaid(cases=ONE), BOARD, "2025-02-21"), given=settled)
    assert case(paid, "R1").status is CaseStatus.PAID


def test_money_in_the_bank_reaches_the_household_after_the_hand_over_too() -> None:
    gone = told(*COERCED)

    paid = told(step(RecordSupportPaid(cases=ONE), BOARD, "2025-04-07"), given=gone)

    assert case(paid, "R1").status is CaseStatus.HANDED_OVER
    with refused("out_of_turn"):
        told(step(RecordSupportPaid(cases=ONE), BOARD, "2025-04-08"), given=paid)


# The law in force


def test_a_plan_hangs_as_long_as_the_law_of_its_day_wants() -> None:
    old, new = at("2024-07-31"), at("2024-08-01")

    assert POLICY.due("recovery.posting", old).at.date() == date(2024, 8, 21)
    assert POLICY.due("recovery.posting", new).at.date() == date(2024, 9, 5)
    assert POLICY.term("recovery.notice-valid", old) is None


# Back to donation


def test_a_household_that_agrees_after_all_gives_its_land_with_its_inventory_kept() -> None:
    back = SwitchRoute(
        cases=codes("R2"), to=Route.DONATION, cause=SwitchCause.AGREED, reason="Đồng ý hiến"
    )

    given = told(
        *COUNTED,
        step(back, CHAIR, "2024-10-01"),
        step(RecordDonations(cases=codes("R2")), OFFICER, "2024-10-02"),
    )

    found = case(given, "R2")
    assert (found.route, found.status) == (Route.DONATION, CaseStatus.INVENTORIED)
    assert (found.structures, found.compensation) == (10, 0)


@pytest.mark.parametrize("cause", [c for c in SwitchCause if c is not SwitchCause.AGREED])
def test_only_agreement_leads_back_to_donation(cause: SwitchCause) -> None:
    back = SwitchRoute(cases=codes("R2"), to=Route.DONATION, cause=cause, reason="Nhầm")

    with refused("input"):
        told(step(back, CHAIR, "2024-10-01"), given=told(*COUNTED))


# Deadlines and waits


def limits(world: World) -> dict[str, StepDeadline]:
    return {limit.key: limit for limit in deadlines(clearing(world).cases, POLICY)}


@pytest.mark.parametrize(
    ("story", "key", "rule", "last_day", "kind"),
    [
        (NOTIFIED, "notice/2024-08-12", "recovery.notice-valid", date(2025, 8, 13), "expiry"),
        (POSTED, "dialogue/2024-10-21", "recovery.dialogue", date(2024, 12, 21), "step"),
        (PLANNED[:-1], "plan-approval/2024-10-22", "plan.approve", date(2024, 11, 22), "step"),
        (PLANNED, "payment/2024-10-28", "plan.pay", date(2024, 11, 28), "step"),
        (PLANNED, "recovery-decision/2024-10-28", "recovery.decide", date(2024, 11, 8), "step"),
        (COERCED[:-1], "hand-over/2025-02-26", "coercion.hand-over", date(2025, 3, 29), "step"),
    ],
)
def test_cases_of_one_day_share_a_deadline(
    story: tuple[Asked, ...], key: str, rule: str, last_day: date, kind: str
) -> None:
    found = limits(told(*story))[key]

    assert (found.rule, found.due.rule, found.kind) == (rule, rule, kind)
    assert found.due.at.date() == last_day  # 24:00 of the day before


def test_what_is_handed_over_has_no_deadline() -> None:
    assert limits(told(*COERCED)) == {}


@pytest.mark.parametrize(
    ("story", "key", "task", "count"),
    [
        (LISTED, "remainder", Task.SETTLE_REMAINDER, 1),
        (LISTED, "open", Task.AGREE_DONATION, 2),
        (SWITCHED, "meeting", Task.HOLD_MEETING, 3),
        (NOTIFIED[:-1], "notice", Task.ISSUE_RECOVERY_NOTICE, 3),
        (NOTIFIED, "notified", Task.TAKE_INVENTORY, 3),
        (COUNTED, "unposted", Task.POST_PLAN, 3),
        (POSTED, "dialogue", Task.HOLD_DIALOGUE, 3),
        (PLANNED[:-1], "posted", Task.APPROVE_SUPPORT_PLAN, 3),
        (PLANNED, "support-planned", Task.PAY_SUPPORT, 3),
        (PLANNED, "recovery-decision", Task.DECIDE_RECOVERY, 3),
        (DECIDED[:-7], "origin-disputed", Task.CONFIRM_ORIGIN, 1),
        (DECIDED, "paid", Task.TAKE_OVER_LAND, 1),
        (COERCED[:-1], "coercion", Task.CARRY_OUT_COERCION, 1),
        (COERCED, "site", Task.HAND_OVER_SITE, 1),
    ],
)
def test_every_step_waits_for_a_post(
    story: tuple[Asked, ...], key: str, task: Task, count: int
) -> None:
    found = {wait.key: wait for wait in waits(told(*story)[CLEARANCE], POLICY)}[key]

    assert (found.task, found.count) == (task, count)


def test_a_wait_ends_when_the_step_is_due() -> None:
    found = {wait.key: wait for wait in waits(told(*PLANNED)[CLEARANCE], POLICY)}

    assert found["support-planned"].since == at("2024-10-28")
    assert found["support-planned"].due == limits(told(*PLANNED))["payment/2024-10-28"].due.at


def test_a_deposit_needs_the_receipt_of_the_bank() -> None:
    stream, command, by = DECIDED[-7]
    assert isinstance(command, DepositSupport)

    with refused("input"):
        told((stream, command, replace(by, document=None)), given=told(*DECIDED[:-7]))


def test_persuasion_to_hand_over_comes_after_the_decision() -> None:
    urge = BeginPersuasion(cases=ONE, to="hand-over")

    with refused("out_of_turn"):
        told(step(urge, OFFICER, "2024-11-10"), given=told(*DECIDED[:-3]))
