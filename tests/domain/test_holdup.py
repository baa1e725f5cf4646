"""What holds a case up, and what comes by itself."""

from dataclasses import replace

import pytest

from domain.clearance import Clearing
from domain.holdup import LimitEnds, RungComes, blocking, coming
from domain.inbox import waits
from domain.values import Post, StreamId
from domain.waits import IfIgnored, Task, Wait
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    OFFICER,
    POLICY,
    PROJECT,
    TO_APPROVAL,
    TO_CLEARANCE,
    at,
    told,
)

LETTER = Wait(
    stream=CLEARANCE,
    key="escalation/1",
    post=CHAIR,
    task=Task.ANSWER_ESCALATION,
    since=at("2024-01-05"),
    due=at("2024-01-12"),
    if_ignored=IfIgnored.OVERDUE_NOTICE,
)


def wait(key: str, post: Post, since: str) -> Wait:
    return replace(LETTER, key=key, post=post, task=Task.CONFIRM_ORIGIN, since=at(since), due=None)


def test_the_oldest_wait_is_told_first() -> None:
    old, young = wait("a", OFFICER, "2024-02-01"), wait("b", BOARD, "2024-03-01")

    assert blocking((young, old)) == (old, young)


def test_a_letter_asks_why_a_case_stands_and_is_not_the_reason() -> None:
    cause = wait("a", OFFICER, "2024-02-01")

    assert blocking((LETTER, cause)) == (cause,)
    assert blocking((LETTER,)) == (LETTER,)


def test_a_silent_section_is_pushed_up_its_ladder_by_itself() -> None:
    state = told(*TO_CLEARANCE)[CLEARANCE]
    assert isinstance(state, Clearing)

    (rung,) = coming(waits(state, POLICY), ((CLEARANCE, state, POLICY),), at("2024-02-05"))

    assert isinstance(rung, RungComes)
    assert (rung.level, rung.addressee) == (1, BOARD)
    assert rung.at > at("2024-02-05")


def test_a_rung_that_is_due_is_still_to_come_until_somebody_records_it() -> None:
    state = told(*TO_CLEARANCE)[CLEARANCE]
    assert isinstance(state, Clearing)

    (rung, *_) = coming((), ((CLEARANCE, state, POLICY),), at("2024-12-05"))

    assert rung.at < at("2024-12-05")


def test_the_limit_of_a_dossier_ends_by_itself() -> None:
    state = told(*TO_APPROVAL[:3])[PROJECT]
    (held,) = waits(state, POLICY)

    (limit,) = coming((held,), (), at("2024-01-04"))

    assert isinstance(limit, LimitEnds)
    assert (limit.at, limit.wait) == (held.due, held)


@pytest.mark.parametrize("now", ["2024-01-12", "2024-06-01"])
def test_a_limit_that_is_over_comes_no_more(now: str) -> None:
    assert coming((LETTER,), (), at(now)) == ()


def test_what_comes_first_is_told_first() -> None:
    later = replace(LETTER, stream=StreamId("clearance/B/T1"), due=at("2024-03-12"))

    found = coming((later, LETTER), (), at("2024-01-06"))

    assert [one.at for one in found] == [at("2024-01-12"), at("2024-03-12")]
