"""Sealing: a decision is bound to the record as its maker saw it, and signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.calendar import local_day
from domain.policy import Policy
from domain.refusal import Refused
from domain.registry import Registry
from domain.streams import Envelope, Proof
from domain.values import DelegationId, OfficialId, Post, value
from office.signer import Signer
from signing import payload
from signing.payload import Payload

COUNTS_FOR = timedelta(hours=8)
"""How long a signature counts whose maker waits for the answer: an outage of a working day."""

LEFT_COUNTS_FOR = timedelta(days=7)
"""The same of a decision that is left by signal, for when no worker is up."""


@value
class Sight:
    """What the maker of a decision has seen: the registry, and where the decision's stream stood.

    `hash` is that of the event `version`, in hex; empty where there was none yet.
    """

    registry: Registry
    registry_version: int
    version: int = 0
    hash: str = ""


def whose(registry: Registry, signer: Signer) -> OfficialId:
    """Whose key it is. Raises `Refused` for a key that nobody enrolled."""
    key = registry.key(signer.key.fingerprint)
    if key is None:
        raise Refused("unproved", f"key: {signer.key.fingerprint} is nobody's in the registry")
    return key.official


def stands_in(
    registry: Registry, official: OfficialId, post: Post, at: datetime, policy: Policy
) -> DelegationId | None:
    """The delegation by which somebody acts for a post; None for who holds it, or may not act."""
    if registry.is_appointed(official, post, local_day(at), policy):
        return None
    lent = registry.lent(post, local_day(at), policy)
    return next((one.delegation for one in lent if one.holder == official), None)


def by(envelope: Envelope, official: OfficialId, under: DelegationId | None = None) -> Envelope:
    """A decision as a person's, who holds the post or stands in for it."""
    return replace(envelope, act=replace(envelope.act, official=official, delegation=under))


def offer(decision: Envelope, sight: Sight, now: datetime, counts_for: timedelta) -> Payload:
    """What is to be signed for a decision, from `now` on (wall clock)."""
    begins = now.astimezone(UTC).replace(microsecond=0)
    return Payload(
        record=sight.registry.record,
        registry=sight.registry_version,
        version_seen=sight.version,
        hash_seen=sight.hash,
        not_before=begins,
        expires_at=begins + counts_for,
        decision=decision,
    )


def sealed(offered: Payload, signer: Signer) -> Envelope:
    """The decision with its proof. The text that is signed is the one that is sent and kept."""
    text = payload.write(offered)
    proof = Proof(signed=text, signature=signer.sign(text.encode()))
    return replace(offered.decision, proof=proof)
