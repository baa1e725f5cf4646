"""The record and signatures: a command is its sender's own, here and now, or nothing happens."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from domain.delegations import Scope
from domain.official_forms import AppointOfficial, Delegate, RevokeKey, RotateKey
from domain.officials import STREAM
from domain.payment import CheckPayment
from domain.policy import Policy
from domain.project import RemindOverdue
from domain.recording import Accepted, Ask, Batch, Denied, Outcome
from domain.refusal import Rule
from domain.streams import Envelope, Proof
from domain.values import SYSTEM, Act, DelegationId, DossierKind, StreamId, Vnd
from office import signer
from signing.payload import Payload
from storage import queries, tables
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import (
    CHAIR,
    COUNCIL,
    FINANCE,
    INFRASTRUCTURE,
    PAPER,
    PLANNING,
    PROJECT,
    REGISTER,
    TOTAL,
    approve,
    at,
    submit,
)
from tests.signed import People, altered, stranger

Found: TypeAlias = Callable[[], AbstractContextManager[People]]

SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
WANTED = envelope(APPRAISE, "d-1")


@pytest.fixture
def people(record: Record, tmp_path: Path) -> People:
    """The registry is founded, and a dossier waits for its appraisal."""
    found = People(record=record, home=tmp_path)
    found.tell(REGISTER, SUBMIT)
    return found


def refused(outcome: Outcome) -> Rule:
    assert isinstance(outcome, Denied), outcome
    return outcome.rule


def events(engine: Engine, stream: StreamId = PROJECT) -> list[str]:
    return [entry.fact.event.kind for entry in queries.entries(engine, stream)]


# What is proved


def test_before_the_founding_posts_are_named_and_nothing_is_proved(record: Record) -> None:
    tell(record, REGISTER, SUBMIT)

    assert isinstance(hand_in(record, WANTED), Accepted)


def test_after_the_founding_what_is_not_signed_is_unproved(people: People) -> None:
    before = events(people.record.engine)

    assert refused(people.hand_in(replace(WANTED, command=people.shown(WANTED)))) == "unproved"
    assert events(people.record.engine) == before


def test_what_is_signed_is_recorded_with_its_proof(people: People, engine: Engine) -> None:
    signed = people.sign(WANTED)
    assert signed.proof is not None

    assert isinstance(people.hand_in(signed), Accepted)

    facts = [entry.fact for entry in queries.entries(engine, PROJECT)]
    made = [fact.act for fact in facts if fact.decision_id == "d-1"]
    assert {one.proof for one in made} == {sha256(signed.proof.signed.encode()).hexdigest()}
    assert {one.official for one in made} == {people.official(PLANNING)}
    with engine.connect() as connection:
        kept = connection.execute(
            select(tables.proofs).where(tables.proofs.c.decision_id == "d-1")
        ).one()
    assert (kept.signed, kept.signature) == (signed.proof.signed, signed.proof.signature)
    assert kept.official == people.official(PLANNING)
    assert kept.fingerprint == people.key(PLANNING).key.fingerprint


def test_every_event_of_every_person_has_its_proof_from_the_founding_on(
    people: People, engine: Engine
) -> None:
    people.tell(APPRAISE)

    with engine.connect() as connection:
        proved = set(connection.execute(select(tables.proofs.c.decision_id)).scalars())
    for stream in (STREAM, PROJECT):
        for entry in queries.entries(engine, stream):
            if entry.fact.event.kind != "RegistryFounded":
                assert entry.fact.act.proof is not None
                assert entry.fact.decision_id in proved


# What is not: one field after the other


def _unnamed(told: Payload) -> Payload:
    act = replace(told.decision.act, official=None)
    return replace(told, decision=replace(told.decision, act=act))


CHANGES: dict[str, Callable[[Payload], Payload]] = {
    "another record": lambda told: replace(told, record="0" * 32),
    "a registry to come": lambda told: replace(told, registry=told.registry + 1),
    "a version to come": lambda told: replace(told, version_seen=told.version_seen + 1),
    "an earlier version with a later hash": lambda told: replace(told, version_seen=1),
    "a version below none": lambda told: replace(told, version_seen=-1),
    "a version beyond all": lambda told: replace(told, version_seen=2**63),
    "nothing seen, and its hash": lambda told: replace(told, version_seen=0),
    "another history": lambda told: replace(told, hash_seen="00" * 32),
    "no history": lambda told: replace(told, hash_seen=""),
    "a round to come": lambda told: _seen(told, round=2),
    "another amount": lambda told: _seen(told, amount=Vnd(TOTAL + 1)),
    "no amount": lambda told: _seen(told, amount=None),
    "no round": lambda told: _seen(told, round=None),
    "no person": _unnamed,
}
HOURS: dict[str, Callable[[Payload], Payload]] = {
    "expired": lambda told: _hours(told, timedelta(hours=-3), timedelta(hours=2)),
    "too early": lambda told: _hours(told, timedelta(hours=1), timedelta(hours=2)),
    "for too long": lambda told: _hours(told, timedelta(), timedelta(days=32)),
}


def _seen(told: Payload, **changes: Any) -> Payload:
    command = replace(told.decision.command, **changes)
    return replace(told, decision=replace(told.decision, command=command))


def _hours(told: Payload, begins: timedelta, lasts: timedelta) -> Payload:
    first = datetime.now(UTC) + begins
    return replace(told, not_before=first, expires_at=first + lasts)


def test_whatever_else_was_signed_is_refused(people: People) -> None:
    before = events(people.record.engine)

    found = {
        name: refused(people.hand_in(people.sign(WANTED, change=change)))
        for name, change in CHANGES.items()
    }

    moved_on = {name for name, rule in found.items() if rule == "out_of_turn"}
    assert moved_on == {"a round to come", "another amount"}
    assert {rule for name, rule in found.items() if name not in moved_on} == {"unproved"}
    assert events(people.record.engine) == before
    assert isinstance(people.hand_in(people.sign(WANTED)), Accepted)


def test_a_signature_counts_for_its_hours_only(people: People) -> None:
    for change in HOURS.values():
        assert refused(people.hand_in(people.sign(WANTED, change=change))) == "proof_expired"


OTHERWISE: dict[str, Callable[[Envelope], Envelope]] = {
    "decision": lambda sent: replace(sent, decision_id="d-2"),
    "case": lambda sent: replace(sent, stream=StreamId("project/AD02-GT")),
    "post": lambda sent: replace(sent, act=replace(sent.act, by=COUNCIL)),
    "moment": lambda sent: replace(sent, act=replace(sent.act, at=at("2024-01-09"))),
    "paper": lambda sent: replace(sent, act=replace(sent.act, document=None)),
    "official": lambda sent: replace(sent, act=replace(sent.act, official="DT-R1")),  # type: ignore[arg-type]
    "nobody": lambda sent: replace(sent, act=replace(sent.act, official=None)),
    "delegation": lambda sent: replace(sent, act=replace(sent.act, delegation=DelegationId("U1"))),
    "step": lambda sent: _asks(sent, step="decide"),
    "amount": lambda sent: _asks(sent, amount=Vnd(1)),
    "round": lambda sent: _asks(sent, round=2),
    "dossier": lambda sent: _asks(sent, dossier=DossierKind.PROJECT),
    "verdict": lambda sent: replace(sent, command=CheckPayment(amount=TOTAL)),
    "text": lambda sent: altered(sent, sent.proof.signed.replace("appraise", "appraisE")),  # type: ignore[union-attr]
    "signature": lambda sent: replace(sent, proof=Proof(signed=sent.proof.signed, signature="")),  # type: ignore[union-attr]
    "proof": lambda sent: replace(sent, proof=None),
}


def _asks(sent: Envelope, **changes: Any) -> Envelope:
    return replace(sent, command=replace(sent.command, **changes))


def test_what_is_sent_otherwise_than_it_was_signed_is_unproved(people: People) -> None:
    signed = people.sign(WANTED)

    for field, otherwise in OTHERWISE.items():
        assert refused(people.hand_in(otherwise(signed))) == "unproved", field


def test_the_sender_says_nothing_that_only_the_record_can(people: People) -> None:
    signed = people.sign(WANTED)

    sent = replace(signed, act=replace(signed.act, proof="0" * 64))

    assert refused(people.hand_in(sent)) == "input"


# Whose key


def test_nobody_signs_for_another_person_nor_acts_for_another_post(people: People) -> None:
    of_nobody = people.sign(WANTED, key=stranger(), official=people.official(PLANNING))
    of_another = people.sign(WANTED, key=people.key(COUNCIL), official=people.official(PLANNING))
    of_another_post = people.sign(WANTED, key=people.key(COUNCIL))

    assert refused(people.hand_in(of_nobody)) == "unproved"
    assert refused(people.hand_in(of_another)) == "unproved"
    assert refused(people.hand_in(of_another_post)) == "authority"


def test_a_revoked_key_signs_nothing_from_the_next_decision_on(
    people: People, engine: Engine, policy: Policy
) -> None:
    # given: a decision signed in time, and another process with a registry of its own in mind
    other = Record(engine, policy)
    decided = people.sign(WANTED)
    first = people.hand_in(decided)
    signed = people.sign(envelope(APPRAISE, "d-2"))
    other.decide(Batch(stream=PROJECT, after=0, now=people.today))
    revoke = RevokeKey(fingerprint=people.key(PLANNING).key.fingerprint, reason="lost")

    # when
    registrar = people.registry[0].registrar
    assert isinstance(people.hand_in(people.register("r-1", registrar, revoke)), Accepted)

    # then
    people.record = other
    assert refused(people.hand_in(signed)) == "unproved"
    # What was signed before stays decided.
    assert people.hand_in(decided) == first


def test_in_its_overlap_the_old_key_signs_beside_the_new_one_and_not_after_it(
    people: People,
) -> None:
    old, new = people.key(PLANNING), signer.of_private(Ed25519PrivateKey.generate())
    rotate = RotateKey(
        old=old.key.fingerprint, key=new.key, overlap=(people.today + timedelta(days=5)).date()
    )
    assert isinstance(people.hand_in(people.register("r-1", PLANNING, rotate)), Accepted)
    late = envelope(APPRAISE, "d-2")

    people.turn(people.today + timedelta(days=3))
    assert isinstance(people.hand_in(people.sign(WANTED, key=old)), Accepted)
    people.turn(people.today + timedelta(days=3))
    assert refused(people.hand_in(people.sign(late, key=old))) == "unproved"
    # Its turn is over by now, and that is said only to whom it is known who they are.
    assert refused(people.hand_in(people.sign(late, key=new))) == "out_of_turn"


def test_a_delegate_decides_inside_the_scope_and_not_outside(people: People) -> None:
    lend = Delegate(
        delegation=DelegationId("U1"),
        to=people.official(INFRASTRUCTURE),
        first=people.today.date(),
        last=(people.today + timedelta(days=30)).date(),
        scope=Scope(dossiers=(DossierKind.INVESTMENT_POLICY,), ceiling=TOTAL),
    )
    assert isinstance(people.hand_in(people.register("r-1", PLANNING, lend)), Accepted)
    today = replace(WANTED, act=replace(WANTED.act, at=people.today))
    key = people.key(INFRASTRUCTURE)

    assert refused(people.hand_in(people.sign(today, key=key))) == "authority"
    other = people.sign(today, key=people.key(FINANCE), under=DelegationId("U1"))
    assert refused(people.hand_in(other)) == "not_delegated"
    signed = people.sign(today, key=key, under=DelegationId("U1"))
    assert isinstance(people.hand_in(signed), Accepted)
    last = queries.entries(people.record.engine, PROJECT)[-1].fact.act
    assert last.on_behalf_of == people.official(PLANNING)


# Replays


def test_another_record_does_not_take_it(
    people: People, new_database: Any, policy: Policy, tmp_path: Path
) -> None:
    signed = people.sign(WANTED)

    with new_database() as other:
        # given: the same people, with the same keys, founded the registry of another record
        (tmp_path / "other").mkdir()
        elsewhere = People(record=Record(other, policy), home=tmp_path / "other")
        elsewhere.tell(REGISTER, SUBMIT)

        assert refused(elsewhere.hand_in(signed)) == "unproved"


def test_a_record_restored_to_before_what_was_seen_does_not_take_it(
    people: People, new_database: Any, policy: Policy
) -> None:
    # given: signed on an appraisal which the restored record never had
    people.tell(APPRAISE)
    decide = approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-10")
    signed = people.sign(envelope(decide, "d-9"))

    with new_database() as other:
        # when: the same record, as it was before
        restored = People(record=Record(other, policy), home=people.home)
        restored.tell(REGISTER, SUBMIT)
        restored.tell(APPRAISE)

        # then: the version is there, and it is another's
        assert restored.registry[0].record == people.registry[0].record
        assert refused(restored.hand_in(signed)) == "unproved"


# Entrances


def test_the_clock_signs_nothing_and_says_nothing_before_its_time(
    people: People, engine: Engine
) -> None:
    late = Envelope(
        decision_id="clock-1",
        stream=PROJECT,
        act=Act(by=SYSTEM, at=at("2029-01-01")),
        command=RemindOverdue(),
    )
    before = events(engine)

    # A workflow that is not ours says that it is 2029.
    asks = (Ask(envelope=late),)
    batch = Batch(stream=PROJECT, after=0, now=at("2029-01-01"), asks=asks)
    (outcome,) = people.record.decide(batch).outcomes

    assert refused(outcome) == "in_the_future"
    assert events(engine) == before
    on_time = replace(late, act=Act(by=SYSTEM, at=people.today))
    assert isinstance(people.hand_in(on_time), Accepted)
    posing = replace(WANTED, act=on_time.act, command=people.shown(WANTED))
    assert refused(people.hand_in(posing)) == "authority"


def test_what_nobody_has_signed_leaves_not_even_a_refusal(people: People, engine: Engine) -> None:
    before = events(engine)

    outcome = people.hand_in(replace(WANTED, command=people.shown(WANTED)), keep_refusal=True)

    assert refused(outcome) == "unproved"
    assert events(engine) == before


def test_a_refusal_of_what_somebody_signed_is_kept_with_its_proof(
    people: People, engine: Engine
) -> None:
    signed = people.sign(WANTED, change=HOURS["expired"])

    assert refused(people.hand_in(signed, keep_refusal=True)) == "proof_expired"

    last = queries.entries(engine, PROJECT)[-1].fact
    assert last.event.kind == "DecisionRefused"
    assert last.act.proof is not None


def test_a_bad_proof_beside_a_good_one_of_the_same_decision_is_never_kept(
    people: People, engine: Engine
) -> None:
    good = people.sign(WANTED)
    assert good.proof is not None
    bad = replace(good, proof=replace(good.proof, signature="bad"))
    asks = tuple(Ask(envelope=one) for one in (bad, good, bad))

    recorded = people.record.decide(Batch(stream=PROJECT, after=0, now=people.today, asks=asks))

    assert [one.kind for one in recorded.outcomes] == ["Denied", "Accepted", "Accepted"]
    with engine.connect() as connection:
        kept = connection.execute(
            select(tables.proofs.c.signature).where(tables.proofs.c.decision_id == "d-1")
        ).scalar_one()
    assert kept == good.proof.signature


def test_the_registry_is_kept_by_signatures_too(people: People) -> None:
    registry, _ = people.registry
    appoint = AppointOfficial(
        official=people.official(COUNCIL), post=CHAIR, first=at("2024-01-01").date()
    )
    told = Envelope(
        decision_id="r-1",
        stream=STREAM,
        act=Act(by=registry.registrar, at=people.today, document=PAPER),
        command=appoint,
    )

    assert refused(people.hand_in(told)) == "unproved"
    assert refused(people.hand_in(people.sign(told, key=people.key(COUNCIL)))) == "authority"


# Races


def test_many_copies_and_many_rivals_leave_one_outcome_each(
    people: People, engine: Engine, policy: Policy
) -> None:
    """Forty officials' hands at once: every decision is sent eight times, and all exclude another.

    `python -m chaos.rush` does the same ten thousand times.
    """
    records = (people.record, Record(engine, policy), Record(engine, policy))
    mine = [people.sign(envelope(APPRAISE, f"d-{number}")) for number in range(5)]
    wanted = [one for one in mine for _ in range(8)]
    random.Random(20241108).shuffle(wanted)
    start = threading.Barrier(len(wanted))

    def send(number: int) -> Outcome:
        one = wanted[number]
        start.wait()
        batch = Batch(stream=PROJECT, after=0, now=people.today, asks=(Ask(envelope=one),))
        return records[number % 3].decide(batch).outcomes[0]

    with ThreadPoolExecutor(len(wanted)) as pool:
        outcomes = list(pool.map(send, range(len(wanted))))

    said = {one.decision_id: {o.kind for o in outcomes if o.decision_id == one.decision_id}
            for one in mine}  # fmt: skip
    assert sorted(map(sorted, said.values())) == [["Accepted"], *[["Denied"]] * 4]
    assert events(engine).count("StepApproved") == 1
