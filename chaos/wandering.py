"""One random history of money: projects that ask, finance and treasury that answer, a clock."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.approval import ApproveStep, ReturnDossier, SubmitDossier, UnderReview
from domain.authority import authorise
from domain.calendar import HANOI, local_day
from domain.capital import AllocateCapital
from domain.charter import Charter
from domain.construction import AcceptWorks, HandOverToUse, ReportProgress, StartWorks, Works
from domain.contract import (
    AmendContract,
    Guarantee,
    RecordGuarantee,
    SignContract,
    WaiveAdvanceCeiling,
)
from domain.disbursement import ApproveEstimate, RecordReturn, ReleaseRetention, RequestPayment
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.policy import Policy
from domain.positions import Allocation
from domain.project import (
    CloseAccounts,
    NoteClearancePlan,
    Registered,
    RegisterProject,
    ReleaseSection,
    RemindOverdue,
)
from domain.refusal import Refused
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
    Entailed,
    Fact,
    State,
    capital_stream,
    decide,
    entails,
    evolve,
    initial,
    payment_stream,
    project_stream,
)
from domain.values import (
    SYSTEM,
    Act,
    CohortId,
    CommuneId,
    Document,
    DossierKind,
    Extent,
    PaymentId,
    PaymentKind,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    SectionId,
    StreamId,
    UnitCode,
    Units,
    Vnd,
)

PROGRAMME = ProgrammeId("ntm")
PROJECTS = tuple(ProjectId(f"P{number}") for number in range(1, 4))
MILLION, BILLION = 1_000_000, 1_000_000_000
_ROAD, _SCHOOL = SectionId("T1"), SectionId("S1")
_UNITS = Units(commune=UnitCode("ad-01"), district=UnitCode("an-duong"), city=UnitCode("hai-phong"))
_AT = {
    Role.INVESTOR: _UNITS.district,
    Role.FINANCE: _UNITS.district,
    Role.INFRASTRUCTURE: _UNITS.district,
    Role.CHAIR: _UNITS.district,
    Role.PLANNING: _UNITS.city,
    Role.COUNCIL: _UNITS.city,
    Role.TREASURY: _UNITS.city,
}
_CITY_CHAIR = Post(role=Role.CHAIR, unit=_UNITS.city)
_CITY_FINANCE = Post(role=Role.FINANCE, unit=_UNITS.city)
_PAPER = Document(symbol="1/QĐ", issued_on=date(2024, 1, 2), issuer="UBND")
_BEGINS = datetime(2024, 1, 3, 8, tzinfo=HANOI)
_ENDS = datetime(2027, 3, 31, tzinfo=HANOI)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command on its way to a stream, and by whom."""

    stream: StreamId
    by: Post
    command: Command | Entailed


@dataclass(slots=True)
class Wanderer:
    """Asks for what may be asked, and for a good deal that may not."""

    policy: Policy
    chance: random.Random
    now: datetime = _BEGINS
    states: dict[StreamId, State] = field(default_factory=dict)
    decisions: int = 0
    numbers: int = 0

    def ask(self, asked: Asked) -> tuple[Fact, ...] | None:
        """One decision with all it entails; None when it was refused, and nothing happened."""
        self.decisions += 1
        act = Act(by=asked.by, at=self.now, document=_PAPER)
        states, facts = dict(self.states), list[Fact]()
        todo: list[tuple[StreamId, Command | Entailed]] = [(asked.stream, asked.command)]
        try:
            state = states.get(asked.stream) or initial(asked.stream)
            if not isinstance(asked.command, NoteClearancePlan | ReleaseSection):
                authorise(asked.command, act, state, self.policy)  # type: ignore[arg-type]
            for stream, command in todo:
                state = states.get(stream) or initial(stream)
                for event in decide(state, command, act, self.policy):
                    state = states[stream] = evolve(state, event, act)
                    name = f"{self.decisions}"
                    facts.append(
                        Fact(stream=stream, version=1, decision_id=name, act=act, event=event)
                    )
                    todo.extend(entails(state, event))
        except Refused:
            return None
        self.states = states
        return tuple(facts)

    def history(self, commands: int) -> Iterator[Asked]:
        """So many commands, from three approved projects to the turn of their last year."""
        yield from self._founding()
        moves = self._moves()
        while self.decisions < commands:
            if self.now < _ENDS:
                self.now += timedelta(hours=self.chance.choice((0, 0, 2, 8, 30, 60)))
            yield self.chance.choice(moves)()

    def _founding(self) -> Iterator[Asked]:
        for name in PROJECTS:
            stream = project_stream(name)
            yield Asked(stream, _post(Role.INVESTOR), _register(name))
            for kind in (DossierKind.INVESTMENT_POLICY, DossierKind.PROJECT):
                yield Asked(stream, _post(Role.INVESTOR), _submitted(kind, 12 * BILLION))
                for _ in range(2):
                    yield self._approval(name, kind)
            plan = NoteClearancePlan(section=_ROAD, amount=Vnd(200 * MILLION))
            yield Asked(stream, _post(Role.CHAIR), plan)
            site = ReleaseSection(section=_ROAD, extent=Extent.FULL)
            yield Asked(stream, _post(Role.CHAIR), site)
            yield self._contract(name)
        for year in (2024, 2025, 2026):
            yield self._allocation(year)

    def _moves(self) -> list[Callable[[], Asked]]:
        often = [self._request, self._check, self._confirm]
        return [
            *often * 6,
            *[self._works, self._volume] * 4,
            *[self._refusal, self._return, self._guarantee, self._clock] * 2,
            self._amendment, self._waiver, self._estimate, self._release, self._closing,
            self._finish, *[self._settlement] * 4,
            self._addition, self._adjustment, self._carrying_over, self._expiry,
        ]  # fmt: skip

    # Whom, how much, which

    def _name(self) -> ProjectId:
        return self.chance.choice(PROJECTS)

    def _project(self, name: ProjectId) -> Registered | None:
        state = self.states.get(project_stream(name))
        return state if isinstance(state, Registered) else None

    def _amount(self, *edges: int) -> Vnd:
        """Some amount; often one that a rule turns at, or one đồng beside it."""
        edge = self.chance.choice((*edges, self.chance.randrange(1, 3 * BILLION)))
        return Vnd(max(0, edge + self.chance.choice((0, 0, 0, 0, 1, -1))))

    def _payment(self, name: ProjectId) -> PaymentId:
        state = self._project(name)
        pending = list(state.ledger.pending) if state else []
        return self.chance.choice(pending) if pending else PaymentId(f"{name}/0")

    # Projects

    def _contract(self, name: ProjectId) -> Asked:
        guarantee = Guarantee(amount=Vnd(4 * BILLION), valid_to=date(2026, 6, 30))
        command = SignContract(
            number="01/HĐ",
            contractor="Builder",
            worth=Vnd(10 * BILLION),
            guarantee=self.chance.choice((None, guarantee)),
            completes_on=self.chance.choice((None, date(2025, 12, 31))),
        )
        return Asked(project_stream(name), _post(Role.INVESTOR), command)

    def _approval(self, name: ProjectId, kind: DossierKind) -> Asked:
        state = self._project(name)
        held = state.dossiers.get(kind) if state else None
        step, by = (held.step, held.post) if isinstance(held, UnderReview) else ("", _CITY_CHAIR)
        if self.decisions > 50 and self.chance.random() < 0.2:
            no = ReturnDossier(dossier=kind, step=step, reason="not complete")
            return Asked(project_stream(name), by, no)
        return Asked(project_stream(name), by, ApproveStep(dossier=kind, step=step))

    def _works(self) -> Asked:
        section = self.chance.choice((_ROAD, _SCHOOL))
        command = self.chance.choice(
            (
                StartWorks(section=section),
                ReportProgress(section=section, percent=self.chance.choice((40, 80, 100))),
                HandOverToUse(),
            )
        )
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), command)

    def _finish(self) -> Asked:
        """What brings a section, and then the project, nearer to its use."""
        name = self._name()
        state = self._project(name)
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
        return Asked(project_stream(name), _post(Role.INVESTOR), command)

    def _volume(self) -> Asked:
        command = AcceptWorks(
            section=self.chance.choice((_ROAD, _SCHOOL)),
            volume=self._amount(0, 500 * MILLION),
            complete=self.chance.random() < 0.2,
        )
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), command)

    def _amendment(self) -> Asked:
        command = AmendContract(reason="longer", worth=self._amount(9 * BILLION, 11 * BILLION))
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), command)

    def _guarantee(self) -> Asked:
        ends = local_day(self.now) + timedelta(days=self.chance.randrange(0, 400))
        held = Guarantee(amount=self._amount(3 * BILLION, 4 * BILLION), valid_to=ends)
        command = RecordGuarantee(guarantee=held)
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), command)

    def _waiver(self) -> Asked:
        command = WaiveAdvanceCeiling(ceiling=self._amount(4 * BILLION))
        return Asked(project_stream(self._name()), _post(Role.CHAIR), command)

    def _estimate(self) -> Asked:
        command = ApproveEstimate(item="QLDA", amount=self._amount(300 * MILLION))
        return Asked(project_stream(self._name()), _post(Role.CHAIR), command)

    def _release(self) -> Asked:
        bond = Guarantee(amount=self._amount(500 * MILLION), valid_to=date(2029, 1, 1))
        command = ReleaseRetention(bond=self.chance.choice((None, bond)))
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), command)

    def _settlement(self) -> Asked:
        name, kind = self._name(), DossierKind.SETTLEMENT
        state = self._project(name)
        if state is None or not isinstance(state.dossiers.get(kind), UnderReview):
            paid = state.ledger.disbursed if state else 0
            amount = self._amount(paid, paid + 50 * MILLION, max(1, paid - 50 * MILLION))
            return Asked(project_stream(name), _post(Role.INVESTOR), _submitted(kind, amount))
        return self._approval(name, kind)

    def _closing(self) -> Asked:
        return Asked(project_stream(self._name()), _post(Role.INVESTOR), CloseAccounts())

    def _clock(self) -> Asked:
        return Asked(project_stream(self._name()), SYSTEM, RemindOverdue())

    # Payments

    def _request(self) -> Asked:
        name = self._name()
        self.numbers += 1
        kind = self.chance.choice((PaymentKind.VOLUME, *PaymentKind))
        about = "QLDA" if kind in (PaymentKind.OTHER, PaymentKind.OTHER_ADVANCE) else None
        state = self._project(name)
        balance, edges = 0, [10 * MILLION, 40 * MILLION]
        refused: tuple[PaymentId, ...] = ()
        if state is not None:
            edges += self._edges(state, kind)
            refused = state.ledger.refused
            balance = sum(
                rest
                for _, claim, rest in state.ledger.standing()
                if claim.payment_kind is kind.recovers
            )
        recovers = self.chance.choice((0, balance, balance // 2)) if kind.recovers else 0
        command = RequestPayment(
            payment=PaymentId(f"{name}/{self.numbers}"),
            payment_kind=kind,
            worth=Vnd(recovers + self._amount(*edges)),
            recovers=Vnd(recovers),
            section=_ROAD if "compensation" in kind else None,
            item=about,
            budget_year=self.chance.choice((None, None, None, local_day(self.now).year - 1)),
            corrects=self.chance.choice((None, None, *refused[-1:])),
        )
        return Asked(project_stream(name), _post(Role.INVESTOR), command)

    def _edges(self, state: Registered, kind: PaymentKind) -> list[int]:
        """Where the rules on a kind of payment turn."""
        ledger, building = state.ledger, state.building
        kept = retained(building, self.policy, local_day(self.now))
        if kind is PaymentKind.RETENTION:
            return [kept - ledger.total(kind)] * 4
        if kind is PaymentKind.FINAL and state.settled is not None:
            back = kept_back(ledger, building, self.policy, local_day(self.now))
            return [state.settled - ledger.committed - back] * 8
        if kind is PaymentKind.VOLUME:
            return [building.accepted - kept - ledger.total(kind)] * 2
        return [state.ceiling - ledger.committed]

    def _check(self) -> Asked:
        stream = payment_stream(self._payment(self._name()))
        return Asked(stream, _post(Role.FINANCE), CheckPayment())

    def _confirm(self) -> Asked:
        stream = payment_stream(self._payment(self._name()))
        return Asked(stream, _post(Role.TREASURY), ConfirmPaid())

    def _refusal(self) -> Asked:
        stream = payment_stream(self._payment(self._name()))
        by = _post(self.chance.choice((Role.FINANCE, Role.TREASURY)))
        return Asked(stream, by, RefusePayment(reason="not complete"))

    def _return(self) -> Asked:
        name = self._name()
        state = self._project(name)
        paid = list(state.ledger.paid.items()) if state else []
        if not paid:
            return self._clock()
        payment, claim = self.chance.choice(paid)
        command = RecordReturn(
            payment=payment, amount=self._amount(claim.cash, claim.cash // 2), reason="too much"
        )
        return Asked(project_stream(name), _post(Role.TREASURY), command)

    # Capital

    def _allocation(self, year: int) -> Asked:
        lines = tuple(_line(name, 5 * BILLION) for name in PROJECTS)
        command = AllocateCapital(programme=PROGRAMME, year=year, lines=lines)
        return Asked(capital_stream(PROGRAMME, year), _CITY_CHAIR, command)

    def _plan(self) -> StreamId:
        return capital_stream(PROGRAMME, local_day(self.now).year - self.chance.choice((0, 0, 1)))

    def _addition(self) -> Asked:
        line = _line(self._name(), self._amount(100 * MILLION))
        return Asked(self._plan(), _CITY_CHAIR, AddCapital(lines=(line,)))

    def _adjustment(self) -> Asked:
        loser, winner = self.chance.sample(PROJECTS, 2)
        amount = self._amount(100 * MILLION)
        command = AdjustCapital(
            cuts=(Cut(project=loser, amount=amount),), raises=(_line(winner, amount),)
        )
        return Asked(self._plan(), _CITY_CHAIR, command)

    def _carrying_over(self) -> Asked:
        kept = CarryOver(
            project=self._name(), amount=self._amount(200 * MILLION), ground=Ground.OBJECTIVE_DELAY
        )
        by = _CITY_CHAIR if self.now.year > 2024 else _post(Role.COUNCIL)
        return Asked(self._plan(), by, CarryOverCapital(lines=(kept,)))

    def _expiry(self) -> Asked:
        return Asked(self._plan(), _CITY_FINANCE, ExpireCapital())


def _post(role: Role) -> Post:
    return Post(role=role, unit=_AT[role])


def _register(name: ProjectId) -> RegisterProject:
    charter = Charter(
        project=name,
        programme=PROGRAMME,
        cohort=CohortId("2024"),
        commune=CommuneId("AD01"),
        name="A road and a school",
        units=_UNITS,
        synthetic=True,
    )
    works = (
        Works(section=_ROAD, name="Road", works="road", needs_clearance=True),
        Works(section=_SCHOOL, name="School", works="school", needs_clearance=False),
    )
    return RegisterProject(charter=charter, works=works)


def _submitted(kind: DossierKind, amount: int) -> SubmitDossier:
    return SubmitDossier(dossier=kind, amount=Vnd(amount))


def _line(name: ProjectId, amount: int) -> Allocation:
    return Allocation(
        project=name,
        commune=CommuneId("AD01"),
        cohort=CohortId("2024"),
        amount=Vnd(amount),
        synthetic=True,
    )
