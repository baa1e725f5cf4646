"""One random history of money: projects that ask, finance and treasury that answer, a clock."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from chaos.founding import (
    CITY_CHAIR,
    CITY_FINANCE,
    PROGRAMME,
    PROJECTS,
    ROAD,
    SCHOOL,
    approval,
    founding,
    line,
    post,
    project,
    submitted,
)
from chaos.wandering import Asked, Wanderer
from domain.approval import UnderReview
from domain.calendar import HANOI, local_day
from domain.construction import AcceptWorks, HandOverToUse, ReportProgress, StartWorks
from domain.contract import (
    AmendContract,
    Guarantee,
    RecordGuarantee,
    WaiveAdvanceCeiling,
)
from domain.disbursement import ApproveEstimate, RecordReturn, ReleaseRetention, RequestPayment
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.project import (
    CloseAccounts,
    Registered,
    RemindOverdue,
)
from domain.replanning import (
    AddCapital,
    AdjustCapital,
    CarryOver,
    CarryOverCapital,
    Cut,
    ExpireCapital,
    Ground,
)
from domain.retention import kept_back, retained
from domain.streams import (
    Command,
    capital_stream,
    payment_stream,
    project_stream,
)
from domain.values import (
    SYSTEM,
    DossierKind,
    PaymentId,
    PaymentKind,
    ProjectId,
    Role,
    StreamId,
    Vnd,
)

MILLION, BILLION = 1_000_000, 1_000_000_000
_ENDS = datetime(2027, 3, 31, tzinfo=HANOI)


def history(one: Wanderer, commands: int) -> Iterator[Asked]:
    """So many commands, from three approved projects to the turn of their last year."""
    yield from founding(one)
    moves = _moves()
    while one.decisions < commands:
        if one.now < _ENDS:
            one.now += timedelta(hours=one.chance.choice((0, 0, 2, 8, 30, 60)))
        yield one.chance.choice(moves)(one)


def _moves() -> list[Callable[[Wanderer], Asked]]:
    often = [_request, _check, _confirm]
    return [
        *often * 6,
        *[_works, _volume] * 4,
        *[_refusal, _return, _guarantee, _clock] * 2,
        _amendment, _waiver, _estimate, _release, _closing,
        _finish, *[_settlement] * 4,
        _addition, _adjustment, _carrying_over, _expiry,
    ]  # fmt: skip


# Whom, how much, which


def _name(one: Wanderer) -> ProjectId:
    return one.chance.choice(PROJECTS)


def _amount(one: Wanderer, *edges: int) -> Vnd:
    """Some amount; often one that a rule turns at, or one đồng beside it."""
    edge = one.chance.choice((*edges, one.chance.randrange(1, 3 * BILLION)))
    return Vnd(max(0, edge + one.chance.choice((0, 0, 0, 0, 1, -1))))


def _payment(one: Wanderer, name: ProjectId) -> PaymentId:
    state = project(one, name)
    pending = list(state.ledger.pending) if state else []
    return one.chance.choice(pending) if pending else PaymentId(f"{name}/0")


# Projects


def _works(one: Wanderer) -> Asked:
    section = one.chance.choice((ROAD, SCHOOL))
    command = one.chance.choice(
        (
            StartWorks(section=section),
            ReportProgress(section=section, percent=one.chance.choice((40, 80, 100))),
            HandOverToUse(),
        )
    )
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), command)


def _finish(one: Wanderer) -> Asked:
    """What brings a section, and then the project, nearer to its use."""
    name = _name(one)
    state = project(one, name)
    command: Command = HandOverToUse()
    for section, site in state.building.sections.items() if state else ():
        if site.stage == "planned":
            command = StartWorks(section=section)
        if site.stage == "started":
            command = (
                AcceptWorks(section=section, volume=Vnd(0), complete=True)
                if site.percent == 100
                else ReportProgress(section=section, percent=100)
            )
    return Asked(project_stream(name), post(Role.INVESTOR), command)


def _volume(one: Wanderer) -> Asked:
    command = AcceptWorks(
        section=one.chance.choice((ROAD, SCHOOL)),
        volume=_amount(one, 0, 500 * MILLION),
        complete=one.chance.random() < 0.2,
    )
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), command)


def _amendment(one: Wanderer) -> Asked:
    command = AmendContract(reason="longer", worth=_amount(one, 9 * BILLION, 11 * BILLION))
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), command)


def _guarantee(one: Wanderer) -> Asked:
    ends = local_day(one.now) + timedelta(days=one.chance.randrange(0, 400))
    held = Guarantee(amount=_amount(one, 3 * BILLION, 4 * BILLION), valid_to=ends)
    command = RecordGuarantee(guarantee=held)
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), command)


def _waiver(one: Wanderer) -> Asked:
    command = WaiveAdvanceCeiling(ceiling=_amount(one, 4 * BILLION))
    return Asked(project_stream(_name(one)), post(Role.CHAIR), command)


def _estimate(one: Wanderer) -> Asked:
    command = ApproveEstimate(item="QLDA", amount=_amount(one, 300 * MILLION))
    return Asked(project_stream(_name(one)), post(Role.CHAIR), command)


def _release(one: Wanderer) -> Asked:
    bond = Guarantee(amount=_amount(one, 500 * MILLION), valid_to=date(2029, 1, 1))
    command = ReleaseRetention(bond=one.chance.choice((None, bond)))
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), command)


def _settlement(one: Wanderer) -> Asked:
    name, kind = _name(one), DossierKind.SETTLEMENT
    state = project(one, name)
    if state is None or not isinstance(state.dossiers.get(kind), UnderReview):
        paid = state.ledger.disbursed if state else 0
        amount = _amount(one, paid, paid + 50 * MILLION, max(1, paid - 50 * MILLION))
        return Asked(project_stream(name), post(Role.INVESTOR), submitted(kind, amount))
    return approval(one, name, kind)


def _closing(one: Wanderer) -> Asked:
    return Asked(project_stream(_name(one)), post(Role.INVESTOR), CloseAccounts())


def _clock(one: Wanderer) -> Asked:
    return Asked(project_stream(_name(one)), SYSTEM, RemindOverdue())


# Payments


def _request(one: Wanderer) -> Asked:
    name = _name(one)
    one.numbers += 1
    kind = one.chance.choice((PaymentKind.VOLUME, *PaymentKind))
    about = "QLDA" if kind in (PaymentKind.OTHER, PaymentKind.OTHER_ADVANCE) else None
    state = project(one, name)
    balance, edges = 0, [10 * MILLION, 40 * MILLION]
    refused: tuple[PaymentId, ...] = ()
    if state is not None:
        edges += _edges(one, state, kind)
        refused = state.ledger.refused
        balance = sum(
            rest
            for _, claim, rest in state.ledger.standing()
            if claim.payment_kind is kind.recovers
        )
    recovers = one.chance.choice((0, balance, balance // 2)) if kind.recovers else 0
    command = RequestPayment(
        payment=PaymentId(f"{name}/{one.numbers}"),
        payment_kind=kind,
        worth=Vnd(recovers + _amount(one, *edges)),
        recovers=Vnd(recovers),
        section=ROAD if "compensation" in kind else None,
        item=about,
        budget_year=one.chance.choice((None, None, None, local_day(one.now).year - 1)),
        corrects=one.chance.choice((None, None, *refused[-1:])),
    )
    return Asked(project_stream(name), post(Role.INVESTOR), command)


def _edges(one: Wanderer, state: Registered, kind: PaymentKind) -> list[int]:
    """Where the rules on a kind of payment turn."""
    ledger, building = state.ledger, state.building
    kept = retained(building, one.policy, local_day(one.now))
    if kind is PaymentKind.RETENTION:
        return [kept - ledger.total(kind)] * 4
    if kind is PaymentKind.FINAL and state.settled is not None:
        back = kept_back(ledger, building, one.policy, local_day(one.now))
        return [state.settled - ledger.committed - back] * 8
    if kind is PaymentKind.VOLUME:
        return [building.accepted - kept - ledger.total(kind)] * 2
    return [state.ceiling - ledger.committed]


def _check(one: Wanderer) -> Asked:
    stream = payment_stream(_payment(one, _name(one)))
    return Asked(stream, post(Role.FINANCE), CheckPayment())


def _confirm(one: Wanderer) -> Asked:
    stream = payment_stream(_payment(one, _name(one)))
    return Asked(stream, post(Role.TREASURY), ConfirmPaid())


def _refusal(one: Wanderer) -> Asked:
    stream = payment_stream(_payment(one, _name(one)))
    by = post(one.chance.choice((Role.FINANCE, Role.TREASURY)))
    return Asked(stream, by, RefusePayment(reason="not complete"))


def _return(one: Wanderer) -> Asked:
    name = _name(one)
    state = project(one, name)
    paid = list(state.ledger.paid.items()) if state else []
    if not paid:
        return _clock(one)
    payment, claim = one.chance.choice(paid)
    command = RecordReturn(
        payment=payment, amount=_amount(one, claim.cash, claim.cash // 2), reason="too much"
    )
    return Asked(project_stream(name), post(Role.TREASURY), command)


# Capital


def _plan(one: Wanderer) -> StreamId:
    return capital_stream(PROGRAMME, local_day(one.now).year - one.chance.choice((0, 0, 1)))


def _addition(one: Wanderer) -> Asked:
    more = line(_name(one), _amount(one, 100 * MILLION))
    return Asked(_plan(one), CITY_CHAIR, AddCapital(lines=(more,)))


def _adjustment(one: Wanderer) -> Asked:
    loser, winner = one.chance.sample(PROJECTS, 2)
    amount = _amount(one, 100 * MILLION)
    command = AdjustCapital(
        cuts=(Cut(project=loser, amount=amount),), raises=(line(winner, amount),)
    )
    return Asked(_plan(one), CITY_CHAIR, command)


def _carrying_over(one: Wanderer) -> Asked:
    kept = CarryOver(
        project=_name(one), amount=_amount(one, 200 * MILLION), ground=Ground.OBJECTIVE_DELAY
    )
    by = CITY_CHAIR if one.now.year > 2024 else post(Role.COUNCIL)
    return Asked(_plan(one), by, CarryOverCapital(lines=(kept,)))


def _expiry(one: Wanderer) -> Asked:
    return Asked(_plan(one), CITY_FINANCE, ExpireCapital())
