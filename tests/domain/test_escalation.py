"""The ladder a stalled section climbs."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.calendar import end_of
from domain.escalation import (
    AnswerEscalation,
    Escalate,
    EscalationAnswered,
    EscalationRaised,
    Event,
    StallDetected,
    decide,
    evolve,
    moved,
)
from domain.law import Trigger
from domain.refusal import Rule
from domain.stall import Reason, Stall, Watch, next_rung
from domain.values import SYSTEM, Act, Post
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    INVESTOR,
    POLICY,
    UNITS,
    act,
    at,
    refused,
)

# Progress on 2 January 2024; Tết takes 8 to 14 February out of the count.
WATCH = Watch(place="AD01-GT/T1", units=UNITS)
MOVING = Stall(progress_at=at("2024-01-02"), escalations={})
LADDER = [
    (1, 15, date(2024, 1, 23), BOARD, "01/NV"),
    (2, 20, date(2024, 1, 30), INVESTOR, "02/CV-ĐĐ"),
    (3, 25, date(2024, 2, 6), CHAIR, "03/TB-TCT"),
    (4, 30, date(2024, 2, 20), CITY_CHAIR, "04/BC"),
    (5, 40, date(2024, 3, 5), CITY_CHAIR, "05/TTr"),
]


def when(at_: datetime, given: Stall) -> tuple[Event, ...]:
    return decide(given, Escalate(), Act(by=SYSTEM, at=at_), WATCH, POLICY)


def after(at_: datetime, given: Stall = MOVING) -> Stall:
    stall = given
    for event in when(at_, given=given):
        stall = evolve(stall, event, Act(by=SYSTEM, at=at_))
    return stall


def raised(events: tuple[Event, ...]) -> list[EscalationRaised]:
    return [event for event in events if isinstance(event, EscalationRaised)]


@pytest.mark.parametrize(("level", "days", "last", "addressee", "document"), LADDER)
def test_a_rung_is_reached_at_the_end_of_its_working_day(
    level: int, days: int, last: date, addressee: Post, document: str
) -> None:
    before = after(end_of(last) - timedelta(seconds=1))
    assert before.level == level - 1

    (event,) = raised(when(end_of(last), given=before))

    assert (event.level, event.working_days) == (level, days)
    assert (event.addressee, event.document) == (addressee, document)
    assert event.reached_at == end_of(last)
    assert event.stalled_since == MOVING.progress_at
    assert event.answer_due == POLICY.due("escalation.answer", end_of(last))


def test_the_first_rung_says_that_the_section_has_stalled() -> None:
    events = when(at("2024-01-24", "00:00"), given=MOVING)

    silence = Reason(
        trigger=Trigger.NO_PROGRESS,
        about="",
        since=MOVING.progress_at,
        until=MOVING.progress_at,
        working_days=15,
    )
    assert events[0] == StallDetected(since=MOVING.progress_at, working_days=15, reasons=(silence,))
    assert [event.kind for event in events] == ["StallDetected", "EscalationRaised"]


def test_a_higher_rung_does_not_say_so_again() -> None:
    first = after(at("2024-01-24", "00:00"))

    assert [event.kind for event in when(at("2024-01-31", "00:00"), given=first)] == [
        "EscalationRaised"
    ]


def test_nothing_is_raised_twice() -> None:
    first = after(at("2024-01-24", "00:00"))

    assert when(at("2024-01-30", "23:59"), given=first) == ()


def test_missed_rungs_are_raised_once_each_with_their_true_moments() -> None:
    outage_over = at("2024-03-20")

    events = when(outage_over, given=MOVING)

    assert [event.kind for event in events] == ["StallDetected"] + 5 * ["EscalationRaised"]
    assert [(event.level, event.reached_at) for event in raised(events)] == [
        (level, end_of(last)) for level, _, last, _, _ in LADDER
    ]
    assert when(outage_over, given=after(outage_over)) == ()


def test_an_answer_is_due_from_the_day_it_was_asked_not_from_the_day_it_was_missed() -> None:
    events = when(at("2024-03-20"), given=MOVING)

    assert {event.answer_due.at for event in raised(events)} == {end_of(date(2024, 3, 27))}


def test_progress_goes_back_to_the_foot_of_the_ladder() -> None:
    stalled = after(at("2024-01-31", "00:00"))

    again = moved(stalled, act(BOARD, "2024-02-01"))

    assert (again.level, again.progress_at) == (0, at("2024-02-01"))
    assert len(again.escalations) == 2
    # Fifteen working days after 1 February, with Tết between.
    found = next_rung(again, WATCH, POLICY)
    assert found is not None
    assert (found.rung.level, found.at) == (1, end_of(date(2024, 2, 29)))


def test_numbers_go_on_after_progress() -> None:
    again = moved(after(at("2024-01-31", "00:00")), act(BOARD, "2024-02-01"))

    (event,) = raised(when(at("2024-03-01"), given=again))

    assert (event.number, event.level, event.document) == (3, 1, "03/NV")


def test_progress_told_late_does_not_turn_time_back() -> None:
    assert moved(MOVING, act(BOARD, "2023-12-01")).progress_at == MOVING.progress_at


def test_above_the_top_there_is_no_rung() -> None:
    assert next_rung(after(at("2024-03-20")), WATCH, POLICY) is None


def test_the_addressee_answers() -> None:
    stalled = after(at("2024-01-24"))
    answer = AnswerEscalation(number=1, answer="Two meetings this week")
    by = act(BOARD, "2024-01-25")

    events = decide(stalled, answer, by, WATCH, POLICY)

    assert events == (EscalationAnswered(number=1, answer="Two meetings this week"),)
    answered = evolve(stalled, events[0], by)
    assert answered.escalations[1].answered_at == by.at
    assert answered.level == 1, "words are not progress"
    with refused("out_of_turn"):
        decide(answered, answer, by, WATCH, POLICY)


@pytest.mark.parametrize(
    ("number", "answer", "by", "rule"),
    [
        (2, "We will", BOARD, "not_found"),
        (1, "We will", CHAIR, "authority"),
        (1, " ", BOARD, "input"),
    ],
    ids=["to nothing", "from somebody else", "without words"],
)
def test_there_is_no_answer(number: int, answer: str, by: Post, rule: Rule) -> None:
    with refused(rule):
        decide(
            after(at("2024-01-24")),
            AnswerEscalation(number=number, answer=answer),
            act(by, "2024-01-25"),
            WATCH,
            POLICY,
        )


@for_any(
    start=st.datetimes(
        at("2021-01-01").replace(tzinfo=None), at("2028-01-01").replace(tzinfo=None)
    ),
    looks=st.lists(st.integers(1, 30), min_size=1, max_size=12),
)
@settings(deadline=None)
def test_however_often_the_clock_looks_the_same_rungs_are_raised(
    start: datetime, looks: list[int]
) -> None:
    begun = Stall(progress_at=start.replace(tzinfo=MOVING.progress_at.tzinfo), escalations={})
    now = begun.progress_at + timedelta(days=sum(looks))

    often, moment = begun, begun.progress_at
    for days in looks:
        moment += timedelta(days=days)
        often = after(moment, given=often)
    once = after(now, given=begun)

    assert often.level == once.level
    assert [e.raised_at for e in often.escalations.values()] == [
        e.raised_at for e in once.escalations.values()
    ]
