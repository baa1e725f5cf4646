"""Over random histories: what the engine waits for is what the inboxes show, and it can be done."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from domain.alarms import alarm
from domain.approval import RecallDecision, UnderReview
from domain.authority import authorise
from domain.calendar import local_day
from domain.cases import Route, SwitchCause
from domain.citing import check_citation
from domain.clearance import Clearing, HandOverSite
from domain.clock import WALL_CLOCK
from domain.disbursement import RequestPayment
from domain.households import DisputeOrigin, SwitchRoute, WithdrawDonation
from domain.inbox import is_open, waits
from domain.obstacles import Blocks, RecordObstacle
from domain.opinion_forms import AskOpinion
from domain.policy import Policy
from domain.project import Registered
from domain.question_forms import Concern, RaiseQuestion
from domain.recording import Opened
from domain.refusal import Refused
from domain.streams import Command, Fact, State, initial, question_stream
from domain.utilities import RegisterUtilities, UtilityEntry
from domain.values import (
    SYSTEM,
    Act,
    Cause,
    DossierKind,
    Extent,
    ObstacleId,
    PaymentId,
    PaymentKind,
    Post,
    QuestionId,
    Role,
    StreamId,
    UtilityId,
    Vnd,
)
from domain.waits import Task, Wait
from storage import codec, read_models
from storage.folds import Fold
from tests.domain.answering import WHY, answers
from tests.domain.story import (
    ALLOCATE,
    BOARD,
    CHAIR,
    CHARTER,
    CLEARANCE,
    INVESTOR,
    OFFICER,
    PAPER,
    POLICY,
    PROGRAMME,
    PROJECT,
    REGISTER,
    ROAD,
    World,
    ask,
    at,
)

HISTORIES = int(os.environ.get("NTM_HISTORIES", "150"))
"""Thousands pass, too: NTM_HISTORIES=3000 pytest tests/domain/test_waits.py takes minutes."""
STEPS = 90
ANY_TIME = tuple(timedelta(days=days) for days in (0, 15, 40, 100, 200))
"""A notice is out for months, a plan hangs for weeks: what is too early now is not so then."""


class History:
    """A world that goes on by what is waited for, and by what comes between."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = at("2024-01-02")
        self.world: World = {}
        self.facts: dict[StreamId, list[Fact]] = {}
        for stream, command, _ in (REGISTER, ALLOCATE):
            by = INVESTOR if stream == PROJECT else Post(role=CHAIR.role, unit=POLICY.seat)
            self.tell(stream, command, by)  # type: ignore[arg-type]

    def tell(self, stream: StreamId, command: Command, by: Post) -> bool:
        """Ask for it as the record would; whether it was recorded."""
        act = Act(by=by, at=self.now, document=PAPER)
        try:
            check(command, act, self.state(stream))
            self.world, told = ask(self.world, (stream, command, act))
        except Refused:
            return False
        for one, event in told:
            facts = self.facts.setdefault(one, [])
            facts.append(
                Fact(stream=one, version=len(facts) + 1, decision_id="d", act=act, event=event)
            )
        return True

    def state(self, stream: StreamId) -> State:
        return self.world.get(stream) or initial(stream)

    def waits(self) -> tuple[Wait, ...]:
        return tuple(w for state in self.world.values() for w in waits(state, POLICY))

    def step(self) -> None:
        """Time passes, the clock rings, and somebody does something."""
        self.now += timedelta(hours=self.random.randrange(24 * 14))
        for stream, state in self.world.items():
            bell = alarm(state, POLICY)
            if bell is not None and bell.at <= self.now:
                self.tell(stream, bell.command, SYSTEM)
        if self.random.random() < 0.25:
            self.tell(*self.random.choice(tuple(between(self))))
            return
        wait = self.random.choice(self.waits() or (None,))
        if wait is not None:
            commands = answers(wait, self.state(wait.stream))
            onwards = self.random.random() < 0.9
            for command in commands if onwards else self.random.sample(commands, len(commands)):
                for post in actors(wait, self.now):
                    if self.tell(wait.stream, command, post):
                        return


def between(history: History) -> Iterator[tuple[StreamId, Command, Post]]:
    """What nobody waited for: money asked for, obstacles, households that change their minds."""
    state = history.state(PROJECT)
    assert isinstance(state, Registered)
    ledger = state.ledger
    number = len(ledger.pending) + len(ledger.paid) + len(ledger.refused) + 1
    for kind, held in state.dossiers.items():
        if isinstance(held, UnderReview):
            city = Post(role=Role.FINANCE, unit=POLICY.seat)
            asked = AskOpinion(dossier=kind, step=held.step, of=city, question=WHY)
            yield PROJECT, asked, held.post
            taken_back = RecallDecision(dossier=kind, reason=WHY)
            yield PROJECT, taken_back, (held.last.by if held.last else held.submitted_by).post
    settling = DossierKind.SETTLEMENT in state.dossiers
    # What is asked for beside a settlement is not in it, and would have to be paid back.
    claims = () if settling else ((PaymentKind.VOLUME, 500), (PaymentKind.COMPENSATION, 50))
    for claim, worth in claims:
        payment = PaymentId(f"{CHARTER.project}/{number}")
        section = ROAD if claim is PaymentKind.COMPENSATION else None
        request = RequestPayment(
            payment=payment, payment_kind=claim, worth=Vnd(worth), section=section
        )
        yield PROJECT, request, INVESTOR
    nth = history.random.randrange(100)
    line = UtilityEntry(utility=UtilityId(f"D{nth}"), voltage="MV", poles=3, estimate=Vnd(9))
    yield CLEARANCE, RegisterUtilities(utilities=(line,)), INVESTOR
    obstacle = ObstacleId(f"V{nth}")
    cause = history.random.choice(tuple(Cause))
    yield (
        CLEARANCE,
        RecordObstacle(obstacle=obstacle, cause=cause, blocks=Blocks(works=True)),
        BOARD,
    )
    yield CLEARANCE, HandOverSite(extent=Extent.PARTIAL), BOARD
    clearing = history.world.get(CLEARANCE)
    if isinstance(clearing, Clearing):
        for name, standing in clearing.ground.standing().items():
            moot = QuestionId(f"K{nth}")
            concern = Concern(project=CHARTER.project, section=ROAD, obstacles=(name,))
            raise_ = RaiseQuestion(
                question=moot, programme=PROGRAMME, cause=standing.cause, text=WHY,
                concerns=(concern,),
            )  # fmt: skip
            yield question_stream(moot), raise_, BOARD
        for code in clearing.cases:
            yield CLEARANCE, WithdrawDonation(case=code, reason=WHY), OFFICER
            yield CLEARANCE, DisputeOrigin(cases=(code,), reason=WHY), OFFICER
            switch = SwitchRoute(
                cases=(code,), to=Route.RECOVERY, cause=SwitchCause.DECLINED, reason=WHY
            )
            yield CLEARANCE, switch, CHAIR


def check(command: Command, act: Act, state: State) -> None:
    authorise(command, act, state, POLICY)
    check_citation(command, act, POLICY)


def actors(wait: Wait, now: datetime) -> tuple[Post, ...]:
    """The post, its heir, and for a reply whoever lets the clock run again."""
    heirs = [POLICY.successor(wait.post, local_day(now))]
    if wait.task is Task.REPLY:
        heirs += [BOARD, POLICY.successor(BOARD, local_day(now))]
    return tuple(dict.fromkeys((wait.post, *heirs)))


def rows(state: State, policy: Policy) -> tuple[Wait, ...]:
    """The rows of all inboxes for a stream, as the record writes them and people read them."""
    fold = Fold(version=1, decision_id="d", state=state, hash=b"")
    # By way of the text that the read model keeps.
    kept = codec.STATE.validate_json(read_models.shown_state(StreamId("x/y"), fold)["body"])
    shown = read_models.shown_waits(replace(fold, state=kept), policy)
    assert len({row["key"] for row in shown}) == len(shown)
    return tuple(codec.WAIT.validate_json(row["body"]) for row in shown)


def engine(stream: StreamId, facts: list[Fact]) -> tuple[Wait, ...]:
    """What the case's workflow waits for, told of its facts by and by."""
    opened = Opened(version=0, state=initial(stream), policy=POLICY, clock=WALL_CLOCK)
    for fact in facts:
        opened = opened.told((fact,), "")
    return waits(opened.state, opened.policy)


def can_be_done(history: History, wait: Wait) -> bool:
    """Whether its post, or its heir, may give a command that moves it on, now or in time."""
    state = history.state(wait.stream)
    for later in ANY_TIME:
        now = history.now + later
        for command in answers(wait, state):
            for post in actors(wait, now):
                act = Act(by=post, at=now, document=PAPER)
                try:
                    check(command, act, state)
                    _, told = ask(history.world, (wait.stream, command, act))
                except Refused:
                    continue
                if told:
                    return True
    return False


def comes_first(history: History, wait: Wait) -> bool:
    """Whether something else of the project is waited for, by whose end this one can be done."""
    of_money = wait.task in (Task.SUBMIT_DOSSIER, Task.CLOSE_ACCOUNTS)
    return of_money and any(one.stream.startswith("payment/") for one in history.waits())


def test_open_waits_are_the_rows_of_all_inboxes_and_each_can_be_done() -> None:
    seen: set[Task] = set()
    for seed in range(HISTORIES):
        history = History(seed)
        for _ in range(history.random.randrange(STEPS)):
            history.step()
        for stream, state in history.world.items():
            waited = engine(stream, history.facts[stream])
            assert waited == rows(state, POLICY) == waits(state, POLICY), (seed, stream)
            assert is_open(state) or not waited
        for wait in history.waits():
            seen.add(wait.task)
            told = f"{seed} at {history.now}: {wait}"
            assert can_be_done(history, wait) or comes_first(history, wait), told
    assert len(seen) > 20, sorted(seen)
