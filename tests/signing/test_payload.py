"""The signed text: one form, the whole decision, and no other decision under it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.approval import ApproveStep, SubmitDossier
from domain.refusal import Refused
from domain.streams import Envelope, Proof
from domain.values import Act, Document, DossierKind, StreamId, Vnd
from signing import payload, sshsig
from signing.payload import Payload
from signing.sshsig import Malformed
from tests.domain.story import COUNCIL, PLANNING, PROJECT, TOTAL, at

OWN = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DECISION = Envelope(
    decision_id="d-1",
    stream=PROJECT,
    act=Act(
        by=PLANNING,
        at=at("2024-01-08"),
        document=Document(symbol="08/BC-SKHĐT", issued_on=at("2024-01-08").date(), issuer="Sở"),
    ),
    command=SubmitDossier(dossier=DossierKind.INVESTMENT_POLICY, amount=TOTAL),
)
PAYLOAD = Payload(
    record="5f" * 16,
    registry=7,
    version_seen=3,
    hash_seen="ab" * 32,
    not_before=at("2026-11-26"),
    expires_at=at("2026-11-27"),
    decision=DECISION,
)
SIGNED = payload.write(PAYLOAD)


def signed(text: str, decision: Envelope = DECISION) -> Envelope:
    """A decision with a proof that is a true signature over a text."""
    return replace(decision, proof=Proof(signed=text, signature=sshsig.sign(OWN, text.encode())))


def changed(change: Callable[[Any], None]) -> str:
    """The signed text with one thing in it otherwise."""
    told = json.loads(SIGNED)
    change(told)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_what_is_signed_is_read_back_to_the_letter() -> None:
    assert payload.read(SIGNED) == PAYLOAD
    assert payload.proven(signed(SIGNED)) == (PAYLOAD, sshsig.key_of(OWN))


def test_the_text_says_all_that_is_decided() -> None:
    told = json.loads(SIGNED)

    assert told["domain"] == "ntm-decision/1"
    assert told["decision"]["command"]["amount"] == TOTAL
    assert told["decision"]["act"]["document"]["symbol"] == "08/BC-SKHĐT"
    assert list(told) == sorted(told)


def test_a_decision_without_a_proof_is_unproved() -> None:
    with pytest.raises(Refused) as refusal:
        payload.proven(DECISION)

    assert refusal.value.rule == "unproved"
    payload.check_if_any(DECISION)


@pytest.mark.parametrize(
    "other",
    [
        replace(DECISION, decision_id="d-2"),
        replace(DECISION, stream=StreamId("project/AD02-GT")),
        replace(DECISION, act=replace(DECISION.act, by=COUNCIL)),
        replace(DECISION, act=replace(DECISION.act, at=at("2024-01-09"))),
        replace(DECISION, act=replace(DECISION.act, document=None)),
        replace(DECISION, act=replace(DECISION.act, known_at=at("2024-01-09"))),
        replace(
            DECISION,
            command=SubmitDossier(dossier=DossierKind.INVESTMENT_POLICY, amount=Vnd(TOTAL + 1)),
        ),
        replace(DECISION, command=SubmitDossier(dossier=DossierKind.PROJECT, amount=TOTAL)),
        replace(
            DECISION,
            command=ApproveStep(dossier=DossierKind.INVESTMENT_POLICY, step="appraise"),
        ),
    ],
)
def test_a_proof_is_of_one_decision_only(other: Envelope) -> None:
    with pytest.raises(Refused, match="what was signed is not what was sent"):
        payload.proven(signed(SIGNED, other))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        " " + SIGNED,
        SIGNED + "\n",
        SIGNED.replace(",", ", ", 1),
        SIGNED.replace('"registry":7', '"registry":7,"registry":7'),
        SIGNED.replace('"registry":7', '"registry":7.0'),
        SIGNED.replace('"registry":7', '"registry":true'),
        SIGNED.replace('"registry":7', '"registry":07'),
        SIGNED.replace("ntm-decision/1", "ntm-decision/2"),
        SIGNED.replace("Sở", "S\u1edf\u0323"),
        SIGNED.replace("Sở", "So\u031b\u0309"),
        SIGNED.replace(str(TOTAL), f'"{TOTAL}"'),
        SIGNED.replace(str(TOTAL), f"{TOTAL}.0"),
        SIGNED.replace(str(TOTAL), "NaN"),
        SIGNED.replace(str(TOTAL), "1e9"),
        changed(lambda told: told.pop("expires_at")),
        changed(lambda told: told.update(more=1)),
        changed(lambda told: told["decision"].update(more=1)),
        changed(lambda told: told["decision"]["command"].update(kind="PayMe")),
        changed(lambda told: told["decision"]["act"].update(at="2024-01-08T09:00:00")),
        changed(lambda told: told.update(not_before=0)),
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 5_000,
        "x" * (payload.MOST_SIGNED + 1),
        SIGNED.replace("Sở", "\ud800"),
    ],
)
def test_a_text_in_any_other_form_is_none_even_if_it_was_signed(text: str) -> None:
    mark = sshsig.sign(OWN, text.encode("utf-8", "surrogatepass"))

    with pytest.raises(Refused) as refusal:
        payload.proven(replace(DECISION, proof=Proof(signed=text, signature=mark)))

    assert refusal.value.rule == "unproved"
    assert len(refusal.value.because) < 120


def test_no_byte_of_a_signed_text_can_be_another() -> None:
    good = signed(SIGNED)
    assert good.proof is not None
    for at_byte, letter in enumerate(SIGNED):
        text = SIGNED[:at_byte] + chr(ord(letter) ^ 1) + SIGNED[at_byte + 1 :]
        with pytest.raises(Refused) as refusal:
            payload.proven(replace(good, proof=replace(good.proof, signed=text)))
        assert refusal.value.rule == "unproved"


def test_no_byte_of_a_signed_text_is_idle_even_if_it_is_signed_anew() -> None:
    """Whatever byte is altered is another decision, other grounds, or no decision at all."""
    for at_byte, letter in enumerate(SIGNED):
        text = SIGNED[:at_byte] + chr(ord(letter) ^ 1) + SIGNED[at_byte + 1 :]
        try:
            read = payload.read(text)
        except Malformed:
            continue
        assert read != PAYLOAD
