"""Signatures on record, checked again: whoever appends or alters without a key is found."""

import json
from dataclasses import replace
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text

from domain.approval import StepApproved
from domain.official_forms import RevokeKey
from domain.officials import STREAM
from domain.payment import PaymentPaid
from domain.streams import Envelope, Event, Fact
from domain.values import SYSTEM, Act, DossierKind
from signing import sshsig
from storage import audit, bundles, bundling, decisions, keyring, log, proofs, queries
from storage.bundles import Bundle
from storage.decisions import Decision
from storage.notes import Checkpoint
from storage.record import Record
from tests.conftest import envelope
from tests.domain.story import (
    COUNCIL,
    PLANNING,
    PROJECT,
    REGISTER,
    TOTAL,
    approve,
    at,
    submit,
)
from tests.signed import People

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
DECIDE = approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-10")
APPROVED = StepApproved(dossier=DossierKind.INVESTMENT_POLICY, round=1, step="appraise")


@pytest.fixture
def people(record: Record, tmp_path: Path) -> People:
    found = People(record=record, home=tmp_path)
    found.tell(REGISTER, submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03"))
    return found


def breaks(engine: Engine) -> list[str]:
    report = audit.verify(engine, keyring.joined(KEY.public_key()), (), lambda _done: None)
    return [one.wrong for one in report.breaks]


def append(engine: Engine, act: Act, event: Event, signed: Envelope | None = None) -> None:
    """What the recorder's password lets anybody do: a whole event, its decision, even its proof."""
    version, _ = queries.head(engine, PROJECT)
    name = signed.decision_id if signed else "forged-1"
    fact = Fact(stream=PROJECT, version=version + 1, decision_id=name, act=act, event=event)
    decision = Decision(
        decision_id=name, stream=PROJECT, envelope_hash=b"", refused_as=None, refused_because=None,
        version=version + 1,
    )  # fmt: skip
    along = [decisions.remember(decision)]
    if signed is not None and signed.proof is not None:
        key = sshsig.read(signed.proof.signature).key
        along.append(proofs.keep(name, signed.proof, str(act.official), key))
    with log.turn(engine) as connection:
        log.append(connection, (fact,), None, tuple(along))


def act_of(signed: Envelope) -> Act:
    assert signed.proof is not None
    return replace(signed.act, known_at=signed.act.at, proof=proofs.name(signed.proof))


def superuser(engine: Engine, statement: str, decision_id: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE proofs DISABLE TRIGGER ALL"))
        connection.execute(text(f"{statement} WHERE decision_id = :name"), {"name": decision_id})
        connection.execute(text("ALTER TABLE proofs ENABLE ALWAYS TRIGGER proofs_are_append_only"))


def test_a_record_whose_every_decision_is_signed_has_no_break(
    people: People, engine: Engine
) -> None:
    people.tell(APPRAISE, DECIDE)

    report = audit.verify(engine, keyring.joined(KEY.public_key()), (), lambda _done: None)

    assert report.breaks == ()
    # Four for each of thirteen people, and four on the project.
    assert report.proved == 4 * len(people.hands.keys) + 4


def test_an_event_that_nobody_signed_is_named(people: People, engine: Engine) -> None:
    act = Act(by=PLANNING, at=at("2024-01-08"), official=people.official(PLANNING))

    append(engine, act, APPROVED)

    assert breaks(engine) == ["unproved"]


@pytest.mark.usefixtures("people")
def test_an_event_that_is_given_to_the_clock_is_named(engine: Engine) -> None:
    append(engine, Act(by=SYSTEM, at=at("2024-01-08")), PaymentPaid())

    assert breaks(engine) == ["unproved"]


def test_a_proof_of_one_decision_is_none_of_another(people: People, engine: Engine) -> None:
    # given: intercepted, and never recorded
    other = people.sign(envelope(APPRAISE, "d-1"))
    act = act_of(other)

    append(engine, act, APPROVED, replace(other, decision_id="d-2"))

    assert breaks(engine) == ["forged"]


def test_a_proof_of_one_act_is_none_of_another(people: People, engine: Engine) -> None:
    others: tuple[dict[str, Any], ...] = (
        {"by": COUNCIL},
        {"at": at("2024-01-09")},
        {"document": None},
    )
    for number, other in enumerate(others):
        signed = people.sign(envelope(APPRAISE, f"d-{number}"))
        append(engine, replace(act_of(signed), **other), APPROVED, signed)

    assert breaks(engine) == ["forged"] * 3


def test_what_a_revoked_key_signed_afterwards_is_named_and_what_it_signed_before_is_not(
    people: People, engine: Engine
) -> None:
    people.tell(APPRAISE)
    signed = people.sign(envelope(DECIDE, "d-1"))
    revoke = RevokeKey(fingerprint=people.key(COUNCIL).key.fingerprint, reason="lost")
    people.hand_in(people.register("r-1", people.registry[0].registrar, revoke))
    assert breaks(engine) == []

    append(engine, replace(act_of(signed), known_at=people.today), APPROVED, signed)

    assert breaks(engine) == ["forged"]


@pytest.mark.usefixtures("people")
def test_a_proof_that_the_owner_altered_is_named(engine: Engine) -> None:
    names = [entry.fact.decision_id for entry in queries.entries(engine, STREAM)]
    written, signature, gone = names[5:8]
    superuser(engine, "UPDATE proofs SET signed = replace(signed, 'DT-', 'TD-')", written)
    superuser(engine, "UPDATE proofs SET signature = replace(signature, 'IU0l', 'IU0m')", signature)
    superuser(engine, "DELETE FROM proofs", gone)

    assert sorted(breaks(engine)) == ["forged", "forged", "unproved", "unproved"]


# Bundles


@pytest.fixture
def bundle(people: People, engine: Engine) -> Bundle:
    people.hand_in(people.sign(envelope(APPRAISE, "d-1")))
    report = audit.verify(engine, None, (), lambda _done: None)
    audit.keep(engine, KEY, Checkpoint(size=report.events, root=bytes.fromhex(report.root)))
    found = bundling.bundle(engine, keyring.joined(KEY.public_key()), "d-1", lambda _done: None)
    assert found is not None
    return found


def test_a_bundle_shows_who_signed_and_how_the_key_became_theirs(
    bundle: Bundle, people: People
) -> None:
    bundles.check(bundles.read(bundles.dump(bundle)), KEY.public_key())

    found = bundles.signer(bundle)
    assert found == (people.official(PLANNING), people.key(PLANNING).key)
    assert bundle.proof is not None
    assert bundle.proof.enrolled.event.kind == "OfficialEnrolled"


def test_openssh_checks_the_signature_of_a_bundle(bundle: Bundle, tmp_path: Path) -> None:
    found = bundles.signer(bundle)
    assert found is not None
    assert bundle.proof is not None
    official, key = found
    (tmp_path / "allowed").write_text(sshsig.allowed_signer(official, key) + "\n")
    (tmp_path / "signature").write_text(bundle.proof.signature)

    done = run(
        ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", official,
         "-n", sshsig.NAMESPACE, "-s", tmp_path / "signature"],
        input=bundle.proof.text.encode(), check=False,
    )  # fmt: skip

    assert done.returncode == 0


def _without_proof(told: Any) -> None:
    del told["proof"]


def _another_text(told: Any) -> None:
    told["proof"]["text"] = told["proof"]["text"].replace("12000000000", "92000000000")


def _another_signature(told: Any) -> None:
    own = Ed25519PrivateKey.generate()
    told["proof"]["signature"] = sshsig.sign(own, told["proof"]["text"].encode())


def _another_enrolment(told: Any) -> None:
    told["proof"]["enrolled"] = told["events"][0]


def _own_enrolment(told: Any) -> None:
    own = Ed25519PrivateKey.generate()
    _another_signature(told)
    told["proof"]["signature"] = sshsig.sign(own, told["proof"]["text"].encode())
    told["proof"]["enrolled"]["event"]["body"]["key"]["blob"] = sshsig.key_of(own).blob


def test_a_bundle_with_another_proof_shows_nothing(bundle: Bundle) -> None:
    forges = (
        _without_proof, _another_text, _another_signature, _another_enrolment, _own_enrolment,
    )  # fmt: skip
    for forge in forges:
        told = json.loads(bundles.dump(bundle))
        forge(told)
        file = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"

        with pytest.raises(ValueError):  # noqa: PT011  every one of them says something else
            bundles.check(bundles.read(file.encode()), KEY.public_key())
