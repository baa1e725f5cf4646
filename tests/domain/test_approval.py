"""A dossier's way through its chain, round by round."""

from functools import reduce

import pytest

from domain.approval import (
    Approved,
    ApproveStep,
    Command,
    DossierApproved,
    DossierRejected,
    DossierReturned,
    Dossiers,
    DossierSubmitted,
    Event,
    RejectDossier,
    Rejected,
    ReturnDossier,
    Returned,
    StepApproved,
    StepOpened,
    StepOverdue,
    SubmitDossier,
    UnderReview,
)
from domain.calendar import end_of
from domain.deadlines import Due
from domain.grounds import Ground
from domain.panel import Lane, Panel
from domain.policy import Subject
from domain.refusal import Rule
from domain.review import decide, overdue
from domain.rounds import evolve
from domain.values import SYSTEM, Act, DossierKind, Post, Vnd
from tests.domain.story import (
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    COUNCIL,
    FINANCE,
    INFRASTRUCTURE,
    INVESTOR,
    PLANNING,
    POLICY,
    act,
    at,
    refused,
)

PROJECT = DossierKind.PROJECT
AMOUNT = Vnd(115_000_000_000)
SUBMIT = SubmitDossier(dossier=PROJECT, amount=AMOUNT)
APPRAISE = ApproveStep(dossier=PROJECT, step="appraise")
APPROVE = ApproveStep(dossier=PROJECT, step="approve")
RETURN = ReturnDossier(dossier=PROJECT, step="appraise", reason="no drainage plan")
REJECT = RejectDossier(dossier=PROJECT, step="approve", reason="no capital")

SUBMITTED = (SUBMIT, act(INVESTOR, "2024-01-10"))
APPRAISED = (APPRAISE, act(INFRASTRUCTURE, "2024-02-16"))
APPROVED = (APPROVE, act(CHAIR, "2024-02-20"))
SENT_BACK = (RETURN, act(INFRASTRUCTURE, "2024-01-20"))
AGAIN = (SUBMIT, act(INVESTOR, "2024-02-01"))


def when(command: Command, by: Act, given: Dossiers) -> tuple[Event, ...]:
    ground = Ground(act=by, subject=Subject(units=CHARTER.units), policy=POLICY)
    return decide(given, command, ground)


def after(*asked: tuple[Command, Act]) -> Dossiers:
    dossiers: Dossiers = {}
    for command, by in asked:
        for event in when(command, by, dossiers):
            dossiers = evolve(dossiers, event, by)
    return dossiers


def test_a_submitted_dossier_opens_the_first_step_of_its_chain() -> None:
    events = when(*SUBMITTED, given={})

    assert events == (
        DossierSubmitted(dossier=PROJECT, round=1, amount=AMOUNT),
        StepOpened(
            dossier=PROJECT,
            round=1,
            step="appraise",
            post=INFRASTRUCTURE,
            due=POLICY.due("project.appraise", at("2024-01-10")),
            panel=Panel(
                lanes=(Lane(key="infrastructure@district", post=INFRASTRUCTURE),),
                opinion="opinion.give",
            ),
        ),
    )


def test_thirty_days_that_end_in_tet_run_to_the_day_after_it() -> None:
    held = after(SUBMITTED)[PROJECT]

    assert isinstance(held, UnderReview)
    assert held.due.at == end_of(at("2024-02-15").date())


def test_an_approved_step_opens_the_next() -> None:
    events = when(*APPRAISED, given=after(SUBMITTED))

    assert events == (
        StepApproved(dossier=PROJECT, round=1, step="appraise"),
        StepOpened(
            dossier=PROJECT,
            round=1,
            step="approve",
            post=CHAIR,
            due=POLICY.due("project.approve", at("2024-02-16")),
            panel=Panel(
                lanes=(Lane(key="chair@district", post=CHAIR),),
                returns_to=("appraise",),
                opinion="opinion.give",
            ),
        ),
    )


def test_the_last_step_approves_the_dossier_with_its_amount() -> None:
    events = when(*APPROVED, given=after(SUBMITTED, APPRAISED))

    assert events == (
        StepApproved(dossier=PROJECT, round=1, step="approve"),
        DossierApproved(dossier=PROJECT, round=1, amount=AMOUNT),
    )


def test_an_approved_dossier_remembers_its_amount_and_day() -> None:
    dossiers = after(SUBMITTED, APPRAISED, APPROVED)

    assert dossiers[PROJECT] == Approved(
        round=1, amount=AMOUNT, at=at("2024-02-20"), submitted_at=at("2024-01-10")
    )


def test_a_returned_dossier_goes_back_to_its_submitter() -> None:
    assert when(*SENT_BACK, given=after(SUBMITTED)) == (
        DossierReturned(dossier=PROJECT, round=1, step="appraise", reason="no drainage plan"),
    )
    back = after(SUBMITTED, SENT_BACK)[PROJECT]
    assert isinstance(back, Returned)
    assert (back.round, back.since, back.reason) == (1, at("2024-01-20"), "no drainage plan")
    assert back.submitted_by == SUBMITTED[1].hand


def test_a_dossier_that_comes_back_begins_a_new_round_at_the_first_step() -> None:
    held = after(SUBMITTED, SENT_BACK, AGAIN)[PROJECT]

    assert isinstance(held, UnderReview)
    assert (held.round, held.step, held.approved_by) == (2, "appraise", ())


def test_who_approved_in_the_first_round_may_approve_in_the_second() -> None:
    too_dear = ReturnDossier(dossier=PROJECT, step="approve", reason="too dear")
    returned = (too_dear, act(CHAIR, "2024-02-18"))
    again = (SUBMIT, act(INVESTOR, "2024-02-20"))
    appraised = (APPRAISE, act(INFRASTRUCTURE, "2024-02-22"))
    approved = (APPROVE, act(CHAIR, "2024-02-23"))

    dossiers = after(SUBMITTED, APPRAISED, returned, again, appraised, approved)

    assert dossiers[PROJECT] == Approved(
        round=2, amount=AMOUNT, at=at("2024-02-23"), submitted_at=at("2024-02-20")
    )


def test_a_rejected_dossier_is_over() -> None:
    by = act(CHAIR, "2024-02-20")

    assert when(REJECT, by, given=after(SUBMITTED, APPRAISED)) == (
        DossierRejected(dossier=PROJECT, round=1, step="approve", reason="no capital"),
    )
    over = after(SUBMITTED, APPRAISED, (REJECT, by))
    assert over[PROJECT] == Rejected(at=at("2024-02-20"), reason="no capital")
    with refused("out_of_turn"):
        when(*AGAIN, given=over)


def test_a_change_of_law_moves_the_step_that_opens_after_it() -> None:
    policy = DossierKind.INVESTMENT_POLICY
    submitted = (SubmitDossier(dossier=policy, amount=AMOUNT), act(INVESTOR, "2024-12-20"))
    appraise = ApproveStep(dossier=policy, step="appraise")

    def decider(day: str) -> Post:
        opened = when(appraise, act(PLANNING, day), given=after(submitted))[-1]
        assert isinstance(opened, StepOpened)
        return opened.post

    assert decider("2024-12-31") == COUNCIL
    assert decider("2025-01-02") == CITY_CHAIR


@pytest.mark.parametrize(
    ("given", "command", "by", "rule"),
    [
        ((), APPRAISE, INFRASTRUCTURE, "out_of_turn"),
        ((SUBMITTED,), SUBMIT, INVESTOR, "out_of_turn"),
        ((SUBMITTED,), APPROVE, CHAIR, "out_of_turn"),
        ((SUBMITTED, APPRAISED), APPRAISE, INFRASTRUCTURE, "out_of_turn"),
        ((SUBMITTED, APPRAISED, APPROVED), SUBMIT, INVESTOR, "out_of_turn"),
        ((SUBMITTED, SENT_BACK), APPRAISE, INFRASTRUCTURE, "out_of_turn"),
        ((SUBMITTED,), APPRAISE, FINANCE, "authority"),
        ((SUBMITTED,), APPRAISE, CHAIR, "authority"),
        ((SUBMITTED,), APPRAISE, INVESTOR, "separation_of_duties"),
        ((SUBMITTED, APPRAISED), APPROVE, INFRASTRUCTURE, "separation_of_duties"),
        (
            (SUBMITTED,),
            ReturnDossier(dossier=PROJECT, step="appraise", reason=" "),
            INFRASTRUCTURE,
            "input",
        ),
        (
            (SUBMITTED,),
            RejectDossier(dossier=PROJECT, step="appraise", reason=""),
            INFRASTRUCTURE,
            "input",
        ),
    ],
    ids=[
        "decided before it is submitted",
        "submitted twice",
        "approved before it is appraised",
        "appraised twice",
        "submitted again after its approval",
        "appraised while its submitter revises it",
        "appraised by an office that does not hold it",
        "appraised by the one who holds the next step",
        "appraised by its submitter",
        "approved by its appraiser",
        "returned without a reason",
        "rejected without a reason",
    ],
)
def test_a_dossier_may_not_be(
    given: tuple[tuple[Command, Act], ...], command: Command, by: Post, rule: Rule
) -> None:
    dossiers = after(*given)

    with refused(rule):
        when(command, act(by, "2024-02-21"), given=dossiers)


def test_a_step_past_its_deadline_is_noticed_once() -> None:
    dossiers = after(SUBMITTED)
    late = Act(by=SYSTEM, at=at("2024-02-16", "00:00"))

    (notice,) = overdue(dossiers, late.at)

    assert notice == StepOverdue(
        dossier=PROJECT,
        round=1,
        step="appraise",
        post=INFRASTRUCTURE,
        due=Due(
            at=at("2024-02-16", "00:00"),
            rule="project.appraise",
            calendar=POLICY.calendar.version,
        ),
        waited_for=(INFRASTRUCTURE,),
    )
    assert overdue(evolve(dossiers, notice, late), at("2024-03-01")) == ()


def test_no_notice_comes_before_the_last_day_has_ended() -> None:
    assert overdue(after(SUBMITTED), at("2024-02-15", "23:59")) == ()


def test_an_overdue_step_is_neither_approved_nor_closed() -> None:
    dossiers = after(SUBMITTED)
    (notice,) = overdue(dossiers, at("2024-03-01"))

    late = evolve(dossiers, notice, Act(by=SYSTEM, at=at("2024-03-01")))

    assert isinstance(late[PROJECT], UnderReview)
    assert when(APPRAISE, act(INFRASTRUCTURE, "2024-03-02"), given=late)


def test_the_step_after_an_overdue_one_gets_a_notice_of_its_own() -> None:
    dossiers = after(SUBMITTED)
    (notice,) = overdue(dossiers, at("2024-03-01"))
    late = evolve(dossiers, notice, Act(by=SYSTEM, at=at("2024-03-01")))
    by = act(INFRASTRUCTURE, "2024-03-04")
    moved = reduce(lambda state, event: evolve(state, event, by), when(APPRAISE, by, late), late)

    (second,) = overdue(moved, at("2024-04-01"))

    assert (second.step, second.post) == ("approve", CHAIR)
