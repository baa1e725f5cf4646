"""One project's script: what is decided about it from registration to the end of 2024."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never

from demo.beats import Beat, Move, number
from demo.sites import moves as site_moves
from demo.tables import Dataset, DossierRow, PaymentRow, ProgressRow, ProjectRow
from domain.approval import ApproveStep, ReturnDossier, SubmitDossier
from domain.charter import Charter
from domain.construction import (
    AcceptWorks,
    HandOverToUse,
    ReportProgress,
    StartWorks,
    Works,
)
from domain.contract import Guarantee, SignContract
from domain.disbursement import ReleaseRetention, RequestPayment
from domain.payment import CheckPayment, ConfirmPaid
from domain.project import CloseAccounts, RegisterProject
from domain.streams import payment_stream, project_stream
from domain.values import Document, DossierKind, Level, Post, ProjectId, Role, Units, Vnd

_DECIDERS = {
    (DossierKind.INVESTMENT_POLICY, "appraise"): (Role.PLANNING, Level.CITY, "BC"),
    (DossierKind.INVESTMENT_POLICY, "decide"): (Role.COUNCIL, Level.CITY, "NQ"),
    (DossierKind.PROJECT, "appraise"): (Role.INFRASTRUCTURE, Level.DISTRICT, "BC"),
    (DossierKind.PROJECT, "approve"): (Role.CHAIR, Level.DISTRICT, "QĐ"),
    (DossierKind.SETTLEMENT, "verify"): (Role.FINANCE, Level.DISTRICT, "BC"),
    (DossierKind.SETTLEMENT, "approve"): (Role.CHAIR, Level.DISTRICT, "QĐ"),
}
_SPREAD = timedelta(minutes=17)
_HOURS = timedelta(hours=5)
_WARRANTY = timedelta(days=366)


def beats(dataset: Dataset, project: ProjectId) -> tuple[Beat, ...]:
    """Everything decided about a project, in order; the same on every call."""
    names = [row.project for row in dataset.projects]
    row = dataset.projects[names.index(project)]
    charter = _charter(dataset, row)
    moves = [
        _register(dataset, row, charter),
        *_dossiers(dataset, charter),
        _contract(row, charter),
        *site_moves(dataset, charter),
        *_works(dataset, charter),
        *_payments(dataset, charter),
        *_closing(row, charter),
        *_warranty(row, charter),
    ]
    # Officials do not all sign at eight o'clock: each project has its own quarter of an hour.
    return number(moves, offset=_SPREAD * names.index(project) % _HOURS)


def _charter(dataset: Dataset, row: ProjectRow) -> Charter:
    commune = next(place for place in dataset.communes if place.commune == row.commune)
    return Charter(
        project=row.project,
        programme=dataset.facts.programme.programme,
        cohort=commune.cohort,
        commune=row.commune,
        name=row.name,
        units=Units(
            commune=commune.unit, district=commune.district, city=dataset.facts.programme.seat
        ),
        synthetic=row.synthetic,
    )


def _investor(charter: Charter) -> Post:
    return Post(role=Role.INVESTOR, unit=charter.units.at(Level.DISTRICT))


def _register(dataset: Dataset, row: ProjectRow, charter: Charter) -> Move:
    works = tuple(
        Works(
            section=plan.section,
            name=plan.name,
            works=plan.works,
            needs_clearance=plan.needs_clearance,
        )
        for plan in dataset.works
        if plan.project == row.project
    )
    return Move(
        stream=project_stream(row.project),
        on=row.registered_on,
        by=_investor(charter),
        command=RegisterProject(charter=charter, works=works),
    )


def _dossiers(dataset: Dataset, charter: Charter) -> Iterator[Move]:
    mine = [row for row in dataset.dossiers if row.project == charter.project]
    rounds: Counter[DossierKind] = Counter()
    amount = Vnd(0)
    for nth, row in enumerate(mine, 1):
        if row.step == "submit":
            assert row.amount is not None
            rounds[row.dossier] += 1
            amount = row.amount
            by, paper = _investor(charter), "TTr"
            command: SubmitDossier | ApproveStep | ReturnDossier = SubmitDossier(
                dossier=row.dossier, amount=row.amount
            )
        else:
            role, level, paper = _DECIDERS[row.dossier, row.step]
            by = Post(role=role, unit=charter.units.at(level))
            command = _verdict(row, rounds[row.dossier], amount)
        yield Move(
            stream=project_stream(charter.project),
            on=row.on,
            by=by,
            command=command,
            document=Document(
                symbol=f"{nth:02d}/{paper}-{charter.project} (tổng hợp)",
                issued_on=row.on,
                issuer=str(by),
            ),
        )


def _verdict(row: DossierRow, seen: int, amount: Vnd) -> ApproveStep | ReturnDossier:
    if row.reason:
        return ReturnDossier(
            dossier=row.dossier, step=row.step, reason=row.reason, round=seen, amount=amount
        )
    return ApproveStep(dossier=row.dossier, step=row.step, round=seen, amount=amount)


def _contract(row: ProjectRow, charter: Charter) -> Move:
    guarantee = None
    if row.guarantee is not None and row.guarantee_valid_to is not None:
        guarantee = Guarantee(amount=row.guarantee, valid_to=row.guarantee_valid_to)
    return Move(
        stream=project_stream(row.project),
        on=row.signed_on,
        by=_investor(charter),
        command=SignContract(
            number=row.contract,
            contractor=row.contractor,
            worth=row.contract_worth,
            guarantee=guarantee,
        ),
    )


def _works(dataset: Dataset, charter: Charter) -> Iterator[Move]:
    for row in dataset.progress:
        if row.project == charter.project:
            yield Move(
                stream=project_stream(charter.project),
                on=row.on,
                by=_investor(charter),
                command=_work(row),
            )


def _work(row: ProgressRow) -> StartWorks | ReportProgress | AcceptWorks:
    match row.step:
        case "start":
            return StartWorks(section=row.section)
        case "progress":
            return ReportProgress(section=row.section, percent=row.percent or 0)
        case "accept" | "complete":
            return AcceptWorks(
                section=row.section, volume=row.volume or Vnd(0), complete=row.step == "complete"
            )
        case _:
            assert_never(row.step)


def _payments(dataset: Dataset, charter: Charter) -> Iterator[Move]:
    for row in dataset.payments:
        if row.project == charter.project:
            yield from _payment(row, charter)


def _payment(row: PaymentRow, charter: Charter) -> Iterator[Move]:
    """Asked for by the investor, checked by finance, paid by the treasury on its own day."""
    request = RequestPayment(
        payment=row.payment,
        payment_kind=row.payment_kind,
        worth=row.worth,
        recovers=row.recovers,
        section=row.section,
    )
    yield Move(
        stream=project_stream(charter.project),
        on=row.requested_on,
        by=_investor(charter),
        command=request,
    )
    stream, cash = payment_stream(row.payment), Vnd(row.worth - row.recovers)
    if row.checked_on is not None:
        finance = Post(role=Role.FINANCE, unit=charter.units.at(Level.DISTRICT))
        yield Move(stream=stream, on=row.checked_on, by=finance, command=CheckPayment(amount=cash))
    if row.paid_on is not None:
        treasury = Post(role=Role.TREASURY, unit=charter.units.at(Level.CITY))
        yield Move(stream=stream, on=row.paid_on, by=treasury, command=ConfirmPaid(amount=cash))


def _warranty(row: ProjectRow, charter: Charter) -> Iterator[Move]:
    """His bank vouches for the contractor, so that a settled project can be paid in full."""
    if row.in_use_on is None or row.closed_on is None:
        return
    bond = Guarantee(amount=Vnd(row.contract_worth // 20), valid_to=row.in_use_on + _WARRANTY)
    yield Move(
        stream=project_stream(row.project),
        on=row.in_use_on,
        by=_investor(charter),
        command=ReleaseRetention(bond=bond),
        document=Document(
            symbol=f"BLBH-{row.project} (tổng hợp)", issued_on=row.in_use_on, issuer="ngân hàng"
        ),
    )


def _closing(row: ProjectRow, charter: Charter) -> Iterator[Move]:
    for on, command in ((row.in_use_on, HandOverToUse()), (row.closed_on, CloseAccounts())):
        if on is not None:
            yield Move(
                stream=project_stream(row.project),
                on=on,
                by=_investor(charter),
                command=command,
            )
