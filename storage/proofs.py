"""Proofs on record: what an official signed for a decision, kept to the byte."""

from hashlib import sha256

from sqlalchemy import Connection, select

from domain.keys import PublicKey
from domain.streams import Proof
from storage import tables
from storage.journey import Call, Statement

_KEEP = Statement(
    name="ntm_keep_proof",
    sql="""
        INSERT INTO proofs (decision_id, signed, signature, official, fingerprint)
        VALUES ($1, $2, $3, $4, $5)
    """,
)


def name(proof: Proof) -> str:
    """What the act of each event says of its proof: the hex SHA-256 of what was signed."""
    return sha256(proof.signed.encode()).hexdigest()


def kept(connection: Connection, decision_id: str) -> Proof | None:
    """The proof of a decision, if it has one."""
    table = tables.proofs.c
    query = select(table.signed, table.signature).where(table.decision_id == decision_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Proof(signed=row.signed, signature=row.signature)


def keep(decision_id: str, proof: Proof, official: str, key: PublicKey) -> Call:
    """What puts a proof on record beside its decision."""
    return _KEEP, (decision_id, proof.signed, proof.signature, official, key.fingerprint)
