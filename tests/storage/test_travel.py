"""The record from two times: what had happened by one, as it was known at another."""

import random
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine

from domain.inbox import is_open, waits
from domain.payment import CheckPayment, ConfirmPaid, Submitted
from domain.policy import Policy
from domain.positions import Capital
from domain.recording import Accepted, Ask, Batch
from domain.refusal import Refused
from domain.streams import payment_stream
from domain.travel import NOW, View
from domain.values import DossierKind, PaymentKind, ProjectId, StreamId
from domain.waits import Task
from storage import queries, snapshots, travel
from storage.record import Record
from storage.travel import Picture
from tests.conftest import envelope, hand_in, of, tell
from tests.domain.story import (
    CAPITAL,
    CLEARANCE,
    COUNCIL,
    FINANCE,
    INVESTOR,
    OFFICER,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_APPROVAL,
    TO_CLEARANCE,
    TO_LAND,
    TREASURY,
    Asked,
    act,
    approve,
    at,
    pay,
    payment,
    request,
    submit,
)

ROOMS = ("programme", "project", "clearance", "payment", "capital")
NOW_AT = at("2024-12-01")
FIRST = payment_stream(payment(1))
STORY: tuple[Asked, ...] = (
    *TO_LAND,
    *(request(n, PaymentKind.ADVANCE, 100_000_000, "2024-03-07") for n in (1, 2)),
    *pay(1, "2024-03-08"),
)


def enter(record: Record, asked: Asked, *, known: str) -> None:
    """A fact that the record learns of later than it happened."""
    wanted = envelope(asked)
    batch = Batch(stream=wanted.stream, after=0, now=at(known), asks=(Ask(envelope=wanted),))
    (outcome,) = record.decide(batch).outcomes
    assert isinstance(outcome, Accepted), outcome


def paid_by(engine: Engine, view: View) -> int:
    """What the year's plan shows as disbursed."""
    state = travel.fold(engine, CAPITAL, view).state
    assert isinstance(state, Capital)
    return state.disbursed


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=some.integers(0, 2**32))
def test_a_view_of_everything_is_what_people_see_now(
    record: Record, engine: Engine, policy: Policy, seed: int
) -> None:
    # given: the story in some disorder, told of a new project, as far as it is accepted
    chance = random.Random(seed)
    name = ProjectId(f"P{seed}")
    story = sorted(enumerate(STORY), key=lambda step: step[0] + chance.uniform(0, 4))
    for _, asked in story:
        ask = Ask(envelope=envelope(asked, project=name), keep_refusal=chance.random() < 0.2)
        record.decide(Batch(stream=ask.envelope.stream, after=0, now=NOW_AT, asks=(ask,)))

    now = Picture(engine, NOW, NOW_AT)
    folded = Picture(engine, View(as_of=NOW_AT, known_at=NOW_AT), NOW_AT)

    for room in ROOMS:
        assert folded.standings(room) == now.standings(room)
        assert folded.standings(room, open_only=True) == now.standings(room, open_only=True)
    assert set(folded.inbox()) == set(now.inbox())
    assert folded.left_out == {}
    for standing in now.standings("clearance"):
        assert folded.standing(standing.stream) == standing
        assert folded.waits_of((standing.stream,)) == now.waits_of((standing.stream,))
        assert set(folded.waits_of((standing.stream,))) == set(waits(standing.state, policy))
        assert standing.is_open == is_open(standing.state)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=some.integers(0, 2**32))
def test_no_two_times_end_in_an_error(record: Record, engine: Engine, seed: int) -> None:
    # given: a story whose acts bear days in any disorder
    chance = random.Random(seed)
    name = ProjectId(f"P{seed}")
    for stream, command, by in STORY:
        day = at("2024-01-01").replace(month=chance.randint(1, 11))
        wanted = envelope((stream, command, replace(by, at=day)), project=name)
        record.decide(
            Batch(stream=wanted.stream, after=0, now=NOW_AT, asks=(Ask(envelope=wanted),))
        )

    for month in range(1, 12):
        view = View(as_of=at("2024-01-02").replace(month=month))
        picture = Picture(engine, view, NOW_AT)
        for room in ROOMS:
            picture.standings(room)
        picture.inbox()


@pytest.mark.parametrize("with_snapshots", [False, True])
def test_a_list_of_the_past_is_what_folding_each_of_its_streams_shows(
    record: Record, engine: Engine, *, with_snapshots: bool
) -> None:
    # given: one project that has moved since most days, and one that has not
    tell(record, *STORY)
    tell(record, REGISTER, project=ProjectId("P2"))
    if with_snapshots:
        assert snapshots.take(engine) > 0
    days = [at(f"2024-{month:02}-{day:02}") for month in range(1, 4) for day in (1, 8, 22)]

    for view in (*(View(as_of=day) for day in days), *(View(known_at=day) for day in days)):
        picture = Picture(engine, view, NOW_AT)
        for room in ROOMS:
            # when
            found = {s.stream: (s.version, s.state) for s in picture.standings(room)}

            # then
            every = [now.stream for now in queries.standings(engine, room)]
            folded = {stream: travel.fold(engine, stream, view) for stream in every}
            assert found == {
                stream: (past.version, past.state)
                for stream, past in folded.items()
                if past.version
            }


def test_a_case_is_seen_as_it_stood_and_waits_for_whom_it_waited(
    record: Record, engine: Engine
) -> None:
    tell(record, *TO_APPROVAL)
    picture = Picture(engine, View(as_of=at("2024-01-05")), NOW_AT)

    (wait,) = picture.inbox()

    assert (wait.post, wait.task) == (PLANNING, Task.DECIDE_DOSSIER)
    assert picture.inbox(COUNCIL) == ()
    assert picture.waits_of((PROJECT, CLEARANCE)) == (wait,)
    assert [entry.fact.event.kind for entry in picture.entries(PROJECT)] == [
        "ProjectRegistered",
        "DossierSubmitted",
        "StepOpened",
    ]


def test_an_inbox_of_the_past_is_in_the_order_of_the_present_one(
    record: Record, engine: Engine
) -> None:
    first = submit(DossierKind.INVESTMENT_POLICY, 1_000_000_000, "2024-01-03")
    second = approve(DossierKind.INVESTMENT_POLICY, "appraise", PLANNING, "2024-01-08")
    tell(record, REGISTER)
    tell(record, REGISTER, first, project=ProjectId("LATE"))
    tell(record, REGISTER, first, second, project=ProjectId("NEXT"))

    assert Picture(engine, View(as_of=NOW_AT), NOW_AT).inbox() == queries.inbox(engine)


def test_before_anything_happened_there_is_nothing_yet(record: Record, engine: Engine) -> None:
    tell(record, *TO_CLEARANCE)
    picture = Picture(engine, View(as_of=at("2023-12-31")), NOW_AT)

    assert [picture.standings(room) for room in ROOMS] == [()] * len(ROOMS)
    assert (picture.standing(PROJECT), picture.inbox(), picture.entries(PROJECT)) == (None, (), ())


def test_what_happened_in_march_and_was_heard_of_in_may_is_known_from_may(
    record: Record, engine: Engine
) -> None:
    tell(record, *TO_LAND, request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07"))
    for asked in pay(1, "2024-03-08"):
        enter(record, asked, known="2024-05-12")
    march = at("2024-03-31")

    assert paid_by(engine, View(as_of=march)) == 100_000_000
    assert paid_by(engine, View(as_of=march, known_at=at("2024-05-11"))) == 0
    assert paid_by(engine, View(as_of=march, known_at=at("2024-05-12"))) == 100_000_000
    assert paid_by(engine, View(known_at=march)) == 0
    assert paid_by(engine, View(as_of=at("2024-03-07"), known_at=at("2024-05-12"))) == 0

    waiting = Picture(engine, View(as_of=march, known_at=march), NOW_AT).standing(FIRST)
    assert waiting is not None
    assert isinstance(waiting.state, Submitted)
    assert waiting.state.status == "submitted"


def test_a_fact_dated_before_what_it_follows_is_left_out_by_name(
    record: Record, engine: Engine
) -> None:
    # given: a payment dated before the check that reserved its capital
    tell(record, *TO_LAND, request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07"))
    enter(record, (FIRST, CheckPayment(), act(FINANCE, "2024-04-10")), known="2024-04-10")
    enter(record, (FIRST, ConfirmPaid(), act(TREASURY, "2024-03-08")), known="2024-04-11")

    found = travel.fold(engine, CAPITAL, View(as_of=at("2024-03-31")))

    assert isinstance(found.state, Capital)
    assert found.state.disbursed == 0
    assert [fact.event.kind for fact in found.left_out] == ["CapitalDisbursed"]
    assert travel.fold(engine, CAPITAL, View(as_of=at("2024-04-10"))).left_out == ()
    picture = Picture(engine, View(as_of=at("2024-03-31")), NOW_AT)
    picture.standings("capital")
    assert list(picture.left_out) == [CAPITAL]


def test_a_refusal_shows_from_the_day_it_was_given(record: Record, engine: Engine) -> None:
    tell(record, REGISTER)
    wrong = envelope(approve(DossierKind.INVESTMENT_POLICY, "decide", COUNCIL, "2024-01-08"))
    hand_in(record, wrong, keep_refusal=True)

    def seen(day: str) -> int:
        return len(Picture(engine, View(as_of=at(day)), NOW_AT).refusals(COUNCIL))

    assert (seen("2024-01-07"), seen("2024-01-08")) == (0, 1)
    assert len(Picture(engine, NOW, NOW_AT).refusals(COUNCIL)) == 1
    assert Picture(engine, View(as_of=NOW_AT), NOW_AT).refusals(INVESTOR) == ()


def test_the_imagined_day_is_never_one_that_has_not_come() -> None:
    def moment(view: View) -> datetime:
        return view.moment(NOW_AT)

    assert moment(NOW) == NOW_AT
    assert moment(View(as_of=at("2030-01-01"))) == NOW_AT
    assert moment(View(known_at=at("2024-05-01"))) == at("2024-05-01")
    assert moment(View(as_of=at("2024-03-01"), known_at=at("2024-05-01"))) == at("2024-03-01")


def test_a_name_that_is_no_stream_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match=r"\[not_found\]$"):
        travel.fold(engine, StreamId("poem/P1"))


def test_streams_of_other_projects_are_not_mixed_up(record: Record, engine: Engine) -> None:
    longer = ProjectId("AD01-GT2")
    tell(record, REGISTER)
    tell(record, REGISTER, project=longer)
    picture = Picture(engine, View(as_of=NOW_AT), NOW_AT)

    assert len(picture.entries(PROJECT)) == 1
    assert len(picture.entries_under("project/")) == 2
    assert [s.stream for s in picture.standings("project")] == [PROJECT, of(PROJECT, longer)]
    assert {wait.post for wait in picture.inbox(OFFICER)} == set()
