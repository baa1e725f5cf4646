"""Streams together: what one entails on another, and that decisions happen whole or not."""

from dataclasses import replace

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.candidates import Candidate
from domain.clearance import HandOverSite, NotBegun
from domain.construction import StartWorks
from domain.disbursement import Ledger
from domain.households import ApproveSupportPlan
from domain.payment import ConfirmPaid, NotSubmitted, RefusePayment, Submitted
from domain.positions import UNALLOCATED, Capital
from domain.programme_forms import (
    Commune,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    SelectCommunes,
    Unnamed,
)
from domain.project import Registered, RemindOverdue, Unregistered
from domain.question import Unasked
from domain.refusal import Refused
from domain.streams import (
    DecisionRefused,
    Fact,
    State,
    capital_stream,
    clearance_stream,
    decide,
    evolve,
    initial,
    payment_stream,
    programme_stream,
    project_stream,
    question_stream,
    replay,
)
from domain.values import CommuneId, Extent, PaymentKind, QuestionId, StreamId, Vnd
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CAPITAL,
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    CLEARANCE,
    FINANCE,
    INVESTOR,
    POLICY,
    PROGRAMME,
    PROJECT,
    REGISTER,
    ROAD,
    TO_CLEARANCE,
    TO_LAND,
    TO_SUPPORT_PLAN,
    TREASURY,
    UNITS,
    WORTH,
    Asked,
    World,
    act,
    ask,
    codes,
    pay,
    refused,
    request,
    told,
)
from tests.domain.story import (
    payment as named,
)

BILLION = 1_000_000_000
PAYMENT = payment_stream(named(1))
ADVANCE = request(1, PaymentKind.ADVANCE, 3 * BILLION, "2024-03-01")
CHECK, CONFIRM = pay(1, "2024-03-04")
REFUSE: Asked = (PAYMENT, RefusePayment(reason="unsigned"), act(FINANCE, "2024-03-04"))
RETURN: Asked = (PAYMENT, RefusePayment(reason="no funds"), act(TREASURY, "2024-03-05"))
TO_REQUEST = (*TO_SUPPORT_PLAN, ADVANCE)


def books(world: World) -> tuple[Ledger, Capital]:
    state, plan = world[PROJECT], world[CAPITAL]
    assert isinstance(state, Registered)
    assert isinstance(plan, Capital)
    return state.ledger, plan


def kinds(world: World, asked: Asked) -> list[tuple[StreamId, str]]:
    return [(stream, event.kind) for stream, event in ask(world, asked)[1]]


@pytest.mark.parametrize(
    ("story", "asked", "facts"),
    [
        (
            TO_CLEARANCE[:-2],
            TO_CLEARANCE[-2],
            [(PROJECT, "ClearanceOpened"), (CLEARANCE, "ClearanceBegun")],
        ),
        (
            TO_SUPPORT_PLAN[:-1],
            TO_SUPPORT_PLAN[-1],
            [(CLEARANCE, "SupportPlanApproved"), (PROJECT, "ClearancePlanNoted")],
        ),
        (
            TO_LAND,
            (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05")),
            [(CLEARANCE, "SiteHandedOver"), (PROJECT, "SectionReleased")],
        ),
        (
            TO_SUPPORT_PLAN,
            ADVANCE,
            [(PROJECT, "PaymentRequested"), (PAYMENT, "PaymentSubmitted")],
        ),
        (
            TO_REQUEST,
            CHECK,
            [(PAYMENT, "PaymentChecked"), (CAPITAL, "CapitalReserved")],
        ),
        (
            (*TO_REQUEST, CHECK),
            CONFIRM,
            [
                (PAYMENT, "PaymentPaid"),
                (PROJECT, "PaymentBooked"),
                (CAPITAL, "CapitalDisbursed"),
            ],
        ),
        (TO_REQUEST, REFUSE, [(PAYMENT, "PaymentRefused"), (PROJECT, "PaymentDropped")]),
        (
            (*TO_REQUEST, CHECK),
            RETURN,
            [
                (PAYMENT, "PaymentRefused"),
                (PROJECT, "PaymentDropped"),
                (CAPITAL, "CapitalReleased"),
            ],
        ),
    ],
    ids=[
        "clearance opened begins",
        "a support plan is noted by the project",
        "a site handed over is released to the builders",
        "a payment requested is submitted",
        "a payment checked reserves capital",
        "a payment paid is booked and disbursed",
        "a payment refused by finance is dropped",
        "a payment refused by the treasury is dropped and releases capital",
    ],
)
def test_in_one_decision(
    story: tuple[Asked, ...], asked: Asked, facts: list[tuple[StreamId, str]]
) -> None:
    assert kinds(told(*story), asked) == facts


def test_a_payment_carries_the_charter_the_cash_and_the_law_of_its_project() -> None:
    state = told(*TO_REQUEST)[PAYMENT]

    assert isinstance(state, Submitted)
    assert (state.charter, state.cash, state.budget_year) == (CHARTER, 3 * BILLION, 2024)
    assert state.policy == POLICY.version


def test_money_out_is_the_same_in_all_books() -> None:
    ledger, plan = books(told(*TO_REQUEST, CHECK, CONFIRM))

    assert ledger.disbursed == ledger.advance_balance == plan.disbursed == 3 * BILLION
    assert plan.reservations == {}


def test_a_released_section_may_be_built_on() -> None:
    start: Asked = (PROJECT, StartWorks(section=ROAD), act(INVESTOR, "2024-03-06"))
    with refused("not_cleared"):
        told(start, given=told(*TO_LAND))

    hand_over: Asked = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))
    assert kinds(told(*TO_LAND, hand_over), start) == [(PROJECT, "WorksStarted")]


def test_when_the_capital_refuses_the_check_is_refused_too() -> None:
    without_capital = told(*(one for one in TO_REQUEST if one[0] != CAPITAL))

    with refused("capital_ceiling"):
        told(CHECK, given=without_capital)

    state = without_capital[PAYMENT]
    assert isinstance(state, Submitted)
    assert state.status == "submitted"
    assert CAPITAL not in without_capital


def test_a_project_is_registered_only_where_its_commune_was_chosen() -> None:
    programme = programme_stream(PROGRAMME)
    by = act(AGRICULTURE, "2024-01-02")
    names = (CHARTER.commune, CommuneId("AD02"))
    communes = tuple(
        Commune(commune=name, name=name, district=UNITS.district, synthetic=True) for name in names
    )
    cheap, dear = (
        Candidate(commune=name, cost=Vnd(cost), measures=(), synthetic=True)
        for name, cost in zip(reversed(names), (10, 20), strict=True)
    )
    cohort = CHARTER.cohort
    stood = told(
        (programme, RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=2), by),
        (programme, RegisterCohort(cohort=cohort, year=2024, size=2, communes=communes), by),
        (programme, ProposeCandidates(cohort=cohort, candidates=(cheap, dear)), by),
    )
    select = SelectCommunes(
        cohort=cohort, ceiling=Vnd(10), chosen=(cheap.commune,), why_deferred="x"
    )

    for world in (stood, told((programme, select, act(CITY_CHAIR, "2024-01-02")), given=stood)):
        with refused("not_chosen"):
            told(REGISTER, given=world)
    whole = replace(select, ceiling=Vnd(30), chosen=names)
    both = told((programme, whole, act(CITY_CHAIR, "2024-01-02")), given=stood)
    assert kinds(both, REGISTER) == [(PROJECT, "ProjectRegistered")]


def test_capital_of_another_year_does_not_help() -> None:
    late = request(1, PaymentKind.ADVANCE, 1, "2025-01-06")

    with refused("capital_ceiling"):
        told(*pay(1, "2025-01-07"), given=told(*TO_SUPPORT_PLAN, late))


def test_the_second_payment_past_the_capital_is_refused_at_its_check() -> None:
    second = request(2, PaymentKind.COMPENSATION, 100_000_000, "2024-03-01")
    used_up = told(*TO_REQUEST, CHECK, second)
    plan = used_up[CAPITAL]
    assert isinstance(plan, Capital)
    tight = {**used_up, CAPITAL: shrunk(plan, 3 * BILLION + 99_999_999)}

    with refused("capital_ceiling"):
        told(pay(2, "2024-03-05")[0], given=tight)
    enough = {**used_up, CAPITAL: shrunk(plan, 3 * BILLION + 100_000_000)}
    assert told(*pay(2, "2024-03-05"), given=enough)


def shrunk(plan: Capital, allocated: int) -> Capital:
    """The plan as if its only project had been allocated less."""
    (name, position), *_ = plan.positions.items()
    (lot,) = position.lots
    smaller = replace(position, lots=(replace(lot, amount=Vnd(allocated)),))
    return replace(plan, positions={name: smaller})


def test_support_plans_of_a_section_add_up() -> None:
    counted = told(*TO_SUPPORT_PLAN[:-1])
    for code in codes("H1", "H2"):
        plan = ApproveSupportPlan(cases=(code,), amount=Vnd(50_000_000))
        counted = told((CLEARANCE, plan, act(CHAIR, "2024-02-28")), given=counted)

    state = counted[PROJECT]

    assert isinstance(state, Registered)
    assert state.building.sections[ROAD].clearance_plan == 100_000_000


# Names and states


@pytest.mark.parametrize(
    ("stream", "state"),
    [
        (programme_stream(PROGRAMME), Unnamed()),
        (project_stream(CHARTER.project), Unregistered()),
        (clearance_stream(CHARTER.project, ROAD), NotBegun()),
        (payment_stream(named(1)), NotSubmitted()),
        (capital_stream(PROGRAMME, 2024), UNALLOCATED),
        (question_stream(QuestionId("KN01")), Unasked()),
    ],
    ids=["programme", "project", "clearance", "payment", "capital", "question"],
)
def test_a_stream_without_events_is(stream: StreamId, state: State) -> None:
    assert initial(stream) == state


@pytest.mark.parametrize("name", ["invoice/1", "project", "", "Project/AD01"])
def test_only_names_of_streams_begin(name: str) -> None:
    if name == "project":
        assert initial(StreamId(name)) == Unregistered()
    else:
        with refused("not_found"):
            initial(StreamId(name))


@pytest.mark.parametrize(
    "state",
    [
        Unnamed(),
        Unregistered(),
        NotBegun(),
        NotSubmitted(),
        UNALLOCATED,
        Unasked(),
        told(REGISTER)[PROJECT],
    ],
    ids=lambda state: state.kind,
)
def test_a_command_for_another_kind_of_stream_is_refused(state: State) -> None:
    stranger = ConfirmPaid() if not isinstance(state, NotSubmitted) else RemindOverdue()

    with refused("other_body"):
        decide(state, stranger, act(INVESTOR, "2024-01-02"), POLICY)


def test_a_refusal_on_record_changes_nothing() -> None:
    event = DecisionRefused(command="ConfirmPaid", rule="out_of_turn", because="paid already")

    for state in told(*TO_REQUEST).values():
        assert evolve(state, event, act(TREASURY, "2024-03-05")) == state


def test_facts_fold_to_the_state_they_describe() -> None:
    by = act(BOARD, "2024-01-02")
    command = RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=139)
    (event,) = decide(Unnamed(), command, by, POLICY)
    fact = Fact(
        stream=programme_stream(PROGRAMME), version=1, decision_id="d1", act=by, event=event
    )

    assert replay([fact], Unnamed()) == evolve(Unnamed(), event, by)
    assert replay([], Unnamed()) == Unnamed()


# Whatever is asked, in whatever order

ASKED = [
    ADVANCE,
    CHECK,
    CONFIRM,
    REFUSE,
    RETURN,
    request(2, PaymentKind.COMPENSATION, 100_000_000, "2024-03-05"),
    *pay(2, "2024-03-06"),
    request(3, PaymentKind.ADVANCE, 1_900_000_000, "2024-03-05"),
    *pay(3, "2024-03-06"),
    request(4, PaymentKind.COMPENSATION, 60_000_000, "2024-03-05"),
    *pay(4, "2024-03-06"),
    (payment_stream(named(2)), RefusePayment(reason="late"), act(TREASURY, "2024-03-07")),
]
BEFORE = told(*TO_SUPPORT_PLAN)


@for_any(asked=st.lists(st.sampled_from(ASKED), max_size=25))
@settings(deadline=None)
def test_the_books_agree_and_keep_within_the_law(asked: list[Asked]) -> None:
    world = BEFORE
    for one in asked:
        try:
            world = told(one, given=world)
        except Refused:
            continue

    ledger, plan = books(world)
    assert plan.disbursed == ledger.disbursed <= plan.allocated
    assert 0 <= ledger.advance_balance <= WORTH * 3 // 10
    checked = [
        state
        for state in world.values()
        if isinstance(state, Submitted) and state.status == "checked"
    ]
    assert sum(state.cash for state in checked) == sum(
        reservation.amount for reservation in plan.reservations.values()
    )
    open_ = {s.payment for s in world.values() if isinstance(s, Submitted) and s.open}
    assert open_ == set(ledger.pending)
    for state in world.values():
        if isinstance(state, Submitted) and state.status == "paid":
            assert len({state.requested_by, state.checked_by, state.holder}) == 3
