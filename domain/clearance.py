"""Site clearance of one section: households, utilities, obstacles, stall, hand-over."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from domain import escalation, households, obstacles, plan, standstill
from domain.calendar import local_day
from domain.charter import Charter
from domain.deadlines import StepDeadline
from domain.households import Cases, CaseStatus
from domain.obstacles import Ground, Relocation
from domain.plan import Plan
from domain.policy import Policy
from domain.refusal import Refused
from domain.stall import Stall, Watch
from domain.values import Act, Extent, SectionId, value

# Commands


@value
class HandOverSite:
    """Hand the section's site over to the investor, in part or in full."""

    extent: Extent
    kind: Literal["HandOverSite"] = "HandOverSite"


@value
class BeginClearance:
    """From the project: clearance of this section is opened."""

    charter: Charter
    section: SectionId
    policy: str
    kind: Literal["BeginClearance"] = "BeginClearance"


# Events


@value
class ClearanceBegun:
    charter: Charter
    section: SectionId
    policy: str
    kind: Literal["ClearanceBegun"] = "ClearanceBegun"


@value
class SiteHandedOver:
    extent: Extent
    kind: Literal["SiteHandedOver"] = "SiteHandedOver"


# State


@value
class NotBegun:
    kind: Literal["NotBegun"] = "NotBegun"


@value
class Clearing:
    """A section being cleared, until `released` is full."""

    charter: Charter
    section: SectionId
    policy: str
    cases: Cases
    ground: Ground
    stall: Stall
    released: Extent | None = None
    plan: Plan = ()
    kind: Literal["Clearing"] = "Clearing"

    @property
    def cleared_percent(self) -> int:
        """Share of cases handed over, whole per cent, cut."""
        if not self.cases:
            return 100 if self.released is Extent.FULL else 0
        done = len(households.with_status(self.cases, CaseStatus.HANDED_OVER))
        return 100 * done // len(self.cases)


Command: TypeAlias = (
    HandOverSite
    | plan.PlanClearance
    | households.Command
    | obstacles.Command
    | escalation.Command
    | standstill.Command
)
Entailed: TypeAlias = BeginClearance
Event: TypeAlias = (
    ClearanceBegun
    | SiteHandedOver
    | plan.ClearancePlanned
    | households.Event
    | obstacles.Event
    | escalation.Event
    | standstill.Event
)
Clearance: TypeAlias = NotBegun | Clearing


def deadlines(clearing: Clearing, policy: Policy) -> Iterator[StepDeadline]:
    """Every step under way that the law limits: poles that somebody pays for and nobody moves."""
    rules = {
        Relocation.UNFUNDED: "utility.fund",
        Relocation.FUNDED: "utility.relocate",
    }
    for name, utility in clearing.ground.utilities.items():
        rule = rules.get(utility.status)
        if rule and policy.limits_itself(rule, local_day(utility.since)):
            due = policy.due(rule, utility.since)
            yield StepDeadline(key=f"utility/{name}", rule=rule, since=utility.since, due=due)


def watch(clearing: Clearing, policy: Policy) -> Watch:
    """What the escalation ladder watches in a section."""
    return Watch(
        place=f"{clearing.charter.project}/{clearing.section}",
        units=clearing.charter.units,
        deadlines=tuple(deadlines(clearing, policy)),
        unmet=plan.unmet(clearing.plan, clearing.cleared_percent),
        held_by=tuple(obstacle.owner for obstacle in clearing.ground.standing().values()),
    )


def decide(
    clearance: Clearance, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    if isinstance(clearance, NotBegun):
        if not isinstance(command, BeginClearance):
            raise Refused("not_found", "clearance of this section has not been opened")
        return (
            ClearanceBegun(charter=command.charter, section=command.section, policy=command.policy),
        )
    units = clearance.charter.units
    if clearance.released is Extent.FULL:
        if isinstance(command, escalation.Escalate):
            return ()
        raise Refused("out_of_turn", f"section {clearance.section} has been handed over in full")
    match command:
        case BeginClearance():
            raise Refused("already_exists", f"clearance of {clearance.section} has begun")
        case HandOverSite(extent=extent):
            _may_hand_over(clearance, extent)
            return (SiteHandedOver(extent=extent),)
        case plan.PlanClearance():
            return plan.decide(clearance.plan, command, act)
        case escalation.Escalate() | escalation.AnswerEscalation():
            watched = watch(clearance, policy)
            return escalation.decide(clearance.stall, command, act, watched, policy)
        case standstill.SnoozeEscalation() | standstill.PauseClock() | standstill.ResumeClock():
            watched = watch(clearance, policy)
            return standstill.decide(clearance.stall, command, act, watched, policy)
        case (
            obstacles.RegisterUtilities()
            | obstacles.DecideRelocationFunding()
            | obstacles.RecordRelocation()
            | obstacles.RecordObstacle()
            | obstacles.RemoveObstacle()
        ):
            return obstacles.decide(clearance.ground, command, act, units, policy)
        case (
            households.RegisterCases()
            | households.RecordDonations()
            | households.WithdrawDonation()
            | households.ConfirmOrigin()
            | households.RecordInventory()
            | households.ApproveSupportPlan()
            | households.RecordSupportPaid()
            | households.TakeOverLand()
        ):
            return households.decide(clearance.cases, command, act)
        case _:
            assert_never(command)


def evolve(clearance: Clearance, event: Event, act: Act) -> Clearance:
    """Apply one event. Whatever brings the section nearer to hand-over resets its stall."""
    if isinstance(event, ClearanceBegun):
        return Clearing(
            charter=event.charter,
            section=event.section,
            policy=event.policy,
            cases={},
            ground=obstacles.CLEAR,
            stall=Stall(progress_at=act.at, escalations={}),
        )
    assert isinstance(clearance, Clearing)
    match event:
        case SiteHandedOver(extent=extent):
            return _progress(replace(clearance, released=extent), act)
        case (
            escalation.StallDetected()
            | escalation.EscalationRaised()
            | escalation.AnswerOverdue()
            | escalation.EscalationAnswered()
        ):
            return replace(clearance, stall=escalation.evolve(clearance.stall, event, act))
        case standstill.EscalationSnoozed() | standstill.ClockPaused() | standstill.ClockResumed():
            return replace(clearance, stall=standstill.evolve(clearance.stall, event, act))
        case plan.ClearancePlanned():
            return replace(clearance, plan=plan.evolve(clearance.plan, event))
        case obstacles.ObstacleRecorded():
            return replace(clearance, ground=obstacles.evolve(clearance.ground, event, act))
        case (
            obstacles.UtilitiesRegistered()
            | obstacles.RelocationFunded()
            | obstacles.UtilityRelocated()
            | obstacles.ObstacleRemoved()
        ):
            ground = obstacles.evolve(clearance.ground, event, act)
            return _progress(replace(clearance, ground=ground), act)
        case households.DonationWithdrawn():
            return replace(clearance, cases=households.evolve(clearance.cases, event))
        case (
            households.CasesRegistered()
            | households.DonationsRecorded()
            | households.OriginConfirmed()
            | households.InventoryRecorded()
            | households.SupportPlanApproved()
            | households.SupportPaid()
            | households.LandTakenOver()
        ):
            return _progress(
                replace(clearance, cases=households.evolve(clearance.cases, event)), act
            )
        case _:
            assert_never(event)


def _progress(clearance: Clearing, act: Act) -> Clearing:
    return replace(clearance, stall=escalation.moved(clearance.stall, act))


def _may_hand_over(clearance: Clearing, extent: Extent) -> None:
    handed = households.with_status(clearance.cases, CaseStatus.HANDED_OVER)
    match extent:
        case Extent.PARTIAL:
            if clearance.released is not None:
                raise Refused("out_of_turn", "the section has been handed over in part already")
            if not handed:
                raise Refused("not_cleared", "no household has handed its land over yet")
        case Extent.FULL:
            if not clearance.cases and not clearance.ground.utilities:
                raise Refused("not_cleared", "no household or utility is registered here yet")
            missing = len(clearance.cases) - len(handed)
            unmoved = [
                name
                for name, utility in clearance.ground.utilities.items()
                if utility.status is not Relocation.DONE
            ]
            standing = clearance.ground.standing()
            if missing or unmoved or standing:
                raise Refused(
                    "not_cleared",
                    f"{missing} households, {len(unmoved)} utilities and {len(standing)} obstacles"
                    " still stand in the way of a full hand-over",
                )
        case _:
            assert_never(extent)
