"""A directive reaches many sections in one transaction, whoever decides on them meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from domain.clearance import Clearing
from domain.obstacles import Means, RemoveObstacle
from domain.policy import Policy
from domain.question import Asked as Question
from domain.question import Status
from domain.recording import Accepted, Ask, Batch, Outcome
from domain.referrals import DirectiveReceived
from domain.streams import question_stream
from domain.values import ProjectId, QuestionId, StreamId
from storage import queries, rebuild
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.asking import (
    ASKED,
    MONEY,
    POLES,
    RELEASES,
    REPORT,
    concern,
    consolidated,
    directed,
    hindered,
    raised,
    section,
)
from tests.domain.story import BOARD, Asked, act, at

PLACES = [ProjectId(f"P{number}") for number in range(8)]
NOW = at("2024-06-01")


def together(*story: Asked) -> Batch:
    envelopes = [envelope(asked) for asked in story]
    asks = tuple(Ask(envelope=one) for one in envelopes)
    return Batch(stream=envelopes[0].stream, after=0, now=NOW, asks=asks)


def begun(record: Record, places: list[ProjectId]) -> None:
    """Sections as they stand once their obstacles are recorded: each stream in one sitting."""
    for place in places:
        by_stream: dict[StreamId, list[Asked]] = {}
        for asked in hindered(place):
            by_stream.setdefault(asked[0], []).append(asked)
        for story in by_stream.values():
            outcomes = record.decide(together(*story)).outcomes
            assert all(isinstance(outcome, Accepted) for outcome in outcomes), outcomes


def at_once(*whats: Callable[[], Outcome]) -> list[Outcome]:
    start = threading.Barrier(len(whats))

    def run(what: Callable[[], Outcome]) -> Outcome:
        start.wait()
        return what()

    with ThreadPoolExecutor(len(whats)) as pool:
        return list(pool.map(run, whats))


def removed(place: ProjectId) -> Asked:
    return section(place), RemoveObstacle(obstacle=POLES, how="moved"), act(BOARD, "2024-03-14")


def clearing(record: Record, place: ProjectId) -> Clearing:
    state = record.fold(section(place)).state
    assert isinstance(state, Clearing)
    return state


def question(record: Record, stream: StreamId = ASKED) -> Question:
    state = record.fold(stream).state
    assert isinstance(state, Question)
    return state


def test_a_directive_is_one_decision_on_every_stream_it_reaches(
    record: Record, engine: Engine, policy: Policy
) -> None:
    begun(record, PLACES)
    tell(record, raised(map(concern, PLACES)), REPORT)

    outcome = hand_in(record, envelope(directed(), "directive"))

    assert isinstance(outcome, Accepted)
    for place in PLACES:
        kinds = [
            entry.fact.event.kind
            for entry in queries.entries(engine, section(place))
            if entry.fact.decision_id == "directive"
        ]
        assert kinds == ["DirectiveReceived", "RelocationFunded", *["ObstacleRemoved"] * 2]
        standing = queries.standing(engine, section(place))
        assert standing is not None
        assert isinstance(standing.state, Clearing)
        assert standing.state.ground.standing() == {}
    assert rebuild.differences(engine, policy, lambda *_: None) == ()


def test_owners_who_decide_while_the_directive_falls_are_answered_and_so_is_it(
    record: Record, engine: Engine
) -> None:
    # given
    begun(record, PLACES)
    tell(record, raised(map(concern, PLACES)), REPORT)
    wanted = [directed(), *map(removed, PLACES)]

    # when
    answers = at_once(
        *(lambda asked=asked: record.decide(together(asked)).outcomes[0] for asked in wanted)
    )

    # then
    assert isinstance(answers[0], Accepted)
    for place, answer in zip(PLACES, answers[1:], strict=True):
        events = [entry.fact.event for entry in queries.entries(engine, section(place))]
        (received,) = [event for event in events if isinstance(event, DirectiveReceived)]
        first = isinstance(answer, Accepted)
        assert received.gone == ((POLES,) if first else ())
        pole = clearing(record, place).ground.obstacles[POLES]
        assert pole.means is (Means.REPORTED if first else Means.DIRECTIVE)
        assert [event.kind for event in events].count("ObstacleRemoved") == 2


def test_questions_that_take_each_other_in_at_once_leave_one(record: Record) -> None:
    # given: as many questions as places, each about all that is left of its own
    begun(record, PLACES[:4])
    names = [QuestionId(f"KN{number:02}") for number in range(1, 5)]
    for name, place in zip(names, PLACES, strict=False):
        tell(record, raised([concern(place)], name))

    def gathering(name: QuestionId) -> Outcome:
        others = tuple(other for other in names if other != name)
        _, command, by = consolidated(*others)
        return record.decide(together((question_stream(name), command, by))).outcomes[0]

    # when
    answers = at_once(*(lambda name=name: gathering(name) for name in names))

    # then
    assert [isinstance(answer, Accepted) for answer in answers].count(True) == 1
    open_ones = [name for name in names if question(record, question_stream(name)).stage]
    assert len(open_ones) == 1
    assert {clearing(record, place).ground.awaited() for place in PLACES[:4]} == {(open_ones[0],)}


@pytest.mark.parametrize("times", range(3))
def test_questions_decided_in_batches_over_the_same_sections_wait_for_each_other_in_turn(
    record: Record, times: int
) -> None:
    # given: two questions over the same sections, each about another obstacle
    places = PLACES[: 3 + times]
    begun(record, places)
    second = QuestionId("KN02")
    other = question_stream(second)
    tell(record, raised(concern(place, POLES) for place in places))
    tell(record, raised((concern(place, MONEY) for place in reversed(places)), second))
    report = (REPORT[1], REPORT[2])
    answer = (directed(RELEASES)[1], directed(RELEASES)[2])
    batches = [together(*((stream, *report), (stream, *answer))) for stream in (ASKED, other)]

    # when
    answers = at_once(
        *(lambda batch=batch: record.decide(batch).outcomes[-1] for batch in batches),
        *(lambda p=p: record.decide(together(removed(p))).outcomes[0] for p in places),
    )

    # then
    assert all(isinstance(one, Accepted) for one in answers)
    assert {question(record).status, question(record, other).status} == {Status.ANSWERED}
