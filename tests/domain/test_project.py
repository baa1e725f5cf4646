"""A project from registration to closed accounts."""

from collections.abc import Callable

import pytest

from domain.approval import RejectDossier, SubmitDossier
from domain.clearance import HandOverSite
from domain.construction import Works
from domain.contract import SignContract
from domain.phase import Phase, phase
from domain.project import (
    CloseAccounts,
    NoteClearancePlan,
    OpenClearance,
    ProjectRegistered,
    Registered,
    RegisterProject,
    ReleaseSection,
    RemindOverdue,
)
from domain.refusal import Rule
from domain.streams import initial
from domain.values import SYSTEM, Act, DossierKind, Extent, PaymentKind, SectionId, Vnd
from tests.domain.story import (
    ALLOCATE,
    BOARD,
    CHAIR,
    CHARTER,
    CLEARANCE,
    FINANCE,
    INVESTOR,
    PLANNING,
    POLICY,
    PROJECT,
    REGISTER,
    RELEASE,
    ROAD,
    SCHOOL,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_CONTRACT,
    TO_LAND,
    TOTAL,
    USE,
    WORKS,
    Asked,
    World,
    act,
    approve,
    ask,
    at,
    build,
    pay,
    refused,
    request,
    submit,
    told,
)

BILLION = 1_000_000_000
SETTLEMENT = DossierKind.SETTLEMENT
HAND_OVER: Asked = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))
TO_USE = (
    *TO_LAND,
    HAND_OVER,
    *build(ROAD, 2 * BILLION, "2024-05-02"),
    *build(SCHOOL, 2 * BILLION, "2024-06-03"),
    request(1, PaymentKind.VOLUME, 3 * BILLION, "2024-06-05"),
    *pay(1, "2024-06-06"),
    USE,
    RELEASE,
)
TO_SETTLEMENT = (
    *TO_USE,
    submit(SETTLEMENT, 4 * BILLION, "2024-11-01"),
    approve(SETTLEMENT, "verify", FINANCE, "2024-12-02"),
    approve(SETTLEMENT, "approve", CHAIR, "2024-12-09"),
)
CLOSE: Asked = (PROJECT, CloseAccounts(), act(INVESTOR, "2024-12-20"))
TO_CLOSED = (
    *TO_SETTLEMENT,
    request(2, PaymentKind.FINAL, 1 * BILLION, "2024-12-10"),
    *pay(2, "2024-12-11"),
    CLOSE,
)


def project(world: World) -> Registered:
    state = world[PROJECT]
    assert isinstance(state, Registered)
    return state


def test_a_registered_project_keeps_the_law_of_its_day() -> None:
    _, facts = ask({}, REGISTER)

    assert facts == (
        (PROJECT, ProjectRegistered(charter=CHARTER, works=WORKS, policy=POLICY.version)),
    )


@pytest.mark.parametrize("works", [(), (WORKS[0], WORKS[0])], ids=["no works", "a works twice"])
def test_a_project_is_not_registered_with(works: tuple[Works, ...]) -> None:
    with refused("input"):
        ask({}, (PROJECT, RegisterProject(charter=CHARTER, works=works), REGISTER[2]))


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ((REGISTER,), Phase.APPROVAL),
        (TO_APPROVAL[:-1], Phase.APPROVAL),
        (TO_APPROVAL, Phase.CLEARANCE),
        (TO_CLEARANCE, Phase.CLEARANCE),
        ((*TO_LAND, HAND_OVER), Phase.CONSTRUCTION),
        (TO_USE, Phase.SETTLEMENT),
        (TO_SETTLEMENT, Phase.SETTLEMENT),
        (TO_CLOSED, Phase.CLOSED),
    ],
    ids=[
        "registered",
        "one step short of approval",
        "approved",
        "clearing",
        "handed over",
        "in use",
        "settled",
        "closed",
    ],
)
def test_the_phase_of_a_project_is(story: tuple[Asked, ...], expected: Phase) -> None:
    assert phase(told(*story)[PROJECT]) is expected  # type: ignore[arg-type]


def test_a_project_nobody_registered_waits_for_approval() -> None:
    assert phase(initial(PROJECT)) is Phase.APPROVAL  # type: ignore[arg-type]


def test_a_rejected_dossier_ends_the_project() -> None:
    policy = DossierKind.INVESTMENT_POLICY
    reject = RejectDossier(dossier=policy, step="appraise", reason="no capital")

    world = told(*TO_APPROVAL[:3], (PROJECT, reject, act(PLANNING, "2024-01-08")))

    assert phase(project(world)) is Phase.REJECTED


@pytest.mark.parametrize(
    ("story", "asked", "edge", "rule"),
    [
        (
            TO_APPROVAL[:5],
            lambda amount: submit(DossierKind.PROJECT, amount, "2024-01-15"),
            TOTAL,
            "investment_ceiling",
        ),
        (
            TO_APPROVAL,
            lambda worth: (
                PROJECT,
                SignContract(number="1", contractor="Builder", worth=Vnd(worth)),
                act(INVESTOR, "2024-01-30"),
            ),
            TOTAL,
            "investment_ceiling",
        ),
        (
            TO_USE,
            lambda amount: submit(SETTLEMENT, amount, "2024-11-01"),
            TOTAL,
            "investment_ceiling",
        ),
        (
            TO_SETTLEMENT,
            lambda worth: request(2, PaymentKind.FINAL, worth, "2024-12-10"),
            1 * BILLION,
            "contract_ceiling",
        ),
    ],
    ids=["the project", "the contract", "the settlement", "the final payment"],
)
def test_a_ceiling_may_be_reached_but_not_passed_by(
    story: tuple[Asked, ...], asked: Callable[[int], Asked], edge: int, rule: Rule
) -> None:
    world = told(*story)

    assert told(asked(edge), given=world)
    with refused(rule):
        told(asked(edge + 1), given=world)


@pytest.mark.parametrize(
    ("story", "asked", "rule"),
    [
        ((), submit(DossierKind.PROJECT, 1, "2024-01-15"), "not_found"),
        ((REGISTER,), REGISTER, "already_exists"),
        ((REGISTER,), submit(DossierKind.PROJECT, 1, "2024-01-15"), "out_of_turn"),
        ((REGISTER,), submit(DossierKind.INVESTMENT_POLICY, 0, "2024-01-15"), "input"),
        ((REGISTER,), TO_CONTRACT[-1], "out_of_turn"),
        ((REGISTER,), TO_CLEARANCE[-2], "out_of_turn"),
        ((REGISTER,), request(1, PaymentKind.ADVANCE, 1, "2024-01-15"), "out_of_turn"),
        (
            TO_APPROVAL,
            (PROJECT, OpenClearance(section=SCHOOL), act(INVESTOR, "2024-02-01")),
            "nothing_to_do",
        ),
        (
            TO_APPROVAL,
            (PROJECT, OpenClearance(section=SectionId("T9")), act(INVESTOR, "2024-02-01")),
            "not_found",
        ),
        (TO_CLEARANCE, TO_CLEARANCE[-2], "out_of_turn"),
        (TO_LAND, submit(SETTLEMENT, 1, "2024-11-01"), "out_of_turn"),
        (
            (*TO_USE, request(2, PaymentKind.VOLUME, 1, "2024-10-02")),
            submit(SETTLEMENT, 4 * BILLION, "2024-11-01"),
            "out_of_turn",
        ),
        (TO_USE, CLOSE, "out_of_turn"),
        (TO_SETTLEMENT, CLOSE, "out_of_turn"),
        (TO_CLOSED, CLOSE, "out_of_turn"),
        (TO_CLOSED, request(3, PaymentKind.FINAL, 1, "2024-12-20"), "out_of_turn"),
    ],
    ids=[
        "a dossier of no project",
        "a second registration",
        "the project before its policy",
        "a dossier worth nothing",
        "a contract before approval",
        "clearance before approval",
        "a payment before approval",
        "clearance of public land",
        "clearance of no section",
        "clearance twice",
        "a settlement before use",
        "a settlement with money on its way",
        "closed accounts before the settlement",
        "closed accounts with money owed",
        "closed accounts twice",
        "a payment from closed accounts",
    ],
)
def test_a_project_refuses(story: tuple[Asked, ...], asked: Asked, rule: Rule) -> None:
    world = told(*story)

    with refused(rule):
        told(asked, given=world)


def test_accounts_close_only_when_the_advance_is_recovered() -> None:
    advance = request(1, PaymentKind.ADVANCE, 3 * BILLION, "2024-02-01")
    advanced = (*TO_CONTRACT, *TO_CLEARANCE[-2:], *TO_LAND[len(TO_CLEARANCE) :], advance)
    volumes = (*build(ROAD, 2 * BILLION, "2024-05-02"), *build(SCHOOL, 2 * BILLION, "2024-06-03"))
    settled = (
        submit(SETTLEMENT, 3 * BILLION, "2024-11-01"),
        approve(SETTLEMENT, "verify", FINANCE, "2024-12-02"),
        approve(SETTLEMENT, "approve", CHAIR, "2024-12-09"),
    )
    world = told(*advanced, *pay(1, "2024-02-02"), HAND_OVER, *volumes, USE, *settled)

    with refused("out_of_turn"):
        told(CLOSE, given=world)


def test_the_clock_finds_an_overdue_step_once() -> None:
    remind = (PROJECT, RemindOverdue(), Act(by=SYSTEM, at=at("2024-01-24")))
    world = told(*TO_APPROVAL[:3])

    noticed, first = ask(world, remind)
    _, second = ask(noticed, remind)

    assert [event.kind for _, event in first] == ["StepOverdue"]
    assert second == ()


def test_a_plan_noted_and_a_site_released_belong_to_their_section() -> None:
    by = act(BOARD, "2024-03-05")
    plan = NoteClearancePlan(section=ROAD, amount=Vnd(7))

    world, _ = ask(told(*TO_CONTRACT), (PROJECT, plan, by))
    world, _ = ask(world, (PROJECT, ReleaseSection(section=ROAD, extent=Extent.PARTIAL), by))

    road = project(world).building.sections[ROAD]
    assert (road.clearance_plan, road.released) == (7, Extent.PARTIAL)


def test_the_ceiling_is_nothing_before_approval_and_the_approved_amount_after() -> None:
    assert project(told(REGISTER)).ceiling == 0
    assert project(told(*TO_APPROVAL[:-1])).ceiling == 0
    assert project(told(*TO_APPROVAL)).ceiling == TOTAL


def test_the_settled_value_is_known_after_the_settlement_only() -> None:
    assert project(told(*TO_USE)).settled is None
    assert project(told(*TO_SETTLEMENT)).settled == 4 * BILLION


def test_capital_may_be_allocated_to_a_project_before_its_approval() -> None:
    assert told(REGISTER, ALLOCATE)


def test_a_dossier_goes_through_the_project_it_belongs_to() -> None:
    again = SubmitDossier(dossier=DossierKind.PROJECT, amount=TOTAL)

    with refused("out_of_turn"):
        told((PROJECT, again, act(INVESTOR, "2024-02-01")), given=told(*TO_APPROVAL))
