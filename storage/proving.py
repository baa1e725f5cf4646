"""Whether a command is its sender's own: signed for this record as it stands, by a key that counts.

The signatures are looked at before anything is locked. What moves is looked at under the locks: the
registry of officials, which keeps still until a turn ends, the clocks, and what was seen.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.approval import (
    AbstainFromStep,
    ApproveStep,
    RecallDecision,
    RejectDossier,
    ReturnDossier,
)
from domain.calendar import HANOI
from domain.clock import WALL_CLOCK
from domain.keys import PublicKey
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.recording import AHEAD
from domain.refusal import Refused
from domain.registry import Registry, Standing
from domain.streams import Envelope
from domain.values import SYSTEM, Act, StreamId, value
from signing import payload
from signing.payload import Payload
from storage import codec
from storage.folds import Fold
from storage.journey import Call, Row, Statement

LONGEST = timedelta(days=31)
"""For how long a signature may say that it counts: nobody signs for next year."""

_OF_A_ROUND = (ApproveStep, AbstainFromStep, RejectDossier, ReturnDossier, RecallDecision)
_NAMES_WHAT_WAS_SHOWN = (*_OF_A_ROUND, CheckPayment, ConfirmPaid, RefusePayment)

CLOCKS: Call = (
    Statement(
        name="ntm_clocks",
        sql="SELECT clock_timestamp(), (SELECT body FROM clock WHERE only_row = 1)",
    ),
    (),
)
"""What asks for the wall clock, and for the programme clock of the record itself."""

_HASHES = Statement(
    name="ntm_hashes",
    sql="SELECT version, hash FROM events WHERE stream = $1 AND version = ANY($2::int[])",
)


@value
class Signed:
    """An envelope whose signature is right: what it says, and by which key."""

    payload: Payload
    key: PublicKey


@value
class Grounds:
    """What a proof is held against: `wall` and `now` are the wall clock and the record's own
    programme clock; `hashes` are those of the stream at each version that somebody says to have
    seen.
    """

    wall: datetime
    now: datetime
    hashes: Mapping[int, bytes]


def signed(envelope: Envelope) -> Signed | Refused:
    """What the proof of an envelope says, or what is wrong with it. Needs no lock."""
    try:
        said, key = payload.proven(envelope)
    except Refused as refused:
        return refused
    return Signed(payload=said, key=key)


def seen(stream: StreamId, every: list[Signed | Refused]) -> Call:
    """What asks for the hashes that the signers say to have seen."""
    versions = {one.payload.version_seen for one in every if isinstance(one, Signed)}
    return _HASHES, (stream, sorted(one for one in versions if 0 < one < 2**31))


def grounds(clocks: list[Row], hashes: list[Row]) -> Grounds:
    """The answers to `CLOCKS` and `seen`."""
    ((wall, body),) = clocks
    clock = WALL_CLOCK if body is None else codec.CLOCK.validate_json(body)
    return Grounds(wall=wall, now=clock.now(wall), hashes=dict(hashes))


def check(
    envelope: Envelope, proof: Signed | Refused, registry: Fold, held: Grounds
) -> PublicKey | None:
    """By which key a command was proved; None where nothing has to be.

    Raises `Refused`: with "unproved", nobody known has said it. Before the registry is founded
    nothing counts as proof. The clock signs nothing: its commands are checked by their deadlines.
    """
    standing = registry.state
    assert isinstance(standing, Standing)
    if not standing.demands_proof or envelope.act.by == SYSTEM:
        return None
    assert isinstance(standing, Registry)
    if isinstance(proof, Refused):
        raise proof
    _check_key(envelope.act, proof, standing, held.now)
    _check_bound(proof.payload, standing, registry.version, held)
    _check_shown(envelope)
    return proof.key


def check_hours(said: Payload, wall: datetime) -> None:
    """Raise `Refused` for a proof that is somebody's, and does not count at this hour."""
    if said.expires_at - said.not_before > LONGEST:
        raise Refused("proof_expired", f"proof: counts for more than {LONGEST.days} days")
    if wall + AHEAD < said.not_before:
        raise Refused("proof_expired", f"proof: counts from {_minute(said.not_before)} on")
    if wall > said.expires_at:
        raise Refused(
            "proof_expired", f"proof: counted until {_minute(said.expires_at)}; sign it again"
        )


def _check_key(act: Act, proof: Signed, standing: Registry, now: datetime) -> None:
    owner = standing.officials.get(act.official) if act.official else None
    key = next((one for one in owner.keys if one.public == proof.key), None) if owner else None
    if key is None:
        raise _unproved(f"key {proof.key.fingerprint} is not {act.official or 'anybody'}'s")
    # Whatever clocks say: what was revoked is revoked.
    flaw = key.flaw(max(now, key.revoked_at or now))
    if flaw is not None:
        raise _unproved(f"key {proof.key.fingerprint} {flaw}")


def _check_bound(said: Payload, standing: Registry, version: int, held: Grounds) -> None:
    """That it was signed for this record, and on a history that this record has."""
    if said.record != standing.record:
        raise _unproved("was signed for another record")
    if said.registry > version:
        raise _unproved(f"knows version {said.registry} of the registry; it has {version}")
    found = held.hashes.get(said.version_seen, b"").hex()
    if said.version_seen < 0 or found != said.hash_seen or (said.version_seen and not found):
        raise _unproved(
            f"was signed on a version {said.version_seen} that this record does not have"
        )


def _check_shown(envelope: Envelope) -> None:
    command = envelope.command
    names_it = not isinstance(command, _NAMES_WHAT_WAS_SHOWN) or command.amount is not None
    if not names_it or (isinstance(command, _OF_A_ROUND) and command.round is None):
        raise _unproved(f"{command.kind} does not name round and amount as they were shown")


def _minute(at: datetime) -> str:
    return f"{at.astimezone(HANOI):%d/%m/%Y %H:%M}"


def _unproved(because: str) -> Refused:
    return Refused("unproved", f"proof: {because}")
