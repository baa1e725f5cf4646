"""Proofs on record: what an official signed for a decision, kept to the byte."""

from hashlib import sha256

from domain.keys import PublicKey
from domain.streams import Proof
from domain.values import value
from storage.journey import Call, Statement

_KEEP = Statement(
    name="ntm_keep_proof",
    sql="""
        INSERT INTO proofs (decision_id, signed, signature, official, fingerprint)
        VALUES ($1, $2, $3, $4, $5)
    """,
)


@value
class Kept:
    """A proof as the record has it, with whose it was said to be when it was kept."""

    proof: Proof
    official: str
    fingerprint: str


def name(proof: Proof) -> str:
    """What the act of each event says of its proof: the hex SHA-256 of what was signed."""
    return sha256(proof.signed.encode()).hexdigest()


def keep(decision_id: str, proof: Proof, official: str, key: PublicKey) -> Call:
    """What puts a proof on record beside its decision."""
    return _KEEP, (decision_id, proof.signed, proof.signature, official, key.fingerprint)
