"""The rows of `data/hai-phong-2024/` as values; a class's fields are its file's columns."""

from datetime import date
from typing import Literal

from demo.questions import Question
from demo.stalls import SiteStep, Stall
from domain.disbursement_plan import Milestone
from domain.values import (
    CaseCode,
    CohortId,
    CommuneId,
    DossierKind,
    PaymentId,
    PaymentKind,
    ProgrammeId,
    ProjectId,
    SectionId,
    UnitCode,
    UtilityId,
    Vnd,
    Voltage,
    WorksKind,
    value,
)

WorksStep = Literal["start", "progress", "accept", "complete"]
# programme.toml


@value
class ProgrammeFacts:
    programme: ProgrammeId
    name: str
    base_communes: int
    seat: UnitCode
    source: str


@value
class KnownCommune:
    """A real commune, by its real name and without a figure."""

    commune: CommuneId
    name: str
    district: UnitCode


@value
class CohortFacts:
    cohort: CohortId
    year: int
    size: int
    source: str
    names_source: str = ""
    known: tuple[KnownCommune, ...] = ()


@value
class SelectionFacts:
    cohort: CohortId
    chosen: int
    deferred: int
    total_investment: Vnd
    why_deferred: str
    by_district: dict[UnitCode, int]
    source: str


@value
class CapitalFacts:
    cohort: CohortId
    communes: int
    amount: Vnd
    source: str


@value
class DisbursedFacts:
    to: date
    amount: Vnd
    of: Vnd
    source: str


@value
class DocumentFacts:
    key: str
    symbol: str
    issued_on: date
    issuer: str
    source: str


@value
class Facts:
    """What was published. Every `source` names a key of `sources`, or is `synthetic`."""

    sources: dict[str, str]
    programme: ProgrammeFacts
    cohort: tuple[CohortFacts, ...]
    selection: SelectionFacts
    capital: tuple[CapitalFacts, ...]
    disbursed: DisbursedFacts
    document: tuple[DocumentFacts, ...]


# The CSV files


@value
class CommuneRow:
    """A commune; a candidate has a cost, đồng, and per cent of what speaks for it."""

    commune: CommuneId
    name: str
    unit: UnitCode
    district: UnitCode
    cohort: CohortId
    chosen: bool
    cost: Vnd | None = None
    becoming_urban: int | None = None
    advanced: int | None = None
    land_ready: int | None = None
    own_contribution: int | None = None
    synthetic: bool


@value
class ProjectRow:
    project: ProjectId
    commune: CommuneId
    name: str
    total_investment: Vnd
    allocation: Vnd
    registered_on: date
    contract: str
    contractor: str
    contract_worth: Vnd
    signed_on: date
    guarantee: Vnd | None = None
    guarantee_valid_to: date | None = None
    in_use_on: date | None = None
    closed_on: date | None = None
    synthetic: bool


@value
class DossierRow:
    """An act on a dossier; a `reason` makes it a return for revision."""

    project: ProjectId
    dossier: DossierKind
    step: Literal["submit", "appraise", "decide", "approve", "verify"]
    on: date
    amount: Vnd | None = None
    reason: str = ""
    synthetic: bool


@value
class WorksRow:
    project: ProjectId
    section: SectionId
    name: str
    works: WorksKind
    needs_clearance: bool
    synthetic: bool


@value
class CaseRow:
    """A household's case; its batch is handed over as one. `structures` in đồng."""

    project: ProjectId
    section: SectionId
    code: CaseCode
    area_before_m2: int
    area_given_m2: int
    area_left_m2: int
    origin_confirmed: bool
    structures: Vnd
    batch: int
    synthetic: bool


@value
class UtilityRow:
    project: ProjectId
    section: SectionId
    utility: UtilityId
    voltage: Voltage
    poles: int
    estimate: Vnd
    synthetic: bool


@value
class SiteRow:
    """A step of clearance, for one batch of cases or one utility where it says so."""

    project: ProjectId
    section: SectionId
    step: SiteStep
    on: date
    batch: int | None = None
    utility: UtilityId | None = None
    synthetic: bool


@value
class ProgressRow:
    project: ProjectId
    section: SectionId
    step: WorksStep
    on: date
    percent: int | None = None
    volume: Vnd | None = None
    synthetic: bool


@value
class PaymentRow:
    """A payment; without its last days it still waits when the year ends."""

    payment: PaymentId
    project: ProjectId
    payment_kind: PaymentKind
    worth: Vnd
    recovers: Vnd
    section: SectionId | None = None
    requested_on: date
    checked_on: date | None = None
    paid_on: date | None = None
    synthetic: bool

    @property
    def cash(self) -> Vnd:
        return Vnd(self.worth - self.recovers)


@value
class SpendingPlan:
    """The plan of disbursement, month by month. No plan was published: it says it is made up."""

    synthetic: Literal[True]
    milestone: tuple[Milestone, ...]


@value
class Dataset:
    """All of it, read and checked."""

    facts: Facts
    communes: tuple[CommuneRow, ...]
    projects: tuple[ProjectRow, ...]
    dossiers: tuple[DossierRow, ...]
    works: tuple[WorksRow, ...]
    cases: tuple[CaseRow, ...]
    utilities: tuple[UtilityRow, ...]
    clearance: tuple[SiteRow, ...]
    progress: tuple[ProgressRow, ...]
    payments: tuple[PaymentRow, ...]
    spending: tuple[Milestone, ...]
    stalls: tuple[Stall, ...]
    questions: tuple[Question, ...]
