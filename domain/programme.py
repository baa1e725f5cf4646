"""A programme: its cohorts of communes, and which of them there is capital for."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal, TypeAlias, assert_never

from domain import recognition
from domain.refusal import Refused
from domain.values import Act, CohortId, CommuneId, ProgrammeId, UnitCode, Vnd, value


@value
class Commune:
    """A commune as the programme names it. `synthetic` marks a stand-in without a real name."""

    commune: CommuneId
    name: str
    district: UnitCode
    synthetic: bool


# Commands


@value
class RegisterProgramme:
    """`base_communes` is the number of communes the programme says it started from."""

    programme: ProgrammeId
    name: str
    base_communes: int
    kind: Literal["RegisterProgramme"] = "RegisterProgramme"


@value
class RegisterCohort:
    """A cohort (đợt) of so many communes; those that are known one by one are listed."""

    cohort: CohortId
    year: int
    size: int
    communes: tuple[Commune, ...] = ()
    kind: Literal["RegisterCohort"] = "RegisterCohort"


@value
class SelectCommunes:
    """Choose the communes of a cohort there is capital for; the rest is deferred, with a reason."""

    cohort: CohortId
    chosen: tuple[CommuneId, ...]
    total_investment: Vnd
    why_deferred: str
    kind: Literal["SelectCommunes"] = "SelectCommunes"


# Events


@value
class ProgrammeRegistered:
    programme: ProgrammeId
    name: str
    base_communes: int
    kind: Literal["ProgrammeRegistered"] = "ProgrammeRegistered"


@value
class CohortRegistered:
    cohort: CohortId
    year: int
    size: int
    communes: tuple[Commune, ...]
    kind: Literal["CohortRegistered"] = "CohortRegistered"


@value
class CommunesSelected:
    cohort: CohortId
    chosen: tuple[CommuneId, ...]
    total_investment: Vnd
    deferred: int
    why_deferred: str
    kind: Literal["CommunesSelected"] = "CommunesSelected"


# State


@value
class Cohort:
    year: int
    size: int
    communes: Mapping[CommuneId, Commune]
    chosen: tuple[CommuneId, ...] = ()
    deferred: int = 0
    total_investment: Vnd = Vnd(0)


@value
class Unnamed:
    """A programme nobody has registered yet."""

    kind: Literal["Unnamed"] = "Unnamed"


@value
class Running:
    programme: ProgrammeId
    name: str
    base_communes: int
    cohorts: Mapping[CohortId, Cohort]
    recognised: Mapping[CommuneId, recognition.Stage] = field(default_factory=dict)
    kind: Literal["Running"] = "Running"


Command: TypeAlias = RegisterProgramme | RegisterCohort | SelectCommunes | recognition.Command
Event: TypeAlias = ProgrammeRegistered | CohortRegistered | CommunesSelected | recognition.Event
Programme: TypeAlias = Unnamed | Running


def decide(programme: Programme, command: Command, act: Act) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    match command:
        case RegisterProgramme(programme=code, name=name, base_communes=base):
            if isinstance(programme, Running):
                raise Refused("already_exists", f"programme {programme.programme} is registered")
            return (ProgrammeRegistered(programme=code, name=name, base_communes=base),)
        case RegisterCohort(cohort=cohort, year=year, size=size, communes=communes):
            running = _running(programme)
            names = {commune.commune for commune in communes}
            if cohort in running.cohorts:
                raise Refused("already_exists", f"cohort: {cohort} is registered already")
            if size <= 0 or len(communes) > size or len(names) != len(communes):
                raise Refused(
                    "input",
                    f"size: {size}, with {len(communes)} communes listed, {len(names)} different",
                )
            return (CohortRegistered(cohort=cohort, year=year, size=size, communes=communes),)
        case SelectCommunes():
            return (_select(_running(programme), command, act),)
        case recognition.RecordRecognitionStage() | recognition.RecogniseCommune():
            return (_recognition(_running(programme), command, act),)
        case _:
            assert_never(command)


def evolve(programme: Programme, event: Event) -> Programme:
    """Apply one event to the programme."""
    if isinstance(event, ProgrammeRegistered):
        return Running(
            programme=event.programme,
            name=event.name,
            base_communes=event.base_communes,
            cohorts={},
        )
    assert isinstance(programme, Running)
    if isinstance(event, recognition.Event):
        reached = {**programme.recognised, event.commune: recognition.evolve(event)}
        return replace(programme, recognised=reached)
    match event:
        case CohortRegistered():
            cohort = Cohort(
                year=event.year,
                size=event.size,
                communes={commune.commune: commune for commune in event.communes},
            )
        case CommunesSelected():
            cohort = replace(
                programme.cohorts[event.cohort],
                chosen=event.chosen,
                deferred=event.deferred,
                total_investment=event.total_investment,
            )
        case _:
            assert_never(event)
    return replace(programme, cohorts={**programme.cohorts, event.cohort: cohort})


def _running(programme: Programme) -> Running:
    if isinstance(programme, Unnamed):
        raise Refused("not_found", "no such programme is registered")
    return programme


def _select(programme: Running, command: SelectCommunes, act: Act) -> CommunesSelected:
    cohort = programme.cohorts.get(command.cohort)
    if cohort is None:
        raise Refused("not_found", f"cohort: {command.cohort} is not registered")
    if cohort.chosen:
        raise Refused("out_of_turn", f"cohort {command.cohort} was selected already")
    unknown = sorted(set(command.chosen) - set(cohort.communes))
    if unknown or not command.chosen or len(set(command.chosen)) != len(command.chosen):
        raise Refused("input", f"chosen: not candidates of {command.cohort}: {unknown}")
    if act.document is None:
        raise Refused("input", "document: a selection rests on a resolution or a plan")
    deferred = cohort.size - len(command.chosen)
    if deferred and not command.why_deferred.strip():
        raise Refused("input", f"why_deferred: {deferred} communes are deferred, say why")
    return CommunesSelected(
        cohort=command.cohort,
        chosen=command.chosen,
        total_investment=command.total_investment,
        deferred=deferred,
        why_deferred=command.why_deferred,
    )


def _recognition(programme: Running, command: recognition.Command, act: Act) -> recognition.Event:
    if not any(command.commune in cohort.chosen for cohort in programme.cohorts.values()):
        raise Refused("not_found", f"commune: {command.commune} was not chosen in any cohort")
    return recognition.decide(programme.recognised.get(command.commune), command, act)
