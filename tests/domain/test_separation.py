"""Proposer, approver and payer are different posts, and different people at whatever desk."""

from dataclasses import replace
from itertools import combinations

import pytest

from domain import payment
from domain.approval import ApproveStep, RejectDossier, ReturnDossier, SubmitDossier
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.refusal import Refused
from domain.restore import STREAM as RECORD
from domain.restore import AcceptRestore, LostVersions, ReportRestore
from domain.separation import check_apart, persons
from domain.streams import Command, payment_stream
from domain.values import (
    SYSTEM,
    Act,
    DelegationId,
    DossierKind,
    Hand,
    OfficialId,
    PaymentKind,
    Post,
    ProjectId,
    Vnd,
)
from tests.domain.asking import REPORT, concern, directed, hindered, raised
from tests.domain.story import (
    COUNCIL,
    FINANCE,
    INVESTOR,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_SUPPORT_PLAN,
    TREASURY,
    World,
    act,
    ask,
    refused,
    request,
    told,
)
from tests.domain.story import payment as named

AN, BINH, CHI = OfficialId("CB-1"), OfficialId("CB-2"), OfficialId("CB-3")
POLICY = DossierKind.INVESTMENT_POLICY
OURS = payment_stream(named(1))

ONE = ProjectId("AD01-GT")
ASKED_ABOUT: World = told(*hindered(ONE))
ADVANCE = request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07")
BEFORE: World = told(*TO_SUPPORT_PLAN)

PEOPLE: tuple[tuple[OfficialId | None, OfficialId | None], ...] = (
    (None, None),
    (AN, None),
    (BINH, None),
    (AN, BINH),
    (BINH, AN),
    (CHI, AN),
    (CHI, BINH),
)
"""Who acts, and for whom: nobody known, two persons, and everybody who stands in for them."""


def hand(post: Post, official: OfficialId | None, behalf: OfficialId | None) -> Hand:
    return Hand(role=post.role, unit=post.unit, official=official, on_behalf_of=behalf)


def by(post: Post, day: str, who: tuple[OfficialId | None, OfficialId | None]) -> Act:
    official, behalf = who
    return replace(
        act(post, day),
        official=official,
        on_behalf_of=behalf,
        delegation=DelegationId("UQ") if behalf else None,
    )


def one_of_them(*hands: tuple[OfficialId | None, OfficialId | None]) -> bool:
    """Whether somebody stands on both sides, said without the code under test."""
    return any(
        one is not None and one in other for mine, other in combinations(hands, 2) for one in mine
    )


@pytest.mark.parametrize("second", PEOPLE)
@pytest.mark.parametrize("first", PEOPLE)
def test_two_hands_are_apart_in_post_and_in_person(
    first: tuple[OfficialId | None, OfficialId | None],
    second: tuple[OfficialId | None, OfficialId | None],
) -> None:
    with refused("separation_of_duties"):
        check_apart(hand(FINANCE, *second), "this", hand(FINANCE, *first))
    if one_of_them(first, second):
        with refused("separation_of_duties"):
            check_apart(hand(TREASURY, *second), "this", None, hand(FINANCE, *first))
    else:
        check_apart(hand(TREASURY, *second), "this", None, hand(FINANCE, *first))


def test_who_acted_and_for_whom_are_both_barred() -> None:
    hands = (hand(FINANCE, AN, BINH), None, hand(INVESTOR, None, None), hand(COUNCIL, BINH, None))

    assert persons(*hands) == (AN, BINH)


@pytest.mark.parametrize("payer", PEOPLE)
@pytest.mark.parametrize("checker", PEOPLE)
@pytest.mark.parametrize("proposer", PEOPLE)
def test_proposer_checker_and_payer_of_money_are_three(
    proposer: tuple[OfficialId | None, OfficialId | None],
    checker: tuple[OfficialId | None, OfficialId | None],
    payer: tuple[OfficialId | None, OfficialId | None],
) -> None:
    requested = (*ADVANCE[:2], by(INVESTOR, "2024-03-07", proposer))
    steps: tuple[tuple[Command, Act], ...] = (
        (CheckPayment(), by(FINANCE, "2024-03-08", checker)),
        (ConfirmPaid(), by(TREASURY, "2024-03-11", payer)),
    )

    world, _ = ask(BEFORE, requested)
    refusals = 0
    for command, one in steps:
        for word in (command, RefusePayment(reason="no")):
            with_word = (OURS, word, one)
            before = (proposer,) if one.by == FINANCE else (proposer, checker)
            if any(one_of_them(who, (one.official, one.on_behalf_of)) for who in before):
                refusals += 1
                with refused("separation_of_duties"):
                    ask(world, with_word)
            else:
                ask(world, with_word)
        try:
            world, _ = ask(world, (OURS, command, one))
        except Refused:
            break
    else:
        state = world[OURS]
        assert isinstance(state, payment.Submitted)
        assert (state.status, refusals) == ("paid", 0)


@pytest.mark.parametrize("second", PEOPLE)
@pytest.mark.parametrize("first", PEOPLE)
@pytest.mark.parametrize("submitter", PEOPLE[:4])
def test_submitter_and_every_approver_of_a_dossier_are_different_people(
    submitter: tuple[OfficialId | None, OfficialId | None],
    first: tuple[OfficialId | None, OfficialId | None],
    second: tuple[OfficialId | None, OfficialId | None],
) -> None:
    world, _ = ask({}, REGISTER)
    submit = SubmitDossier(dossier=POLICY, amount=Vnd(1_000))
    world, _ = ask(world, (PROJECT, submit, by(INVESTOR, "2024-01-03", submitter)))
    appraise = by(PLANNING, "2024-01-08", first)

    if one_of_them(submitter, first):
        for word in _words("appraise"):
            with refused("separation_of_duties"):
                ask(world, (PROJECT, word, appraise))
        return
    world, _ = ask(world, (PROJECT, ApproveStep(dossier=POLICY, step="appraise"), appraise))
    decide = by(COUNCIL, "2024-01-10", second)
    for word in _words("decide"):
        if one_of_them(submitter, second) or one_of_them(first, second):
            with refused("separation_of_duties"):
                ask(world, (PROJECT, word, decide))
        else:
            ask(world, (PROJECT, word, decide))


def _words(step: str) -> tuple[Command, ...]:
    return (
        ApproveStep(dossier=POLICY, step=step),
        ReturnDossier(dossier=POLICY, step=step, reason="no"),
        RejectDossier(dossier=POLICY, step=step, reason="no"),
    )


@pytest.mark.parametrize("second", PEOPLE)
@pytest.mark.parametrize("first", PEOPLE)
def test_a_loss_is_accepted_by_two_people(
    first: tuple[OfficialId | None, OfficialId | None],
    second: tuple[OfficialId | None, OfficialId | None],
) -> None:
    lost = LostVersions(stream=PROJECT, seen=3, held=1)
    report = ReportRestore(timeline=1, left=7, evidence=lost)
    accept = AcceptRestore(timeline=1, left=7)
    world, _ = ask({}, (RECORD, report, act(SYSTEM, "2024-03-08")))
    world, _ = ask(world, (RECORD, accept, by(TREASURY, "2024-03-09", first)))

    if one_of_them(first, second):
        with refused("separation_of_duties"):
            ask(world, (RECORD, accept, by(COUNCIL, "2024-03-09", second)))
    else:
        ask(world, (RECORD, accept, by(COUNCIL, "2024-03-09", second)))


@pytest.mark.parametrize("decider", PEOPLE)
@pytest.mark.parametrize("reporter", PEOPLE)
@pytest.mark.parametrize("asker", PEOPLE[:4])
def test_whoever_asked_or_reported_a_question_does_not_answer_it(
    asker: tuple[OfficialId | None, OfficialId | None],
    reporter: tuple[OfficialId | None, OfficialId | None],
    decider: tuple[OfficialId | None, OfficialId | None],
) -> None:
    world: World = ASKED_ABOUT
    for (stream, command, given), who in (
        (raised([concern(ONE)]), asker),
        (REPORT, reporter),
        (directed(), decider),
    ):
        person = replace(given, official=who[0], on_behalf_of=who[1])
        answers = command == directed()[1]
        if answers and (one_of_them(asker, decider) or one_of_them(reporter, decider)):
            with refused("separation_of_duties"):
                ask(world, (stream, command, person))
        else:
            world, _ = ask(world, (stream, command, person))
