"""What officials would do next in a case, as commands: the moves of a simulated play.

A project and its payments are played wait by wait. A section's clearance is one move, its
hand-over: households are not played. What no record can say is assumed here, and nowhere else:

- a project's works are accepted one after another, what began first first; the contract is spread
  evenly over its sections, and each acceptance is worth a share that the record shows, or all of
  the section, if less than half of that would be left of it;
- an advance is asked for once, of a share that the record shows, before any volume is accepted;
- a claim is for everything that may be paid for, up to the capital that the project has left, and
  recovers of the advance as much as keeps pace with the 80 % of Art. 9.5a;
- a settlement is for what was accepted and what compensation was paid.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeAlias

from domain import approval, budget_year, construction, disbursement, inbox, payment, project
from domain.clearance import Clearing
from domain.construction import Construction
from domain.contract import Contract, Guarantee, SignContract
from domain.experience import (
    ACCEPTED,
    ADVANCED,
    BUILD,
    CLEAR,
    CONTRACTED,
    WHOLE,
    Marks,
    building,
    building_since,
    claim,
    names,
)
from domain.policy import Policy
from domain.streams import Command
from domain.values import (
    DossierKind,
    Extent,
    Level,
    PaymentId,
    PaymentKind,
    Post,
    Role,
    SectionId,
    Vnd,
    value,
)
from domain.waits import Task, Wait

Share: TypeAlias = Callable[[str, str], int | None]
"""A share that the record shows of something, in basis points, drawn for a named move; None where
the record shows none."""

_GUARANTEED_FOR = timedelta(days=730)


@value
class Move:
    """What somebody will do, one command after another; a hand-over of a site has none.

    `names` are what its duration is counted as; key and `since` tell it from others of its stream.
    """

    key: str
    since: datetime
    names: tuple[str, ...]
    by: Post
    commands: tuple[Command, ...]


@value
class Day:
    """A day of a play, and what the year's plan can still pay of a project, đồng."""

    day: date
    year: int
    left: Vnd


def moves(
    state: project.Registered | payment.Submitted | Clearing,
    marks: Marks,
    share: Share,
    policy: Policy,
    today: Day,
) -> Iterator[Move]:
    """Every move that a case waits for."""
    match state:
        case Clearing(released=released, charter=charter):
            if released is not Extent.FULL:
                board = Post(role=Role.CLEARANCE_BOARD, unit=charter.units.at(Level.DISTRICT))
                yield Move(key=CLEAR, since=marks[CLEAR], names=(CLEAR,), by=board, commands=())
        case payment.Submitted():
            for wait in inbox.waits(state, policy):
                yield _move(wait, _of_payment(wait))
        case project.Registered():
            for wait in inbox.waits(state, policy):
                yield from _of_project(state, wait, share, policy, today)
            yield from _builds(state, marks, share)
            asked = _claim(state, share, policy, today)
            if asked is not None:
                name, by = claim(asked.payment_kind), _investor(state)
                yield Move(key=name, since=marks[name], names=(name,), by=by, commands=(asked,))


def _move(wait: Wait, command: Command) -> Move:
    return Move(
        key=wait.key, since=wait.since, names=names(wait), by=wait.post, commands=(command,)
    )


def _of_payment(wait: Wait) -> Command:
    return payment.CheckPayment() if wait.task is Task.CHECK_PAYMENT else payment.ConfirmPaid()


def _of_project(
    state: project.Registered, wait: Wait, share: Share, policy: Policy, today: Day
) -> Iterator[Move]:
    section = SectionId(wait.about)
    match wait.task:
        case Task.SUBMIT_DOSSIER:
            kind = DossierKind(wait.about)
            if (amount := _amount(state, kind)) is not None:
                yield _move(wait, approval.SubmitDossier(dossier=kind, amount=amount))
        case Task.DECIDE_DOSSIER:
            dossier, _, step = wait.key.partition("/")
            yield _move(wait, approval.ApproveStep(dossier=DossierKind(dossier), step=step))
        case Task.SIGN_CONTRACT:
            part = share(CONTRACTED, wait.key)
            if part is not None:
                yield _move(wait, _contract(state, part, policy, today.day))
        case Task.OPEN_CLEARANCE:
            yield _move(wait, project.OpenClearance(section=section))
        case Task.START_WORKS:
            yield _move(wait, construction.StartWorks(section=section))
        case Task.HAND_OVER_TO_USE:
            yield _move(wait, construction.HandOverToUse())
        case Task.CLOSE_ACCOUNTS if state.settled == state.ledger.disbursed:
            yield _move(wait, project.CloseAccounts())
        case _:
            return


def _amount(state: project.Registered, kind: DossierKind) -> Vnd | None:
    """What a dossier is submitted for; None if nothing on record says so."""
    match kind:
        case DossierKind.INVESTMENT_POLICY:
            return None
        case DossierKind.PROJECT:
            asked = state.dossiers.get(DossierKind.INVESTMENT_POLICY)
            return asked.amount if isinstance(asked, approval.Approved) else None
        case DossierKind.SETTLEMENT:
            if state.ledger.pending:
                return None
            built = sum(site.accepted for site in state.building.sections.values())
            support = sum(c.worth for c in state.ledger.claims(PaymentKind.COMPENSATION))
            return Vnd(min(state.ceiling, max(state.ledger.disbursed, built + support)))


def _contract(state: project.Registered, part: int, policy: Policy, day: date) -> SignContract:
    worth = Vnd(state.ceiling * part // WHOLE)
    cap = policy.share("advance.cap", day, worth)
    return SignContract(
        number=f"{state.charter.project}/HĐ",
        contractor="–",
        worth=worth,
        guarantee=Guarantee(amount=cap, valid_to=day + _GUARANTEED_FOR) if cap else None,
    )


def _builds(state: project.Registered, marks: Marks, share: Share) -> Iterator[Move]:
    """The next acceptance of a project: of the works under way that began first."""
    sites = state.building.sections
    under_way = [name for name, site in sites.items() if site.stage == "started"]
    for name in sorted(under_way, key=lambda each: marks[f"{BUILD} {each}"]):
        if commands := _build(state.building, name, share):
            yield Move(
                key=BUILD,
                since=building_since(marks, name),
                names=building(marks),
                by=_investor(state),
                commands=commands,
            )
            return


def _investor(state: project.Registered) -> Post:
    return Post(role=Role.INVESTOR, unit=state.charter.units.at(Level.DISTRICT))


def _build(works: Construction, name: SectionId, share: Share) -> tuple[Command, ...]:
    """Build up to the next acceptance; to the end, if less than half a usual one would be left."""
    site, contract = works.sections[name], works.contract
    part = share(ACCEPTED, f"{name} {len(site.acceptances)}")
    if contract is None or part is None:
        return ()
    own = max(1, contract.worth // len(works.sections))
    unbuilt = contract.worth - sum(each.accepted for each in works.sections.values())
    left = max(0, min(own - site.accepted, unbuilt))
    usual = contract.worth * part // WHOLE
    volume = min(usual, left)
    whole = site.released is Extent.FULL and left - volume < usual // 2
    percent = 100 if whole else min(99, 100 * (site.accepted + volume) // own)
    if not whole and volume <= 0:
        return ()
    accept = construction.AcceptWorks(
        section=name, volume=Vnd(left if whole else volume), complete=whole
    )
    if percent <= site.percent:
        return (accept,)
    return construction.ReportProgress(section=name, percent=percent), accept


def _claim(
    state: project.Registered, share: Share, policy: Policy, today: Day
) -> disbursement.RequestPayment | None:
    """The next claim of a project that has none under way; the first kind there is ground for."""
    ledger, contract = state.ledger, state.building.contract
    if ledger.pending or today.left <= 0:
        return None
    if state.settled is not None:
        rest = min(state.settled - ledger.committed, today.left)
        return _request(state, PaymentKind.FINAL, rest, today) if rest > 0 else None
    for name, site in state.building.sections.items():
        claims = ledger.claims(PaymentKind.COMPENSATION)
        rest = (site.clearance_plan or 0) - sum(c.worth for c in claims if c.section == name)
        if rest > 0:
            worth = min(rest, today.left)
            return _request(state, PaymentKind.COMPENSATION, worth, today, section=name)
    if contract is None:
        return None
    return _advance(state, contract, share, policy, today) or _volume(
        state, contract, policy, today
    )


def _advance(
    state: project.Registered, contract: Contract, share: Share, policy: Policy, today: Day
) -> disbursement.RequestPayment | None:
    sites = state.building.sections.values()
    part = share(ADVANCED, "advance")
    if part is None or today.day.year > today.year or any(site.accepted for site in sites):
        return None
    clearing = [site for site in sites if site.plan.needs_clearance]
    if clearing and not any(s.released or s.clearance_plan is not None for s in clearing):
        return None
    if state.ledger.claims(PaymentKind.ADVANCE):
        return None
    free = policy.figure("advance.guarantee-above", today.day)
    covered = contract.guarantee.amount if contract.guarantee else free
    worth = min(
        contract.worth * part // WHOLE,
        policy.share("advance.cap", today.day, contract.worth),
        covered,
        today.left,
    )
    return _request(state, PaymentKind.ADVANCE, worth, today) if worth > 0 else None


def _volume(
    state: project.Registered, contract: Contract, policy: Policy, today: Day
) -> disbursement.RequestPayment | None:
    ledger = state.ledger
    accepted = budget_year.accepted(today.year, state.building, today.day, policy)
    retained = policy.share("retention.min", today.day, accepted)
    worth = accepted - retained - sum(c.worth for c in ledger.claims(PaymentKind.VOLUME))
    if worth <= 0:
        return None
    balance = ledger.advance_balance
    room = policy.share("advance.recovered-at", today.day, contract.worth) - ledger.reached
    # In step with the cash that is left until 80 %, so that it is all recovered by then.
    pace = -(-worth * balance // (room + balance)) if room > 0 else balance
    recovers = min(balance, worth, pace)
    worth = min(worth, today.left + recovers)
    return _request(state, PaymentKind.VOLUME, worth, today, recovers=recovers)


def _request(
    state: project.Registered,
    kind: PaymentKind,
    worth: int,
    today: Day,
    *,
    recovers: int = 0,
    section: SectionId | None = None,
) -> disbursement.RequestPayment:
    ledger, name = state.ledger, state.charter.project
    asked = {*ledger.pending, *ledger.paid, *ledger.refused}
    number = len(asked) + 1
    while PaymentId(f"{name}/{number}") in asked:
        number += 1
    return disbursement.RequestPayment(
        payment=PaymentId(f"{name}/{number}"),
        payment_kind=kind,
        worth=Vnd(worth),
        recovers=Vnd(recovers),
        section=section,
        budget_year=today.year,
    )
