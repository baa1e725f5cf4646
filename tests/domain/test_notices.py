"""What an event owes to people."""

from dataclasses import replace

import pytest

from domain.escalation import Escalate
from domain.notices import FACTS, Template, notices
from domain.payment import RefusePayment
from domain.project import RemindOverdue
from domain.streams import DecisionRefused, Event, Fact, payment_stream
from domain.values import (
    SYSTEM,
    Act,
    DelegationId,
    OfficialId,
    PaymentKind,
    Post,
    StreamId,
)
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CLEARANCE,
    FINANCE,
    INFRASTRUCTURE,
    INVESTOR,
    PLANNING,
    PROJECT,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_SUPPORT_PLAN,
    Asked,
    act,
    ask,
    at,
    pay,
    payment,
    request,
    told,
)

PAYMENT = payment_stream(payment(1))
REQUEST = request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-01")
CHECK, CONFIRM = pay(1, "2024-03-04")
REFUSE: Asked = (PAYMENT, RefusePayment(reason="unsigned"), act(FINANCE, "2024-03-04"))


def owed(story: tuple[Asked, ...], asked: Asked) -> list[tuple[Template, Post, dict[str, str]]]:
    """The messages a decision owes on the stream it was asked of."""
    world, facts = ask(told(*story), asked)
    found = []
    for version, (stream, event) in enumerate(facts, 1):
        for notice in notices(fact(stream, event, asked[2], version), world[stream]):
            assert notice.key == f"{stream}#{version}"
            assert notice.stream == stream
            assert dict(notice.facts).keys() == set(FACTS[notice.template])
            found.append((notice.template, notice.to, dict(notice.facts)))
    return found


def fact(stream: StreamId, event: Event, by: Act, version: int = 1) -> Fact:
    return Fact(stream=stream, version=version, decision_id="d1", act=by, event=event)


def test_the_one_who_now_holds_a_step_is_told() -> None:
    assert owed(TO_APPROVAL[:5], TO_APPROVAL[5]) == [
        (
            Template.STEP_OPENED,
            INFRASTRUCTURE,
            {"dossier": "project", "step": "appraise", "due": "2024-02-16T00:00:00+07:00"},
        )
    ]


def test_a_post_hears_what_was_decided_in_its_name() -> None:
    stream, check, by = CHECK
    for_another = replace(
        by,
        official=OfficialId("CB-2"),
        delegation=DelegationId("UQ-1"),
        on_behalf_of=OfficialId("CB-1"),
    )
    world, facts = ask(told(*TO_SUPPORT_PLAN, REQUEST), (stream, check, for_another))

    found = [
        notice
        for version, (of, event) in enumerate(facts, 1)
        for notice in notices(fact(of, event, for_another, version), world[of])
    ]
    (one,) = found
    assert (one.template, one.to, one.key) == (
        Template.DONE_FOR_YOU,
        FINANCE,
        f"{PAYMENT}#1/done-for",
    )
    assert dict(one.facts) == {
        "event": "PaymentChecked",
        "official": "CB-2",
        "giver": "CB-1",
        "delegation": "UQ-1",
    }


def test_the_one_who_is_late_is_told() -> None:
    remind = (PROJECT, RemindOverdue(), Act(by=SYSTEM, at=at("2024-01-24")))

    ((template, to, facts),) = owed(TO_APPROVAL[:3], remind)

    assert (template, to, facts["step"]) == (Template.STEP_OVERDUE, PLANNING, "appraise")


def test_the_addressee_of_an_escalation_is_told_all_of_it() -> None:
    escalate = (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-03-02")))

    ((template, to, facts),) = owed(TO_CLEARANCE, escalate)

    assert (template, to) == (Template.ESCALATION, BOARD)
    assert (
        facts.items()
        >= {
            "level": "1",
            "name": "reminder",
            "document": "01/NV",
            "working_days": "15",
            "reasons": "no-progress",
            "answer_due": "2024-03-09T00:00:00+07:00",
            "number": "1",
        }.items()
    )
    assert "AD01-GT/T1" in facts["text_vi"]
    assert "15 working days" in facts["text_en"]


def test_who_is_to_know_gets_a_copy() -> None:
    reminded, _ = ask(told(*TO_CLEARANCE), (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-02")))
    world, facts = ask(reminded, (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-09")))
    (urged,) = [event for _, event in facts if event.kind == "EscalationRaised"]

    fact = Fact(
        stream=CLEARANCE, version=9, decision_id="d", act=act(SYSTEM, "2024-03-09"), event=urged
    )
    letter, copy = notices(fact, world[CLEARANCE])

    assert (letter.key, letter.to) == (f"{CLEARANCE}#9", INVESTOR)
    assert (copy.key, copy.to) == (f"{CLEARANCE}#9/copy/1", AGRICULTURE)
    assert copy.template is Template.ESCALATION_COPY
    assert dict(copy.facts) == {**dict(letter.facts), "addressee": str(INVESTOR)}
    assert dict(copy.facts).keys() == set(FACTS[copy.template])


def test_whoever_lets_an_answer_pass_is_asked_again() -> None:
    (event,) = [
        event
        for template, to, event in owed(
            TO_CLEARANCE, (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-02"))
        )
        if to == BOARD and template is Template.ESCALATION
    ]
    stalled, _ = ask(told(*TO_CLEARANCE), (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-02")))
    world, facts = ask(stalled, (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-09")))
    (late,) = [event for _, event in facts if event.kind == "AnswerOverdue"]

    fact = Fact(
        stream=CLEARANCE, version=9, decision_id="d", act=act(SYSTEM, "2024-03-09"), event=late
    )
    (notice,) = notices(fact, world[CLEARANCE])

    assert (notice.template, notice.to) == (Template.ANSWER_OVERDUE, BOARD)
    assert dict(notice.facts) == {
        "number": "1",
        "document": "01/NV",
        "due": event["answer_due"],
    }


def test_whoever_asked_for_money_learns_that_it_was_paid() -> None:
    assert owed((*TO_SUPPORT_PLAN, REQUEST, CHECK), CONFIRM) == [
        (Template.PAYMENT_PAID, INVESTOR, {"cash": "1000000000"})
    ]


def test_whoever_asked_for_money_learns_why_it_was_refused() -> None:
    assert owed((*TO_SUPPORT_PLAN, REQUEST), REFUSE) == [
        (Template.PAYMENT_REFUSED, INVESTOR, {"reason": "unsigned"})
    ]


def test_whoever_did_not_wait_for_an_answer_learns_of_a_refusal() -> None:
    event = DecisionRefused(command="CheckPayment", rule="out_of_turn", because="it is paid")
    state = told(*TO_SUPPORT_PLAN, REQUEST)[PAYMENT]

    (notice,) = notices(fact(PAYMENT, event, act(FINANCE, "2024-03-04"), 7), state)

    assert (notice.template, notice.to) == (Template.DECISION_REFUSED, FINANCE)
    assert notice.key == f"{PAYMENT}#7"
    assert dict(notice.facts) == {
        "command": "CheckPayment",
        "rule": "out_of_turn",
        "because": "it is paid",
    }


@pytest.mark.parametrize(
    ("story", "asked"),
    [
        (TO_SUPPORT_PLAN, REQUEST),
        ((*TO_SUPPORT_PLAN, REQUEST), CHECK),
        (TO_CLEARANCE[:-1], TO_CLEARANCE[-1]),
        (TO_SUPPORT_PLAN[:-1], TO_SUPPORT_PLAN[-1]),
    ],
    ids=["a request", "a check", "cases registered", "a support plan"],
)
def test_most_events_owe_nothing(story: tuple[Asked, ...], asked: Asked) -> None:
    assert owed(story, asked) == []


def test_every_kind_of_message_says_what_its_facts_are() -> None:
    assert set(FACTS) == set(Template)


def test_no_message_names_a_household() -> None:
    world = told(*TO_SUPPORT_PLAN)
    escalate = (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-06-03")))

    _, facts = ask(world, escalate)

    text = str([notices(fact(s, event, escalate[2]), world[s]) for s, event in facts])
    assert "H1" not in text
    assert "H2" not in text
