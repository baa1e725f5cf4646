"""How a random history begins: three approved projects, under contract, with capital."""

from collections.abc import Iterator
from datetime import date

from chaos.wandering import Asked, Wanderer
from domain.approval import ApproveStep, ReturnDossier, SubmitDossier, UnderReview
from domain.capital import AllocateCapital
from domain.charter import Charter
from domain.construction import Works
from domain.contract import (
    Guarantee,
    SignContract,
)
from domain.positions import Allocation
from domain.project import (
    NoteClearancePlan,
    Registered,
    RegisterProject,
    ReleaseSection,
)
from domain.streams import (
    capital_stream,
    project_stream,
)
from domain.values import (
    CohortId,
    CommuneId,
    DossierKind,
    Extent,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    SectionId,
    UnitCode,
    Units,
    Vnd,
)

PROGRAMME = ProgrammeId("ntm")
PROJECTS = tuple(ProjectId(f"P{number}") for number in range(1, 4))
MILLION, BILLION = 1_000_000, 1_000_000_000
ROAD, SCHOOL = SectionId("T1"), SectionId("S1")
_UNITS = Units(commune=UnitCode("ad-01"), district=UnitCode("an-duong"), city=UnitCode("hai-phong"))
_AT = {
    Role.INVESTOR: _UNITS.district,
    Role.FINANCE: _UNITS.district,
    Role.INFRASTRUCTURE: _UNITS.district,
    Role.CHAIR: _UNITS.district,
    Role.PLANNING: _UNITS.city,
    Role.COUNCIL: _UNITS.city,
    Role.TREASURY: _UNITS.city,
}
CITY_CHAIR = Post(role=Role.CHAIR, unit=_UNITS.city)
CITY_FINANCE = Post(role=Role.FINANCE, unit=_UNITS.city)


def founding(one: Wanderer) -> Iterator[Asked]:
    for name in PROJECTS:
        stream = project_stream(name)
        yield Asked(stream, post(Role.INVESTOR), register(name))
        for kind in (DossierKind.INVESTMENT_POLICY, DossierKind.PROJECT):
            yield Asked(stream, post(Role.INVESTOR), submitted(kind, 12 * BILLION))
            for _ in range(2):
                yield approval(one, name, kind)
        plan = NoteClearancePlan(section=ROAD, amount=Vnd(200 * MILLION))
        yield Asked(stream, post(Role.CHAIR), plan)
        site = ReleaseSection(section=ROAD, extent=Extent.FULL)
        yield Asked(stream, post(Role.CHAIR), site)
        yield contract(one, name)
    for year in (2024, 2025, 2026):
        yield allocation(year)


def contract(one: Wanderer, name: ProjectId) -> Asked:
    guarantee = Guarantee(amount=Vnd(4 * BILLION), valid_to=date(2026, 6, 30))
    command = SignContract(
        number="01/HĐ",
        contractor="Builder",
        worth=Vnd(10 * BILLION),
        guarantee=one.chance.choice((None, guarantee)),
        completes_on=one.chance.choice((None, date(2025, 12, 31))),
    )
    return Asked(project_stream(name), post(Role.INVESTOR), command)


def approval(one: Wanderer, name: ProjectId, kind: DossierKind) -> Asked:
    state = project(one, name)
    held = state.dossiers.get(kind) if state else None
    step, by = (held.step, held.post) if isinstance(held, UnderReview) else ("", CITY_CHAIR)
    if one.decisions > 50 and one.chance.random() < 0.2:
        no = ReturnDossier(dossier=kind, step=step, reason="not complete")
        return Asked(project_stream(name), by, no)
    return Asked(project_stream(name), by, ApproveStep(dossier=kind, step=step))


def allocation(year: int) -> Asked:
    lines = tuple(line(name, 5 * BILLION) for name in PROJECTS)
    command = AllocateCapital(programme=PROGRAMME, year=year, lines=lines)
    return Asked(capital_stream(PROGRAMME, year), CITY_CHAIR, command)


def post(role: Role) -> Post:
    return Post(role=role, unit=_AT[role])


def register(name: ProjectId) -> RegisterProject:
    charter = Charter(
        project=name,
        programme=PROGRAMME,
        cohort=CohortId("2024"),
        commune=CommuneId("AD01"),
        name="A road and a school",
        units=_UNITS,
        synthetic=True,
    )
    works = (
        Works(section=ROAD, name="Road", works="road", needs_clearance=True),
        Works(section=SCHOOL, name="School", works="school", needs_clearance=False),
    )
    return RegisterProject(charter=charter, works=works)


def submitted(kind: DossierKind, amount: int) -> SubmitDossier:
    return SubmitDossier(dossier=kind, amount=Vnd(amount))


def line(name: ProjectId, amount: int) -> Allocation:
    return Allocation(
        project=name,
        commune=CommuneId("AD01"),
        cohort=CohortId("2024"),
        amount=Vnd(amount),
        synthetic=True,
    )


def project(one: Wanderer, name: ProjectId) -> Registered | None:
    state = one.states.get(project_stream(name))
    return state if isinstance(state, Registered) else None
