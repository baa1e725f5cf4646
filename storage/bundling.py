"""Bundles made from the log: a decision's events, their proofs, and who signed it."""

from collections.abc import Iterable
from functools import partial
from typing import TypeAlias

from sqlalchemy import Engine, select

from domain import chain, officials
from domain.chain import Link
from domain.merkle import Tree
from domain.streams import Proof
from signing import recorded
from storage import bundles, links, log, notes, proofs, tables
from storage.audit import Audit, Progress
from storage.bundles import Bundle
from storage.keyring import Keyring


def bundle(
    engine: Engine,
    known: Keyring,
    decision_id: str,
    progress: Progress,
    rotated: tuple[str, ...] = (),
) -> Bundle | None:
    """The events of a decision and the proof that they are in the log.

    None while no checkpoint covers them. Raises LookupError for a decision without events.
    """
    with log.look(engine) as connection, connection.begin():
        table = tables.checkpoints
        newest = select(table.c.size, table.c.note).order_by(table.c.size.desc()).limit(1)
        checkpoint = connection.execute(newest).one_or_none()
        proof = proofs.kept(connection, decision_id)
        audit, found, enrolments = Audit(), [], []
        for number, kept in enumerate(links.every(connection), 1):
            _, before = audit.heads.get(kept.link.stream, (0, chain.ORIGIN))
            audit.take(kept)
            progress(number)
            if kept.link.decision_id == decision_id:
                found.append((number, kept.link, before))
            elif kept.link.stream == officials.STREAM and not found:
                enrolments.append((number, kept.link, before))
    if not found:
        raise LookupError(decision_id)
    covered = 0 if checkpoint is None else min(checkpoint.size, audit.tree.size)
    if checkpoint is None or found[-1][0] > covered:
        return None
    shown = partial(_shown, audit.tree, covered)
    return Bundle(
        decision_id=decision_id,
        key=notes.spelled(known.signer(checkpoint.note)),
        note=checkpoint.note,
        rotated=rotated,
        events=tuple(map(shown, found)),
        proof=None if proof is None else _signed(proof, found[0][1], map(shown, enrolments)),
    )


_Placed: TypeAlias = tuple[int, Link, bytes]
"""An event with its number in the log and the hash before it in its stream."""


def _shown(tree: Tree, covered: int, placed: _Placed) -> bundles.Shown:
    number, link, before = placed
    return bundles.shown(link, before, tree.inclusion(number - 1, covered))


def _signed(proof: Proof, first: Link, enrolments: Iterable[bundles.Shown]) -> bundles.Signed:
    """The signature, with the event by which its key became the official's."""
    official = str(first.act.get("official"))
    _, key = recorded.check(
        proof.signed, proof.signature, first.stream, first.decision_id, first.act
    )
    enrolled = next((one for one in enrolments if bundles.enrols(one.event, official, key)), None)
    if enrolled is None:
        raise ValueError(f"nobody enrolled {key.fingerprint} as {official}'s")
    return bundles.Signed(text=proof.signed, signature=proof.signature, enrolled=enrolled)
