"""What a careful clerk asks of a donation: papers, remainders, money, and no names."""

from dataclasses import replace

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.cases import (
    Case,
    CaseEntry,
    Cases,
    CaseStatus,
    DepositGround,
    DonationBasis,
    Inventoried,
    Origin,
    Route,
    Step,
    SwitchCause,
    planned_support,
)
from domain.casework import check_personal
from domain.clearance import Clearing, HandOverSite, SiteHandedOver
from domain.households import (
    ApproveSupportPlan,
    ConfirmOrigin,
    DepositSupport,
    DisputeOrigin,
    DonationsRecorded,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RecordSupportRepaid,
    RegisterCases,
    SwitchRoute,
    TakeOverLand,
    WithdrawDonation,
)
from domain.law import MinimumArea
from domain.project import Registered
from domain.refusal import Refused, Rule
from domain.streams import Command
from domain.values import CaseCode, Extent, Land, UnitCode, Vnd
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    OFFICER,
    POLICY,
    PROJECT,
    ROAD,
    TO_CLEARANCE,
    TO_LAND,
    TO_SUPPORT_PLAN,
    UNITS,
    Asked,
    World,
    act,
    ask,
    at,
    codes,
    entry,
    refused,
    told,
)
from tests.domain.taking import COERCED, held, step

SMALL = step(
    RegisterCases(
        cases=(
            held("H3", Land.RESIDENTIAL, 40),
            held("H4", Land.RESIDENTIAL, 0),
            held("H5", Land.AGRICULTURAL, 0),
            held("H6", Land.AGRICULTURAL, 299),
            held("H7", Land.AGRICULTURAL, 300),
            held("H8", Land.OTHER, 1),
        )
    ),
    OFFICER,
    "2024-02-05",
)
GIFT: tuple[Asked, ...] = (
    *TO_SUPPORT_PLAN[:-3],
    step(
        RecordInventory(
            cases=(
                Inventoried(code=CaseCode("H1"), structures=Vnd(0)),
                Inventoried(code=CaseCode("H2"), structures=Vnd(7)),
            )
        ),
        BOARD,
        "2024-02-22",
    ),
)


def clearing(world: World) -> Clearing:
    state = world[CLEARANCE]
    assert isinstance(state, Clearing)
    return state


def case(world: World, code: str) -> Case:
    return clearing(world).cases[CaseCode(code)]


def switch(code: str, day: str) -> Asked:
    command = SwitchRoute(
        cases=codes(code),
        to=Route.RECOVERY,
        cause=SwitchCause.REMAINDER_TOO_SMALL,
        reason="Còn lại 31 m²",
    )
    return step(command, CHAIR, day)


# The paper


@pytest.mark.parametrize("basis", DonationBasis)
def test_the_record_says_whether_a_deed_or_minutes_gave_the_land(basis: DonationBasis) -> None:
    donate = RecordDonations(cases=codes("H1"), basis=basis)

    _, facts = ask(told(*TO_CLEARANCE), step(donate, OFFICER, "2024-02-20"))

    assert facts[0][1] == DonationsRecorded(cases=codes("H1"), basis=basis)


@pytest.mark.parametrize(
    ("story", "command"),
    [
        (TO_SUPPORT_PLAN[:-2], PostPlan(cases=codes("H1"))),
        (TO_SUPPORT_PLAN, DepositSupport(cases=codes("H1"), ground=DepositGround.REFUSED)),
        (TO_LAND[:-1], RecordSupportRepaid(cases=codes("H1"))),
        (TO_LAND[:-1], TakeOverLand(cases=codes("H1"))),
        (TO_CLEARANCE, switch("H1", "2024-02-20")[1]),
    ],
)
def test_without_its_paper_there_is_no(story: tuple[Asked, ...], command: Command) -> None:
    by = CHAIR if isinstance(command, SwitchRoute) else BOARD

    with refused("input"):
        told((CLEARANCE, command, act(by, "2024-03-20", document=None)), given=told(*story))


# What is left


def test_a_remainder_below_the_least_parcel_is_marked_on_its_case() -> None:
    cases = clearing(told(*TO_CLEARANCE, SMALL)).cases

    assert [code for code, case in cases.items() if case.remainder_small] == [
        *codes("H3", "H4", "H6")
    ]


def test_a_gift_that_leaves_too_little_needs_the_household_to_accept_it() -> None:
    world = told(*TO_CLEARANCE, SMALL)
    plain = RecordDonations(cases=codes("H1", "H3"))

    with refused("remainder_too_small") as no:
        told(step(plain, OFFICER, "2024-02-20"), given=world)
    assert "case H3: 40 m² would be left, less than 60 m²" in no.value.because
    assert "remainder-too-small" in no.value.because
    accepted = replace(plain, small_accepted=codes("H3"))
    given = told(step(accepted, OFFICER, "2024-02-20"), given=world)
    assert case(given, "H3").status is CaseStatus.DONATED


def test_nobody_accepts_what_is_not_so() -> None:
    world = told(*TO_CLEARANCE, SMALL)
    odd = RecordDonations(cases=codes("H1"), small_accepted=codes("H1"))

    with refused("input"):
        told(step(odd, OFFICER, "2024-02-20"), given=world)


def test_the_row_of_a_commune_stands_before_that_of_the_province() -> None:
    day = at("2024-02-20").date()
    local = MinimumArea(
        land=Land.RESIDENTIAL,
        unit=UnitCode("ad-01"),
        area_m2=35,
        source="test",
        verified=False,
        valid_from=day,
    )
    policy = replace(POLICY, minimums=(*POLICY.minimums, local))

    assert policy.minimum_area(Land.RESIDENTIAL, UNITS, day) == 35
    elsewhere = replace(UNITS, commune=UnitCode("ad-02"))
    assert policy.minimum_area(Land.RESIDENTIAL, elsewhere, day) == 60
    assert policy.minimum_area(Land.OTHER, UNITS, day) is None


# No structures, no waiting


def test_a_gift_without_structures_is_taken_over_without_plan_or_payment() -> None:
    counted = told(*GIFT)

    taken = told(step(TakeOverLand(cases=codes("H1")), BOARD, "2024-02-23"), given=counted)

    assert case(taken, "H1").status is CaseStatus.HANDED_OVER
    with refused("out_of_turn"):
        told(step(TakeOverLand(cases=codes("H2")), BOARD, "2024-02-23"), given=counted)


def test_even_a_gift_comes_from_somebody_whose_land_it_is() -> None:
    disputed = told(
        *GIFT,
        step(DisputeOrigin(cases=codes("H1"), reason="Thừa kế"), OFFICER, "2024-02-23"),
    )

    with refused("out_of_turn"):
        told(step(TakeOverLand(cases=codes("H1")), BOARD, "2024-02-24"), given=disputed)


# Posting


@pytest.mark.parametrize(("day", "allowed"), [("2024-02-27", False), ("2024-02-28", True)])
def test_a_plan_is_approved_when_it_has_hung_long_enough(day: str, *, allowed: bool) -> None:
    stream, plan, _ = TO_SUPPORT_PLAN[-1]
    asked = (stream, plan, act(CHAIR, day))
    posted = told(*TO_SUPPORT_PLAN[:-1])

    if allowed:
        assert case(told(asked, given=posted), "H1").status is CaseStatus.SUPPORT_PLANNED
    else:
        with refused("too_early") as no:
            told(asked, given=posted)
        assert "case H1" in no.value.because
        assert "27/02/2024 (donation.posting)" in no.value.because


# Money


def test_money_that_is_refused_goes_to_a_bank_and_the_land_is_taken_over() -> None:
    deposit = DepositSupport(cases=codes("H1"), ground=DepositGround.REFUSED)
    deposited = told(*TO_SUPPORT_PLAN, step(deposit, BOARD, "2024-03-01"))

    taken = told(step(TakeOverLand(cases=codes("H1")), BOARD, "2024-03-04"), given=deposited)

    assert case(taken, "H1").status is CaseStatus.HANDED_OVER


@pytest.mark.parametrize(
    "leave",
    [
        step(WithdrawDonation(case=CaseCode("H1"), reason="Đổi ý"), OFFICER, "2024-03-05"),
        switch("H1", "2024-03-05"),
    ],
    ids=["withdrawal", "switch"],
)
def test_nobody_leaves_with_the_money_in_hand(leave: Asked) -> None:
    paid = told(*TO_LAND[:-1])

    with refused("out_of_turn") as no:
        told(leave, given=paid)
    assert "repayment" in no.value.because
    repaid = told(step(RecordSupportRepaid(cases=codes("H1")), BOARD, "2024-03-05"), given=paid)
    assert case(told(leave, given=repaid), "H1").status is CaseStatus.OPEN


@pytest.mark.parametrize(
    "leave",
    [
        step(WithdrawDonation(case=CaseCode("H1"), reason="Đổi ý"), OFFICER, "2024-03-05"),
        switch("H1", "2024-03-05"),
    ],
    ids=["withdrawal", "switch"],
)
def test_the_project_learns_that_a_plan_has_become_void(leave: Asked) -> None:
    world = told(*TO_SUPPORT_PLAN, leave)
    project = world[PROJECT]

    assert isinstance(project, Registered)
    assert project.building.sections[ROAD].clearance_plan == 50_000_000


def test_leaving_before_there_is_a_plan_tells_the_project_nothing() -> None:
    world = told(*TO_SUPPORT_PLAN[:-1], switch("H1", "2024-03-05"))
    project = world[PROJECT]

    assert isinstance(project, Registered)
    assert project.building.sections[ROAD].clearance_plan is None


# The switch


def test_a_switch_keeps_origin_and_inventory_and_voids_the_rest() -> None:
    switched = case(told(*TO_SUPPORT_PLAN, switch("H1", "2024-03-05")), "H1")

    assert (switched.route, switched.status) == (Route.RECOVERY, CaseStatus.OPEN)
    assert switched.origin is Origin.CONFIRMED
    assert switched.structures == 50_000_000
    assert set(switched.done) == {Step.INVENTORY}


@pytest.mark.parametrize("cause", SwitchCause)
def test_every_cause_but_agreement_leads_to_recovery(cause: SwitchCause) -> None:
    asked = SwitchRoute(cases=codes("H1"), to=Route.RECOVERY, cause=cause, reason="Xem tờ trình")
    world = told(*TO_CLEARANCE)

    if cause is SwitchCause.AGREED:
        with refused("input"):
            told(step(asked, CHAIR, "2024-02-20"), given=world)
    else:
        assert told(step(asked, CHAIR, "2024-02-20"), given=world)


# A part of the section


def test_a_part_names_the_cases_it_holds() -> None:
    half = told(*TO_LAND[:-1], step(TakeOverLand(cases=codes("H2")), BOARD, "2024-03-04"))

    part, facts = ask(half, step(HandOverSite(extent=Extent.PARTIAL), BOARD, "2024-03-05"))

    assert facts[0][1] == SiteHandedOver(extent=Extent.PARTIAL, cases=codes("H2"))
    assert clearing(part).part == codes("H2")
    project = part[PROJECT]
    assert isinstance(project, Registered)
    assert project.building.sections[ROAD].released is Extent.PARTIAL


# Nobody's name


@pytest.mark.parametrize(
    "code",
    [
        "NguyenVanAn",
        "031085012345",
        "0912345678",
        "H",
        "H-",
        "123456789",
        "H001 ",
        "Hộ1",
        "1-2-3-4-5",
    ],
)
def test_a_code_is_no_name_and_no_number_of_a_person(code: str) -> None:
    with refused("personal_data") as no:
        told(
            step(RegisterCases(cases=(entry("H3"), entry(code))), OFFICER, "2024-02-05"),
            given=told(*TO_CLEARANCE),
        )
    assert "case 2" in no.value.because
    assert code not in no.value.because.replace("H001", "")


@pytest.mark.parametrize("code", ["H1", "H001", "T1.H12", "AD01-H001", "12"])
def test_a_code_may_be(code: str) -> None:
    assert told(
        step(RegisterCases(cases=(entry(code),)), OFFICER, "2024-02-01"),
        given=told(*TO_CLEARANCE[:-1]),
    )


@pytest.mark.parametrize(
    "reason",
    ["CCCD 031085012345", "gọi 0912345678", "ĐT 0912.345.678", "ĐT 0912 345 678", "CMND 123456789"],
)
def test_a_reason_holds_no_number_of_a_person(reason: str) -> None:
    withdraw = WithdrawDonation(case=CaseCode("H1"), reason=reason)

    with refused("personal_data") as no:
        told(step(withdraw, OFFICER, "2024-03-01"), given=told(*TO_SUPPORT_PLAN))
    assert reason not in no.value.because


def test_what_may_be_a_persons_does_not_even_travel() -> None:
    numbered = "CCCD 031085012345"
    for command in (
        WithdrawDonation(case=CaseCode("H1"), reason=numbered),
        DisputeOrigin(cases=codes("H1"), reason=numbered),
        RegisterCases(cases=(entry("NguyenVanAn"),)),
    ):
        with refused("personal_data"):
            check_personal(command)
    check_personal(WithdrawDonation(case=CaseCode("H1"), reason="đổi ý"))
    check_personal(ConfirmOrigin(cases=codes("H1")))


@pytest.mark.parametrize(
    "reason",
    ["Còn lại 31 m²", "Hỗ trợ 1.200.000.000 đồng", "Họp 01-07-2024 12 hộ", "QĐ 1234/2024 8 hộ"],
)
def test_a_reason_may_hold_money_days_and_areas(reason: str) -> None:
    withdraw = WithdrawDonation(case=CaseCode("H1"), reason=reason)

    assert told(step(withdraw, OFFICER, "2024-03-01"), given=told(*TO_SUPPORT_PLAN))


def test_an_origin_is_disputed_and_confirmed_again() -> None:
    dispute = step(DisputeOrigin(cases=codes("H1"), reason="Thừa kế"), OFFICER, "2024-02-23")
    disputed = told(*TO_SUPPORT_PLAN[:-2], dispute)

    assert case(disputed, "H1").origin is Origin.DISPUTED
    with refused("out_of_turn"):
        told(step(PostPlan(cases=codes("H1")), BOARD, "2024-02-26"), given=disputed)
    with refused("out_of_turn"):
        told(dispute, given=disputed)
    clear = told(step(ConfirmOrigin(cases=codes("H1")), OFFICER, "2024-02-26"), given=disputed)
    assert case(clear, "H1").origin is Origin.CONFIRMED


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (PostPlan(cases=codes("H1", "H9")), "not_found"),
        (PostPlan(cases=codes("H1", "H1")), "input"),
        (TakeOverLand(cases=codes("H1", "H2")), "out_of_turn"),
    ],
)
def test_one_wrong_case_refuses_all(command: Command, rule: Rule) -> None:
    world = told(*GIFT)

    with refused(rule):
        told(step(command, BOARD, "2024-02-26"), given=world)


# Whatever is asked, in whatever order

ANYTHING: tuple[Asked, ...] = (
    *COERCED[len(TO_CLEARANCE) - 1 :],
    *(
        step(command, BOARD, day)
        for day in ("2024-09-02", "2025-04-08")
        for command in (
            RecordDonations(cases=codes("R2"), small_accepted=()),
            RecordDonations(cases=codes("R1"), small_accepted=codes("R1")),
            WithdrawDonation(case=CaseCode("R2"), reason="Đổi ý"),
            SwitchRoute(
                cases=codes("R2"), to=Route.DONATION, cause=SwitchCause.AGREED, reason="Đồng ý"
            ),
            RecordInventory(cases=(Inventoried(code=CaseCode("R2"), structures=Vnd(0)),)),
            PostPlan(cases=codes("R2")),
            ApproveSupportPlan(cases=codes("R2"), amount=Vnd(100)),
            RecordSupportPaid(cases=codes("R2")),
            RecordSupportRepaid(cases=codes("R2")),
            TakeOverLand(cases=codes("R2")),
        )
    ),
)


def holds(cases: Cases) -> None:
    for one in cases.values():
        area: CaseEntry = one.entry
        assert area.area_given_m2 + area.area_left_m2 == area.area_before_m2
        if Step.COERCION in one.done:
            assert one.route is Route.RECOVERY
        if one.status is CaseStatus.HANDED_OVER:
            owed = one.support > 0
            assert not owed or {Step.PAYMENT, Step.DEPOSIT} & set(one.done)
            given = one.route is Route.DONATION
            assert (Step.DONATED if given else Step.RECOVERY_DECISION) in one.done
    assert planned_support(cases) >= 0


@for_any(walk=st.lists(st.sampled_from(ANYTHING), max_size=40), start=st.integers(0, 25))
@settings(deadline=None, max_examples=60)
def test_no_land_is_taken_without_its_ground_and_its_money(walk: list[Asked], start: int) -> None:
    world = told(*COERCED[: len(TO_CLEARANCE) + start])
    for one in walk:
        try:
            world, _ = ask(world, one)
        except Refused:
            continue
        holds(clearing(world).cases)
