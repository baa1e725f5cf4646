"""The S-curve and the forecast: small years that anybody can add up by hand."""

from dataclasses import replace
from datetime import date

import pytest

from domain.curve import Outflow, curve, outflows
from domain.disbursement_plan import Milestone
from domain.forecast import Commitment, Month, forecast
from domain.payment import Submitted
from domain.positions import UNALLOCATED, Capital
from domain.streams import payment_stream
from domain.values import CohortId, PaymentKind, ProjectId, Vnd
from tests.domain.story import CAPITAL, POLICY, TO_LAND, pay, payment, request, told
from tests.domain.test_difference import told as facts_of
from tests.domain.test_portfolio import position

LAST = date(2025, 1, 31)


def outflow(day: str, amount: int) -> Outflow:
    return Outflow(
        day=date.fromisoformat(day),
        project=ProjectId("A"),
        cohort=CohortId("2024"),
        amount=Vnd(amount),
    )


PAID = (
    outflow("2024-01-31", 10),
    outflow("2024-03-01", 20),
    outflow("2024-03-29", 5),
)


def plan(allocated: int, disbursed: int) -> Capital:
    rows = {ProjectId("A"): position("2024", "C1", allocated, disbursed)}
    return Capital(positions=rows, reservations={}, year=2024)


# The curve


def test_the_curve_adds_up_month_by_month_and_ends_where_the_year_may_pay_last() -> None:
    points = curve(plan(100, 35), PAID, 2024, date(2024, 3, 15))

    assert [point.actual for point in points[:4]] == [10, 10, 35, None]
    assert [point.whole for point in points[:4]] == [True, True, False, False]
    assert (points[0].by, points[-1].by, len(points)) == (date(2024, 1, 31), LAST, 13)


def test_the_plan_stands_beside_it_and_only_for_all_projects_together() -> None:
    milestones = (Milestone(by=date(2024, 2, 29), amount=Vnd(30)),)
    planned = replace(plan(100, 35), planned=milestones)

    whole = curve(planned, PAID, 2024, date(2024, 3, 31))
    part = curve(planned, PAID, 2024, date(2024, 3, 31), whole=False)

    assert [point.planned for point in whole[:3]] == [None, 30, None]
    assert all(point.planned is None for point in part)


def test_capital_that_was_carried_over_lengthens_the_curve() -> None:
    late = (*PAID, outflow("2025-04-02", 7))

    points = curve(plan(100, 42), late, 2024, date(2025, 4, 30))

    assert (points[-1].by, points[-1].actual) == (date(2025, 4, 30), 42)


def test_what_left_the_plan_is_what_is_disbursed() -> None:
    story = (
        *TO_LAND,
        request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-10"),
        *pay(1, "2024-03-12"),
        request(2, PaymentKind.COMPENSATION, 100_000_000, "2024-04-10"),
        *pay(2, "2024-04-12"),
    )
    state = told(*story)[CAPITAL]
    assert isinstance(state, Capital)

    found = tuple(outflows(facts_of(story)[CAPITAL]))

    assert [(each.day.month, each.amount) for each in found] == [
        (3, 1_000_000_000),
        (4, 100_000_000),
    ]
    assert sum(each.amount for each in found) == state.disbursed


# The forecast


def test_a_forecast_by_hand() -> None:
    paid = (
        outflow("2024-07-01", 31),  # before the three months
        outflow("2024-07-31", 62),
        outflow("2024-08-31", 93),
        outflow("2024-09-30", 29),
    )

    found = forecast(plan(1_000, 215), paid, (), date(2024, 9, 30), LAST)

    # Thirty days to 30 July, 31 to 30 August, 31 to 30 September; 123 days are left.
    assert found.months == (
        Month(after=date(2024, 6, 30), to=date(2024, 7, 30), paid=Vnd(31)),
        Month(after=date(2024, 7, 30), to=date(2024, 8, 30), paid=Vnd(62)),
        Month(after=date(2024, 8, 30), to=date(2024, 9, 30), paid=Vnd(122)),
    )
    assert found.cautious == 215
    assert found.likely == 215 + 123 * 215 // 92
    assert found.hopeful == 215 + 123 * 122 // 31


def test_a_forecast_ends_at_what_may_still_be_paid() -> None:
    found = forecast(plan(300, 215), (outflow("2024-09-30", 215),), (), date(2024, 9, 30), LAST)

    assert (found.cautious, found.likely, found.hopeful) == (215, 300, 300)
    assert found.rate(found.likely).cut(1) == "100.0"


def test_a_young_year_has_a_shorter_past_and_an_old_one_no_future() -> None:
    young = forecast(plan(1_000, 46), (outflow("2024-01-10", 46),), (), date(2024, 1, 23), LAST)
    over = forecast(plan(1_000, 46), (outflow("2024-12-10", 46),), (), date(2025, 2, 10), LAST)

    # 46 in 23 days, and 374 days to go.
    assert young.likely == 46 + 374 * 46 // 23
    assert over.likely == over.hopeful == 46
    assert forecast(UNALLOCATED, (), (), date(2023, 12, 31), LAST).hopeful == 0


def claim(day: str, *, checked: bool) -> Submitted:
    asked = request(1, PaymentKind.ADVANCE, 1_000_000_000, day)
    steps = pay(1, day)[:1] if checked else ()
    state = told(*TO_LAND, asked, *steps)[payment_stream(payment(1))]
    assert isinstance(state, Submitted)
    return state


@pytest.mark.parametrize(
    ("status", "by"),
    # Asked on a Thursday: finance has two working days, to Monday the 30th; the treasury three
    # from its check, the first of January not counted.
    [("submitted", date(2025, 1, 3)), ("checked", date(2024, 12, 31))],
)
def test_a_claim_under_way_counts_by_the_last_lawful_day(status: str, by: date) -> None:
    own = claim("2024-12-26", checked=status == "checked")

    found = forecast(plan(5_000_000_000, 0), (), ((own, POLICY),), date(2024, 12, 31), LAST)

    assert found.commitments == (
        Commitment(payment=payment(1), cash=Vnd(1_000_000_000), by=by, in_time=True),
    )
    assert found.committed == found.cautious == found.likely == 1_000_000_000


def test_a_claim_that_would_come_too_late_is_not_counted() -> None:
    own = claim("2024-12-26", checked=True)

    found = forecast(
        plan(5_000_000_000, 0), (), ((own, POLICY),), date(2024, 12, 26), date(2024, 12, 26)
    )

    assert (found.commitments[0].in_time, found.committed, found.cautious) == (False, 0, 0)
