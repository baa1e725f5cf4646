"""Works, acceptance and hand-over to use of a project's sections."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.contract import Contract
from domain.refusal import Refused
from domain.values import Act, Extent, SectionId, Vnd, WorksKind, value


@value
class Works:
    """One works (công trình) of a project, as planned."""

    section: SectionId
    name: str
    works: WorksKind
    needs_clearance: bool


# Commands


@value
class StartWorks:
    section: SectionId
    kind: Literal["StartWorks"] = "StartWorks"


@value
class ReportProgress:
    """Physical progress of a section, in whole per cent of its volume."""

    section: SectionId
    percent: int
    kind: Literal["ReportProgress"] = "ReportProgress"


@value
class AcceptWorks:
    """Accept completed volume; `complete` accepts the section as a whole."""

    section: SectionId
    volume: Vnd
    complete: bool
    kind: Literal["AcceptWorks"] = "AcceptWorks"


@value
class HandOverToUse:
    kind: Literal["HandOverToUse"] = "HandOverToUse"


# Events


@value
class WorksStarted:
    section: SectionId
    kind: Literal["WorksStarted"] = "WorksStarted"


@value
class ProgressReported:
    section: SectionId
    percent: int
    kind: Literal["ProgressReported"] = "ProgressReported"


@value
class WorksAccepted:
    section: SectionId
    volume: Vnd
    complete: bool
    kind: Literal["WorksAccepted"] = "WorksAccepted"


@value
class HandedOverToUse:
    kind: Literal["HandedOverToUse"] = "HandedOverToUse"


# State


Stage = Literal["planned", "clearing", "started", "accepted"]


@value
class Acceptance:
    """Volume accepted on a day, đồng: only what was accepted in time is paid of a year's plan."""

    day: date
    volume: Vnd


@value
class Section:
    """One works on the ground. `released` says how much of its site may be built on."""

    plan: Works
    stage: Stage
    since: datetime
    released: Extent | None
    clearance_plan: Vnd | None = None
    percent: int = 0
    accepted: Vnd = Vnd(0)
    acceptances: tuple[Acceptance, ...] = ()

    def accepted_until(self, last: date) -> Vnd:
        """Volume accepted up to a day, đồng."""
        return Vnd(sum(each.volume for each in self.acceptances if each.day <= last))


Sections: TypeAlias = Mapping[SectionId, Section]


@value
class Construction:
    sections: Sections
    contract: Contract | None = None
    in_use_since: datetime | None = None

    @property
    def accepted(self) -> Vnd:
        """Volume accepted in all sections, đồng."""
        return Vnd(sum(site.accepted for site in self.sections.values()))

    @property
    def planned_support(self) -> Vnd:
        """What the sections' support plans are worth, đồng."""
        return Vnd(sum(site.clearance_plan or 0 for site in self.sections.values()))


Command: TypeAlias = StartWorks | ReportProgress | AcceptWorks | HandOverToUse
Event: TypeAlias = WorksStarted | ProgressReported | WorksAccepted | HandedOverToUse


def planned(works: tuple[Works, ...], at: datetime) -> Construction:
    """Nothing built yet; works on public land need no clearance and are free from the start."""
    return Construction(
        sections={
            plan.section: Section(
                plan=plan,
                stage="planned",
                since=at,
                released=None if plan.needs_clearance else Extent.FULL,
            )
            for plan in works
        }
    )


def told(
    building: Construction,
    name: SectionId,
    act: Act,
    *,
    stage: Stage | None = None,
    clearance_plan: Vnd | None = None,
    released: Extent | None = None,
) -> Construction:
    """What a section's clearance told of it."""
    site = building.sections[name]
    site = replace(
        site,
        since=act.at,
        stage=stage or site.stage,
        released=released or site.released,
        clearance_plan=site.clearance_plan if clearance_plan is None else clearance_plan,
    )
    return replace(building, sections={**building.sections, name: site})


def section(sections: Sections, wanted: SectionId) -> Section:
    """The section, or `Refused` with the names there are."""
    if wanted not in sections:
        raise Refused("not_found", f"section: {wanted} is not one of {', '.join(sorted(sections))}")
    return sections[wanted]


def decide(building: Construction, command: Command) -> tuple[Event, ...]:
    """Answer a command about the works, or raise `Refused`."""
    match command:
        case StartWorks(section=wanted):
            return (_start(building, wanted),)
        case ReportProgress(section=wanted, percent=percent):
            site = _started(building, wanted)
            if not site.percent < percent <= 100:
                raise Refused(
                    "input", f"percent: {percent} must lie above {site.percent} and up to 100"
                )
            return (ProgressReported(section=wanted, percent=percent),)
        case AcceptWorks():
            return (_accept(building, command),)
        case HandOverToUse():
            open_ = sorted(name for name, s in building.sections.items() if s.stage != "accepted")
            if building.in_use_since is not None:
                raise Refused("out_of_turn", "the project is in use already")
            if open_:
                raise Refused("out_of_turn", f"not accepted yet: {', '.join(open_)}")
            return (HandedOverToUse(),)
        case _:
            assert_never(command)


def evolve(building: Construction, event: Event, act: Act) -> Construction:
    """Apply one event to the works."""
    match event:
        case WorksStarted(section=name):
            site = replace(building.sections[name], stage="started", since=act.at)
        case ProgressReported(section=name, percent=percent):
            site = replace(building.sections[name], percent=percent, since=act.at)
        case WorksAccepted(section=name, volume=volume, complete=complete):
            before = building.sections[name]
            site = replace(
                before,
                accepted=Vnd(before.accepted + volume),
                acceptances=(
                    *before.acceptances,
                    Acceptance(day=local_day(act.at), volume=volume),
                ),
                stage="accepted" if complete else before.stage,
                since=act.at,
            )
        case HandedOverToUse():
            return replace(building, in_use_since=act.at)
        case _:
            assert_never(event)
    return replace(building, sections={**building.sections, name: site})


def _start(building: Construction, wanted: SectionId) -> WorksStarted:
    site = section(building.sections, wanted)
    if building.contract is None:
        raise Refused("out_of_turn", "no contract is in force")
    if site.released is None:
        raise Refused("not_cleared", f"section {wanted} has not been handed over, not even in part")
    if site.stage in ("started", "accepted"):
        raise Refused("out_of_turn", f"section {wanted} is {site.stage}")
    return WorksStarted(section=wanted)


def _started(building: Construction, wanted: SectionId) -> Section:
    site = section(building.sections, wanted)
    if site.stage != "started":
        raise Refused("out_of_turn", f"section {wanted} is {site.stage}, not started")
    return site


def _accept(building: Construction, command: AcceptWorks) -> WorksAccepted:
    site = _started(building, command.section)
    contract = building.contract
    assert contract is not None, "works start only under a contract"
    accepted = building.accepted
    # The whole volume may have been accepted in parts before the section is complete.
    least = 0 if command.complete else 1
    if command.volume < least or accepted + command.volume > contract.worth:
        raise Refused(
            "volume_ceiling",
            f"volume: {command.volume:,} đồng; the contract has {contract.worth - accepted:,} left",
        )
    if command.complete and (site.percent < 100 or site.released is not Extent.FULL):
        raise Refused(
            "out_of_turn",
            f"section {command.section} is at {site.percent} % with {site.released} hand-over;"
            " complete acceptance needs 100 % and a full hand-over",
        )
    return WorksAccepted(section=command.section, volume=command.volume, complete=command.complete)
