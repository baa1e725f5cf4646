"""Power lines that have to move: their poles, the money, the schedule, and how far they are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.values import Act, Payer, UtilityId, Vnd, Voltage, value


class Method(StrEnum):
    """How poles get out of the way: moved aside, or put underground (hạ ngầm)."""

    RELOCATION = "relocation"
    UNDERGROUNDING = "undergrounding"


@value
class UtilityEntry:
    """Poles to relocate or put underground; `estimate` in đồng.

    `numbers` are what stands painted on the poles, where somebody has listed them.
    """

    utility: UtilityId
    voltage: Voltage
    poles: int
    estimate: Vnd
    method: Method = Method.RELOCATION
    numbers: tuple[str, ...] = ()


# Commands


@value
class RegisterUtilities:
    utilities: tuple[UtilityEntry, ...]
    kind: Literal["RegisterUtilities"] = "RegisterUtilities"


@value
class ReviseEstimate:
    """A line will cost another sum than was thought."""

    utility: UtilityId
    estimate: Vnd
    reason: str
    kind: Literal["ReviseEstimate"] = "ReviseEstimate"


@value
class DecideRelocationFunding:
    """Decide who pays for moving the poles: an explicit decision, for the law names nobody.

    `payer` says it in words; it may be left out unless `source` is `OTHER`.
    """

    utilities: tuple[UtilityId, ...]
    payer: str = ""
    source: Payer = Payer.OTHER
    kind: Literal["DecideRelocationFunding"] = "DecideRelocationFunding"


@value
class ScheduleRelocation:
    """The days on which a line is to be moved, both included."""

    utility: UtilityId
    starts_on: date
    ends_on: date
    kind: Literal["ScheduleRelocation"] = "ScheduleRelocation"


@value
class RecordRelocation:
    """So many poles of a line have been moved: those `numbers`, or all the rest (None)."""

    utility: UtilityId
    poles: int | None = None
    numbers: tuple[str, ...] = ()
    kind: Literal["RecordRelocation"] = "RecordRelocation"


# Events


@value
class UtilitiesRegistered:
    utilities: tuple[UtilityEntry, ...]
    kind: Literal["UtilitiesRegistered"] = "UtilitiesRegistered"


@value
class EstimateRevised:
    utility: UtilityId
    estimate: Vnd
    was: Vnd
    reason: str
    kind: Literal["EstimateRevised"] = "EstimateRevised"


@value
class RelocationFunded:
    utilities: tuple[UtilityId, ...]
    payer: str
    source: Payer = Payer.OTHER
    kind: Literal["RelocationFunded"] = "RelocationFunded"


@value
class RelocationScheduled:
    utility: UtilityId
    starts_on: date
    ends_on: date
    kind: Literal["RelocationScheduled"] = "RelocationScheduled"


@value
class PolesMoved:
    """Some poles of a line, and not the last ones."""

    utility: UtilityId
    poles: int
    numbers: tuple[str, ...]
    kind: Literal["PolesMoved"] = "PolesMoved"


@value
class UtilityRelocated:
    """The last poles of a line have been moved."""

    utility: UtilityId
    kind: Literal["UtilityRelocated"] = "UtilityRelocated"


# State


class Relocation(StrEnum):
    """How far the relocation of a utility has come."""

    UNFUNDED = "unfunded"
    FUNDED = "funded"
    DONE = "done"


@value
class Estimate:
    """A sum that a line was once thought to cost, until `until`."""

    amount: Vnd
    until: datetime
    reason: str


@value
class Schedule:
    starts_on: date
    ends_on: date


@value
class Utility:
    """A line on its way out of the section; `entry` holds the estimate of today."""

    entry: UtilityEntry
    status: Relocation
    since: datetime
    payer: str = ""
    source: Payer | None = None
    document: str = ""
    moved: int = 0
    moved_numbers: tuple[str, ...] = ()
    earlier: tuple[Estimate, ...] = ()
    schedule: Schedule | None = None

    def is_late(self, on: date) -> bool:
        """Whether the schedule has ended and poles still stand."""
        ended = self.schedule is not None and self.schedule.ends_on < on
        return ended and self.status is not Relocation.DONE


Lines: TypeAlias = Mapping[UtilityId, Utility]

Command: TypeAlias = (
    RegisterUtilities
    | ReviseEstimate
    | DecideRelocationFunding
    | ScheduleRelocation
    | RecordRelocation
)
Event: TypeAlias = (
    UtilitiesRegistered
    | EstimateRevised
    | RelocationFunded
    | RelocationScheduled
    | PolesMoved
    | UtilityRelocated
)


def decide(lines: Lines, command: Command, act: Act) -> tuple[Event, ...]:
    """Answer a command about power lines, or raise `Refused`."""
    match command:
        case RegisterUtilities(utilities=entries):
            _check_entries(lines, entries)
            return (UtilitiesRegistered(utilities=entries),)
        case ReviseEstimate(utility=name, estimate=estimate, reason=reason):
            line = _unmoved(lines, name)
            if estimate < 0 or estimate == line.entry.estimate:
                raise Refused("input", f"estimate: {estimate}; another sum of 0 đồng or more")
            if not reason.strip():
                raise Refused("input", "reason: is empty; say why the estimate changed")
            was = line.entry.estimate
            return (EstimateRevised(utility=name, estimate=estimate, was=was, reason=reason),)
        case DecideRelocationFunding():
            return (_funded(lines, command, act),)
        case ScheduleRelocation(utility=name, starts_on=starts_on, ends_on=ends_on):
            _unmoved(lines, name)
            if ends_on < starts_on:
                raise Refused("input", f"ends_on: {ends_on} comes before starts_on: {starts_on}")
            return (RelocationScheduled(utility=name, starts_on=starts_on, ends_on=ends_on),)
        case RecordRelocation():
            return (_moved(lines, command),)
        case _:
            assert_never(command)


def evolve(lines: Lines, event: Event, act: Act) -> Lines:
    """Apply one event to the lines."""
    match event:
        case UtilitiesRegistered(utilities=entries):
            unfunded = Relocation.UNFUNDED
            fresh = {e.utility: Utility(entry=e, status=unfunded, since=act.at) for e in entries}
            return {**lines, **fresh}
        case EstimateRevised(utility=name, estimate=estimate, was=was, reason=reason):
            line = lines[name]
            entry = replace(line.entry, estimate=estimate)
            earlier = (*line.earlier, Estimate(amount=was, until=act.at, reason=reason))
            return {**lines, name: replace(line, entry=entry, earlier=earlier)}
        case RelocationFunded(utilities=names, payer=payer, source=source):
            paid = {
                name: replace(
                    lines[name],
                    status=Relocation.FUNDED,
                    since=act.at,
                    payer=payer,
                    source=source,
                    document=act.document.symbol if act.document else "",
                )
                for name in names
            }
            return {**lines, **paid}
        case RelocationScheduled(utility=name, starts_on=starts_on, ends_on=ends_on):
            schedule = Schedule(starts_on=starts_on, ends_on=ends_on)
            return {**lines, name: replace(lines[name], schedule=schedule)}
        case PolesMoved(utility=name, poles=poles, numbers=numbers):
            line = lines[name]
            so_far = (*line.moved_numbers, *numbers)
            return {
                **lines,
                name: replace(line, moved=line.moved + poles, moved_numbers=so_far, since=act.at),
            }
        case UtilityRelocated(utility=name):
            line = lines[name]
            done = replace(
                line,
                status=Relocation.DONE,
                since=act.at,
                moved=line.entry.poles,
                moved_numbers=line.entry.numbers,
            )
            return {**lines, name: done}
        case _:
            assert_never(event)


def at_status(lines: Lines, names: tuple[UtilityId, ...], status: Relocation) -> bool:
    """Whether all of these lines have come so far, or further."""
    order = list(Relocation)
    return all(order.index(lines[name].status) >= order.index(status) for name in names)


def _check_entries(lines: Lines, entries: tuple[UtilityEntry, ...]) -> None:
    names = [entry.utility for entry in entries]
    if not names or len(set(names)) != len(names):
        raise Refused("input", "utilities: need one or more, each once")
    known = sorted(set(names) & set(lines))
    if known:
        raise Refused("already_exists", f"utilities: registered already: {', '.join(known)}")
    if any(entry.poles <= 0 or entry.estimate < 0 for entry in entries):
        raise Refused("input", "poles must be positive and estimate not negative")
    for entry in entries:
        if entry.numbers and len(set(entry.numbers)) != entry.poles:
            listed = f"{len(set(entry.numbers))} of {entry.poles} poles"
            raise Refused("input", f"numbers: {entry.utility} lists {listed}; list each pole once")


def _funded(lines: Lines, command: DecideRelocationFunding, act: Act) -> RelocationFunded:
    names, payer, source = command.utilities, command.payer, command.source
    if act.document is None:
        raise Refused("input", "document: a funding decision needs its document")
    if not names or (source is Payer.OTHER and not payer.strip()):
        raise Refused("input", "payer, utilities: say who pays for which lines")
    for name in names:
        _at(lines, name, Relocation.UNFUNDED)
    return RelocationFunded(utilities=names, payer=payer, source=source)


def _moved(lines: Lines, command: RecordRelocation) -> PolesMoved | UtilityRelocated:
    line = _at(lines, command.utility, Relocation.FUNDED)
    left = line.entry.poles - line.moved
    numbers = command.numbers
    strange = sorted(set(numbers) - (set(line.entry.numbers) - set(line.moved_numbers)))
    if strange or len(set(numbers)) != len(numbers):
        raise Refused("input", f"numbers: not left to move, or twice: {', '.join(strange) or '…'}")
    poles = command.poles if command.poles is not None else len(numbers) or left
    if not 1 <= poles <= left or (numbers and len(numbers) != poles):
        raise Refused("input", f"poles: {poles}, numbers: {len(numbers)}; {left} poles are left")
    if poles == left:
        return UtilityRelocated(utility=command.utility)
    if line.entry.numbers and not numbers:
        raise Refused("input", f"numbers: the poles of {command.utility} are listed; say which")
    return PolesMoved(utility=command.utility, poles=poles, numbers=numbers)


def _known(lines: Lines, name: UtilityId) -> Utility:
    if name not in lines:
        raise Refused("not_found", f"utility: {name} is not registered in this section")
    return lines[name]


def _unmoved(lines: Lines, name: UtilityId) -> Utility:
    line = _known(lines, name)
    if line.status is Relocation.DONE:
        raise Refused("out_of_turn", f"utility {name} is {line.status} already")
    return line


def _at(lines: Lines, name: UtilityId, status: Relocation) -> Utility:
    line = _known(lines, name)
    if line.status is not status:
        raise Refused("out_of_turn", f"utility {name} is {line.status}; this needs {status}")
    return line
