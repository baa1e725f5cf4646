"""What a project is, as everything that belongs to it carries it along."""

from domain.values import CohortId, CommuneId, Group, Level, ProgrammeId, ProjectId, Units, value


@value
class Charter:
    """What a project is: fixed at registration and known to everything that belongs to it.

    `budget` is the tier whose budget pays: by it the law may name other deciders.
    """

    project: ProjectId
    programme: ProgrammeId
    cohort: CohortId
    commune: CommuneId
    name: str
    units: Units
    synthetic: bool
    group: Group = Group.C
    budget: Level = Level.CITY
