"""Made-up projects, and decisions of which some repeat each other and some exclude each other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from domain.approval import ApproveStep, ReturnDossier, SubmitDossier
from domain.calendar import HANOI
from domain.capital import AllocateCapital
from domain.charter import Charter
from domain.construction import ReportProgress, StartWorks, Works
from domain.contract import Guarantee, SignContract
from domain.disbursement import RequestPayment
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.positions import Allocation
from domain.project import RegisterProject
from domain.streams import Command, Envelope, capital_stream, payment_stream, project_stream
from domain.values import (
    Act,
    CohortId,
    CommuneId,
    Document,
    DossierKind,
    PaymentId,
    PaymentKind,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    SectionId,
    StreamId,
    UnitCode,
    Units,
    Vnd,
)

PROGRAMME = ProgrammeId("ntm")
YEAR = 2024
CAPITAL = capital_stream(PROGRAMME, YEAR)
SECTIONS = tuple(SectionId(f"S{number}") for number in range(1, 5))
ADVANCES = Vnd(3_000_000_000)
"""What the contract lets a project ask for in advances."""
YEARS_CAPITAL = Vnd(1_000_000_000)
PAYMENTS = 28
"""As many advances as the contract lets a project ask for; the year's capital ends before."""

_UNITS = Units(commune=UnitCode("ad-01"), district=UnitCode("an-duong"), city=UnitCode("hai-phong"))
_INVESTOR = Post(role=Role.INVESTOR, unit=_UNITS.district)
_INFRASTRUCTURE = Post(role=Role.INFRASTRUCTURE, unit=_UNITS.district)
_FINANCE = Post(role=Role.FINANCE, unit=_UNITS.district)
_CHAIR = Post(role=Role.CHAIR, unit=_UNITS.district)
_PLANNING = Post(role=Role.PLANNING, unit=_UNITS.city)
_COUNCIL = Post(role=Role.COUNCIL, unit=_UNITS.city)
_CITY_CHAIR = Post(role=Role.CHAIR, unit=_UNITS.city)
_TREASURY = Post(role=Role.TREASURY, unit=_UNITS.city)
_PAPER = Document(symbol="12/QĐ-UBND", issued_on=date(2024, 1, 2), issuer="UBND")
_BEGUN = datetime(YEAR, 1, 2, 8, tzinfo=HANOI)
_TOTAL = Vnd(12_000_000_000)
_WORTH = Vnd(10_000_000_000)
_ADVANCE = Vnd(100_000_000)


class ChaosProject:
    """One project; whatever it asks for has a decision id of its own, and a later moment."""

    def __init__(self, name: str) -> None:
        self.name = ProjectId(name)
        self.stream: StreamId = project_stream(self.name)
        self._numbers = count(1)

    def founding(self) -> Iterator[Envelope]:
        """Registered and allowed to be prepared."""
        charter = Charter(
            project=self.name,
            programme=PROGRAMME,
            cohort=CohortId("2024"),
            commune=CommuneId("AD01"),
            name="Four roads",
            units=_UNITS,
            synthetic=True,
        )
        works = tuple(
            Works(section=section, name=f"Road {section}", works="road", needs_clearance=False)
            for section in SECTIONS
        )
        kind = DossierKind.INVESTMENT_POLICY
        yield self._asks(RegisterProject(charter=charter, works=works), _INVESTOR)
        yield self._asks(SubmitDossier(dossier=kind, amount=_TOTAL), _INVESTOR)
        yield self._asks(ApproveStep(dossier=kind, step="appraise"), _PLANNING)
        yield self._asks(ApproveStep(dossier=kind, step="decide"), _COUNCIL)

    def building(self) -> Iterator[Envelope]:
        """Approved, under contract, and begun in every section."""
        kind = DossierKind.PROJECT
        guarantee = Guarantee(amount=ADVANCES, valid_to=date(2030, 12, 31))
        contract = SignContract(
            number="01/HĐ", contractor="Builder", worth=_WORTH, guarantee=guarantee
        )
        yield self.submit()
        yield self._asks(ApproveStep(dossier=kind, step="appraise"), _INFRASTRUCTURE)
        yield self._asks(ApproveStep(dossier=kind, step="approve"), _CHAIR)
        yield self._asks(contract, _INVESTOR)
        for section in SECTIONS:
            yield self._asks(StartWorks(section=section), _INVESTOR)

    def progress(self, section: SectionId, percent: int) -> Envelope:
        return self._asks(ReportProgress(section=section, percent=percent), _INVESTOR)

    def submit(self) -> Envelope:
        return self._asks(SubmitDossier(dossier=DossierKind.PROJECT, amount=_TOTAL), _INVESTOR)

    def appraisal(self) -> tuple[Envelope, ...]:
        """Yes, no, and no for another reason: one of them can be true."""
        approve = ApproveStep(dossier=DossierKind.PROJECT, step="appraise")
        return (
            self._asks(approve, _INFRASTRUCTURE),
            *(self._asks(no, _INFRASTRUCTURE) for no in _returns("appraise")),
        )

    def approval(self) -> tuple[Envelope, ...]:
        """No, and no for another reason, by the chair."""
        return tuple(self._asks(no, _CHAIR) for no in _returns("approve"))

    def request(self, number: int, worth: Vnd = _ADVANCE) -> Envelope:
        command = RequestPayment(
            payment=self._payment(number),
            payment_kind=PaymentKind.ADVANCE,
            worth=worth,
            recovers=Vnd(0),
            section=None,
        )
        return self._asks(command, _INVESTOR)

    def check(self, number: int) -> Envelope:
        return self._asks(CheckPayment(), _FINANCE, payment_stream(self._payment(number)))

    def treasury(self, number: int) -> tuple[Envelope, ...]:
        """Paid twice over, and refused: one of them can be true."""
        stream = payment_stream(self._payment(number))
        commands = (ConfirmPaid(), ConfirmPaid(), RefusePayment(reason="the account is wrong"))
        return tuple(self._asks(command, _TREASURY, stream) for command in commands)

    def _payment(self, number: int) -> PaymentId:
        return PaymentId(f"{self.name}/{number}")

    def _asks(self, command: Command, by: Post, stream: StreamId | None = None) -> Envelope:
        number = next(self._numbers)
        return Envelope(
            decision_id=f"{self.name}:{number}",
            stream=stream or self.stream,
            act=Act(by=by, at=_BEGUN + timedelta(minutes=number), document=_PAPER),
            command=command,
        )


def capital(projects: list[ChaosProject]) -> Envelope:
    """The year's plan: for each project less than its payments will ask for."""
    lines = tuple(
        Allocation(
            project=project.name,
            commune=CommuneId("AD01"),
            cohort=CohortId("2024"),
            amount=YEARS_CAPITAL,
            synthetic=True,
        )
        for project in projects
    )
    return Envelope(
        decision_id="capital",
        stream=CAPITAL,
        act=Act(by=_CITY_CHAIR, at=_BEGUN, document=_PAPER),
        command=AllocateCapital(programme=PROGRAMME, year=YEAR, lines=lines),
    )


def _returns(step: str) -> tuple[ReturnDossier, ...]:
    return tuple(
        ReturnDossier(dossier=DossierKind.PROJECT, step=step, reason=reason)
        for reason in ("the estimate is not itemised", "the drawings are missing")
    )
