"""A project from registration to closed accounts: approval, works and money together."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypeAlias, assert_never

from domain import (
    approval,
    claims,
    construction,
    contract,
    disbursement,
    duties,
    review,
    rounds,
    settlement,
)
from domain.calendar import local_day
from domain.charter import Charter
from domain.claims import Basis
from domain.construction import Construction, Works
from domain.disbursement import Ledger
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
    """The clock asks: is an approval step or a duty past its deadline?"""

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
    overdue: tuple[str, ...] = ()
    kind: Literal["Registered"] = "Registered"

    @property
    def subject(self) -> Subject:
        """What the project is to the law that names its chains."""
        works = {site.plan.works for site in self.building.sections.values()}
        return Subject(
            units=self.charter.units,
            works=tuple(sorted(works)),
            budget=self.charter.budget,
            group=self.charter.group,
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

    @property
    def duties(self) -> duties.Facts:
        """What its duties follow from."""
        return duties.Facts(
            charter=self.charter,
            dossiers=self.dossiers,
            building=self.building,
            ledger=self.ledger,
            closed=self.closed_at is not None,
            overdue=self.overdue,
        )


Command: TypeAlias = (
    RegisterProject
    | OpenClearance
    | RemindOverdue
    | CloseAccounts
    | approval.Command
    | contract.Command
    | construction.Command
    | disbursement.Command
)
Entailed: TypeAlias = (
    NoteClearancePlan | ReleaseSection | settlement.AttestRecognisable | disbursement.Entailed
)
Event: TypeAlias = (
    ProjectRegistered
    | ClearanceOpened
    | ClearancePlanNoted
    | SectionReleased
    | AccountsClosed
    | approval.Event
    | contract.Event
    | construction.Event
    | disbursement.Event
    | duties.DutyOverdue
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
            late = duties.overdue(project.duties, policy, act.at)
            return (*review.overdue(project.dossiers, act.at), *late)
        case settlement.AttestRecognisable():
            books, basis = project.ledger, _basis(project)
            settlement.check_recognisable(project.charter, books, basis, command, act, policy)
            return ()
        case disbursement.ReleaseRetention():
            # The warranty may outlast the accounts.
            return claims.decide(project.ledger, command, _basis(project), act, policy)
        case _:
            _must_be_open(project)
    if isinstance(command, approval.Command):
        if isinstance(command, approval.SubmitDossier):
            _may_submit(project, command.dossier, command.amount, policy, local_day(act.at))
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
            settlement.check_closing(project.ledger, project.settled)
            return (AccountsClosed(),)
        case _:
            return _of_works_and_money(project, command, act, policy)


def _of_works_and_money(
    project: Registered,
    command: contract.Command | construction.Command | disbursement.Command | disbursement.Entailed,
    act: Act,
    policy: Policy,
) -> tuple[Event, ...]:
    """What only an approved project is asked."""
    if not isinstance(project.dossiers.get(DossierKind.PROJECT), approval.Approved):
        raise Refused("out_of_turn", "the project has no approved investment decision")
    basis = _basis(project)
    if isinstance(command, construction.Command):
        return construction.decide(project.building, command)
    if isinstance(command, contract.Command):
        room = claims.room(project.ledger, basis)
        return contract.decide(project.building.contract, command, room, act, policy)
    return claims.decide(project.ledger, command, basis, act, policy)


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
    building = project.building
    if isinstance(event, disbursement.Event):
        return replace(project, ledger=disbursement.evolve(project.ledger, event, act))
    if isinstance(event, contract.Event):
        signed = contract.evolve(building.contract, event, act)
        return replace(project, building=replace(building, contract=signed))
    if isinstance(event, construction.Event):
        return replace(project, building=construction.evolve(building, event, act))
    if isinstance(event, approval.Event):
        return replace(project, dossiers=rounds.evolve(project.dossiers, event, act))
    match event:
        case ClearanceOpened(section=section):
            told = construction.told(building, section, act, stage="clearing")
        case ClearancePlanNoted(section=section, amount=amount):
            told = construction.told(building, section, act, clearance_plan=amount)
        case SectionReleased(section=section, extent=extent):
            told = construction.told(building, section, act, released=extent)
        case AccountsClosed():
            return replace(project, closed_at=act.at)
        case duties.DutyOverdue(key=key):
            return replace(project, overdue=(*project.overdue, key))
        case _:
            assert_never(event)
    return replace(project, building=told)


def _register(command: Command | Entailed, policy: Policy) -> ProjectRegistered:
    if not isinstance(command, RegisterProject):
        raise Refused("not_found", "no such project is registered")
    names = [works.section for works in command.works]
    if not names or len(set(names)) != len(names):
        raise Refused("input", f"works: need one or more, each section once: {', '.join(names)}")
    return ProjectRegistered(charter=command.charter, works=command.works, policy=policy.version)


def _must_be_open(project: Registered) -> None:
    if project.closed_at is not None:
        raise Refused("out_of_turn", "the project's accounts are closed")


def _may_submit(
    project: Registered, kind: DossierKind, amount: Vnd, policy: Policy, day: date
) -> None:
    if amount <= 0:
        raise Refused("input", f"amount: {amount:,} đồng must be positive")
    match kind:
        case DossierKind.INVESTMENT_POLICY:
            return
        case DossierKind.PROJECT:
            allowed = project.dossiers.get(DossierKind.INVESTMENT_POLICY)
            if not isinstance(allowed, approval.Approved):
                raise Refused("out_of_turn", "the investment policy has not been approved")
            if amount > allowed.amount:
                raise Refused(
                    "investment_ceiling",
                    f"amount: {amount:,} đồng exceeds the investment policy's {allowed.amount:,}",
                )
        case DossierKind.SETTLEMENT:
            settlement.check_submission(project.ledger, _basis(project), amount, policy, day)


def _open_clearance(project: Registered, section: SectionId) -> ClearanceOpened:
    if not project.ceiling:
        raise Refused("out_of_turn", "the project has no approved investment decision")
    site = construction.section(project.building.sections, section)
    if not site.plan.needs_clearance:
        raise Refused("nothing_to_do", f"section {section} lies on public land")
    if site.stage != "planned":
        raise Refused("out_of_turn", f"section {section} is {site.stage}")
    return ClearanceOpened(section=section)


def _basis(project: Registered) -> Basis:
    return Basis(ceiling=project.ceiling, building=project.building, settled=project.settled)
