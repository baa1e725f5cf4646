"""What a year's capital will have paid by its last day: three answers, each by a stated rule.

Of the pace: cash that left in the three months up to the day of the forecast (fewer, early in the
year), and the best of those months. Of the commitments: claims under way whose last lawful day
(finance, then the treasury, each to the end of its limit) is not after the plan's last day.

- *cautious*: what was paid, and the commitments; nothing new is asked for.
- *likely*: what was paid, and the pace per calendar day going on to the last day. A pace is made
  of claims, so the commitments are within it, unless they alone are more.
- *hopeful*: what was paid, and the best month's pace going on, but no less than *likely*.

None exceeds what may still be paid: the disbursed and what is left or reserved in lots that are
payable on the last day. The rush of the year's end is not foreseen: *likely* knows only the pace
of the months behind it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from domain.calendar import due_day, nominal_day
from domain.curve import Outflow
from domain.payment import Submitted
from domain.policy import Policy
from domain.portfolio import Rate
from domain.positions import Capital
from domain.values import PaymentId, PaymentKind, Vnd, value

MONTHS = 3
"""How many months make the pace."""

_DAY = timedelta(days=1)


@value
class Commitment:
    """A claim under way, and the last day on which finance and treasury may settle it, đồng."""

    payment: PaymentId
    cash: Vnd
    by: date
    in_time: bool


@value
class Month:
    """A month of the pace: days after `after`, up to and including `to`."""

    after: date
    to: date
    paid: Vnd


@value
class Forecast:
    """Đồng paid out of the year's plan by the end of `last`, and what the answers rest on."""

    on: date
    last: date
    disbursed: Vnd
    committed: Vnd
    payable: Vnd
    allocated: Vnd
    months: tuple[Month, ...]
    commitments: tuple[Commitment, ...]
    cautious: Vnd
    likely: Vnd
    hopeful: Vnd

    def rate(self, amount: Vnd) -> Rate:
        return Rate(disbursed=amount, of=self.allocated)


def forecast(
    plan: Capital,
    paid: Sequence[Outflow],
    claims: Iterable[tuple[Submitted, Policy]],
    on: date,
    last: date,
) -> Forecast:
    """The year's forecast on a day. `claims` are the open ones of the year's plan, each with the
    law it pinned.
    """
    months = tuple(_months(paid, plan.year or on.year, on))
    days = max(0, (last - on).days)
    commitments = tuple(sorted((_commitment(c, law, last) for c, law in claims), key=_by_day))
    committed = sum(one.cash for one in commitments if one.in_time)
    payable = plan.disbursed + sum(
        lot.left + lot.reserved
        for row in plan.positions.values()
        for lot in row.lots
        if lot.is_payable(max(on, last))
    )
    window = sum(map(_length, months))
    trend = days * sum(month.paid for month in months) // window if window else 0
    best = max((days * month.paid // _length(month) for month in months), default=0)
    likely = max(trend, committed)

    def capped(more: int) -> Vnd:
        return Vnd(min(plan.disbursed + more, payable))

    return Forecast(
        on=on,
        last=last,
        disbursed=plan.disbursed,
        committed=Vnd(committed),
        payable=Vnd(payable),
        allocated=plan.allocated,
        months=months,
        commitments=commitments,
        cautious=capped(committed),
        likely=capped(likely),
        hopeful=capped(max(best, likely)),
    )


def _months(paid: Sequence[Outflow], year: int, on: date) -> Iterator[Month]:
    """The months up to a day, the newest last, none of them before the year."""
    begun = date(year, 1, 1) - _DAY
    bounds = [max(nominal_day(on, -back, "months"), begun) for back in range(MONTHS, -1, -1)]
    for after, to in pairwise(sorted(set(bounds))):
        amount = sum(each.amount for each in paid if after < each.day <= to)
        yield Month(after=after, to=to, paid=Vnd(amount))


def _length(month: Month) -> int:
    return (month.to - month.after).days


def _commitment(claim: Submitted, policy: Policy, last: date) -> Commitment:
    by = due_day(claim.due.at)
    if claim.status == "submitted":
        advance = claim.payment_kind is PaymentKind.ADVANCE
        rule = "treasury.advance" if advance else "treasury.payment"
        by = due_day(policy.due(rule, claim.due.at - _DAY).at)
    return Commitment(payment=claim.payment, cash=claim.cash, by=by, in_time=by <= last)


def _by_day(one: Commitment) -> tuple[date, PaymentId]:
    return one.by, one.payment
