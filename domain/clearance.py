"""Site clearance of one section: households, utilities, obstacles, stall, hand-over."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from domain import (
    casework,
    escalation,
    households,
    obstacles,
    plan,
    referrals,
    standstill,
    utilities,
)
from domain.cases import Cases, CaseStatus, with_status
from domain.charter import Charter
from domain.deadlines import StepDeadline
from domain.obstacles import Blocks, Ground
from domain.plan import Plan
from domain.policy import Policy
from domain.refusal import Refused
from domain.stall import Stall, Watch
from domain.utilities import Relocation
from domain.values import Act, CaseCode, Extent, SectionId, value

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
    """`cases` are those whose land makes up a part; a full hand-over is of every case."""

    extent: Extent
    cases: tuple[CaseCode, ...] = ()
    kind: Literal["SiteHandedOver"] = "SiteHandedOver"


# State


@value
class NotBegun:
    kind: Literal["NotBegun"] = "NotBegun"


@value
class Clearing:
    """A section being cleared, until `released` is full; `part` went with a partial hand-over."""

    charter: Charter
    section: SectionId
    policy: str
    cases: Cases
    ground: Ground
    stall: Stall
    released: Extent | None = None
    part: tuple[CaseCode, ...] = ()
    plan: Plan = ()
    kind: Literal["Clearing"] = "Clearing"

    @property
    def cleared_percent(self) -> int:
        """Share of cases handed over, whole per cent, cut."""
        if not self.cases:
            return 100 if self.released is Extent.FULL else 0
        done = len(with_status(self.cases, CaseStatus.HANDED_OVER))
        return 100 * done // len(self.cases)


Command: TypeAlias = (
    HandOverSite
    | plan.PlanClearance
    | households.Command
    | obstacles.Command
    | escalation.Command
    | standstill.Command
)
Entailed: TypeAlias = BeginClearance | referrals.Entailed
Event: TypeAlias = (
    ClearanceBegun
    | SiteHandedOver
    | plan.ClearancePlanned
    | households.Event
    | obstacles.Event
    | referrals.Event
    | escalation.Event
    | standstill.Event
)
Clearance: TypeAlias = NotBegun | Clearing

_SETBACKS = (
    households.DonationWithdrawn,
    households.OriginDisputed,
    households.SupportRepaid,
)
"""What leads a case away from hand-over; everything else that happens to one leads towards it."""


def deadlines(clearing: Clearing, policy: Policy) -> Iterator[StepDeadline]:
    """Every step under way that the law limits: households' cases, and poles that have to move."""
    yield from households.deadlines(clearing.cases, policy)
    rules = {
        Relocation.UNFUNDED: "utility.fund",
        Relocation.FUNDED: "utility.relocate",
    }
    for name, utility in clearing.ground.utilities.items():
        rule = rules.get(utility.status)
        due = policy.term(rule, utility.since) if rule else None
        if rule and due:
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
    if isinstance(command, referrals.Entailed):
        # A directive holds up nobody: what was handed over has nothing left that waits for it.
        return referrals.decide(clearance.ground, command, act, clearance.charter, policy)
    if clearance.released is Extent.FULL:
        if isinstance(command, escalation.Escalate):
            return ()
        raise Refused("out_of_turn", f"section {clearance.section} has been handed over in full")
    if isinstance(command, households.Command):
        return casework.decide(clearance.cases, command, act, units, policy)
    match command:
        case BeginClearance():
            raise Refused("already_exists", f"clearance of {clearance.section} has begun")
        case HandOverSite(extent=extent):
            _may_hand_over(clearance, extent)
            part = with_status(clearance.cases, CaseStatus.HANDED_OVER)
            return (SiteHandedOver(extent=extent, cases=part if extent is Extent.PARTIAL else ()),)
        case plan.PlanClearance():
            return plan.decide(clearance.plan, command, act)
        case escalation.Escalate() | escalation.AnswerEscalation():
            watched = watch(clearance, policy)
            return escalation.decide(clearance.stall, command, act, watched, policy)
        case standstill.SnoozeEscalation() | standstill.PauseClock() | standstill.ResumeClock():
            watched = watch(clearance, policy)
            return standstill.decide(clearance.stall, command, act, watched, policy)
        case obstacles.RecordObstacle(blocks=blocks):
            _check_cases(clearance, blocks)
            return obstacles.decide(clearance.ground, command, act, units, policy)
        case (
            utilities.RegisterUtilities()
            | utilities.ReviseEstimate()
            | utilities.DecideRelocationFunding()
            | utilities.ScheduleRelocation()
            | utilities.RecordRelocation()
            | obstacles.ReassignObstacle()
            | obstacles.RemoveObstacle()
        ):
            return obstacles.decide(clearance.ground, command, act, units, policy)
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
    if isinstance(event, households.Event):
        after = replace(clearance, cases=casework.evolve(clearance.cases, event, act))
        return after if isinstance(event, _SETBACKS) else _progress(after, act)
    match event:
        case SiteHandedOver(extent=extent, cases=codes):
            return _progress(replace(clearance, released=extent, part=codes), act)
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
        case (
            obstacles.ObstacleRecorded()
            | obstacles.ObstacleReassigned()
            | utilities.EstimateRevised()
            | utilities.RelocationScheduled()
        ):
            return replace(clearance, ground=obstacles.evolve(clearance.ground, event, act))
        case (
            referrals.ObstaclesReferred()
            | referrals.ObstaclesRecalled()
            | referrals.DirectiveReceived()
        ):
            asked = replace(clearance, ground=referrals.evolve(clearance.ground, event, act))
            return _progress(asked, act) if referrals.is_progress(event) else asked
        case (
            utilities.UtilitiesRegistered()
            | utilities.RelocationFunded()
            | utilities.PolesMoved()
            | utilities.UtilityRelocated()
            | obstacles.ObstacleRemoved()
        ):
            ground = obstacles.evolve(clearance.ground, event, act)
            return _progress(replace(clearance, ground=ground), act)
        case _:
            assert_never(event)


def _progress(clearance: Clearing, act: Act) -> Clearing:
    return replace(clearance, stall=escalation.moved(clearance.stall, act))


def _check_cases(clearance: Clearing, blocks: Blocks) -> None:
    unknown = sorted(set(blocks.cases) - set(clearance.cases))
    if unknown:
        raise Refused("not_found", f"cases: not registered here: {', '.join(unknown)}")


def _may_hand_over(clearance: Clearing, extent: Extent) -> None:
    handed = with_status(clearance.cases, CaseStatus.HANDED_OVER)
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
