"""A programme's projects as the Open Contracting for Infrastructure Data Standard has them, 0.9.5.

Everything is read from the states of projects, sections and payments and from the dates of their
facts. Households are in none of it: land is a milestone of its section, and who was supported is
the clearance board that paid. https://standard.open-contracting.org/infrastructure/0.9/en/
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from console.exports import amounts, milestones
from console.exports.told import Form, Told, moment, money, period, reference
from domain import approval
from domain.phase import Phase, phase
from domain.project import Registered
from domain.values import DossierKind, Level, PaymentKind, Post, Role, WorksKind

UNREGISTERED = "oc4ids-xxxxxx"
"""Of the form that the standard wants, and nobody's: the help desk gives out prefixes."""

_SECTORS: Mapping[WorksKind, tuple[str, ...]] = {
    "road": ("transport", "transport.road"),
    "school": ("education",),
    "culture-house": ("cultureSportsAndRecreation",),
    "health-station": ("health",),
    "lighting": ("energy",),
    "environment": ("waterAndWaste",),
}


def package(
    projects: Iterable[Told], *, prefix: str, publisher: str, uri: str, published: datetime
) -> Form:
    """A package of projects. Under a prefix that is nobody's it says so in its publisher's name."""
    label = " (chưa đăng ký tiền tố OC4IDS · unregistered)" if prefix == UNREGISTERED else ""
    return {
        "uri": uri,
        "publishedDate": moment(published),
        "version": "0.9",
        "publisher": {"name": f"{publisher}{label}"},
        "projects": [_project(one, prefix) for one in projects],
    }


def _project(told: Told, prefix: str) -> Form:
    state = told.state
    charter = state.charter
    sectors = [s for site in state.building.sections.values() for s in _SECTORS[site.plan.works]]
    synthetic = " Số liệu giả định · made-up data." if charter.synthetic else ""
    whole: Form = {
        "id": f"{prefix}-{charter.project}",
        "updated": moment(max(fact.act.at for fact in told.facts)),
        "language": "vi",
        "title": charter.name,
        "description": f"{charter.programme}, đợt · cohort {charter.cohort}.{synthetic}",
        "status": _status(state),
        "type": "construction",
        "sector": list(dict.fromkeys(sectors)),
        "publicAuthority": reference(_investor(told)),
        "parties": _parties(told),
        "locations": [_location(told)],
        "period": period(state.since, state.closed_at),
        **_periods(told),
        "budget": amounts.budget(told),
        "social": {"landCompensationBudget": money(_compensation(state))},
        "forecasts": amounts.forecasts(told),
        "metrics": amounts.metrics(told),
        "milestones": milestones.milestones(told),
        "transactions": list(amounts.transactions(told)),
        "documents": list(milestones.documents(told)),
        "contractingProcesses": amounts.contracts(told),
        "completion": _completion(state),
    }
    return {name: found for name, found in whole.items() if found}


def _status(state: Registered) -> str:
    """The standard knows no land clearance: until a contract is signed, it is preparation."""
    match phase(state):
        case Phase.APPROVAL:
            policy = state.dossiers.get(DossierKind.INVESTMENT_POLICY)
            approved = isinstance(policy, approval.Approved)
            return "preparation" if approved else "identification"
        case Phase.CLEARANCE | Phase.CONSTRUCTION:
            return "implementation" if state.building.contract else "preparation"
        case Phase.SETTLEMENT | Phase.CLOSED:
            return "completion"
        case Phase.REJECTED:
            return "cancelled"
        case other:
            assert_never(other)


def _periods(told: Told) -> Form:
    state = told.state
    approved = state.dossiers.get(DossierKind.INVESTMENT_POLICY)
    policy_at = approved.at if isinstance(approved, approval.Approved) else None
    contract = state.building.contract
    signed_at = contract.signed_at if contract else None
    in_use = state.building.in_use_since
    found = {"identificationPeriod": period(state.since, policy_at)}
    if policy_at:
        found["preparationPeriod"] = period(policy_at, signed_at)
    if signed_at:
        found["implementationPeriod"] = period(signed_at, in_use)
    if in_use:
        found["completionPeriod"] = period(in_use, state.closed_at)
    return found


def _completion(state: Registered) -> Form:
    found: Form = {}
    if state.building.in_use_since:
        found["endDate"] = moment(state.building.in_use_since)
    if state.settled is not None:
        found["finalValue"] = money(state.settled)
    return found


def _investor(told: Told) -> Post:
    return told.post(Role.INVESTOR, Level.DISTRICT)


def _parties(told: Told) -> list[Form]:
    """Every organisation that the form refers to, each with its parts in the project."""
    roles: dict[Post, str] = {_investor(told): "publicAuthority"}
    if any(told.state.charter.project in plan.positions for plan in told.plans.values()):
        roles[told.post(Role.CHAIR, Level.CITY)] = "funder"
    for fact, claim in told.paid():
        roles[fact.act.by] = "payer"
        if claim.payment_kind is PaymentKind.COMPENSATION:
            roles[told.post(Role.CLEARANCE_BOARD, Level.DISTRICT)] = "payee"
    found = [{**reference(post), "roles": [role]} for post, role in roles.items()]
    contractor = told.contractor()
    return [*found, {**contractor, "roles": ["supplier", "payee"]}] if contractor else found


def _location(told: Told) -> Form:
    units, commune = told.state.charter.units, told.state.charter.commune
    address = {"locality": units.commune, "region": units.city, "countryName": "Việt Nam"}
    return {"id": commune, "description": f"Xã · commune {commune}", "address": address}


def _compensation(state: Registered) -> int:
    """What is planned for land and structures, đồng: nothing where all of it is given."""
    return sum(site.clearance_plan or 0 for site in state.building.sections.values())
