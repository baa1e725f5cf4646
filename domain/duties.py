"""What a project owes by a day: advances, guarantee, settlement, accounts, retention.

One list makes the rows of the inbox, the project's alarm and what the clock puts on record.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from domain import approval
from domain.calendar import due_day, end_of, last_instant, local_day
from domain.charter import Charter
from domain.construction import Construction
from domain.contract import GuaranteeExpiring
from domain.deadlines import Due
from domain.disbursement import Claim, Ledger
from domain.policy import Policy
from domain.values import DossierKind, Level, PaymentId, PaymentKind, Post, Role, Vnd, value
from domain.waits import IfIgnored, Task


@value
class Duty:
    """Who must do what by when; `due` is None where the law sets no term. Amounts in đồng."""

    key: str
    task: Task
    post: Post
    since: datetime
    due: Due | None
    if_ignored: IfIgnored
    amount: Vnd | None = None
    about: str = ""


@value
class DutyOverdue:
    """A duty's day has passed: a notice, and for an advance the next step of its ladder."""

    key: str
    task: Task
    post: Post
    due: Due
    amount: Vnd | None
    about: str
    kind: Literal["DutyOverdue"] = "DutyOverdue"


@value
class Facts:
    """What a project's duties follow from; `overdue` are the keys of those already noticed."""

    charter: Charter
    dossiers: approval.Dossiers
    building: Construction
    ledger: Ledger
    closed: bool
    overdue: tuple[str, ...]

    @property
    def investor(self) -> Post:
        return Post(role=Role.INVESTOR, unit=self.charter.units.at(Level.DISTRICT))


Event: TypeAlias = DutyOverdue | GuaranteeExpiring


def standing(facts: Facts, policy: Policy) -> Iterator[Duty]:
    """Every duty of a project, whether its day has passed or not."""
    for payment, claim, balance in facts.ledger.standing():
        yield from _of_advance(facts, payment, claim, balance, policy)
    yield from _of_guarantee(facts)
    yield from _of_settlement(facts, policy)
    yield from _of_retention(facts, policy)


def overdue(facts: Facts, policy: Policy, at: datetime) -> Iterator[Event]:
    """What the clock has to put on record at a moment: each duty once, and a guarantee's end."""
    warning = _warning(facts, policy)
    if warning is not None and warning[0] <= at:
        yield warning[1]
    for duty in standing(facts, policy):
        if duty.due is not None and duty.due.at <= at and duty.key not in facts.overdue:
            yield DutyOverdue(
                key=duty.key,
                task=duty.task,
                post=duty.post,
                due=duty.due,
                amount=duty.amount,
                about=duty.about,
            )


def bells(facts: Facts, policy: Policy) -> Iterator[tuple[datetime, str]]:
    """Every moment at which the clock will have something to say, and what it is about."""
    warning = _warning(facts, policy)
    if warning is not None:
        yield warning[0], f"guarantee to {warning[1].valid_to}"
    for duty in standing(facts, policy):
        if duty.due is not None and duty.key not in facts.overdue:
            yield duty.due.at, f"{duty.task} by {duty.post}"


def _warning(facts: Facts, policy: Policy) -> tuple[datetime, GuaranteeExpiring] | None:
    """When a guarantee is about to end while the advance that it secures stands."""
    contract = facts.building.contract
    balance = facts.ledger.balance(PaymentKind.ADVANCE)
    if contract is None or contract.guarantee is None or contract.warned_at or not balance:
        return None
    ends = contract.guarantee.valid_to
    if policy.source("guarantee.warn", ends) is None:
        return None
    ahead = timedelta(days=policy.limit("guarantee.warn", ends).count)
    return end_of(ends - ahead), GuaranteeExpiring(valid_to=ends, balance=balance)


def _of_guarantee(facts: Facts) -> Iterator[Duty]:
    """Once its end is near: extended for as long as the advance that it secures stands."""
    contract = facts.building.contract
    balance = facts.ledger.balance(PaymentKind.ADVANCE)
    if contract is None or contract.guarantee is None or not contract.warned_at or not balance:
        return
    ends = contract.guarantee.valid_to
    yield Duty(
        key=f"guarantee/{ends}",
        task=Task.EXTEND_GUARANTEE,
        post=facts.investor,
        since=contract.warned_at,
        due=Due(at=end_of(ends), rule="guarantee", calendar=""),
        if_ignored=IfIgnored.UNSECURED,
        amount=balance,
        about=contract.number,
    )


def _of_advance(
    facts: Facts, payment: PaymentId, claim: Claim, balance: Vnd, policy: Policy
) -> Iterator[Duty]:
    """The step that an advance's ladder has reached: the first whose day was not noticed yet."""
    found = tuple(_ladder(facts, payment, claim, balance, policy))
    for duty in found:
        if duty.key not in facts.overdue:
            yield duty
            return
    yield from found[-1:]


def _ladder(
    facts: Facts, payment: PaymentId, claim: Claim, balance: Vnd, policy: Policy
) -> Iterator[Duty]:
    since = claim.paid_at or claim.at

    def step(task: Task, due: Due, if_ignored: IfIgnored) -> Duty:
        return Duty(
            key=f"{task}/{payment}/{due_day(due.at)}",
            task=task,
            post=facts.investor,
            since=since,
            due=due,
            if_ignored=if_ignored,
            amount=balance,
            about=payment,
        )

    match claim.payment_kind:
        case PaymentKind.ADVANCE:
            contract = facts.building.contract
            if contract is None or contract.completes_on is None:
                return
            by = Due(at=end_of(contract.completes_on), rule="contract", calendar="")
            yield step(Task.RECOVER_ADVANCE, by, IfIgnored.CALLED_IN)
            counted_from = last_instant(contract.completes_on)
            if called := policy.term("advance.contract-overdue", counted_from):
                yield step(Task.CALL_IN_ADVANCE, called, IfIgnored.OVERDUE_NOTICE)
        case PaymentKind.COMPENSATION_ADVANCE:
            if due := policy.term("advance.compensation-recover", since):
                yield step(Task.RECOVER_ADVANCE, due, IfIgnored.CALLED_IN)
            unpaid = policy.term("advance.compensation-unpaid", since)
            if unpaid is None:
                return
            yield step(Task.CALL_IN_ADVANCE, unpaid, IfIgnored.TO_BUDGET)
            if given_up := _after(unpaid, "advance.compensation-surrender", policy):
                yield step(Task.SURRENDER_ADVANCE, given_up, IfIgnored.OVERDUE_NOTICE)
        case PaymentKind.OTHER_ADVANCE:
            due = policy.term("advance.other-return", since)
            if due is None:
                return
            yield step(Task.RECOVER_ADVANCE, due, IfIgnored.TO_BUDGET)
            if drawn := _after(due, "advance.other-surrender", policy):
                yield step(Task.SURRENDER_ADVANCE, drawn, IfIgnored.OVERDUE_NOTICE)
        case _:
            return


def _after(due: Due, rule: str, policy: Policy) -> Due | None:
    """A term that begins on the last day of another."""
    return policy.term(rule, due.at - timedelta(microseconds=1))


def _of_settlement(facts: Facts, policy: Policy) -> Iterator[Duty]:
    """Submitting it after hand-over to use; then closing accounts and giving back what is over."""
    used_since = facts.building.in_use_since
    group = facts.charter.group
    match facts.dossiers.get(DossierKind.SETTLEMENT):
        case None if used_since is not None:
            yield Duty(
                key=f"{DossierKind.SETTLEMENT}/submit",
                task=Task.SUBMIT_DOSSIER,
                post=facts.investor,
                since=used_since,
                due=policy.term("settlement.prepare", used_since, group),
                if_ignored=IfIgnored.MADE_PUBLIC,
                about=DossierKind.SETTLEMENT,
            )
        case approval.Approved() as settled if not facts.closed:
            yield Duty(
                key="accounts",
                task=Task.CLOSE_ACCOUNTS,
                post=facts.investor,
                since=settled.at,
                due=_of_law(settled, "accounts.close", policy),
                if_ignored=IfIgnored.OVERDUE_NOTICE,
            )
            overpaid = facts.ledger.disbursed - settled.amount
            if overpaid > 0:
                yield Duty(
                    key="overpaid",
                    task=Task.RETURN_OVERPAID,
                    post=facts.investor,
                    since=settled.at,
                    due=_of_law(settled, "overpaid.return", policy),
                    if_ignored=IfIgnored.OVERDUE_NOTICE,
                    amount=Vnd(overpaid),
                )
        case _:
            return


def _of_law(settled: approval.Approved, rule: str, policy: Policy) -> Due | None:
    """A term after the settlement, by the law under which it was submitted."""
    submitted_at = settled.submitted_at or settled.at
    return policy.term(rule, settled.at, law_of=local_day(submitted_at))


def _of_retention(facts: Facts, policy: Policy) -> Iterator[Duty]:
    used_since = facts.building.in_use_since
    if used_since is None or not facts.ledger.held:
        return
    yield Duty(
        key="retention",
        task=Task.RELEASE_RETENTION,
        post=facts.investor,
        since=used_since,
        due=policy.term("retention.warranty", used_since),
        if_ignored=IfIgnored.MONEY_WAITS,
        amount=facts.ledger.held,
    )
