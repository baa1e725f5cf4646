"""Whether a command is its sender's own: signed for this record as it stands, by a key that counts.

The signatures are looked at before anything is locked. What moves is looked at under the locks: the
registry of officials, which keeps still until a turn ends, the wall clock, and what was seen.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from domain import officials, registry
from domain.approval import ApproveStep, RejectDossier, ReturnDossier
from domain.clock import WALL_CLOCK
from domain.keys import Fingerprint
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.refusal import Refused
from domain.streams import Envelope
from domain.values import SYSTEM, Act, StreamId, value
from signing import payload
from signing.payload import Payload
from signing.sshsig import Key
from storage import codec
from storage.folds import Folds
from storage.journey import Call, Row, Statement

AHEAD = timedelta(minutes=5)
"""How far another's clock may run ahead of ours."""

LONGEST = timedelta(days=31)
"""For how long a signature may say that it counts: nobody signs for next year."""

_NAMES_WHAT_WAS_SHOWN = (
    ApproveStep,
    ReturnDossier,
    RejectDossier,
    CheckPayment,
    ConfirmPaid,
    RefusePayment,
)

HOLD_STILL: tuple[Call, Call, Call] = (
    (
        Statement(
            name="ntm_hold_registry",
            sql="SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))",
        ),
        (officials.STREAM,),
    ),
    (
        Statement(
            name="ntm_registry_head",
            sql="""
                SELECT version, hash FROM events WHERE stream = $1 ORDER BY version DESC LIMIT 1
            """,
        ),
        (officials.STREAM,),
    ),
    (
        Statement(
            name="ntm_clocks",
            sql="SELECT clock_timestamp(), (SELECT body FROM clock WHERE only_row = 1)",
        ),
        (),
    ),
)
"""What keeps the registry from moving until a turn ends, and asks where it and the clocks stand."""

_HASHES = Statement(
    name="ntm_hashes",
    sql="SELECT version, hash FROM events WHERE stream = $1 AND version = ANY($2::int[])",
)


@value
class Signed:
    """An envelope whose signature is right: what it says, and by which key."""

    payload: Payload
    key: Key


@value
class Grounds:
    """What a proof is held against: the registry at its version, the wall clock, the hash that the
    stream has at each version which somebody says to have seen.
    """

    standing: registry.Standing
    version: int
    wall: datetime
    latest: datetime
    """The latest that the record's own programme clock lets it be."""
    hashes: Mapping[int, bytes]


def signatures(envelopes: list[Envelope]) -> dict[str, Signed | Refused]:
    """What each proof says, by decision id, or what is wrong with it. Needs no lock."""
    found: dict[str, Signed | Refused] = {}
    for envelope in envelopes:
        try:
            said, key = payload.proven(envelope)
            found[envelope.decision_id] = Signed(payload=said, key=key)
        except Refused as refused:
            found[envelope.decision_id] = refused
    return found


def seen(stream: StreamId, signed: Mapping[str, Signed | Refused]) -> Call:
    """What asks for the hashes that the signers say to have seen."""
    versions = {one.payload.version_seen for one in signed.values() if isinstance(one, Signed)}
    return _HASHES, (stream, sorted(one for one in versions if 0 < one < 2**31))


def grounds(
    connection: Connection, shelf: Folds, head: list[Row], clocks: list[Row], hashes: list[Row]
) -> Grounds:
    """The answers to `HOLD_STILL` and `seen`, and the registry that they speak of."""
    fold = shelf.ending(connection, officials.STREAM, head)
    assert isinstance(fold.state, registry.Standing)
    ((wall, body),) = clocks
    clock = WALL_CLOCK if body is None else codec.CLOCK.validate_json(body)
    return Grounds(
        standing=fold.state,
        version=fold.version,
        wall=wall,
        latest=clock.now(wall) + AHEAD,
        hashes=dict(hashes),
    )


def check(
    envelope: Envelope, signed: Signed | Refused, held: Grounds, now: datetime
) -> Act:
    """The act, with the proof it rests on. Raises `Refused`; "unproved" is said to nobody known.

    Before the registry is founded nothing has to be proved, and nothing counts as proof. The clock
    signs nothing: its commands are checked by their deadlines.
    """
    standing = held.standing
    if isinstance(standing, registry.Unfounded) or envelope.act.by == SYSTEM:
        return envelope.act
    if isinstance(signed, Refused):
        raise signed
    assert envelope.proof is not None
    _check_key(envelope.act, signed, standing, now)
    _check_bound(signed.payload, standing, held)
    _check_shown(envelope)
    _check_hours(signed.payload, held.wall)
    return replace(envelope.act, proof=sha256(envelope.proof.signed.encode()).hexdigest())


def _check_key(act: Act, signed: Signed, standing: registry.Registry, now: datetime) -> None:
    key = standing.key(Fingerprint(signed.key.fingerprint))
    if key is None or key.official != act.official:
        raise _unproved(f"key {signed.key.fingerprint} is not {act.official or 'anybody'}'s")
    flaw = key.flaw(now)
    if flaw is not None:
        raise _unproved(f"key {signed.key.fingerprint} {flaw}")


def _check_bound(said: Payload, standing: registry.Registry, held: Grounds) -> None:
    """That it was signed for this record, and on a history that this record has."""
    if said.record != standing.record:
        raise _unproved("was signed for another record")
    if said.registry > held.version:
        raise _unproved(f"knows version {said.registry} of the registry; it has {held.version}")
    found = held.hashes.get(said.version_seen, b"").hex()
    if said.version_seen < 0 or found != said.hash_seen or (said.version_seen and not found):
        raise _unproved(
            f"was signed on a version {said.version_seen} that this record does not have"
        )


def _check_shown(envelope: Envelope) -> None:
    command = envelope.command
    if isinstance(command, _NAMES_WHAT_WAS_SHOWN) and command.amount is None:
        raise _unproved(f"{command.kind} does not name the amount that was shown")


def _check_hours(said: Payload, wall: datetime) -> None:
    if said.expires_at - said.not_before > LONGEST:
        raise Refused("proof_expired", f"proof: counts for more than {LONGEST.days} days")
    if wall + AHEAD < said.not_before:
        raise Refused("proof_expired", f"proof: counts from {said.not_before} on; it is {wall}")
    if wall > said.expires_at:
        raise Refused(
            "proof_expired", f"proof: counted until {said.expires_at}; sign it again"
        )


def _unproved(because: str) -> Refused:
    return Refused("unproved", f"proof: {because}")
