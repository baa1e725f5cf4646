"""What may be asked of a programme, what may happen to it, and how it stands."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from domain import recognition
from domain.candidates import Candidate
from domain.charter import Charter
from domain.construction import Works
from domain.ranking import Place
from domain.values import (
    Act,
    CohortId,
    CommuneId,
    ProgrammeId,
    ProjectId,
    UnitCode,
    Vnd,
    value,
)


@value
class Commune:
    """A commune as the programme names it. `synthetic` marks a stand-in without a real name."""

    commune: CommuneId
    name: str
    district: UnitCode
    synthetic: bool


@value
class Departure:
    """Why a commune is chosen, or passed over, against the ranking."""

    commune: CommuneId
    reason: str


@value
class Prepared:
    """A project that can be registered as soon as its commune is chosen."""

    charter: Charter
    works: tuple[Works, ...]


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
    """A cohort (đợt) of so many communes; those that are known one by one are listed.

    A commune that an earlier cohort deferred may be listed again.
    """

    cohort: CohortId
    year: int
    size: int
    communes: tuple[Commune, ...] = ()
    kind: Literal["RegisterCohort"] = "RegisterCohort"


@value
class ProposeCandidates:
    """What speaks for communes of a cohort, and their costs; said again, it replaces."""

    cohort: CohortId
    candidates: tuple[Candidate, ...]
    kind: Literal["ProposeCandidates"] = "ProposeCandidates"


@value
class PrepareProjects:
    """Charters and works of a cohort's projects, before it is known which may begin."""

    cohort: CohortId
    projects: tuple[Prepared, ...]
    kind: Literal["PrepareProjects"] = "PrepareProjects"


@value
class SelectCommunes:
    """Choose the communes of a cohort there is capital for, by rank; the others are deferred.

    `ceiling` is the capital there is for their total investment, đồng. `chosen` is what the
    decision says; each commune in which it is not the ranking's needs a departure.
    """

    cohort: CohortId
    ceiling: Vnd
    chosen: tuple[CommuneId, ...]
    departures: tuple[Departure, ...] = ()
    why_deferred: str = ""
    kind: Literal["SelectCommunes"] = "SelectCommunes"


@value
class AdmitProject:
    """From a project: it is to be registered for this commune."""

    cohort: CohortId
    commune: CommuneId
    kind: Literal["AdmitProject"] = "AdmitProject"


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
class CandidatesProposed:
    cohort: CohortId
    candidates: tuple[Candidate, ...]
    kind: Literal["CandidatesProposed"] = "CandidatesProposed"


@value
class ProjectsPrepared:
    cohort: CohortId
    projects: tuple[Prepared, ...]
    kind: Literal["ProjectsPrepared"] = "ProjectsPrepared"


@value
class CommunesSelected:
    """The whole ranking as it was decided upon, under the law named by `policy`.

    Before there was a ranking there were no `places`, and no `ceiling` was named.
    """

    cohort: CohortId
    chosen: tuple[CommuneId, ...]
    total_investment: Vnd
    deferred: int
    why_deferred: str
    ceiling: Vnd | None = None
    places: tuple[Place, ...] = ()
    policy: str = ""
    kind: Literal["CommunesSelected"] = "CommunesSelected"


# State


@value
class Cohort:
    """`basis` is the act that selected: who, when, on which paper."""

    year: int
    size: int
    communes: Mapping[CommuneId, Commune]
    chosen: tuple[CommuneId, ...] = ()
    deferred: int = 0
    total_investment: Vnd = Vnd(0)
    candidates: Mapping[CommuneId, Candidate] = field(default_factory=dict)
    prepared: Mapping[ProjectId, Prepared] = field(default_factory=dict)
    ceiling: Vnd | None = None
    places: tuple[Place, ...] = ()
    basis: Act | None = None

    def has_deferred(self, commune: CommuneId) -> bool:
        """Whether it stood for this cohort and was not chosen."""
        return bool(self.chosen) and commune in self.communes and commune not in self.chosen


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

    def waited(self, cohort: CohortId) -> Mapping[CommuneId, tuple[CohortId, ...]]:
        """The communes of a cohort that others have deferred, oldest first."""
        found: dict[CommuneId, tuple[CohortId, ...]] = {}
        for name, other in self.cohorts.items():
            for commune in self.cohorts[cohort].communes:
                if name != cohort and other.has_deferred(commune):
                    found[commune] = (*found.get(commune, ()), name)
        return found

    def proposed_again(self, cohort: CohortId) -> frozenset[CommuneId]:
        """What a cohort deferred, and a later one lists again: it is counted there."""
        names = list(self.cohorts)
        later = names[names.index(cohort) + 1 :]
        return frozenset(
            commune
            for commune in self.cohorts[cohort].communes
            if any(commune in self.cohorts[name].communes for name in later)
        )


Command: TypeAlias = (
    RegisterProgramme
    | RegisterCohort
    | ProposeCandidates
    | PrepareProjects
    | SelectCommunes
    | recognition.Command
)
Entailed: TypeAlias = AdmitProject
Event: TypeAlias = (
    ProgrammeRegistered
    | CohortRegistered
    | CandidatesProposed
    | ProjectsPrepared
    | CommunesSelected
    | recognition.Event
)
Programme: TypeAlias = Unnamed | Running
