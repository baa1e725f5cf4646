"""A project from registration to closed accounts: approval, works and money together."""

from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain import approval, construction, disbursement, review, rounds
from domain.charter import Charter
from domain.construction import Construction, Works
from domain.disbursement import Basis, Ledger
from domain.grounds import Ground
from domain.policy import Policy, Subject
from domain.refusal import Refused
from domain.values import Act, DossierKind, Extent, SectionId, Vnd, value

# Commands


@value
class RegisterProject:
    charter: Charter
    works: tuple[Works, ...]
    kind: Literal["RegisterProject"] = "RegisterProject"


@value
class OpenClearance:
    """Begin site clearance of one section."""

    section: SectionId
    kind: Literal["OpenClearance"] = "OpenClearance"


@value
class RemindOverdue:
    """The clock asks: is an approval step past its deadline?"""

    kind: Literal["RemindOverdue"] = "RemindOverdue"


@value
class CloseAccounts:
    kind: Literal["CloseAccounts"] = "CloseAccounts"


@value
class NoteClearancePlan:
    """From the section's clearance: its support plan is approved, worth so many đồng."""

    section: SectionId
    amount: Vnd
    kind: Literal["NoteClearancePlan"] = "NoteClearancePlan"


@value
class ReleaseSection:
    """From the section's clearance: the site is handed over."""

    section: SectionId
    extent: Extent
    kind: Literal["ReleaseSection"] = "ReleaseSection"


# Events


@value
class ProjectRegistered:
    """`policy` is the version of the law that the project keeps."""

    charter: Charter
    works: tuple[Works, ...]
    policy: str
    kind: Literal["ProjectRegistered"] = "ProjectRegistered"


@value
class ClearanceOpened:
    section: SectionId
    kind: Literal["ClearanceOpened"] = "ClearanceOpened"


@value
class ClearancePlanNoted:
    section: SectionId
    amount: Vnd
    kind: Literal["ClearancePlanNoted"] = "ClearancePlanNoted"


@value
class SectionReleased:
    section: SectionId
    extent: Extent
    kind: Literal["SectionReleased"] = "SectionReleased"


@value
class AccountsClosed:
    kind: Literal["AccountsClosed"] = "AccountsClosed"


# State


@value
class Unregistered:
    """A project nobody has registered yet."""

    kind: Literal["Unregistered"] = "Unregistered"


@value
class Registered:
    charter: Charter
    policy: str
    since: datetime
    dossiers: approval.Dossiers
    building: Construction
    ledger: Ledger
    closed_at: datetime | None = None
    kind: Literal["Registered"] = "Registered"

    @property
    def subject(self) -> Subject:
        """What the project is to the law that names its chains."""
        works = {site.plan.works for site in self.building.sections.values()}
        return Subject(
            units=self.charter.units, works=tuple(sorted(works)), budget=self.charter.budget
        )

    @property
    def ceiling(self) -> Vnd:
        """The approved total investment, đồng; nothing before approval."""
        match self.dossiers.get(DossierKind.PROJECT):
            case approval.Approved(amount=amount):
                return amount
            case _:
                return Vnd(0)

    @property
    def settled(self) -> Vnd | None:
        """The approved settled value, đồng."""
        match self.dossiers.get(DossierKind.SETTLEMENT):
            case approval.Approved(amount=amount):
                return amount
            case _:
                return None


Command: TypeAlias = (
    RegisterProject
    | OpenClearance
    | RemindOverdue
    | CloseAccounts
    | approval.Command
    | construction.Command
    | disbursement.Command
)
Entailed: TypeAlias = NoteClearancePlan | ReleaseSection | disbursement.Entailed
Event: TypeAlias = (
    ProjectRegistered
    | ClearanceOpened
    | ClearancePlanNoted
    | SectionReleased
    | AccountsClosed
    | approval.Event
    | construction.Event
    | disbursement.Event
)
Project: TypeAlias = Unregistered | Registered


def decide(
    project: Project, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    if isinstance(project, Unregistered):
        return (_register(command, policy),)
    match command:
        case RegisterProject():
            raise Refused("already_exists", f"project {project.charter.project} is registered")
        case RemindOverdue():
            return review.overdue(project.dossiers, act.at)
        case _:
            _must_be_open(project)
    if isinstance(command, approval.Command):
        if isinstance(command, approval.SubmitDossier):
            _may_submit(project, command.dossier, command.amount)
        ground = Ground(act=act, subject=project.subject, policy=policy)
        return review.decide(project.dossiers, command, ground)
    match command:
        case OpenClearance(section=section):
            return (_open_clearance(project, section),)
        case NoteClearancePlan(section=section, amount=amount):
            return (ClearancePlanNoted(section=section, amount=amount),)
        case ReleaseSection(section=section, extent=extent):
            return (SectionReleased(section=section, extent=extent),)
        case CloseAccounts():
            return (_close(project),)
        case (
            disbursement.RequestPayment() | disbursement.BookPayment() | disbursement.DropPayment()
        ):
            _must_be_approved(project)
            basis = Basis(
                ceiling=project.ceiling, building=project.building, settled=project.settled
            )
            return disbursement.decide(project.ledger, command, basis, act, policy)
        case (
            construction.SignContract()
            | construction.StartWorks()
            | construction.ReportProgress()
            | construction.AcceptWorks()
            | construction.HandOverToUse()
        ):
            _must_be_approved(project)
            return construction.decide(project.building, command, project.ceiling)
        case _:
            assert_never(command)


def evolve(project: Project, event: Event, act: Act) -> Project:
    """Apply one event. It already happened: asserting is allowed here, refusing is not."""
    if isinstance(event, ProjectRegistered):
        return Registered(
            charter=event.charter,
            policy=event.policy,
            since=act.at,
            dossiers={},
            building=construction.planned(event.works, act.at),
            ledger=disbursement.EMPTY,
        )
    assert isinstance(project, Registered)
    match event:
        case ClearanceOpened(section=section):
            return _with_section(project, section, act, stage="clearing")
        case ClearancePlanNoted(section=section, amount=amount):
            return _with_section(project, section, act, clearance_plan=amount)
        case SectionReleased(section=section, extent=extent):
            return _with_section(project, section, act, released=extent)
        case AccountsClosed():
            return replace(project, closed_at=act.at)
        case (
            disbursement.PaymentRequested()
            | disbursement.PaymentBooked()
            | disbursement.PaymentDropped()
        ):
            return replace(project, ledger=disbursement.evolve(project.ledger, event, act))
        case (
            construction.ContractSigned()
            | construction.WorksStarted()
            | construction.ProgressReported()
            | construction.WorksAccepted()
            | construction.HandedOverToUse()
        ):
            return replace(project, building=construction.evolve(project.building, event, act))
        case _:
            return replace(project, dossiers=rounds.evolve(project.dossiers, event, act))


def _with_section(
    project: Registered,
    section: SectionId,
    act: Act,
    *,
    stage: construction.Stage | None = None,
    clearance_plan: Vnd | None = None,
    released: Extent | None = None,
) -> Registered:
    site = project.building.sections[section]
    site = replace(
        site,
        since=act.at,
        stage=stage or site.stage,
        released=released or site.released,
        clearance_plan=site.clearance_plan if clearance_plan is None else clearance_plan,
    )
    sections = {**project.building.sections, section: site}
    return replace(project, building=replace(project.building, sections=sections))


def _register(command: Command | Entailed, policy: Policy) -> ProjectRegistered:
    if not isinstance(command, RegisterProject):
        raise Refused("not_found", "no such project is registered")
    names = [works.section for works in command.works]
    if not names or len(set(names)) != len(names):
        raise Refused("input", f"works: need one or more, each section once; got {names}")
    return ProjectRegistered(charter=command.charter, works=command.works, policy=policy.version)


def _must_be_open(project: Registered) -> None:
    if project.closed_at is not None:
        raise Refused("out_of_turn", "the project's accounts are closed")


def _must_be_approved(project: Registered) -> None:
    if not isinstance(project.dossiers.get(DossierKind.PROJECT), approval.Approved):
        raise Refused("out_of_turn", "the project has no approved investment decision")


def _may_submit(project: Registered, kind: DossierKind, amount: Vnd) -> None:
    if amount <= 0:
        raise Refused("input", f"amount: {amount:,} đồng must be positive")
    match kind:
        case DossierKind.INVESTMENT_POLICY:
            return
        case DossierKind.PROJECT:
            policy = project.dossiers.get(DossierKind.INVESTMENT_POLICY)
            if not isinstance(policy, approval.Approved):
                raise Refused("out_of_turn", "the investment policy has not been approved")
            if amount > policy.amount:
                raise Refused(
                    "investment_ceiling",
                    f"amount: {amount:,} đồng exceeds the investment policy's {policy.amount:,}",
                )
        case DossierKind.SETTLEMENT:
            if project.building.in_use_since is None:
                raise Refused("out_of_turn", "the works have not been handed over to use")
            if project.ledger.pending:
                raise Refused("out_of_turn", "payments are still pending")
            if not project.ledger.disbursed <= amount <= project.ceiling:
                raise Refused(
                    "investment_ceiling",
                    f"amount: {amount:,} đồng must lie between the disbursed"
                    f" {project.ledger.disbursed:,} and the total {project.ceiling:,}",
                )


def _open_clearance(project: Registered, section: SectionId) -> ClearanceOpened:
    _must_be_approved(project)
    site = construction.section(project.building.sections, section)
    if not site.plan.needs_clearance:
        raise Refused("nothing_to_do", f"section {section} lies on public land")
    if site.stage != "planned":
        raise Refused("out_of_turn", f"section {section} is {site.stage}")
    return ClearanceOpened(section=section)


def _close(project: Registered) -> AccountsClosed:
    if project.settled is None:
        raise Refused("out_of_turn", "the settlement has not been approved")
    if project.ledger.pending or project.ledger.advance_balance:
        raise Refused("out_of_turn", "payments are pending or an advance is not recovered")
    if project.ledger.disbursed != project.settled:
        left = project.settled - project.ledger.disbursed
        raise Refused("out_of_turn", f"{left:,} đồng of the settled value is not paid yet")
    return AccountsClosed()
