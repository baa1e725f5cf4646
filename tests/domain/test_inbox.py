"""What every case waits for, and when its clock speaks next."""

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.alarms import Alarm, alarm
from domain.approval import ReturnDossier
from domain.calendar import end_of
from domain.clearance import HandOverSite
from domain.escalation import AnswerEscalation, Escalate
from domain.households import (
    ConfirmOrigin,
    RecordSupportPaid,
    RegisterCases,
    TakeOverLand,
    WithdrawDonation,
)
from domain.inbox import is_open, waits
from domain.obstacles import RecordObstacle, RemoveObstacle
from domain.payment import RefusePayment
from domain.project import CloseAccounts, Registered, RemindOverdue
from domain.refusal import Refused
from domain.streams import initial, payment_stream
from domain.utilities import (
    DecideRelocationFunding,
    RecordRelocation,
    RegisterUtilities,
    UtilityEntry,
)
from domain.values import (
    SYSTEM,
    Act,
    CaseCode,
    Cause,
    DossierKind,
    Extent,
    ObstacleId,
    PaymentKind,
    Post,
    StreamId,
    UtilityId,
    Vnd,
)
from domain.waits import IfIgnored, Task, Wait
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    CLEARANCE,
    FINANCE,
    INFRASTRUCTURE,
    INVESTOR,
    OFFICER,
    PLANNING,
    POLICY,
    POWER_COMPANY,
    PROJECT,
    RELEASE,
    ROAD,
    SCHOOL,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_CONTRACT,
    TO_LAND,
    TO_SUPPORT_PLAN,
    TOTAL,
    TREASURY,
    USE,
    Asked,
    World,
    act,
    approve,
    ask,
    at,
    build,
    codes,
    entry,
    pay,
    payment,
    request,
    submit,
    told,
)

BILLION = 1_000_000_000
LINE = UtilityId("U1")
POLES = UtilityEntry(utility=LINE, voltage="LV", poles=4, estimate=Vnd(1))
REGISTER_LINE: Asked = (
    CLEARANCE,
    RegisterUtilities(utilities=(POLES,)),
    act(INVESTOR, "2024-03-04"),
)
FUND_LINE: Asked = (
    CLEARANCE,
    DecideRelocationFunding(utilities=(LINE,), payer="programme capital"),
    act(CITY_CHAIR, "2024-03-04"),
)
STUCK: Asked = (
    CLEARANCE,
    RecordObstacle(obstacle=ObstacleId("O1"), cause=Cause.NO_RELOCATION_FUNDING),
    act(OFFICER, "2024-03-04"),
)
FULL: Asked = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))
CHECK, CONFIRM = pay(1, "2024-03-04")
ADVANCE = request(1, PaymentKind.ADVANCE, 1 * BILLION, "2024-03-01")
RETURN: Asked = (
    PROJECT,
    ReturnDossier(dossier=DossierKind.INVESTMENT_POLICY, step="appraise", reason="unclear"),
    act(PLANNING, "2024-01-08"),
)
BUILT = (*TO_LAND, FULL, *build(ROAD, 1 * BILLION, "2024-05-02"))
BUILT_ALL = (*BUILT, *build(SCHOOL, 1 * BILLION, "2024-06-03"))
SETTLED = (
    *BUILT_ALL,
    USE,
    submit(DossierKind.SETTLEMENT, 2 * BILLION, "2024-11-01"),
    approve(DossierKind.SETTLEMENT, "verify", FINANCE, "2024-12-02"),
    approve(DossierKind.SETTLEMENT, "approve", CHAIR, "2024-12-09"),
)


def of(world: World, stream: StreamId) -> dict[str, Wait]:
    return {wait.key: wait for wait in waits(world[stream], POLICY)}


@pytest.mark.parametrize(
    ("story", "stream", "key", "task", "post"),
    [
        (
            TO_APPROVAL[:2],
            PROJECT,
            "investment-policy/submit",
            Task.SUBMIT_DOSSIER,
            INVESTOR,
        ),
        (
            TO_APPROVAL[:3],
            PROJECT,
            "investment-policy/appraise",
            Task.DECIDE_DOSSIER,
            PLANNING,
        ),
        (
            (*TO_APPROVAL[:3], RETURN),
            PROJECT,
            "investment-policy/submit",
            Task.SUBMIT_DOSSIER,
            INVESTOR,
        ),
        (TO_APPROVAL[:5], PROJECT, "project/submit", Task.SUBMIT_DOSSIER, INVESTOR),
        (TO_APPROVAL[:6], PROJECT, "project/appraise", Task.DECIDE_DOSSIER, INFRASTRUCTURE),
        (TO_APPROVAL, PROJECT, "contract", Task.SIGN_CONTRACT, INVESTOR),
        (TO_APPROVAL, PROJECT, "T1/clearance", Task.OPEN_CLEARANCE, INVESTOR),
        (TO_CONTRACT, PROJECT, "S1/start", Task.START_WORKS, INVESTOR),
        ((*TO_LAND, FULL), PROJECT, "T1/start", Task.START_WORKS, INVESTOR),
        (
            (*BUILT, build(SCHOOL, 1, "2024-06-03")[0]),
            PROJECT,
            "S1/works",
            Task.REPORT_PROGRESS,
            INVESTOR,
        ),
        (
            (*BUILT, *build(SCHOOL, 1, "2024-06-03")[:2]),
            PROJECT,
            "S1/works",
            Task.ACCEPT_WORKS,
            INVESTOR,
        ),
        (BUILT_ALL, PROJECT, "use", Task.HAND_OVER_TO_USE, INVESTOR),
        ((*BUILT_ALL, USE), PROJECT, "settlement/submit", Task.SUBMIT_DOSSIER, INVESTOR),
        (SETTLED[:-2], PROJECT, "settlement/verify", Task.DECIDE_DOSSIER, FINANCE),
        (SETTLED, PROJECT, "accounts", Task.CLOSE_ACCOUNTS, INVESTOR),
        (TO_CLEARANCE[:-1], CLEARANCE, "cases", Task.REGISTER_CASES, OFFICER),
        (TO_CLEARANCE, CLEARANCE, "open", Task.AGREE_DONATION, OFFICER),
        (TO_SUPPORT_PLAN[:-3], CLEARANCE, "donated", Task.TAKE_INVENTORY, BOARD),
        (TO_SUPPORT_PLAN[:-2], CLEARANCE, "unposted", Task.POST_PLAN, BOARD),
        (TO_SUPPORT_PLAN[:-1], CLEARANCE, "posted", Task.APPROVE_SUPPORT_PLAN, CHAIR),
        (TO_SUPPORT_PLAN, CLEARANCE, "support-planned", Task.PAY_SUPPORT, BOARD),
        (TO_LAND[:-1], CLEARANCE, "paid", Task.TAKE_OVER_LAND, BOARD),
        (TO_LAND, CLEARANCE, "site", Task.HAND_OVER_SITE, BOARD),
        (
            (*TO_LAND, REGISTER_LINE),
            CLEARANCE,
            "utility/U1",
            Task.DECIDE_RELOCATION_FUNDING,
            CITY_CHAIR,
        ),
        (
            (*TO_LAND, REGISTER_LINE, FUND_LINE),
            CLEARANCE,
            "utility/U1",
            Task.RELOCATE_UTILITY,
            POWER_COMPANY,
        ),
        ((*TO_LAND, STUCK), CLEARANCE, "obstacle/O1", Task.REMOVE_OBSTACLE, CITY_CHAIR),
        (
            (*TO_SUPPORT_PLAN, ADVANCE),
            payment_stream(payment(1)),
            "check",
            Task.CHECK_PAYMENT,
            FINANCE,
        ),
        (
            (*TO_SUPPORT_PLAN, ADVANCE, CHECK),
            payment_stream(payment(1)),
            "treasury",
            Task.CONFIRM_TREASURY,
            TREASURY,
        ),
    ],
)
def test_a_case_waits_for(
    story: tuple[Asked, ...], stream: StreamId, key: str, task: Task, post: Post
) -> None:
    wait = of(told(*story), stream)[key]

    assert (wait.task, wait.post, wait.stream) == (task, post, stream)


def test_a_dossier_waits_until_its_deadline_and_then_draws_a_notice() -> None:
    wait = of(told(*TO_APPROVAL[:3]), PROJECT)["investment-policy/appraise"]

    assert wait.since == at("2024-01-03")
    assert wait.due == end_of(at("2024-01-23").date())
    assert (wait.if_ignored, wait.amount) == (IfIgnored.OVERDUE_NOTICE, TOTAL)


def test_households_that_wait_for_the_same_are_one_row_with_a_count() -> None:
    wait = of(told(*TO_CLEARANCE), CLEARANCE)["open"]

    assert wait.count == 2
    assert wait.if_ignored is IfIgnored.ESCALATES


def test_an_unclear_origin_waits_for_the_commune_beside_the_donation() -> None:
    unclear: Asked = (
        CLEARANCE,
        RegisterCases(cases=(entry("H3", origin_confirmed=False),)),
        act(OFFICER, "2024-02-20"),
    )

    found = of(told(*TO_CLEARANCE, unclear), CLEARANCE)

    assert (found["origin"].task, found["origin"].count) == (Task.CONFIRM_ORIGIN, 1)
    assert found["open"].count == 3


def test_an_escalation_waits_for_its_answer() -> None:
    stalled, _ = ask(told(*TO_CLEARANCE), (CLEARANCE, Escalate(), system("2024-03-02")))

    wait = of(stalled, CLEARANCE)["escalation/1"]
    assert (wait.task, wait.post, wait.about) == (Task.ANSWER_ESCALATION, BOARD, "01/NV")

    answer = AnswerEscalation(number=1, answer="On Monday")
    answered = told((CLEARANCE, answer, act(BOARD, "2024-03-04")), given=stalled)
    assert "escalation/1" not in of(answered, CLEARANCE)


@pytest.mark.parametrize(
    ("story", "stream"),
    [
        ((*TO_LAND, FULL), CLEARANCE),
        ((*TO_SUPPORT_PLAN, ADVANCE, CHECK, CONFIRM), payment_stream(payment(1))),
    ],
    ids=["clearance handed over", "a payment paid"],
)
def test_what_is_over_waits_for_nobody(story: tuple[Asked, ...], stream: StreamId) -> None:
    state = told(*story)[stream]

    assert not is_open(state)
    assert waits(state, POLICY) == ()
    assert alarm(state, POLICY) is None


@pytest.mark.parametrize(
    "name", ["project", "clearance", "payment", "capital", "programme", "question"]
)
def test_what_has_not_begun_waits_for_nobody(name: str) -> None:
    state = initial(StreamId(f"{name}/x"))

    assert not is_open(state)
    assert waits(state, POLICY) == ()
    assert alarm(state, POLICY) is None


# Alarms


def system(day: str) -> Act:
    return Act(by=SYSTEM, at=at(day))


def test_a_project_wakes_up_at_the_deadline_of_its_open_step() -> None:
    assert alarm(told(*TO_APPROVAL[:3])[PROJECT], POLICY) == Alarm(
        at=end_of(at("2024-01-23").date()),
        label=f"appraise by {PLANNING}",
        command=RemindOverdue(),
    )


def test_after_its_notice_a_project_sleeps_on() -> None:
    late, _ = ask(told(*TO_APPROVAL[:3]), (PROJECT, RemindOverdue(), system("2024-01-24")))

    assert alarm(late[PROJECT], POLICY) is None


def test_a_section_wakes_up_at_the_next_rung() -> None:
    world = told(*TO_CLEARANCE)

    # Fifteen working days after 2 February, with Tết between.
    assert alarm(world[CLEARANCE], POLICY) == Alarm(
        at=end_of(at("2024-03-01").date()), label="escalation 1: reminder", command=Escalate()
    )


def test_at_the_top_of_the_ladder_only_missed_answers_ring_and_there_is_still_a_wait() -> None:
    top, _ = ask(told(*TO_CLEARANCE), (CLEARANCE, Escalate(), system("2024-06-03")))
    assert alarm(top[CLEARANCE], POLICY) == Alarm(
        at=at("2024-06-11", "00:00"), label=f"answer to 01/NV by {BOARD}", command=Escalate()
    )

    reminded, facts = ask(top, (CLEARANCE, Escalate(), system("2024-06-11")))

    assert [event.kind for _, event in facts] == 5 * ["AnswerOverdue"]
    assert alarm(reminded[CLEARANCE], POLICY) is None
    found = of(reminded, CLEARANCE)
    assert found["open"].due is None
    assert {wait.if_ignored for wait in found.values()} == {IfIgnored.TOP_OF_LADDER}


# Whatever happens, something is waited for

STEPS: tuple[Asked, ...] = (
    *TO_LAND,
    RETURN,
    REGISTER_LINE,
    FUND_LINE,
    (CLEARANCE, RecordRelocation(utility=LINE), act(POWER_COMPANY, "2024-03-04")),
    STUCK,
    (
        CLEARANCE,
        RemoveObstacle(obstacle=ObstacleId("O1"), how="funded"),
        act(CITY_CHAIR, "2024-03-04"),
    ),
    (
        CLEARANCE,
        RegisterCases(cases=(entry("H3", origin_confirmed=False),)),
        act(OFFICER, "2024-03-04"),
    ),
    (CLEARANCE, ConfirmOrigin(cases=codes("H3")), act(OFFICER, "2024-03-04")),
    (CLEARANCE, RecordSupportPaid(cases=codes("H1")), act(BOARD, "2024-03-04")),
    (CLEARANCE, TakeOverLand(cases=codes("H1")), act(BOARD, "2024-03-04")),
    (
        CLEARANCE,
        WithdrawDonation(case=CaseCode("H2"), reason="heirs disagree"),
        act(OFFICER, "2024-03-04"),
    ),
    (CLEARANCE, HandOverSite(extent=Extent.PARTIAL), act(BOARD, "2024-03-05")),
    (CLEARANCE, Escalate(), system("2024-06-03")),
    (
        CLEARANCE,
        AnswerEscalation(number=1, answer="On Monday"),
        act(BOARD, "2024-06-04"),
    ),
    FULL,
    *build(ROAD, 1 * BILLION, "2024-05-02"),
    *build(SCHOOL, 1 * BILLION, "2024-06-03"),
    ADVANCE,
    CHECK,
    CONFIRM,
    (payment_stream(payment(1)), RefusePayment(reason="late"), act(FINANCE, "2024-03-04")),
    USE,
    *SETTLED[-3:],
    (PROJECT, CloseAccounts(), act(INVESTOR, "2024-12-20")),
)


def nothing_waits_unseen(world: World) -> None:
    for stream, state in world.items():
        found = waits(state, POLICY)
        keys = [wait.key for wait in found]
        assert len(set(keys)) == len(keys), "a key names one row"
        assert all(wait.stream == stream for wait in found)
        # A project whose sections are all being cleared waits in their streams.
        clearing = isinstance(state, Registered) and is_open(
            world.get(CLEARANCE) or initial(CLEARANCE)
        )
        assert found or not is_open(state) or clearing, f"{stream} waits for nobody"


@for_any(walk=st.lists(st.sampled_from(STEPS), max_size=30), start=st.integers(0, len(SETTLED)))
@settings(deadline=None)
def test_on_any_way_every_open_case_waits_for_a_post(walk: list[Asked], start: int) -> None:
    world: World = told(*SETTLED[:start])
    for one in walk:
        try:
            world, _ = ask(world, one)
        except Refused:
            continue
        nothing_waits_unseen(world)


def test_on_the_straight_way_too() -> None:
    world: World = {}
    for one in SETTLED:
        world = told(one, given=world)
        nothing_waits_unseen(world)


def test_the_straight_way_ends_with_nothing_open() -> None:
    rest = (
        RELEASE,
        request(1, PaymentKind.FINAL, 2 * BILLION, "2024-12-10"),
        *pay(1, "2024-12-11"),
        (PROJECT, CloseAccounts(), act(INVESTOR, "2024-12-20")),
    )

    world = told(*SETTLED, *rest)

    assert not any(is_open(state) for state in world.values())
    assert not any(waits(state, POLICY) for state in world.values())
