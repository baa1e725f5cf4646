"""The record and the people behind posts: duties apart for every entrance, and one history."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.delegations import Scope
from domain.official_forms import (
    AppointOfficial,
    ConfirmAppointment,
    Delegate,
    EndAppointment,
    RevokeKey,
)
from domain.officials import STREAM
from domain.payment import CheckPayment, ConfirmPaid
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch, Denied, Outcome
from domain.refusal import Rule
from domain.registry import Registry, Unfounded
from domain.streams import DecisionRefused, Envelope, payment_stream
from domain.travel import View
from domain.values import Act, DelegationId, OfficialId, PaymentKind, Post
from office import cover
from office.signer import Signer
from storage import queries, rebuild, travel
from storage.record import Record
from tests.domain.story import (
    FINANCE,
    INVESTOR,
    PAPER,
    POSTS,
    TO_SUPPORT_PLAN,
    TREASURY,
    at,
    payment,
    request,
)
from tests.signed import People

GRANT = DelegationId("UQ-01")
ADVANCE = request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07")
MONEY = payment_stream(payment(1))


@pytest.fixture
def people(record: Record, tmp_path: Path) -> People:
    """A payment waits to be checked."""
    found = People(record=record, home=tmp_path)
    found.tell(*TO_SUPPORT_PLAN, ADVANCE)
    return found


def refused(outcome: Outcome) -> Rule:
    assert isinstance(outcome, Denied), outcome
    return outcome.rule


def registers(people: People, *told: Envelope) -> None:
    for one in told:
        outcome = people.hand_in(one)
        assert isinstance(outcome, Accepted), outcome


def appoint(people: People, official: OfficialId, post: Post) -> None:
    """Another post for somebody, from this year's first day on."""
    first = at("2024-01-01").date()
    registrar = people.registry[0].registrar
    wanted = AppointOfficial(official=official, post=post, first=first)
    yes = ConfirmAppointment(official=official, post=post, first=first)
    registers(people, people.register(f"a-{official}-{post}", registrar, wanted, 1))
    registers(people, people.register(f"c-{official}-{post}", registrar, yes, 2))


def lend(people: People, post: Post, to: OfficialId) -> None:
    grant = Delegate(
        delegation=GRANT,
        to=to,
        first=people.today.date(),
        last=(people.today + timedelta(days=30)).date(),
        scope=Scope(),
    )
    registers(people, people.register("lend", post, grant))


def check(people: People, decision_id: str, key: Signer, under: bool = False) -> Envelope:  # noqa: FBT001, FBT002
    told = Envelope(
        decision_id=decision_id,
        stream=MONEY,
        act=Act(by=FINANCE, at=people.today, document=PAPER),
        command=CheckPayment(),
    )
    return people.sign(told, key=key, under=GRANT if under else None)


# Duties apart, whichever way a command comes


@pytest.mark.parametrize("way", ["second post", "delegate", "giver"])
def test_who_asked_for_money_does_not_check_it_at_any_desk(
    people: People, engine: Engine, way: str
) -> None:
    asker = people.official(INVESTOR)
    match way:
        case "second post":
            appoint(people, asker, FINANCE)
            told = check(people, "d-1", people.key(INVESTOR))
        case "delegate":
            # The asker stands in for finance.
            lend(people, FINANCE, asker)
            told = check(people, "d-1", people.key(INVESTOR), under=True)
        case _:
            # Finance stands in for the asker, who holds that post too.
            appoint(people, asker, FINANCE)
            lend_to = people.official(TREASURY)
            grant = Delegate(
                delegation=GRANT,
                to=lend_to,
                first=people.today.date(),
                last=people.today.date(),
                scope=Scope(),
            )
            by = people.register("lend", FINANCE, grant)
            registers(people, people.sign(replace(by, proof=None), key=people.key(INVESTOR)))
            told = check(people, "d-1", people.key(TREASURY), under=True)

    assert refused(people.hand_in(told)) == "separation_of_duties"
    assert queries.entries(engine, MONEY)[-1].fact.event.kind == "PaymentSubmitted"
    # Left by signal it is refused just so, and the sender hears of it.
    assert refused(people.hand_in(told, keep_refusal=True)) == "separation_of_duties"
    assert isinstance(queries.entries(engine, MONEY)[-1].fact.event, DecisionRefused)
    # Whoever has not acted yet may still do it.
    assert isinstance(people.hand_in(check(people, "d-2", people.key(FINANCE))), Accepted)


def test_who_checked_in_anothers_name_does_not_pay_and_neither_does_that_other(
    people: People,
) -> None:
    helper = people.official(TREASURY)
    lend(people, FINANCE, helper)
    appoint(people, people.official(FINANCE), TREASURY)
    assert isinstance(people.hand_in(check(people, "d-1", people.key(TREASURY), True)), Accepted)  # noqa: FBT003

    pays = Envelope(
        decision_id="d-2",
        stream=MONEY,
        act=Act(by=TREASURY, at=people.today, document=PAPER),
        command=ConfirmPaid(),
    )
    for key in (people.key(TREASURY), people.key(FINANCE)):
        assert refused(people.hand_in(people.sign(pays, key=key))) == "separation_of_duties"
    vacant = cover.vacant(people.record.engine, people.today)
    assert [(one.wait.stream, one.wait.key) for one in vacant] == [(MONEY, "treasury")]
    assert set(vacant[0].wait.barred) >= {helper, people.official(FINANCE)}


def test_the_record_names_the_person_and_in_whose_name(people: People, engine: Engine) -> None:
    lend(people, FINANCE, people.official(TREASURY))
    told = check(people, "d-1", people.key(TREASURY), under=True)

    assert isinstance(people.hand_in(told), Accepted)
    act = queries.entries(engine, MONEY)[-1].fact.act
    assert (act.by, act.official, act.delegation, act.on_behalf_of) == (
        FINANCE,
        people.official(TREASURY),
        GRANT,
        people.official(FINANCE),
    )


# The registry's own history


def test_what_is_revoked_in_a_batch_signs_nothing_after_it_there(people: People) -> None:
    registrar = people.registry[0].registrar
    key = people.registrar(2).key.fingerprint
    revoke = people.register("r-1", registrar, RevokeKey(fingerprint=key, reason="lost"), 1)
    late = AppointOfficial(
        official=people.official(INVESTOR), post=FINANCE, first=at("2024-01-01").date()
    )
    by_second = people.register("r-2", registrar, late, 2)
    asks = (Ask(envelope=revoke), Ask(envelope=by_second))

    first, second = people.record.decide(
        Batch(stream=STREAM, after=0, now=people.today, asks=asks)
    ).outcomes
    assert isinstance(first, Accepted)
    assert refused(second) == "unproved"


def test_an_empty_post_blocks_by_name_and_is_an_alarm(people: People, engine: Engine) -> None:
    registrar = people.registry[0].registrar
    end = EndAppointment(official=people.official(FINANCE), post=FINANCE, last=people.today.date())
    registers(people, people.register("e-1", registrar, end))
    assert cover.vacant(engine, people.today) == ()
    people.turn(people.today + timedelta(days=1))

    told = check(people, "d-1", people.key(FINANCE))
    assert refused(people.hand_in(told)) == "vacant_post"
    (vacant,) = cover.vacant(engine, people.today)
    assert (vacant.holder, vacant.wait.stream) == (FINANCE, MONEY)


def test_the_registry_is_rebuilt_and_looked_at_as_of_any_day(
    people: People, engine: Engine, policy: Policy
) -> None:
    lend(people, FINANCE, people.official(TREASURY))
    now = people.registry[0]

    assert rebuild.differences(engine, policy, lambda _done, _of: None) == ()
    rebuild.rebuild(engine, policy, lambda _done, _of: None)
    standing = queries.standing(engine, STREAM)
    assert standing is not None
    assert standing.state == now
    earlier = travel.fold(engine, STREAM, View(as_of=at("2024-11-30"))).state
    assert isinstance(earlier, Registry)
    assert (dict(earlier.delegations), len(now.delegations)) == ({}, 1)
    assert travel.fold(engine, STREAM, View(as_of=at("2019-12-31"))).state == Unfounded()


def test_everybody_of_the_story_is_there_for_what_waits(people: People, engine: Engine) -> None:
    found = cover.covers(engine, people.today)

    assert found != ()
    assert not any(one.is_vacant for one in found)
    assert {one.holder for one in found} <= set(POSTS)
