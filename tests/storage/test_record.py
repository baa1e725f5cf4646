"""The record: one decision, one transaction, once for ever, whoever races whom."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, func, select, text

from domain.approval import ReturnDossier
from domain.capital import AllocateCapital
from domain.clearance import HandOverSite
from domain.escalation import AnswerEscalation, Escalate
from domain.inbox import is_open, waits
from domain.obstacles import RecordObstacle, RemoveObstacle
from domain.payment import RefusePayment
from domain.policy import Policy
from domain.positions import Allocation, Capital
from domain.project import Registered, RemindOverdue
from domain.recording import Accepted, Ask, Batch, Denied
from domain.refusal import Refused
from domain.streams import evolve, initial, payment_stream
from domain.values import (
    SYSTEM,
    Act,
    Cause,
    DossierKind,
    Extent,
    ObstacleId,
    PaymentKind,
    ProjectId,
    StreamId,
    Vnd,
)
from storage import deliveries, log, pinned, queries, tables
from storage.folds import Fold, Folds
from storage.record import Record
from tests.conftest import amended, envelope, hand_in, of, tell
from tests.domain.story import (
    ALLOCATE,
    BOARD,
    CAPITAL,
    CHARTER,
    CLEARANCE,
    COUNCIL,
    FINANCE,
    PLANNING,
    PROGRAMME,
    PROJECT,
    REGISTER,
    ROAD,
    SCHOOL,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_LAND,
    TO_SUPPORT_PLAN,
    TOTAL,
    USE,
    Asked,
    act,
    approve,
    at,
    build,
    pay,
    payment,
    request,
    submit,
)

_Answer = TypeVar("_Answer")

ROOMS = ("project", "clearance", "payment", "capital")
SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
OUT_OF_TURN = approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-08")


def kinds(engine: Engine, stream: StreamId) -> list[str]:
    return [entry.fact.event.kind for entry in queries.entries(engine, stream)]


def everything(engine: Engine) -> dict[str, int]:
    """How many rows each table holds."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def at_once(times: int, what: Callable[[int], _Answer]) -> list[_Answer]:
    """The answers of so many threads that begin together."""
    start = threading.Barrier(times)

    def one(number: int) -> _Answer:
        start.wait()
        return what(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


# One decision


def test_a_decision_is_answered_with_its_place_in_the_record(
    record: Record, engine: Engine
) -> None:
    tell(record, REGISTER, SUBMIT)

    outcome = hand_in(record, envelope(APPRAISE, "d-1"))

    assert outcome == Accepted(decision_id="d-1", version=5, position=5)
    assert kinds(engine, PROJECT) == [
        "ProjectRegistered",
        "DossierSubmitted",
        "StepOpened",
        "StepApproved",
        "StepOpened",
    ]


def test_ten_deliveries_at_once_make_one_decision_and_ten_equal_answers(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # given: two processes, so to speak, each with folds of its own
    tell(record, REGISTER, SUBMIT)
    other = Record(engine, policy)
    wanted = envelope(APPRAISE, "d-1")

    # when
    answers = at_once(10, lambda number: hand_in((record, other)[number % 2], wanted))

    # then
    assert answers == [Accepted(decision_id="d-1", version=5, position=5)] * 10
    assert kinds(engine, PROJECT).count("StepApproved") == 1


def test_a_decision_repeated_in_its_own_batch_is_answered_alike(record: Record) -> None:
    tell(record, REGISTER, SUBMIT)
    wanted = Ask(envelope=envelope(APPRAISE, "d-1"))

    recorded = record.decide(
        Batch(stream=PROJECT, after=3, now=at("2024-01-09"), asks=(wanted, wanted))
    )

    assert recorded.outcomes == (Accepted(decision_id="d-1", version=5, position=5),) * 2
    assert [fact.version for fact in recorded.facts] == [4, 5]


def test_an_answer_is_repeated_long_after_the_case_has_moved_on(record: Record) -> None:
    first = envelope(REGISTER, "d-1")
    answer = hand_in(record, first)
    tell(record, *TO_APPROVAL[1:])

    assert hand_in(record, first) == answer


def test_a_decision_id_with_another_body_is_refused(record: Record, engine: Engine) -> None:
    tell(record, REGISTER, SUBMIT)
    hand_in(record, envelope(APPRAISE, "d-1"))
    before = everything(engine)

    other = approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-10")
    outcome = hand_in(record, envelope(other, "d-1"))

    assert isinstance(outcome, Denied)
    assert outcome.rule == "already_exists"
    assert everything(engine) == before


def test_a_decision_id_counts_once_over_all_streams(record: Record, engine: Engine) -> None:
    outcomes = at_once(
        8, lambda n: hand_in(record, envelope(REGISTER, "d-1", project=ProjectId(f"P{n}")))
    )

    assert sorted(outcome.kind for outcome in outcomes) == ["Accepted"] + ["Denied"] * 7
    assert everything(engine)["events"] == 1


def test_a_refusal_leaves_nothing(record: Record, engine: Engine) -> None:
    tell(record, REGISTER, SUBMIT)
    before = everything(engine)

    outcome = hand_in(record, envelope(OUT_OF_TURN, "d-1"))

    assert isinstance(outcome, Denied)
    assert outcome.rule == "out_of_turn"
    assert everything(engine) == before


def test_a_refused_decision_may_be_asked_again_when_its_turn_has_come(record: Record) -> None:
    tell(record, REGISTER, SUBMIT)
    early = envelope(OUT_OF_TURN, "d-1")
    assert isinstance(hand_in(record, early), Denied)

    tell(record, APPRAISE)

    assert isinstance(hand_in(record, early), Accepted)


def test_a_kept_refusal_is_recorded_once_and_owed_to_its_sender(
    record: Record, engine: Engine
) -> None:
    tell(record, REGISTER, SUBMIT)
    early = envelope(OUT_OF_TURN, "d-1")

    answers = [hand_in(record, early, keep_refusal=True) for _ in range(3)]

    assert len(set(answers)) == 1
    assert isinstance(answers[0], Denied)
    assert kinds(engine, PROJECT).count("DecisionRefused") == 1
    (refusal,) = queries.refusals(engine, COUNCIL)
    assert (refusal.refused.command, refusal.refused.rule) == ("ApproveStep", "out_of_turn")
    notices = [message.notice for message in deliveries.messages(engine)]
    assert [n.to for n in notices if n.template == "decision-refused"] == [COUNCIL]


def test_a_kept_refusal_of_wrong_input_reaches_its_sender_too(
    record: Record, engine: Engine
) -> None:
    tell(record, REGISTER, SUBMIT)
    unreasoned = ReturnDossier(dossier=DossierKind.INVESTMENT_POLICY, step="appraise", reason=" ")

    hand_in(record, envelope((PROJECT, unreasoned, APPRAISE[2])), keep_refusal=True)

    (refusal,) = queries.refusals(engine, PLANNING)
    assert refusal.refused.rule == "input"


def test_no_stream_comes_into_being_by_a_refusal(record: Record, engine: Engine) -> None:
    assert isinstance(hand_in(record, envelope(SUBMIT), keep_refusal=True), Denied)

    assert everything(engine)["events"] == 0


def test_one_refusal_in_a_batch_does_not_touch_the_others(record: Record) -> None:
    tell(record, REGISTER)
    asks = [Ask(envelope=envelope(asked)) for asked in (SUBMIT, OUT_OF_TURN, APPRAISE)]

    recorded = record.decide(Batch(stream=PROJECT, after=1, now=at("2024-01-09"), asks=tuple(asks)))

    assert [outcome.kind for outcome in recorded.outcomes] == ["Accepted", "Denied", "Accepted"]
    assert [fact.version for fact in recorded.facts] == [2, 3, 4, 5]


def test_an_act_in_the_future_is_refused(record: Record) -> None:
    wanted = envelope(REGISTER)
    asks = (Ask(envelope=wanted),)

    recorded = record.decide(Batch(stream=PROJECT, after=0, now=at("2024-01-01"), asks=asks))

    assert [o.rule for o in recorded.outcomes if isinstance(o, Denied)] == ["in_the_future"]


# What must not hold up a case


def test_an_envelope_for_another_stream_is_refused_and_holds_nobody_up(record: Record) -> None:
    tell(record, REGISTER)
    stray = Ask(envelope=envelope(SUBMIT, "d-1", project=ProjectId("OTHER")), keep_refusal=True)
    mine = Ask(envelope=envelope(SUBMIT, "d-2"))

    recorded = record.decide(
        Batch(stream=PROJECT, after=1, now=at("2024-01-09"), asks=(stray, mine))
    )

    assert [outcome.kind for outcome in recorded.outcomes] == ["Denied", "Accepted"]


def test_a_decision_left_at_the_wrong_case_is_not_used_up(record: Record) -> None:
    # Or whoever saw an envelope could spoil it, by leaving it where it is refused.
    tell(record, REGISTER)
    tell(record, REGISTER, project=ProjectId("OTHER"))
    stray = envelope(SUBMIT, "d-1", project=ProjectId("OTHER"))
    ask = Ask(envelope=stray, keep_refusal=True)
    record.decide(Batch(stream=PROJECT, after=1, now=at("2024-01-09"), asks=(ask,)))

    assert isinstance(hand_in(record, stray), Accepted)


def test_text_the_database_cannot_keep_is_refused_and_holds_nobody_up(record: Record) -> None:
    tell(record, REGISTER, SUBMIT)
    stream, _, by = APPRAISE
    returned = ReturnDossier(
        dossier=DossierKind.INVESTMENT_POLICY, step="appraise", reason="thiếu\x00hồ sơ"
    )
    odd = (Ask(envelope=envelope((stream, returned, by), "d-1")),)
    named = (Ask(envelope=envelope(APPRAISE, "d\x002")),)

    for asks in (odd, named):
        recorded = record.decide(Batch(stream=PROJECT, after=3, now=by.at, asks=asks))

        assert [o.rule for o in recorded.outcomes if isinstance(o, Denied)] == ["input"]


def test_a_moment_without_a_zone_is_no_act() -> None:
    # Compared with an aware moment it raises TypeError, and the case that holds it waits for ever.
    naive = datetime(2024, 1, 8, 9, 0)  # the wrong one is wanted here

    with pytest.raises((ValueError, Refused)):
        Act(by=PLANNING, at=naive)


# Decisions on several streams


def test_a_decision_and_what_it_entails_are_one(record: Record, engine: Engine) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    wanted = envelope(request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05"), "d-1")

    outcome = hand_in(record, wanted)

    assert isinstance(outcome, Accepted)
    with engine.connect() as connection:
        rows = connection.execute(
            select(tables.events.c.stream, tables.events.c.kind, tables.events.c.position).where(
                tables.events.c.decision_id == "d-1"
            )
        ).all()
    assert [(row.stream, row.kind) for row in rows] == [
        (PROJECT, "PaymentRequested"),
        (payment_stream(payment(1)), "PaymentSubmitted"),
    ]
    assert outcome.position == rows[0].position


def with_capital(amount: int, *story: Asked) -> tuple[Asked, ...]:
    """The story with another allocation for the year."""
    line = Allocation(
        project=CHARTER.project,
        commune=CHARTER.commune,
        cohort=CHARTER.cohort,
        amount=Vnd(amount),
        synthetic=True,
    )
    plan = AllocateCapital(programme=PROGRAMME, year=2024, lines=(line,))
    allocate = (CAPITAL, plan, ALLOCATE[2])
    return tuple(allocate if asked is ALLOCATE else asked for asked in story)


def test_what_the_year_has_no_capital_for_is_refused_as_a_whole(
    record: Record, engine: Engine
) -> None:
    tell(record, *with_capital(299_999_999, *TO_SUPPORT_PLAN))
    tell(record, request(1, PaymentKind.ADVANCE, 300_000_000, "2024-03-01"))
    check, _ = pay(1, "2024-03-04")
    before = everything(engine)

    outcome = hand_in(record, envelope(check))

    assert isinstance(outcome, Denied)
    assert outcome.rule == "capital_ceiling"
    assert everything(engine) == before
    assert kinds(engine, CAPITAL) == ["CapitalAllocated"]


def test_of_eight_payments_that_race_for_the_last_money_one_wins(
    record: Record, engine: Engine
) -> None:
    tell(record, *with_capital(300_000_000, *TO_SUPPORT_PLAN))
    for number in range(8):
        tell(record, request(number, PaymentKind.ADVANCE, 300_000_000, "2024-03-01"))

    outcomes = at_once(8, lambda number: hand_in(record, envelope(pay(number, "2024-03-04")[0])))

    refused = [outcome.rule for outcome in outcomes if isinstance(outcome, Denied)]
    assert refused == ["capital_ceiling"] * 7
    assert kinds(engine, CAPITAL) == ["CapitalAllocated", "CapitalReserved"]
    plan = record.fold(CAPITAL).state
    assert isinstance(plan, Capital)
    assert plan.positions[CHARTER.project].left == 0


def test_cases_that_move_each_other_at_once_all_get_through(record: Record) -> None:
    # given: payments that book on the project, and a project that asks for more payments
    tell(record, *TO_SUPPORT_PLAN)
    for number in range(4):
        tell(record, request(number, PaymentKind.ADVANCE, 100_000_000, "2024-03-01"))
        tell(record, pay(number, "2024-03-04")[0])

    # when
    def move(number: int) -> str:
        if number < 4:
            return hand_in(record, envelope(pay(number, "2024-03-05")[1])).kind
        more = request(number, PaymentKind.ADVANCE, 100_000_000, "2024-03-05")
        return hand_in(record, envelope(more)).kind

    # then
    assert at_once(8, move) == ["Accepted"] * 8
    ledger = record.fold(PROJECT).state
    assert isinstance(ledger, Registered)
    assert (len(ledger.ledger.paid), len(ledger.ledger.pending)) == (4, 4)


def test_a_writer_past_the_locks_makes_the_record_decide_again(
    record: Record, engine: Engine
) -> None:
    # given: somebody is about to commit the project's next version without asking for its lock
    tell(record, REGISTER)
    wanted = envelope(SUBMIT, "d-1")
    with ThreadPoolExecutor(1) as pool:
        with engine.connect() as intruder:
            intruder.execute(
                text(
                    "INSERT INTO events SELECT 2, stream, 2, 'x', 'DecisionRefused', 1,"
                    """ '{"kind": "DecisionRefused", "command": "c", "rule": "input","""
                    """ "because": "b"}', act, occurred_at, recorded_at, hash FROM events"""
                )
            )

            # when
            answer = pool.submit(hand_in, record, wanted)
            with pytest.raises(TimeoutError):
                answer.result(0.2)
            intruder.commit()

        # then
        assert answer.result() == Accepted(decision_id="d-1", version=4, position=4)


# Folds


def test_a_record_behind_another_process_reads_what_is_new(
    record: Record, engine: Engine, policy: Policy
) -> None:
    other = Record(engine, policy)
    tell(record, REGISTER)
    tell(other, SUBMIT)

    tell(record, APPRAISE)

    assert record.fold(PROJECT) == other.fold(PROJECT)
    assert record.fold(PROJECT).version == 5


def test_a_fold_of_a_log_that_was_set_back_is_thrown_away(record: Record, engine: Engine) -> None:
    # given: what this process remembers is of another life of the same database
    tell(record, REGISTER, SUBMIT)
    true = record.fold(PROJECT)
    folds = Folds()

    for version in (true.version, true.version + 7):
        folds.keep({PROJECT: Fold(version=version, decision_id="bogus", state=initial(PROJECT))})

        # when
        with log.look(engine) as connection:
            found = folds.read(connection, PROJECT)

        # then
        assert found == true


# Read models


STEPS: tuple[Asked, ...] = (
    *TO_LAND,
    (CLEARANCE, HandOverSite(extent=Extent.PARTIAL), act(BOARD, "2024-03-05")),
    (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-06")),
    (
        CLEARANCE,
        RecordObstacle(obstacle=ObstacleId("V1"), cause=Cause.POWER_LINE_MV),
        act(BOARD, "2024-02-10"),
    ),
    (CLEARANCE, RemoveObstacle(obstacle=ObstacleId("V1"), how="moved"), act(BOARD, "2024-03-02")),
    (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-04-20"))),
    (CLEARANCE, AnswerEscalation(number=1, answer="by Friday"), act(BOARD, "2024-04-22")),
    *(request(n, PaymentKind.ADVANCE, 100_000_000, "2024-03-07") for n in (1, 2)),
    *pay(1, "2024-03-08"),
    (payment_stream(payment(2)), RefusePayment(reason="late"), act(FINANCE, "2024-03-08")),
    *build(SCHOOL, 4_000_000_000, "2024-06-01"),
    *build(ROAD, 6_000_000_000, "2024-09-01"),
    USE,
    (PROJECT, RemindOverdue(), Act(by=SYSTEM, at=at("2024-05-01"))),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=some.integers(0, 2**32))
def test_what_people_see_is_the_fold_of_what_is_recorded(
    record: Record, engine: Engine, policy: Policy, seed: int
) -> None:
    # given: the story in some disorder, told of a new project, as far as it is accepted
    chance = random.Random(seed)
    name = ProjectId(f"P{seed}")
    story = sorted(enumerate(STEPS), key=lambda step: step[0] + chance.uniform(0, 6))
    asks = [Ask(envelope=envelope(asked, project=name)) for _, asked in story]

    # when
    for ask in asks:
        stream = ask.envelope.stream
        keep = Ask(envelope=ask.envelope, keep_refusal=chance.random() < 0.2)
        record.decide(Batch(stream=stream, after=0, now=at("2024-12-01"), asks=(keep,)))

    # then
    for standing in (s for room in ROOMS for s in queries.standings(engine, room)):
        if name not in standing.stream:
            continue
        state, entries = initial(standing.stream), queries.entries(engine, standing.stream)
        for entry in entries:
            state = evolve(state, entry.fact.event, entry.fact.act)
        assert standing.version == len(entries)
        assert standing.state == state
        assert standing.is_open == is_open(state)
        shown = {wait.key: wait for wait in queries.waits_of(engine, standing.stream)}
        assert shown == {wait.key: wait for wait in waits(state, policy)}


def test_a_case_nobody_can_act_on_any_more_waits_for_nobody(record: Record, engine: Engine) -> None:
    # given: a section that stalled, and was handed over while a letter was still unanswered
    tell(record, *TO_CLEARANCE, (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-03-20"))))
    tell(record, *TO_LAND[len(TO_CLEARANCE) :])
    tell(record, (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-21")))

    standing = queries.standing(engine, CLEARANCE)

    assert standing is not None
    assert standing.is_open == bool(queries.waits_of(engine, CLEARANCE))


# Law


def test_a_case_keeps_the_law_it_began_under(
    record: Record, engine: Engine, policy: Policy, tmp_path: Path
) -> None:
    # given
    tell(record, REGISTER)
    row = 'rule = "policy.appraise"\ncount = '
    tomorrow = amended(tmp_path / "law", "limits.toml", f"{row}20", f"{row}1")

    # when: a process of tomorrow goes on with a case of today, and begins one of its own
    assert tomorrow.version != policy.version
    later = Record(engine, tomorrow)
    tell(later, SUBMIT)
    other = ProjectId("NEW")
    tell(later, REGISTER, SUBMIT, project=other)

    # then
    assert later.policy_of(later.fold(PROJECT).state) == policy
    assert later.policy_of(later.fold(of(PROJECT, other)).state) == tomorrow
    (held,) = queries.waits_of(engine, PROJECT)
    (quick,) = queries.waits_of(engine, of(PROJECT, other))
    assert held.due is not None
    assert quick.due is not None
    assert quick.due < held.due


def test_a_law_that_was_never_kept_is_not_guessed(engine: Engine) -> None:
    with pytest.raises(LookupError, match="policy version none"):
        pinned.saved(engine, "none")
