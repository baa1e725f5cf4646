"""What a project is, as everything that belongs to it carries it along."""

from domain.values import CohortId, CommuneId, Group, ProgrammeId, ProjectId, Units, value


@value
class Charter:
    """What a project is: fixed at registration and known to everything that belongs to it."""

    project: ProjectId
    programme: ProgrammeId
    cohort: CohortId
    commune: CommuneId
    name: str
    units: Units
    synthetic: bool
    group: Group = Group.C
