"""A proof beside what was recorded of it: read by whoever has the record's JSON and no more.

Ten years on, commands may have other forms. The text that was signed is read as JSON only, and held
against the act of the event, which keeps its form.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.chain import Json
from domain.keys import PublicKey
from signing import payload, sshsig
from signing.sshsig import Malformed

_SIGNED_OF_AN_ACT = ("by", "document", "official", "delegation")


def check(
    signed: str, signature: str, stream: str, decision_id: str, act: Mapping[str, Any]
) -> tuple[Json, PublicKey]:
    """What was signed, and by which key, if it is this decision and this act. Raises `Malformed`.

    `stream` is the one that was asked: the decision's first event stands on it.
    """
    try:
        key = sshsig.verify(signature, signed.encode())
    except UnicodeEncodeError:
        raise Malformed("the signed text is not Unicode") from None
    told = payload.told(signed)
    said = told.get("decision") if isinstance(told, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("act"), dict):
        raise Malformed("the signed text is no decision")
    if (said.get("stream"), said.get("decision_id")) != (stream, decision_id):
        raise Malformed("another decision was signed")
    differ = [one for one in _SIGNED_OF_AN_ACT if said["act"].get(one) != act.get(one)]
    if differ or moment(said["act"], "at") != moment(act, "at"):
        raise Malformed("another act was signed")
    return told, key


def moment(act: Mapping[str, Any], name: str) -> datetime:
    """A moment of an act. Raises `Malformed`."""
    try:
        found = datetime.fromisoformat(str(act.get(name)))
    except ValueError:
        raise Malformed(f"{name} is no moment") from None
    if found.tzinfo is None:
        raise Malformed(f"{name} has no time zone")
    return found
