"""A restored record in words: what was lost, how that is known, and who accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console import show
from domain.restore import AcceptRestore, LostCheckpoint, LostVersions, Restore, Restored
from language.catalogue import plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from domain.restore import Evidence


def what_to_do() -> str:
    """How a restored record is accepted."""
    return tr(
        "two officials, each: ntm reconcile --accept --as POST --document 'SYMBOL;DATE;ISSUER'"
    )


def described(one: Restore) -> str:
    """One restore on one line."""
    told = plural(
        "the record was restored to {n} event, {evidence}, found {day}",
        "the record was restored to {n} events, {evidence}, found {day}",
        one.left,
        n=grouped(one.left),
        evidence=_known_by(one.evidence),
        day=show.day(one.found_at),
    )
    if not one.accepted:
        return told
    who = (f"{said.by} {show.day(said.at)}, {said.document.symbol}" for said in one.accepted)
    return tr("{told}; accepted by {who}", told=told, who="; ".join(who))


def _known_by(evidence: Evidence) -> str:
    match evidence:
        case LostCheckpoint(size=size, root=root):
            return plural(
                "a checkpoint signed {n} event, root {root}",
                "a checkpoint signed {n} events, root {root}",
                size,
                n=grouped(size),
                root=root,
            )
        case LostVersions(stream=stream, seen=seen, held=held):
            return tr(
                "the workflow of {stream} has seen v{seen}, v{held} is left",
                stream=stream,
                seen=seen,
                held=held,
            )


def acceptance(state: Restored) -> AcceptRestore:
    """The command that accepts what was found, and nothing else."""
    return AcceptRestore(timeline=state.found.timeline, left=state.found.left)
