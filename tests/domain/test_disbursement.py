"""Every ceiling on money, at its edge: equal passes, one đồng more does not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import budget_year
from domain.calendar import local_day
from domain.claims import Basis, decide
from domain.construction import Acceptance, Construction, planned
from domain.contract import Contract, Guarantee
from domain.disbursement import (
    EMPTY,
    BookPayment,
    Command,
    DropPayment,
    Entailed,
    Event,
    Ledger,
    PaymentBooked,
    PaymentDropped,
    PaymentRequested,
    RequestPayment,
    evolve,
)
from domain.refusal import Refused, Rule
from domain.values import Extent, PaymentId, PaymentKind, SectionId, Vnd
from tests.domain.story import GUARANTEE, INVESTOR, POLICY, ROAD, SCHOOL, WORKS, act, at, refused

BILLION = 1_000_000_000
CONTRACT = Contract(
    number="01/HĐ",
    worth=Vnd(10 * BILLION),
    guarantee=GUARANTEE,
    signed_at=at("2024-01-30"),
)
BY = act(INVESTOR, "2024-03-01")
ADVANCE, VOLUME = PaymentKind.ADVANCE, PaymentKind.VOLUME
COMPENSATION, FINAL = PaymentKind.COMPENSATION, PaymentKind.FINAL


def building(
    *, contract: Contract | None = CONTRACT, accepted: int = 0, plan: int | None = 100_000_000
) -> Construction:
    """A road whose support plan is worth `plan`, and a school with `accepted` volume."""
    bare = planned(WORKS, at("2024-01-02"))
    road = replace(bare.sections[ROAD], clearance_plan=None if plan is None else Vnd(plan))
    school = replace(bare.sections[SCHOOL], accepted=Vnd(accepted))
    return replace(bare, contract=contract, sections={ROAD: road, SCHOOL: school})


def basis(
    site: Construction | None = None, *, ceiling: int = 20 * BILLION, settled: int | None = None
) -> Basis:
    return Basis(
        ceiling=Vnd(ceiling),
        building=site or building(),
        settled=None if settled is None else Vnd(settled),
    )


def ask(
    worth: int,
    kind: PaymentKind = ADVANCE,
    *,
    number: int = 9,
    recovers: int = 0,
    section: SectionId | None = None,
) -> RequestPayment:
    return RequestPayment(
        payment=PaymentId(f"AD01-GT/{number}"),
        payment_kind=kind,
        worth=Vnd(worth),
        recovers=Vnd(recovers),
        section=section,
    )


def when(
    command: Command | Entailed, *, given: Ledger = EMPTY, on: Basis | None = None
) -> tuple[Event, ...]:
    return decide(given, command, on or basis(), BY, POLICY)


def ledger(*claims: RequestPayment, paid: bool = True) -> Ledger:
    """Claims that were asked for, numbered from 1, and paid."""
    books = EMPTY
    for number, claim in enumerate(claims, 1):
        name = PaymentId(f"AD01-GT/{number}")
        asked = PaymentRequested(
            payment=name,
            payment_kind=claim.payment_kind,
            worth=claim.worth,
            recovers=claim.recovers,
            section=claim.section,
            budget_year=2024,
        )
        books = evolve(books, asked, BY)
        if paid:
            books = evolve(books, PaymentBooked(payment=name), BY)
    return books


# The edges: a claim that just passes, and what one đồng more meets

EDGES: Mapping[str, tuple[RequestPayment, Ledger, Basis, Rule]] = {
    "the total investment": (
        ask(2 * BILLION),
        EMPTY,
        basis(ceiling=2 * BILLION),
        "investment_ceiling",
    ),
    "what paid claims leave of the total": (
        ask(1 * BILLION),
        ledger(ask(1 * BILLION)),
        basis(ceiling=2 * BILLION),
        "investment_ceiling",
    ),
    "what pending claims leave of the total": (
        ask(1 * BILLION),
        ledger(ask(1 * BILLION), paid=False),
        basis(ceiling=2 * BILLION),
        "investment_ceiling",
    ),
    "thirty per cent of the contract in advance": (
        ask(3 * BILLION),
        EMPTY,
        basis(
            building(contract=replace(CONTRACT, guarantee=replace(GUARANTEE, amount=Vnd(10**11))))
        ),
        "advance_ceiling",
    ),
    "what earlier advances leave of thirty per cent": (
        ask(1 * BILLION),
        ledger(ask(2 * BILLION)),
        basis(
            building(contract=replace(CONTRACT, guarantee=replace(GUARANTEE, amount=Vnd(10**11))))
        ),
        "advance_ceiling",
    ),
    "one billion without a guarantee": (
        ask(1 * BILLION),
        EMPTY,
        basis(building(contract=replace(CONTRACT, guarantee=None))),
        "guarantee_missing",
    ),
    "the amount of the guarantee": (
        ask(2 * BILLION),
        EMPTY,
        basis(
            building(
                contract=replace(CONTRACT, guarantee=replace(GUARANTEE, amount=Vnd(2 * BILLION)))
            )
        ),
        "guarantee_missing",
    ),
    "what an outstanding advance leaves of the guarantee": (
        ask(1 * BILLION),
        ledger(ask(1 * BILLION)),
        basis(
            building(
                contract=replace(CONTRACT, guarantee=replace(GUARANTEE, amount=Vnd(2 * BILLION)))
            )
        ),
        "guarantee_missing",
    ),
    "accepted volume less the retention of five per cent": (
        ask(950_000_000, VOLUME),
        EMPTY,
        basis(building(accepted=1 * BILLION)),
        "volume_ceiling",
    ),
    "what earlier claims leave of the accepted volume": (
        ask(450_000_000, VOLUME),
        ledger(ask(500_000_000, VOLUME)),
        basis(building(accepted=1 * BILLION)),
        "volume_ceiling",
    ),
    "the support plan of the section": (
        ask(100_000_000, COMPENSATION, section=ROAD),
        EMPTY,
        basis(),
        "contract_ceiling",
    ),
    "what earlier compensation leaves of the plan": (
        ask(40_000_000, COMPENSATION, section=ROAD),
        ledger(ask(60_000_000, COMPENSATION, section=ROAD)),
        basis(),
        "contract_ceiling",
    ),
    "the settled value": (
        ask(1 * BILLION, FINAL),
        ledger(ask(4 * BILLION, VOLUME)),
        basis(settled=5 * BILLION),
        "contract_ceiling",
    ),
}


@pytest.mark.parametrize(("claim", "given_", "on", "rule"), EDGES.values(), ids=EDGES.keys())
def test_a_claim_may_reach_but_not_pass(
    claim: RequestPayment, given_: Ledger, on: Basis, rule: Rule
) -> None:
    assert when(claim, given=given_, on=on) == (
        PaymentRequested(
            payment=claim.payment,
            payment_kind=claim.payment_kind,
            worth=claim.worth,
            recovers=claim.recovers,
            section=claim.section,
            budget_year=2024,
        ),
    )
    with refused(rule):
        when(replace(claim, worth=Vnd(claim.worth + 1)), given=given_, on=on)


# Advances


@pytest.mark.parametrize(
    ("valid_to", "holds"),
    [(date(2024, 3, 1), True), (date(2024, 2, 29), False)],
    ids=["on its last day", "the day after"],
)
def test_a_guarantee_holds_to_the_end_of_its_last_day(valid_to: date, *, holds: bool) -> None:
    contract = replace(CONTRACT, guarantee=Guarantee(amount=Vnd(3 * BILLION), valid_to=valid_to))
    on = basis(building(contract=contract))

    if holds:
        assert when(ask(2 * BILLION), on=on)
    else:
        with refused("guarantee_missing"):
            when(ask(2 * BILLION), on=on)


def test_an_advance_needs_a_clearance_plan_or_a_hand_over() -> None:
    unplanned = building(plan=None)
    road = replace(unplanned.sections[ROAD], released=Extent.PARTIAL)
    handed_over = replace(unplanned, sections={**unplanned.sections, ROAD: road})

    with refused("not_cleared"):
        when(ask(1 * BILLION), on=basis(unplanned))
    assert when(ask(1 * BILLION), on=basis(handed_over))


def test_works_on_public_land_need_neither() -> None:
    public = planned(tuple(w for w in WORKS if not w.needs_clearance), at("2024-01-02"))

    assert when(ask(1 * BILLION), on=basis(replace(public, contract=CONTRACT)))


# Recovery (Art. 9.5a)


@pytest.mark.parametrize(
    ("worth", "recovers", "rule"),
    [
        (4_999_999_999, 0, None),
        (5_000_000_000, 0, "advance_recovery"),
        (7_000_000_000, 2_000_000_000, "advance_recovery"),
        (7_000_000_000, 2_000_000_001, None),
        (8_000_000_000, 2_999_999_999, "advance_recovery"),
        (8_000_000_000, 3_000_000_000, None),
        (8_000_000_000, 3_000_000_001, "advance_recovery"),
        (1_000_000_000, 1_000_000_001, "input"),
    ],
    ids=[
        "nothing, one đồng short of eighty per cent",
        "nothing, at eighty per cent",
        "a part, and reaches eighty per cent in cash",
        "a part, and stays one đồng short in cash",
        "all but one đồng, at eighty per cent",
        "the whole balance, at eighty per cent",
        "more than was advanced",
        "more than it claims",
    ],
)
def test_a_claim_that_recovers(worth: int, recovers: int, rule: Rule | None) -> None:
    advanced = ledger(ask(3 * BILLION))
    on = basis(building(accepted=10 * BILLION))
    claim = ask(worth, VOLUME, recovers=recovers)

    if rule is None:
        assert when(claim, given=advanced, on=on)
    else:
        with refused(rule):
            when(claim, given=advanced, on=on)


def test_an_advance_that_a_pending_claim_recovers_is_not_recovered_twice() -> None:
    advanced = ledger(ask(3 * BILLION))
    on = basis(building(accepted=10 * BILLION))
    first = ask(3 * BILLION, VOLUME, number=2, recovers=3 * BILLION)
    for event in when(first, given=advanced, on=on):
        advanced = evolve(advanced, event, BY)

    with refused("advance_recovery"):
        when(ask(1 * BILLION, VOLUME, number=3, recovers=1), given=advanced, on=on)


@pytest.mark.parametrize("kind", [ADVANCE, COMPENSATION, FINAL])
def test_only_volume_recovers_an_advance(kind: PaymentKind) -> None:
    with refused("input"):
        when(ask(1 * BILLION, kind, recovers=1))


def test_a_guarantee_covers_advances_on_their_way_too() -> None:
    guarantee = replace(GUARANTEE, amount=Vnd(2 * BILLION))
    on = basis(building(contract=replace(CONTRACT, guarantee=guarantee)))
    on_its_way = ledger(ask(1 * BILLION), paid=False)

    assert when(ask(1 * BILLION), given=on_its_way, on=on)
    with refused("guarantee_missing"):
        when(ask(1 * BILLION + 1), given=on_its_way, on=on)


def test_no_advance_reaches_eighty_per_cent_for_it_would_be_due_at_once() -> None:
    volume = ledger(ask(7 * BILLION, VOLUME))
    on = basis(building(accepted=10 * BILLION))

    assert when(ask(1 * BILLION - 1), given=volume, on=on)
    with refused("advance_recovery"):
        when(ask(1 * BILLION), given=volume, on=on)


def test_eighty_per_cent_waits_for_an_advance_on_its_way() -> None:
    on_its_way = ledger(ask(3 * BILLION), paid=False)
    on = basis(building(accepted=10 * BILLION))

    assert when(ask(5 * BILLION - 1, VOLUME), given=on_its_way, on=on)
    with refused("advance_recovery"):
        when(ask(5 * BILLION, VOLUME), given=on_its_way, on=on)


def test_eighty_per_cent_does_not_lean_on_a_recovery_on_its_way() -> None:
    books = ledger(ask(3 * BILLION))
    on = basis(building(accepted=10 * BILLION))
    for event in when(ask(3 * BILLION, VOLUME, number=2, recovers=3 * BILLION), given=books, on=on):
        books = evolve(books, event, BY)

    with refused("advance_recovery"):
        when(ask(5 * BILLION, VOLUME, number=3), given=books, on=on)


# The rest


@pytest.mark.parametrize(
    ("claim", "on", "rule"),
    [
        (ask(0), basis(), "input"),
        (ask(-1), basis(), "input"),
        (ask(1, VOLUME, recovers=-1), basis(), "input"),
        (ask(1), basis(building(contract=None)), "out_of_turn"),
        (ask(1, VOLUME), basis(building(contract=None)), "out_of_turn"),
        (ask(1, COMPENSATION), basis(), "input"),
        (ask(1, COMPENSATION, section=SCHOOL), basis(), "out_of_turn"),
        (ask(1, COMPENSATION, section=SectionId("T9")), basis(), "not_found"),
        (ask(1, FINAL), basis(), "out_of_turn"),
    ],
    ids=[
        "of nothing",
        "of less than nothing",
        "that gives an advance back twice",
        "in advance without a contract",
        "for volume without a contract",
        "of compensation for no section",
        "of compensation without a plan",
        "of compensation for an unknown section",
        "of the rest before the settlement",
    ],
)
def test_there_is_no_claim(claim: RequestPayment, on: Basis, rule: Rule) -> None:
    with refused(rule):
        when(claim, on=on)


@pytest.mark.parametrize("end", [None, "paid", "refused"])
def test_a_payment_number_is_used_once(end: str | None) -> None:
    name = PaymentId("AD01-GT/1")
    books = ledger(ask(1), paid=False)
    if end == "paid":
        books = evolve(books, PaymentBooked(payment=name), BY)
    if end == "refused":
        books = evolve(books, PaymentDropped(payment=name), BY)

    with refused("already_exists"):
        when(ask(1, number=1), given=books)


def test_a_refused_claim_frees_what_it_held() -> None:
    books = ledger(ask(1 * BILLION), paid=False)
    on = basis(ceiling=1 * BILLION)
    (dropped,) = when(DropPayment(payment=PaymentId("AD01-GT/1")), given=books, on=on)

    assert when(ask(1 * BILLION), given=evolve(books, dropped, BY), on=on)


def test_only_a_pending_claim_is_booked_or_dropped() -> None:
    books = ledger(ask(1))

    for answer in (
        BookPayment(payment=PaymentId("AD01-GT/1")),
        DropPayment(payment=PaymentId("AD01-GT/1")),
    ):
        with refused("out_of_turn"):
            when(answer, given=books)


def test_recovering_an_advance_moves_no_cash() -> None:
    books = ledger(ask(3 * BILLION), ask(4 * BILLION, VOLUME, recovers=3 * BILLION))

    assert books.disbursed == 4 * BILLION
    assert books.advance_balance == 0


CLAIMS = st.builds(
    ask,
    st.integers(1, 4 * BILLION),
    st.sampled_from([ADVANCE, VOLUME, COMPENSATION]),
    recovers=st.integers(0, 2) | st.sampled_from([BILLION, 3 * BILLION]),
    section=st.just(ROAD),
)


@given(asked=st.lists(st.tuples(CLAIMS, st.booleans()), max_size=12))
@settings(deadline=None)
def test_whatever_is_asked_the_ledger_stays_within_its_bounds(
    asked: list[tuple[RequestPayment, bool]],
) -> None:
    on = basis(building(accepted=9 * BILLION), ceiling=11 * BILLION)
    books = EMPTY
    for number, (unnumbered, pays) in enumerate(asked, 1):
        claim = replace(unnumbered, payment=PaymentId(f"AD01-GT/{number}"))
        answer = (BookPayment if pays else DropPayment)(payment=claim.payment)
        try:
            for command in (claim, answer):
                for event in when(command, given=books, on=on):
                    books = evolve(books, event, BY)
        except Refused:
            continue

    assert 0 <= books.disbursed <= on.ceiling
    assert 0 <= books.advance_balance <= 3 * BILLION
    assert sum(claim.worth for claim in books.claims(VOLUME)) <= 9 * BILLION * 95 // 100


MOVES = st.sampled_from(
    [
        ask(3 * BILLION, ADVANCE),
        ask(3 * BILLION, VOLUME, recovers=3 * BILLION),
        ask(5 * BILLION, VOLUME),
        ask(6 * BILLION, VOLUME),
        ask(8 * BILLION, VOLUME, recovers=3 * BILLION),
        (0, BookPayment),
        (1, BookPayment),
        (0, DropPayment),
    ]
)


@given(moves=st.lists(MOVES, max_size=10))
@settings(deadline=None, max_examples=500)
def test_in_whatever_order_answers_come_no_advance_stands_at_eighty_per_cent(
    moves: list[RequestPayment | tuple[int, type[BookPayment] | type[DropPayment]]],
) -> None:
    on = basis(building(accepted=10 * BILLION))
    books = EMPTY
    for number, move in enumerate(moves, 1):
        command: Command | Entailed
        if isinstance(move, RequestPayment):
            command = replace(move, payment=PaymentId(f"AD01-GT/{number}"))
        elif len(books.pending) > move[0]:
            command = move[1](payment=list(books.pending)[move[0]])
        else:
            continue
        try:
            events = when(command, given=books, on=on)
        except Refused:
            continue
        for event in events:
            books = evolve(books, event, BY)

        assert books.advance_balance >= 0
        assert books.disbursed < 8 * BILLION or books.advance_balance == 0


@pytest.mark.parametrize(
    ("kind", "year", "day", "rule"),
    [
        (PaymentKind.COMPENSATION, 2024, "2025-01-31", None),
        (PaymentKind.COMPENSATION, 2024, "2025-12-31", None),
        (PaymentKind.COMPENSATION, 2024, "2026-01-02", "capital_expired"),
        (PaymentKind.COMPENSATION, 2026, "2025-12-31", "input"),
        (PaymentKind.ADVANCE, 2024, "2024-12-31", None),
        (PaymentKind.ADVANCE, 2024, "2025-01-02", "capital_expired"),
    ],
)
def test_an_earlier_plan_pays_for_a_while(
    kind: PaymentKind, year: int, day: str, rule: Rule | None
) -> None:
    by = act(INVESTOR, day)
    if rule is None:
        budget_year.check(year, kind, local_day(by.at), POLICY)
    else:
        with refused(rule):
            budget_year.check(year, kind, local_day(by.at), POLICY)


def test_last_years_plan_pays_for_what_was_accepted_last_year() -> None:
    bare = building()
    school = replace(
        bare.sections[SCHOOL],
        accepted=Vnd(5 * BILLION),
        acceptances=(
            Acceptance(day=date(2024, 12, 31), volume=Vnd(2 * BILLION)),
            Acceptance(day=date(2025, 1, 2), volume=Vnd(3 * BILLION)),
        ),
    )
    built = replace(bare, sections={**bare.sections, SCHOOL: school})

    def may_claim(year: int, day: date) -> int:
        return budget_year.accepted(year, built, day, POLICY) // BILLION

    assert may_claim(2024, date(2025, 1, 20)) == 2
    assert may_claim(2025, date(2025, 1, 20)) == 5
    # Carried over.
    assert may_claim(2024, date(2025, 2, 3)) == 5
