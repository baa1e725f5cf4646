"""What an official signs: the whole decision, and what it was made on. One text in one form.

The text is JSON as `domain/chain.py` writes it. It is shown, signed, sent and stored to the byte;
nobody writes it again to check it. Whoever reads it back has the decision that was signed, or no
decision at all.
"""

import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Literal
from unicodedata import is_normalized

from pydantic import TypeAdapter, ValidationError

from domain import chain
from domain.chain import Json
from domain.keys import PublicKey
from domain.refusal import Refused
from domain.streams import Envelope
from domain.values import value
from signing import sshsig
from signing.sshsig import Malformed

MOST_SIGNED = 2_000_000
"""Letters of the longest text that is read: Temporal takes no larger one either."""


@value
class Payload:
    """A decision bound to one record, to what its signer had seen of it, and to some hours.

    `hash_seen` is that of the stream's event `version_seen`, in hex, or empty before the first;
    `registry` is the version of the registry of officials. `not_before` and `expires_at` are on the
    wall clock: a rehearsal's days are short, and a signature's are not.
    """

    record: str
    registry: int
    version_seen: int
    hash_seen: str
    not_before: datetime
    expires_at: datetime
    decision: Envelope
    domain: Literal["ntm-decision/1"] = "ntm-decision/1"


# What is not the signer's to say.
_NOT_SIGNED: dict[str, Any] = {
    "decision": {"proof": True, "act": {"known_at": True, "on_behalf_of": True, "proof": True}}
}


@cache
def _adapter() -> TypeAdapter[Payload]:
    return TypeAdapter(Payload)


def write(payload: Payload) -> str:
    """The text to sign. Raises ValueError for what no decision of ours holds."""
    said = _adapter().dump_python(payload, mode="json", exclude=_NOT_SIGNED)
    return chain.canonical(said).decode()


def read(signed: str) -> Payload:
    """What a text says, if it is in its one form. Raises `Malformed`."""
    told(signed)
    try:
        return _adapter().validate_json(signed)
    except (ValidationError, ValueError):
        raise Malformed("the signed text is no decision") from None


def told(signed: str) -> Json:
    """What a text in its one form says, for whoever has to read what an older program wrote.

    Raises `Malformed`.
    """
    if len(signed) > MOST_SIGNED:
        raise Malformed("the signed text is too long")
    try:
        found = json.loads(signed)
        is_its_form = chain.canonical(found).decode() == signed and is_normalized("NFC", signed)
    except (ValueError, RecursionError):
        raise Malformed("the signed text is not JSON as it is signed") from None
    if not is_its_form:
        raise Malformed("the signed text is not in its one form")
    return found


def proven(envelope: Envelope) -> tuple[Payload, PublicKey]:
    """What was signed for this envelope, and by which key; whose it is, the registry knows.

    A pure function of the envelope. Raises `Refused` for whatever is not this decision, signed.
    """
    proof = envelope.proof
    if proof is None:
        raise Refused("unproved", "proof: the decision is not signed")
    try:
        key = sshsig.verify(proof.signature, proof.signed.encode())
        payload = read(proof.signed)
    except Malformed as malformed:
        raise Refused("unproved", f"proof: {malformed}") from None
    except UnicodeEncodeError:
        raise Refused("unproved", "proof: the signed text is not Unicode") from None
    if payload.decision != replace(envelope, proof=None):
        raise Refused("unproved", "proof: what was signed is not what was sent")
    return payload, key


def check_if_any(envelope: Envelope) -> None:
    """The same of an envelope that brings a proof; whether one is needed, the record knows."""
    if envelope.proof is not None:
        proven(envelope)
