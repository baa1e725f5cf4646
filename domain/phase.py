"""Where a project stands, in the one word a leader would use."""

from enum import StrEnum

from domain.approval import Approved, Rejected
from domain.project import Project, Unregistered
from domain.values import DossierKind, Extent


class Phase(StrEnum):
    """Where a project stands. Money moves in all phases after approval."""

    APPROVAL = "approval"
    CLEARANCE = "clearance"
    CONSTRUCTION = "construction"
    SETTLEMENT = "settlement"
    CLOSED = "closed"
    REJECTED = "rejected"


def phase(project: Project) -> Phase:
    """The phase a leader would name."""
    if isinstance(project, Unregistered):
        return Phase.APPROVAL
    if project.closed_at is not None:
        return Phase.CLOSED
    if any(isinstance(dossier, Rejected) for dossier in project.dossiers.values()):
        return Phase.REJECTED
    if not isinstance(project.dossiers.get(DossierKind.PROJECT), Approved):
        return Phase.APPROVAL
    if project.building.in_use_since is not None:
        return Phase.SETTLEMENT
    if any(site.released is not Extent.FULL for site in project.building.sections.values()):
        return Phase.CLEARANCE
    return Phase.CONSTRUCTION
