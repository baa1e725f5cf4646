"""Taking land by force, the last resort of its recovery (Land Law 2024 Art. 89)."""

from typing import Literal, TypeAlias, assert_never

from domain.cases import (
    SETTLED,
    Case,
    Cases,
    CaseStatus,
    Step,
    chosen,
    moved,
    must_all,
    must_be,
    must_have_ended,
    needs_paper,
)
from domain.policy import Policy
from domain.recovery import must_be_decided, must_be_recovered
from domain.refusal import Refused
from domain.values import Act, CaseCode, value

# Commands


@value
class DecideCoercion:
    """Decide to take the land by force (Art. 89)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["DecideCoercion"] = "DecideCoercion"


@value
class RecordCompliance:
    """Households comply with the decision to coerce; they have time to hand over (Art. 89.4)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["RecordCompliance"] = "RecordCompliance"


@value
class CarryOutCoercion:
    cases: tuple[CaseCode, ...]
    kind: Literal["CarryOutCoercion"] = "CarryOutCoercion"


# Events


@value
class CoercionDecided:
    cases: tuple[CaseCode, ...]
    kind: Literal["CoercionDecided"] = "CoercionDecided"


@value
class ComplianceRecorded:
    cases: tuple[CaseCode, ...]
    kind: Literal["ComplianceRecorded"] = "ComplianceRecorded"


@value
class CoercionCarriedOut:
    cases: tuple[CaseCode, ...]
    kind: Literal["CoercionCarriedOut"] = "CoercionCarriedOut"


Command: TypeAlias = DecideCoercion | RecordCompliance | CarryOutCoercion
Event: TypeAlias = CoercionDecided | ComplianceRecorded | CoercionCarriedOut


def decide(cases: Cases, command: Command, act: Act, policy: Policy) -> tuple[Event, ...]:
    """Answer a command about coercion, or raise `Refused`."""
    codes = command.cases
    found = chosen(cases, codes)
    must_be_recovered(found, command.kind)
    needs_paper(act, f"{command.kind} needs its decision or minutes")
    match command:
        case DecideCoercion():
            _may_decide_coercion(cases, codes, act, policy)
            return (CoercionDecided(cases=codes),)
        case RecordCompliance():
            _must_be_coerced(cases, codes)
            must_all(found, lambda case: Step.COMPLIANCE not in case.done, "complied already")
            return (ComplianceRecorded(cases=codes),)
        case CarryOutCoercion():
            _may_coerce(cases, codes, act, policy)
            return (CoercionCarriedOut(cases=codes),)
        case _:
            assert_never(command)


def evolve(cases: Cases, event: Event, act: Act) -> Cases:
    """Apply one event to the section's cases."""
    codes = event.cases
    match event:
        case CoercionDecided():
            return moved(cases, codes, act, Step.COERCION_DECISION)
        case ComplianceRecorded():
            return moved(cases, codes, act, Step.COMPLIANCE)
        case CoercionCarriedOut():
            return moved(cases, codes, act, Step.COERCION, CaseStatus.HANDED_OVER)
        case _:
            assert_never(event)


def _may_decide_coercion(
    cases: Cases, codes: tuple[CaseCode, ...], act: Act, policy: Policy
) -> None:
    found = must_be_decided(cases, codes)
    must_all(found, lambda case: Step.URGED_HAND_OVER in case.done, "nobody was persuaded yet")
    must_all(found, lambda case: Step.COERCION_DECISION not in case.done, "decided already")
    must_have_ended(found, Step.URGED_HAND_OVER, "coercion.persuade", act, policy, "persuasion")


def _must_be_coerced(cases: Cases, codes: tuple[CaseCode, ...]) -> tuple[Case, ...]:
    found = must_be(cases, codes, *SETTLED)
    must_all(found, lambda case: Step.COERCION_DECISION in case.done, "no decision to coerce yet")
    return found


def _may_coerce(cases: Cases, codes: tuple[CaseCode, ...], act: Act, policy: Policy) -> None:
    found = _must_be_coerced(cases, codes)
    must_have_ended(
        found, Step.COMPLIANCE, "coercion.hand-over", act, policy, "its time to hand over"
    )
    if why := policy.why_quiet(act.at):
        raise Refused("coercion_blackout", f"nobody may be coerced now: {why}")
