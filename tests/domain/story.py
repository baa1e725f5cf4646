"""What every test of the rules starts from: one commune's road and school, told step by step."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any, TypeAlias

import pytest

from domain.approval import ApproveStep, SubmitDossier
from domain.authority import authorise
from domain.calendar import HANOI
from domain.capital import AllocateCapital
from domain.cases import CaseEntry, Inventoried
from domain.charter import Charter
from domain.construction import (
    AcceptWorks,
    HandOverToUse,
    ReportProgress,
    StartWorks,
    Works,
)
from domain.contract import Guarantee, SignContract
from domain.disbursement import ReleaseRetention, RequestPayment
from domain.households import (
    ApproveSupportPlan,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RegisterCases,
    TakeOverLand,
)
from domain.payment import CheckPayment, ConfirmPaid
from domain.positions import Allocation
from domain.project import OpenClearance, RegisterProject
from domain.refusal import Refused, Rule
from domain.streams import (
    Command,
    Entailed,
    Event,
    State,
    capital_stream,
    clearance_stream,
    decide,
    entails,
    evolve,
    initial,
    payment_stream,
    project_stream,
)
from domain.values import (
    SYSTEM,
    Act,
    CaseCode,
    CohortId,
    CommuneId,
    Document,
    DossierKind,
    PaymentId,
    PaymentKind,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    SectionId,
    StreamId,
    UnitCode,
    Units,
    Vnd,
)
from storage.policies import load

POLICY = load()

UNITS = Units(commune=UnitCode("ad-01"), district=UnitCode("an-duong"), city=UnitCode("hai-phong"))
OFFICER = Post(role=Role.OFFICER, unit=UNITS.commune)
INVESTOR = Post(role=Role.INVESTOR, unit=UNITS.district)
BOARD = Post(role=Role.CLEARANCE_BOARD, unit=UNITS.district)
INFRASTRUCTURE = Post(role=Role.INFRASTRUCTURE, unit=UNITS.district)
FINANCE = Post(role=Role.FINANCE, unit=UNITS.district)
CITY_FINANCE = Post(role=Role.FINANCE, unit=UNITS.city)
CHAIR = Post(role=Role.CHAIR, unit=UNITS.district)
CITY_CHAIR = Post(role=Role.CHAIR, unit=UNITS.city)
COUNCIL = Post(role=Role.COUNCIL, unit=UNITS.city)
PLANNING = Post(role=Role.PLANNING, unit=UNITS.city)
AGRICULTURE = Post(role=Role.AGRICULTURE, unit=UNITS.city)
TREASURY = Post(role=Role.TREASURY, unit=UNITS.city)
POWER_COMPANY = Post(role=Role.POWER_COMPANY, unit=UNITS.city)
REGISTRAR = Post(role=Role.REGISTRAR, unit=UNITS.city)
POSTS = (
    OFFICER,
    INVESTOR,
    BOARD,
    INFRASTRUCTURE,
    FINANCE,
    CITY_FINANCE,
    CHAIR,
    CITY_CHAIR,
    COUNCIL,
    PLANNING,
    AGRICULTURE,
    TREASURY,
    POWER_COMPANY,
    REGISTRAR,
    SYSTEM,
)

PROGRAMME = ProgrammeId("ntm")
ROAD = SectionId("T1")
SCHOOL = SectionId("S1")
WORKS = (
    Works(section=ROAD, name="Hamlet road", works="road", needs_clearance=True),
    Works(section=SCHOOL, name="School", works="school", needs_clearance=False),
)
CHARTER = Charter(
    project=ProjectId("AD01-GT"),
    programme=PROGRAMME,
    cohort=CohortId("2024"),
    commune=CommuneId("AD01"),
    name="Roads and school",
    units=UNITS,
    synthetic=True,
)
PROJECT = project_stream(CHARTER.project)
CLEARANCE = clearance_stream(CHARTER.project, ROAD)
CAPITAL = capital_stream(PROGRAMME, 2024)

TOTAL = Vnd(12_000_000_000)
WORTH = Vnd(10_000_000_000)
GUARANTEE = Guarantee(amount=Vnd(3_000_000_000), valid_to=date(2025, 12, 31))
PAPER = Document(symbol="12/QĐ-UBND", issued_on=date(2024, 1, 5), issuer="UBND")

World: TypeAlias = Mapping[StreamId, State]
Asked: TypeAlias = tuple[StreamId, Command | Entailed, Act]


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment in Hải Phòng."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), HANOI)


def act(by: Post, day: str, document: Document | None = PAPER) -> Act:
    return Act(by=by, at=at(day), document=document)


def ask(world: World, asked: Asked) -> tuple[World, tuple[tuple[StreamId, Event], ...]]:
    """One decision with all that it entails on other streams, or `Refused` and nothing."""
    stream, command, by = asked
    facts: list[tuple[StreamId, Event]] = []
    for event in decide(world.get(stream) or initial(stream), command, by, POLICY):
        state = evolve(world.get(stream) or initial(stream), event, by)
        world = {**world, stream: state}
        facts.append((stream, event))
        for other, entailed in entails(state, event):
            world, more = ask(world, (other, entailed, by))
            facts += more
    return world, tuple(facts)


def told(*asked: Asked, given: World | None = None) -> World:
    """The world after these were asked by people who may ask them."""
    world: World = given or {}
    for one in asked:
        stream, command, by = one
        authorise(command, by, world.get(stream) or initial(stream), POLICY)  # type: ignore[arg-type]
        world, _ = ask(world, one)
    return world


def refused(rule: Rule) -> AbstractContextManager[Any]:
    """What follows is refused by this rule."""
    return pytest.raises(Refused, match=rf"\[{rule}\]$")


# The story


REGISTER: Asked = (
    PROJECT,
    RegisterProject(charter=CHARTER, works=WORKS),
    act(INVESTOR, "2024-01-02"),
)
ALLOCATE: Asked = (
    CAPITAL,
    AllocateCapital(
        programme=PROGRAMME,
        year=2024,
        lines=(
            Allocation(
                project=CHARTER.project,
                commune=CHARTER.commune,
                cohort=CHARTER.cohort,
                amount=Vnd(5_000_000_000),
                synthetic=True,
            ),
        ),
    ),
    act(CITY_CHAIR, "2024-01-02"),
)


def submit(dossier: DossierKind, amount: int, day: str) -> Asked:
    return PROJECT, SubmitDossier(dossier=dossier, amount=Vnd(amount)), act(INVESTOR, day)


def approve(dossier: DossierKind, step: str, by: Post, day: str) -> Asked:
    return PROJECT, ApproveStep(dossier=dossier, step=step), act(by, day)


def request(number: int, kind: PaymentKind, worth: int, day: str, *, recovers: int = 0) -> Asked:
    command = RequestPayment(
        payment=payment(number),
        payment_kind=kind,
        worth=Vnd(worth),
        recovers=Vnd(recovers),
        section=ROAD if kind is PaymentKind.COMPENSATION else None,
    )
    return PROJECT, command, act(INVESTOR, day)


def payment(number: int) -> PaymentId:
    return PaymentId(f"{CHARTER.project}/{number}")


def pay(number: int, day: str) -> tuple[Asked, Asked]:
    stream = payment_stream(payment(number))
    return (stream, CheckPayment(), act(FINANCE, day)), (stream, ConfirmPaid(), act(TREASURY, day))


def codes(*names: str) -> tuple[CaseCode, ...]:
    return tuple(CaseCode(name) for name in names)


def entry(code: str, *, origin_confirmed: bool = True) -> CaseEntry:
    return CaseEntry(
        code=CaseCode(code),
        area_before_m2=100,
        area_given_m2=20,
        area_left_m2=80,
        origin_confirmed=origin_confirmed,
    )


TO_APPROVAL = (
    REGISTER,
    ALLOCATE,
    submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03"),
    approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08"),
    approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-10"),
    submit(DossierKind.PROJECT, TOTAL, "2024-01-15"),
    approve(DossierKind.PROJECT, "appraise", INFRASTRUCTURE, "2024-01-22"),
    approve(DossierKind.PROJECT, "approve", CHAIR, "2024-01-24"),
)
TO_CONTRACT = (
    *TO_APPROVAL,
    (
        PROJECT,
        SignContract(number="01/HĐ", contractor="Builder", worth=WORTH, guarantee=GUARANTEE),
        act(INVESTOR, "2024-01-30"),
    ),
)
TO_CLEARANCE = (
    *TO_CONTRACT,
    (PROJECT, OpenClearance(section=ROAD), act(INVESTOR, "2024-02-01")),
    (CLEARANCE, RegisterCases(cases=(entry("H1"), entry("H2"))), act(OFFICER, "2024-02-02")),
)
TO_SUPPORT_PLAN = (
    *TO_CLEARANCE,
    (CLEARANCE, RecordDonations(cases=codes("H1", "H2")), act(OFFICER, "2024-02-20")),
    (
        CLEARANCE,
        RecordInventory(
            cases=tuple(
                Inventoried(code=code, structures=Vnd(50_000_000)) for code in codes("H1", "H2")
            )
        ),
        act(BOARD, "2024-02-22"),
    ),
    (CLEARANCE, PostPlan(cases=codes("H1", "H2")), act(BOARD, "2024-02-22")),
    (
        CLEARANCE,
        ApproveSupportPlan(cases=codes("H1", "H2"), amount=Vnd(100_000_000)),
        act(CHAIR, "2024-02-28"),
    ),
)
TO_LAND = (
    *TO_SUPPORT_PLAN,
    (CLEARANCE, RecordSupportPaid(cases=codes("H1", "H2")), act(BOARD, "2024-03-01")),
    (CLEARANCE, TakeOverLand(cases=codes("H1", "H2")), act(BOARD, "2024-03-04")),
)


def build(section: SectionId, volume: int, day: str) -> tuple[Asked, Asked, Asked]:
    """Start, finish and accept a section."""
    by = act(INVESTOR, day)
    accept = AcceptWorks(section=section, volume=Vnd(volume), complete=True)
    return (
        (PROJECT, StartWorks(section=section), by),
        (PROJECT, ReportProgress(section=section, percent=100), by),
        (PROJECT, accept, by),
    )


USE: Asked = (PROJECT, HandOverToUse(), act(INVESTOR, "2024-10-01"))
RELEASE: Asked = (
    PROJECT,
    ReleaseRetention(bond=Guarantee(amount=Vnd(500_000_000), valid_to=date(2025, 12, 31))),
    act(INVESTOR, "2024-10-02"),
)
"""The contractor's bank vouches for the warranty, so that nothing need be kept back for it."""
