"""A restored record in words: what was lost, how that is known, and who accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console import show
from domain.restore import AcceptRestore, LostCheckpoint, LostVersions, Restore, Restored

if TYPE_CHECKING:
    from domain.restore import Evidence

WHAT_TO_DO = (
    "hai người có thẩm quyền, mỗi người · two officials, each: ntm reconcile --accept --as POST"
    " --document 'SYMBOL;DATE;ISSUER'"
)


def described(one: Restore) -> str:
    """One restore on one line."""
    accepted = "; ".join(
        f"{said.by} {show.day(said.at)}, {said.document.symbol}" for said in one.accepted
    )
    by = f"; chấp nhận · accepted by {accepted}" if accepted else ""
    return (
        f"bản ghi bị phục hồi về · record restored to {one.left} sự kiện · events,"
        f" {_known_by(one.evidence)}, phát hiện · found {show.day(one.found_at)}{by}"
    )


def _known_by(evidence: Evidence) -> str:
    match evidence:
        case LostCheckpoint(size=size, root=root):
            return f"điểm chốt · checkpoint {size} events, root {root}"
        case LostVersions(stream=stream, seen=seen, held=held):
            return (
                f"{stream}: quy trình đã thấy · its workflow has seen v{seen}, còn · left v{held}"
            )


def acceptance(state: Restored) -> AcceptRestore:
    """The command that accepts what was found, and nothing else."""
    return AcceptRestore(timeline=state.found.timeline, left=state.found.left)
