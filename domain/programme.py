"""A programme: its cohorts of communes, which of them there is capital for, and what they begin."""

from dataclasses import replace
from typing import assert_never

from domain import candidates, ranking, recognition
from domain.calendar import local_day
from domain.policy import Policy
from domain.programme_forms import (
    AdmitProject,
    CandidatesProposed,
    Cohort,
    CohortRegistered,
    Command,
    CommunesSelected,
    Departure,
    Entailed,
    Event,
    PrepareProjects,
    Programme,
    ProgrammeRegistered,
    ProjectsPrepared,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    Running,
    SelectCommunes,
    Unnamed,
)
from domain.ranking import Place
from domain.refusal import Refused
from domain.values import Act, CohortId, CommuneId, Vnd


def decide(
    programme: Programme, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    match command:
        case RegisterProgramme(programme=code, name=name, base_communes=base):
            if isinstance(programme, Running):
                raise Refused("already_exists", f"programme {programme.programme} is registered")
            return (ProgrammeRegistered(programme=code, name=name, base_communes=base),)
        case RegisterCohort():
            return (_cohort(_running(programme), command),)
        case ProposeCandidates(cohort=name, candidates=proposed):
            cohort = _undecided(_running(programme), name)
            candidates.check(proposed, cohort.communes)
            return (CandidatesProposed(cohort=name, candidates=proposed),)
        case PrepareProjects():
            return (_prepared(_running(programme), command),)
        case SelectCommunes():
            return (_select(_running(programme), command, act, policy),)
        case recognition.RecordRecognitionStage() | recognition.RecogniseCommune():
            return (_recognition(_running(programme), command, act),)
        case AdmitProject(cohort=name, commune=commune):
            if isinstance(programme, Running):
                _admit(programme, name, commune)
            # Nobody has registered it: then there is no selection to hold a project to.
            return ()
        case _:
            assert_never(command)


def evolve(programme: Programme, event: Event, act: Act) -> Programme:
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
        case CandidatesProposed():
            before = programme.cohorts[event.cohort]
            named = {one.commune: one for one in event.candidates}
            cohort = replace(before, candidates={**before.candidates, **named})
        case ProjectsPrepared():
            before = programme.cohorts[event.cohort]
            ready = {one.charter.project: one for one in event.projects}
            cohort = replace(before, prepared={**before.prepared, **ready})
        case CommunesSelected():
            cohort = replace(
                programme.cohorts[event.cohort],
                chosen=event.chosen,
                deferred=event.deferred,
                total_investment=event.total_investment,
                ceiling=event.ceiling,
                places=event.places,
                basis=act,
            )
        case _:
            assert_never(event)
    return replace(programme, cohorts={**programme.cohorts, event.cohort: cohort})


def ranked(
    programme: Running, name: CohortId, ceiling: Vnd, act: Act, policy: Policy
) -> tuple[Place, ...]:
    """A cohort's candidates by rank, and how far a ceiling reaches. Raises `Refused` if none."""
    cohort = _known(programme, name)
    if not cohort.candidates:
        raise Refused("nothing_to_do", f"cohort {name} has no candidates; propose them first")
    weights = policy.weights_on(local_day(act.at))
    return ranking.places(cohort.candidates.values(), programme.waited(name), weights, ceiling)


def _running(programme: Programme) -> Running:
    if isinstance(programme, Unnamed):
        raise Refused("not_found", "no such programme is registered")
    return programme


def _known(programme: Running, name: CohortId) -> Cohort:
    if name not in programme.cohorts:
        raise Refused("not_found", f"cohort: {name} is not registered")
    return programme.cohorts[name]


def _undecided(programme: Running, name: CohortId) -> Cohort:
    cohort = _known(programme, name)
    if cohort.chosen:
        raise Refused("out_of_turn", f"cohort {name} was selected already")
    return cohort


def _cohort(programme: Running, command: RegisterCohort) -> CohortRegistered:
    size, communes = command.size, command.communes
    names = {commune.commune for commune in communes}
    if command.cohort in programme.cohorts:
        raise Refused("already_exists", f"cohort: {command.cohort} is registered already")
    if size <= 0 or len(communes) > size or len(names) != len(communes):
        raise Refused(
            "input",
            f"size: {size}, with {len(communes)} communes listed, {len(names)} different",
        )
    for name, other in programme.cohorts.items():
        again = sorted(one for one in names & set(other.communes) if not other.has_deferred(one))
        if again:
            raise Refused(
                "already_exists",
                f"communes: {', '.join(again)} of cohort {name}, which has not deferred them",
            )
    return CohortRegistered(cohort=command.cohort, year=command.year, size=size, communes=communes)


def _prepared(programme: Running, command: PrepareProjects) -> ProjectsPrepared:
    cohort = _known(programme, command.cohort)
    names = [one.charter.project for one in command.projects]
    if not names or len(set(names)) != len(names):
        raise Refused("input", "projects: need one or more, each once")
    for one in command.projects:
        charter, sections = one.charter, [works.section for works in one.works]
        if (charter.programme, charter.cohort) != (programme.programme, command.cohort):
            raise Refused("input", f"projects: {charter.project} is of another cohort")
        if charter.commune not in cohort.communes:
            raise Refused(
                "input", f"projects: {charter.commune} is no commune of cohort {command.cohort}"
            )
        if not sections or len(set(sections)) != len(sections):
            raise Refused(
                "input",
                f"works: {charter.project}: one or more, each section once: {', '.join(sections)}",
            )
    return ProjectsPrepared(cohort=command.cohort, projects=command.projects)


def _select(
    programme: Running, command: SelectCommunes, act: Act, policy: Policy
) -> CommunesSelected:
    name = command.cohort
    cohort = _undecided(programme, name)
    if act.document is None:
        raise Refused("input", "document: a selection rests on a resolution or a plan")
    by_rank = ranked(programme, name, command.ceiling, act, policy)
    chosen = set(command.chosen)
    if not chosen or len(chosen) != len(command.chosen) or chosen - cohort.candidates.keys():
        unknown = sorted(chosen - cohort.candidates.keys())
        strange = ", ".join(unknown) or "none"
        raise Refused("input", f"chosen: one or more, each once; no candidates: {strange}")
    reasons = _reasons(by_rank, chosen, command.departures)
    total = sum(place.cost for place in by_rank if place.commune in chosen)
    if total > command.ceiling:
        raise Refused(
            "capital_ceiling", f"chosen: cost {total:,} đồng, the ceiling is {command.ceiling:,}"
        )
    deferred = cohort.size - len(chosen)
    if deferred and not command.why_deferred.strip():
        raise Refused("input", f"why_deferred: {deferred} communes are deferred, say why")
    return CommunesSelected(
        cohort=name,
        chosen=tuple(place.commune for place in by_rank if place.commune in chosen),
        total_investment=Vnd(total),
        deferred=deferred,
        why_deferred=command.why_deferred,
        ceiling=command.ceiling,
        places=tuple(
            replace(place, chosen=place.commune in chosen, reason=reasons.get(place.commune, ""))
            for place in by_rank
        ),
        policy=policy.version,
    )


def _reasons(
    by_rank: tuple[Place, ...], chosen: set[CommuneId], departures: tuple[Departure, ...]
) -> dict[CommuneId, str]:
    """Why each commune departs from the ranking; no more of them, and no less."""
    reasons = {one.commune: one.reason.strip() for one in departures}
    departs = {one.commune for one in by_rank if one.by_rank != (one.commune in chosen)}
    if silent := [
        f"{one.commune} (rank {one.rank}, {'chosen' if one.by_rank else 'deferred'} by rank)"
        for one in by_rank
        if one.commune in departs and not reasons.get(one.commune)
    ]:
        raise Refused("out_of_rank", f"departures: say why for {'; '.join(silent)}")
    if vain := sorted(reasons.keys() - departs):
        raise Refused("input", f"departures: {', '.join(vain)} is decided as it ranks")
    return reasons


def _admit(programme: Running, name: CohortId, commune: CommuneId) -> None:
    """Raise `Refused` unless a project may begin there.

    A cohort for which nobody stood as a candidate, and none was chosen, is taken as a whole.
    """
    cohort = _known(programme, name)
    if commune in cohort.chosen or not (cohort.chosen or cohort.candidates):
        return
    place = next((one for one in cohort.places if one.commune == commune), None)
    if not cohort.chosen:
        why = f"cohort {name} has not been selected yet"
    elif place is None:
        why = f"it is not among the {len(cohort.chosen)} chosen of cohort {name}"
    elif place.reason:
        why = f"it was passed over in cohort {name}: {place.reason}"
    else:
        why = (
            f"it is deferred for lack of capital in cohort {name}: rank {place.rank}, costs"
            f" {place.cost:,} đồng, {place.left:,} were left"
        )
    raise Refused("not_chosen", f"commune: no project may begin in {commune}: {why}")


def _recognition(programme: Running, command: recognition.Command, act: Act) -> recognition.Event:
    if not any(command.commune in cohort.chosen for cohort in programme.cohorts.values()):
        raise Refused("not_found", f"commune: {command.commune} was not chosen in any cohort")
    return recognition.decide(programme.recognised.get(command.commune), command, act)
