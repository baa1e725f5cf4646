"""The money of a project: planned, paid, contracted."""

from collections.abc import Iterator

from console.exports.told import Form, Told, moment, money, period, reference, year
from domain import approval
from domain.disbursement import Claim
from domain.values import DossierKind, Level, PaymentKind, Role


def budget(told: Told) -> Form:
    state = told.state
    asked = [f.act.at for f in told.facts if isinstance(f.event, approval.DossierSubmitted)]
    decided = state.dossiers.get(DossierKind.PROJECT)
    by_year = [
        {
            "id": str(of),
            "description": f"Kế hoạch vốn năm {of}",
            "amount": money(amount),
            "period": year(of),
            "sourceParty": reference(told.post(Role.CHAIR, Level.CITY)),
        }
        for of, amount in _years(told)
    ]
    found: Form = {}
    if state.ceiling:
        found["amount"] = money(state.ceiling)
    if asked:
        found["requestDate"] = moment(min(asked))
    if isinstance(decided, approval.Approved):
        found["approvalDate"] = moment(decided.at)
    if by_year:
        found["budgetBreakdowns"] = [{"id": "capital-plan", "budgetBreakdown": by_year}]
    return found


def forecasts(told: Told) -> list[Form]:
    planned = [
        {"id": str(of), "period": year(of), "value": money(amount)} for of, amount in _years(told)
    ]
    return [_metric("financialProgress", planned)] if planned else []


def metrics(told: Told) -> list[Form]:
    """What was paid, payment by payment, and how far each section has come."""
    paid, out = [], 0
    for fact, claim in told.paid():
        out += claim.cash
        number = fact.stream.rpartition("/")[2]
        until = {"endDate": moment(fact.act.at)}
        paid.append({"id": number, "period": until, "value": money(out)})
    physical = [
        {
            "id": name,
            "measure": site.percent,
            "unit": {"name": "percent"},
            "period": {"endDate": moment(site.since)},
        }
        for name, site in told.state.building.sections.items()
        if site.stage in ("started", "accepted")
    ]
    found: list[tuple[str, list[Form]]]
    found = [("financialProgress", paid), ("physicalProgress", physical)]
    return [_metric(name, observations) for name, observations in found if observations]


def transactions(told: Told) -> Iterator[Form]:
    """What the treasury paid: to the contractor, or for land to the board that supports."""
    for fact, claim in told.paid():
        payee = payee_of(told, claim)
        found = {
            "id": fact.stream.removeprefix("payment/"),
            "date": moment(fact.act.at),
            "value": money(claim.cash),
            "payer": reference(fact.act.by),
        }
        yield {**found, "payee": payee} if payee else found


def payee_of(told: Told, claim: Claim) -> Form | None:
    """Who was paid. For land it is the board, whoever it supports."""
    if claim.payment_kind is PaymentKind.COMPENSATION:
        return reference(told.post(Role.CLEARANCE_BOARD, Level.DISTRICT))
    return told.contractor()


def contracts(told: Told) -> list[Form]:
    contract, supplier = told.state.building.contract, told.contractor()
    if contract is None or supplier is None:
        return []
    in_use = told.state.building.in_use_since
    summary = {
        "externalReference": contract.number,
        "nature": ["construction"],
        "title": told.state.charter.name,
        "status": "closed" if told.state.closed_at else "active",
        "suppliers": [supplier],
        "contractValue": money(contract.worth),
        "contractPeriod": period(contract.signed_at, in_use),
    }
    return [{"id": f"{told.state.charter.project}-1", "summary": summary}]


def _years(told: Told) -> Iterator[tuple[int, int]]:
    """What each year's plan gives the project, đồng."""
    for of, plan in sorted(told.plans.items()):
        if position := plan.positions.get(told.state.charter.project):
            yield of, position.allocated


def _metric(name: str, observations: list[Form]) -> Form:
    return {"id": name, "observations": observations}
