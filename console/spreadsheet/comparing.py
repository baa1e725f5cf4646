"""What a file would add to a section's record, and where the two contradict each other."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from console.flaws import Finding, Flaw, why
from console.spreadsheet.reading import Entry, Read, name_of
from console.spreadsheet.vocabulary import Field, Table
from console.words import LANDS, METHODS, said
from domain import clearance
from domain.cases import CaseEntry
from domain.clearance import Clearing
from domain.households import RegisterCases
from domain.policy import Policy
from domain.refusal import Refused
from domain.utilities import RegisterUtilities, UtilityEntry
from domain.values import Act, value
from language.catalogue import plural, tr
from language.numerals import grouped
from language.sentences import in_their_language


@value
class Compared:
    """Entries that the record does not hold yet, how many it holds already, and what is wrong."""

    fresh: tuple[Entry, ...]
    same: int
    findings: tuple[Finding, ...]


def command(entries: tuple[Entry, ...]) -> RegisterCases | RegisterUtilities:
    """The one decision that records entries of one kind."""
    cases = tuple(entry for entry in entries if isinstance(entry, CaseEntry))
    lines = tuple(entry for entry in entries if isinstance(entry, UtilityEntry))
    return RegisterCases(cases=cases) if cases else RegisterUtilities(utilities=lines)


def compare(read: Read, state: Clearing, act: Act, policy: Policy) -> Compared:
    """Each entry against the record, and by the record's own rules."""
    held = _held(read.table, state)
    spelled = {name.casefold(): name for name in held}
    fresh: dict[int, Entry] = {}
    findings: list[Finding] = []
    same = 0
    for row, entry in read.entries.items():
        name = name_of(entry)
        if name in held:
            if _as_held(entry, read.unsaid[row], state) == held[name]:
                same += 1
            else:
                findings.append(
                    _finding(read, row, name, Flaw.CONTRADICTS_RECORD, _told(held[name]))
                )
        elif name.casefold() in spelled:
            near = spelled[name.casefold()]
            findings.append(
                _finding(read, row, name, Flaw.NEAR_DUPLICATE, tr("on record: {held}", held=near))
            )
        else:
            fresh[row] = entry
    decide = partial(_refusal, state=state, act=act, policy=policy)
    if fresh and decide(tuple(fresh.values())):
        # The record stops at the first; a person wants to know them all.
        findings += [
            _finding(read, row, name_of(entry), Flaw.RULE, because)
            for row, entry in fresh.items()
            if (because := decide((entry,)))
        ]
    return Compared(fresh=tuple(fresh.values()), same=same, findings=tuple(findings))


def _held(table: Table, state: Clearing) -> Mapping[str, Entry]:
    if table is Table.CASES:
        return {code: case.entry for code, case in state.cases.items()}
    return {name: utility.entry for name, utility in state.ground.utilities.items()}


def _as_held(entry: Entry, unsaid: frozenset[Field], state: Clearing) -> Entry:
    """An entry as it was when listed: an origin confirmed since then contradicts nothing, and
    neither does what the row leaves open.
    """
    if isinstance(entry, UtilityEntry):
        held = state.ground.utilities[entry.utility].entry
        entry = replace(entry, numbers=held.numbers)
        return replace(entry, method=held.method) if Field.METHOD in unsaid else entry
    case = state.cases[entry.code]
    if Field.LAND in unsaid:
        entry = replace(entry, land=case.entry.land)
    if entry.origin_confirmed and case.origin_confirmed:
        return replace(entry, origin_confirmed=case.entry.origin_confirmed)
    return entry


def _told(entry: Entry) -> str:
    if isinstance(entry, UtilityEntry):
        poles = plural("{n} pole", "{n} poles", entry.poles)
        line = f"{entry.voltage}, {poles}, {grouped(entry.estimate)} đ"
        return tr("on record: {held}", held=f"{line}, {said(METHODS, entry.method)}")
    areas = f"{entry.area_before_m2} = {entry.area_given_m2} + {entry.area_left_m2} m²"
    origin = tr("origin clear") if entry.origin_confirmed else tr("origin unclear")
    return tr("on record: {held}", held=f"{areas}, {origin}, {said(LANDS, entry.land)}")


def _refusal(entries: tuple[Entry, ...], state: Clearing, act: Act, policy: Policy) -> str | None:
    try:
        clearance.decide(state, command(entries), act, policy)
    except Refused as refused:
        return in_their_language(refused.because)
    return None


def _finding(read: Read, row: int, name: str, flaw: Flaw, write: str) -> Finding:
    return Finding(flaw=flaw, why=why(flaw), write=write, given=name, sheet=read.sheet, row=row)
