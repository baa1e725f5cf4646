"""Bundles: the events of one decision, with all it takes to check them far from the record.

A bundle is one JSON file in one form: whoever changes a byte of it has another file, and no
bundle. It shows that these events stood in the log when the checkpoint was signed. Whether the key
is the record's own, its reader has to know from elsewhere.
"""

import json
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import TypeAdapter, ValidationError

from domain import chain, officials
from domain.chain import Link
from domain.keys import PublicKey
from domain.merkle import includes
from domain.values import value
from signing import recorded
from storage import keyring, notes
from storage.keyring import Succession
from storage.notes import Checkpoint


@value
class Shown:
    """An event, its canonical bytes, the hash before it in its stream, its path to the root."""

    event: Link
    leaf: str
    previous: str
    proof: tuple[str, ...]


@value
class Signed:
    """What the official signed, and the event by which the key that signed became that official's.

    Whether the key was revoked later is not shown here; when it signed, the record looked.
    """

    text: str
    signature: str
    enrolled: Shown


@value
class Bundle:
    """A decision's events, each shown to be under one signed checkpoint.

    `rotated` are the statements that join its key to others, and `proof` is the official's own
    signature; each is left out where there is none.
    """

    decision_id: str
    key: str
    note: str
    events: tuple[Shown, ...]
    rotated: tuple[str, ...] = ()
    proof: Signed | None = None
    form: Literal["ntm-bundle-1"] = "ntm-bundle-1"


_BUNDLE = TypeAdapter(Bundle)
_FOUNDS = ("RegistryFounded",)
_ENROLS = ("OfficialEnrolled", "KeyEnrolled", "KeyRotated")


def shown(link: Link, previous: bytes, proof: tuple[bytes, ...]) -> Shown:
    """An event with its proof. Raises ValueError for what no event of ours holds."""
    return Shown(
        event=link,
        leaf=chain.leaf(link, chain.record_of(link)).decode(),
        previous=previous.hex(),
        proof=tuple(step.hex() for step in proof),
    )


def dump(bundle: Bundle) -> bytes:
    """A bundle as a file, in its one form."""
    told = _BUNDLE.dump_python(bundle, mode="json")
    if not bundle.rotated:
        del told["rotated"]
    if bundle.proof is None:
        del told["proof"]
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read(file: bytes) -> Bundle:
    """A bundle of a file. Raises ValueError if it is none, or is not in its one form."""
    try:
        bundle = _BUNDLE.validate_json(file)
    except ValidationError:
        raise ValueError("the file is no bundle") from None
    if dump(bundle) != file:
        raise ValueError("the file is not as a bundle is written")
    return bundle


def check(
    bundle: Bundle, trusted: Ed25519PublicKey | None, said: tuple[Succession, ...] = ()
) -> Checkpoint:
    """Hold a bundle against itself, and against a key that is trusted; return its checkpoint.

    `said` are further statements of keys that followed one another. Raises ValueError with what is
    wrong. Without a trusted key it is held against the key it brings along, which anybody could
    have made.
    """
    key = notes.public_key(bundle.key)
    said = (*said, *(keyring.read(text) for text in bundle.rotated))
    known = keyring.joined(trusted or key, said)
    if not known.knows(bundle.key):
        raise ValueError("the bundle is of another key than the one given")
    if bundle.note.rpartition("\n\n")[2].count("\n") != 1:
        raise ValueError("the note is not one checkpoint with one signature")
    notes.read(key, bundle.note)
    checkpoint = known.read(bundle.note)
    if not bundle.events:
        raise ValueError("the bundle has no events")
    heads: dict[tuple[str, int], str] = {}
    position = 0
    for one in bundle.events:
        event = one.event
        where = f"position {event.position}, {event.stream} version {event.version}"
        if event.decision_id != bundle.decision_id or event.position <= position:
            raise ValueError(f"{where}: is no further event of decision {bundle.decision_id}")
        expected = chain.ORIGIN.hex() if event.version == 1 else one.previous
        if heads.get((event.stream, event.version - 1), expected) != one.previous:
            raise ValueError(f"{where}: does not follow the event before it")
        _check_event(one, checkpoint, where)
        heads[event.stream, event.version] = event.hash
        position = event.position
    _check_proof(bundle, checkpoint)
    return checkpoint


def signer(bundle: Bundle) -> tuple[str, PublicKey] | None:
    """The official who signed, and with which key; None for what the clock did, or who is only
    named. Raises ValueError for a signature that is not right.
    """
    proof, first = bundle.proof, bundle.events[0].event
    if proof is None:
        return None
    act = first.act if isinstance(first.act, dict) else {}
    _, key = recorded.check(proof.text, proof.signature, first.stream, bundle.decision_id, act)
    return str(act.get("official")), key


def _check_proof(bundle: Bundle, checkpoint: Checkpoint) -> None:
    found = signer(bundle)
    names = {_proof_of(one.event) for one in bundle.events}
    if bundle.proof is None or found is None:
        if names != {None}:
            raise ValueError("the official's signature is missing")
        return
    if names != {sha256(bundle.proof.text.encode()).hexdigest()}:
        raise ValueError("the events do not rest on what was signed")
    official, key = found
    enrolled = bundle.proof.enrolled
    where = f"position {enrolled.event.position}, enrolment of {official}"
    _check_event(enrolled, checkpoint, where)
    if enrolled.event.stream != officials.STREAM or not enrols(enrolled.event, official, key):
        raise ValueError(f"{where}: the key is not this official's")
    if enrolled.event.position >= bundle.events[0].event.position:
        raise ValueError(f"{where}: comes after the decision")


def _proof_of(event: Link) -> str | None:
    return event.act.get("proof") if isinstance(event.act, dict) else None


def enrols(event: Link, official: str, key: PublicKey) -> bool:
    """Whether an event of the registry makes a key somebody's."""
    body = event.body if isinstance(event.body, dict) else {}
    told = body.get("registrars", []) if event.kind in _FOUNDS else [body]
    said = {"algorithm": key.algorithm, "blob": key.blob}
    return event.kind in (*_FOUNDS, *_ENROLS) and any(
        one.get("official") == official and one.get("key") == said for one in told
    )


def _check_event(one: Shown, checkpoint: Checkpoint, where: str) -> None:
    written = chain.record_of(one.event)
    if chain.chained(_unhexed(one.previous), written).hex() != one.event.hash:
        raise ValueError(f"{where}: its hash is not of this event")
    leaf = chain.leaf(one.event, written)
    if leaf.decode() != one.leaf:
        raise ValueError(f"{where}: its canonical bytes are not of this event")
    proof = tuple(_unhexed(step) for step in one.proof)
    if not includes(checkpoint.root, checkpoint.size, one.event.position - 1, leaf, proof):
        raise ValueError(f"{where}: is not in the log that the checkpoint signed")


def _unhexed(text: str) -> bytes:
    """A hash in its one spelling."""
    found = bytes.fromhex(text)
    if found.hex() != text or len(found) != 32:
        raise ValueError("a hash is not written as it should be")
    return found
