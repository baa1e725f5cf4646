"""What a project has come to: dossiers approved, sites handed over, works accepted, and papers."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from console import words
from console.exports.told import Form, Told, moment
from domain import approval
from domain.calendar import HANOI, end_of
from domain.clearance import SiteHandedOver
from domain.construction import HandedOverToUse
from domain.contract import ContractSigned
from domain.values import Extent

_DOCUMENTS: Mapping[type, str | None] = {
    approval.DossierApproved: None,
    ContractSigned: "contractSigned",
    HandedOverToUse: "completionCertificate",
    SiteHandedOver: None,
}
"""Decisions whose papers are named, and what the standard calls them. None is of one household."""

_LAND = {Extent.FULL: "met", Extent.PARTIAL: "partiallyMet", None: "scheduled"}


def milestones(told: Told) -> list[Form]:
    """Approvals, land and works."""
    return [*_approvals(told), *_land(told), *_works(told)]


def _approvals(told: Told) -> Iterator[Form]:
    for fact in told.facts:
        if isinstance(fact.event, approval.DossierApproved):
            yield {
                "id": f"approval-{fact.event.dossier}",
                "title": words.DOSSIERS[fact.event.dossier][0],
                "type": "approval",
                "status": "met",
                "dateMet": moment(fact.act.at),
            }


def _land(told: Told) -> Iterator[Form]:
    """Land of each section: scheduled until a part is handed over, met when all of it is."""
    for name, site in told.state.building.sections.items():
        if not site.plan.needs_clearance:
            continue
        clearing = told.sections.get(name)
        found: Form = {
            "id": f"site-{name}",
            "title": f"Bàn giao mặt bằng {name}: {site.plan.name}",
            "type": "delivery",
            "status": _LAND[site.released],
        }
        if clearing and clearing.plan:
            found["dueDate"] = moment(end_of(clearing.plan[-1].by))
        handed = [
            fact.act.at
            for fact in told.facts
            if isinstance(fact.event, SiteHandedOver) and fact.stream.endswith(f"/{name}")
        ]
        if handed and site.released is Extent.FULL:
            found["dateMet"] = moment(max(handed))
        yield found


def _works(told: Told) -> Iterator[Form]:
    for name, site in told.state.building.sections.items():
        if site.stage == "accepted":
            yield {
                "id": f"works-{name}",
                "title": f"Nghiệm thu {name}: {site.plan.name}",
                "type": "delivery",
                "status": "met",
                "dateMet": moment(site.since),
            }


def documents(told: Told) -> Iterator[Form]:
    seen: set[str] = set()
    for fact in told.facts:
        paper = fact.act.document
        if paper is None or type(fact.event) not in _DOCUMENTS or paper.symbol in seen:
            continue
        seen.add(paper.symbol)
        kind = _DOCUMENTS[type(fact.event)]
        found = {
            "id": paper.symbol,
            "title": f"{paper.symbol} ({paper.issuer})",
            "datePublished": moment(datetime.combine(paper.issued_on, datetime.min.time(), HANOI)),
            "language": "vi",
        }
        yield {**found, "documentType": kind} if kind else found
