"""The steps that only the recovery of land by the State has (Land Law 2024 Art. 85-87)."""

from typing import Literal, TypeAlias, assert_never

from domain.calendar import due_day
from domain.cases import (
    SETTLED,
    Case,
    Cases,
    CaseStatus,
    Route,
    Step,
    chosen,
    ends,
    in_turn,
    moved,
    must_all,
    must_be,
    must_follow,
    must_have_ended,
    needs_paper,
)
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, CaseCode, Land, value

# Commands


@value
class HoldMeeting:
    """The commune met the people whose land is to be recovered, before any notice (Art. 87.1)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["HoldMeeting"] = "HoldMeeting"


@value
class IssueRecoveryNotice:
    """Notice of recovery; it lapses (Art. 85), and may then be issued again."""

    cases: tuple[CaseCode, ...]
    kind: Literal["IssueRecoveryNotice"] = "IssueRecoveryNotice"


@value
class RecordEarlyConsent:
    """Households agree to be recovered before the notice has run its time (Art. 85.2)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["RecordEarlyConsent"] = "RecordEarlyConsent"


@value
class BeginPersuasion:
    """Persuade households in writing to let the inventory be taken, or to hand over."""

    cases: tuple[CaseCode, ...]
    to: Literal["inventory", "hand-over"]
    kind: Literal["BeginPersuasion"] = "BeginPersuasion"


@value
class CompelInventory:
    """Decide that the inventory is taken against the household's will."""

    cases: tuple[CaseCode, ...]
    kind: Literal["CompelInventory"] = "CompelInventory"


@value
class HoldDialogue:
    """Opinions on the posted plan were heard and answered (Art. 87.3)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["HoldDialogue"] = "HoldDialogue"


@value
class DecideRecovery:
    """The decision that takes the land, after its plan is approved (Art. 87.5)."""

    cases: tuple[CaseCode, ...]
    kind: Literal["DecideRecovery"] = "DecideRecovery"


# Events


@value
class MeetingHeld:
    cases: tuple[CaseCode, ...]
    kind: Literal["MeetingHeld"] = "MeetingHeld"


@value
class RecoveryNoticeIssued:
    cases: tuple[CaseCode, ...]
    kind: Literal["RecoveryNoticeIssued"] = "RecoveryNoticeIssued"


@value
class EarlyConsentRecorded:
    cases: tuple[CaseCode, ...]
    kind: Literal["EarlyConsentRecorded"] = "EarlyConsentRecorded"


@value
class PersuasionBegun:
    cases: tuple[CaseCode, ...]
    to: Literal["inventory", "hand-over"]
    kind: Literal["PersuasionBegun"] = "PersuasionBegun"


@value
class CompulsoryInventoryDecided:
    cases: tuple[CaseCode, ...]
    kind: Literal["CompulsoryInventoryDecided"] = "CompulsoryInventoryDecided"


@value
class DialogueHeld:
    cases: tuple[CaseCode, ...]
    kind: Literal["DialogueHeld"] = "DialogueHeld"


@value
class RecoveryDecided:
    cases: tuple[CaseCode, ...]
    kind: Literal["RecoveryDecided"] = "RecoveryDecided"


Command: TypeAlias = (
    HoldMeeting
    | IssueRecoveryNotice
    | RecordEarlyConsent
    | BeginPersuasion
    | CompelInventory
    | HoldDialogue
    | DecideRecovery
)
Event: TypeAlias = (
    MeetingHeld
    | RecoveryNoticeIssued
    | EarlyConsentRecorded
    | PersuasionBegun
    | CompulsoryInventoryDecided
    | DialogueHeld
    | RecoveryDecided
)


def decide(cases: Cases, command: Command, act: Act, policy: Policy) -> tuple[Event, ...]:
    """Answer a command about land under recovery, or raise `Refused`."""
    codes = command.cases
    found = chosen(cases, codes)
    must_be_recovered(found, command.kind)
    needs_paper(act, f"{command.kind} needs its minutes, notice or decision")
    match command:
        case HoldMeeting():
            must_be(cases, codes, CaseStatus.OPEN)
            return (MeetingHeld(cases=codes),)
        case IssueRecoveryNotice():
            _may_notify(found, act, policy)
            return (RecoveryNoticeIssued(cases=codes),)
        case RecordEarlyConsent():
            must_all(found, lambda case: Step.NOTICE in case.done, "no recovery notice yet")
            must_all(found, _undecided, "recovery is decided already")
            return (EarlyConsentRecorded(cases=codes),)
        case BeginPersuasion(to=to):
            if to == "inventory":
                must_be(cases, codes, CaseStatus.NOTIFIED)
            else:
                must_be_decided(cases, codes)
            return (PersuasionBegun(cases=codes, to=to),)
        case CompelInventory():
            _may_compel(cases, codes, act, policy)
            return (CompulsoryInventoryDecided(cases=codes),)
        case HoldDialogue():
            must_be(cases, codes, CaseStatus.POSTED)
            must_have_ended(
                found, Step.POSTING, "recovery.posting", act, policy, "posting of its plan"
            )
            return (DialogueHeld(cases=codes),)
        case DecideRecovery():
            _may_decide(cases, codes, act, policy)
            return (RecoveryDecided(cases=codes),)
        case _:
            assert_never(command)


def evolve(cases: Cases, event: Event, act: Act) -> Cases:
    """Apply one event to the section's cases."""
    codes = event.cases
    match event:
        case MeetingHeld():
            return moved(cases, codes, act, Step.MEETING)
        case RecoveryNoticeIssued():
            return _notified(cases, codes, act)
        case EarlyConsentRecorded():
            return moved(cases, codes, act, Step.EARLY_CONSENT)
        case PersuasionBegun(to=to):
            step = Step.URGED_INVENTORY if to == "inventory" else Step.URGED_HAND_OVER
            return moved(cases, codes, act, step)
        case CompulsoryInventoryDecided():
            return moved(cases, codes, act, Step.COMPELLED_INVENTORY)
        case DialogueHeld():
            return moved(cases, codes, act, Step.DIALOGUE)
        case RecoveryDecided():
            return moved(cases, codes, act, Step.RECOVERY_DECISION)
        case _:
            assert_never(event)


def notice_rule(case: Case) -> str:
    """The least time between the notice and the recovery, by the use of the land (Art. 85.1)."""
    kind = "agricultural" if case.entry.land is Land.AGRICULTURAL else "other"
    return f"recovery.notice-{kind}"


def must_be_recovered(found: tuple[Case, ...], what: str) -> None:
    """Refuse for land that is donated: force and notices have no place there."""
    must_all(
        found,
        lambda case: case.route is Route.RECOVERY,
        f"{what} is of the recovery route; on the donation route are",
    )


def _notified(cases: Cases, codes: tuple[CaseCode, ...], act: Act) -> Cases:
    """An inventory kept from the donation route is not taken again; a second notice moves none."""
    fresh = [code for code in codes if cases[code].status is CaseStatus.OPEN]
    counted = [code for code in fresh if Step.INVENTORY in cases[code].done]
    cases = moved(cases, codes, act, Step.NOTICE)
    cases = moved(cases, fresh, act, Step.NOTICE, CaseStatus.NOTIFIED)
    return moved(cases, counted, act, Step.NOTICE, CaseStatus.INVENTORIED)


def _undecided(case: Case) -> bool:
    return Step.RECOVERY_DECISION not in case.done and case.status is not CaseStatus.HANDED_OVER


def _lapsed(case: Case, act: Act, policy: Policy) -> bool:
    end = ends(case, Step.NOTICE, "recovery.notice-valid", policy)
    return end is not None and act.at >= end.at


def _may_notify(found: tuple[Case, ...], act: Act, policy: Policy) -> None:
    must_all(found, lambda case: Step.MEETING in case.done, "no meeting with the people yet")
    must_all(found, _undecided, "recovery is decided already")
    must_follow(found, Step.MEETING, act, "notice")
    for case in found:
        if Step.NOTICE in case.done and not _lapsed(case, act, policy):
            raise Refused("nothing_to_do", f"case {case.entry.code} has a notice in force")


def _may_compel(cases: Cases, codes: tuple[CaseCode, ...], act: Act, policy: Policy) -> None:
    found = must_be(cases, codes, CaseStatus.NOTIFIED)
    must_all(found, lambda case: Step.URGED_INVENTORY in case.done, "nobody was persuaded yet")
    must_have_ended(found, Step.URGED_INVENTORY, "inventory.persuade", act, policy, "persuasion")
    for case in found:
        rules = ("inventory.persuade", "inventory.comply")
        span = in_turn(rules, case.done[Step.URGED_INVENTORY], policy)
        if span is not None and act.at < span[1].at:
            raise Refused(
                "too_early",
                f"case {case.entry.code}: its time to comply runs until the end of"
                f" {due_day(span[1].at):%d/%m/%Y} (inventory.comply)",
            )


def _may_decide(cases: Cases, codes: tuple[CaseCode, ...], act: Act, policy: Policy) -> None:
    found = must_be(cases, codes, CaseStatus.SUPPORT_PLANNED, *SETTLED)
    must_all(found, _undecided, "recovery is decided already")
    must_all(
        found,
        lambda case: not _lapsed(case, act, policy),
        "the recovery notice has lapsed; issue it again",
    )
    under_way = [case for case in cases.values() if case.route is Route.RECOVERY]
    if all(Step.EARLY_CONSENT in case.done for case in under_way if _undecided(case)):
        return
    for case in found:
        must_have_ended((case,), Step.NOTICE, notice_rule(case), act, policy, "its notice")


def must_be_decided(cases: Cases, codes: tuple[CaseCode, ...]) -> tuple[Case, ...]:
    """Cases whose money is settled and whose recovery is decided: the land is to be given now."""
    found = must_be(cases, codes, *SETTLED)
    must_all(found, lambda case: not _undecided(case), "recovery is not decided yet")
    return found
