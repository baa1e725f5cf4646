"""Every quorum of up to seven approvers, with every vote that they could cast."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement, permutations, product

import pytest

from domain.quorum import (
    All,
    AnyOne,
    AtLeast,
    Ballot,
    Majority,
    Outcome,
    Quorum,
    Say,
    check_possible,
    needed,
    outcome,
)
from domain.values import Hand, OfficialId, Post, Role, UnitCode
from tests.domain.story import at, refused

NOW = at("2024-03-01")
LANES = tuple(f"lane-{n}" for n in range(1, 8))
POSTS = tuple(Post(role=Role.FINANCE, unit=UnitCode(f"unit-{n}")) for n in range(1, 8))
HANDS = tuple(Hand(role=post.role, unit=post.unit) for post in POSTS)
YES, NO, ABSTAIN = Say
Votes = tuple[Say | None, ...]


def ballots(votes: Votes) -> tuple[Ballot, ...]:
    """One vote a lane, each by a post of its own; None has not voted."""
    return tuple(
        Ballot(lane=lane, by=hand, say=say, at=NOW)
        for lane, hand, say in zip(LANES, HANDS, votes, strict=False)
        if say is not None
    )


def said(quorum: Quorum, votes: Votes, vetoes: tuple[str, ...] = ()) -> Outcome:
    return outcome(quorum, LANES[: len(votes)], vetoes, ballots(votes))


def every(lanes: int) -> Iterator[Votes]:
    """Every way in which so many lanes may have voted, and not voted; lanes are alike."""
    yield from combinations_with_replacement((YES, NO, ABSTAIN, None), lanes)


def quorums(lanes: int) -> Iterator[Quorum]:
    yield All()
    yield AnyOne()
    for least in range(1, lanes + 1):
        yield AtLeast(count=least)
        yield Majority(attendance=least)


CASES = [(quorum, votes) for n in range(1, 8) for quorum in quorums(n) for votes in every(n)]


def test_nothing_is_carried_without_the_yeses_that_its_rule_names() -> None:
    for quorum, votes in CASES:
        yes, abstained = votes.count(YES), votes.count(ABSTAIN)
        present = len(votes) - votes.count(None)
        enough = {
            "all": yes == len(votes),
            "any": yes > 0,
            "at-least": isinstance(quorum, AtLeast) and yes >= quorum.count,
            "majority": isinstance(quorum, Majority)
            and yes > (len(votes) - abstained) / 2
            and present >= quorum.attendance,
        }
        assert (said(quorum, votes) == "carried") is enough[quorum.kind], (quorum, votes)


def test_it_has_failed_exactly_when_no_vote_that_is_left_could_carry_it() -> None:
    for quorum, votes in CASES:
        open_lanes = [n for n, say in enumerate(votes) if say is None]
        ends = []
        for rest in combinations_with_replacement((YES, NO, ABSTAIN), len(open_lanes)):
            full = list(votes)
            for n, say in zip(open_lanes, rest, strict=True):
                full[n] = say
            ends.append(said(quorum, tuple(full)))
        assert (said(quorum, votes) == "failed") is ("carried" not in ends), (quorum, votes)


def test_what_was_carried_is_carried_whatever_the_others_say() -> None:
    for quorum, votes in CASES:
        if said(quorum, votes) == "carried":
            for say in (YES, NO, ABSTAIN):
                more = tuple(say if vote is None else vote for vote in votes)
                assert said(quorum, more) == "carried", (quorum, votes, say)


def test_when_all_have_voted_nothing_stays_open() -> None:
    for quorum, votes in CASES:
        if None not in votes:
            assert said(quorum, votes) != "open"


def test_the_order_of_votes_is_nothing_to_it() -> None:
    votes = ballots((YES, NO, ABSTAIN, YES, None))
    for quorum in quorums(5):
        found = {outcome(quorum, LANES[:5], (), order) for order in permutations(votes)}
        assert len(found) == 1


@pytest.mark.parametrize("lanes", range(1, 8))
def test_all_of_them_is_never_one_less(lanes: int) -> None:
    assert said(All(), (YES,) * lanes) == "carried"
    assert said(All(), (*(YES,) * (lanes - 1), None)) == "open"


@pytest.mark.parametrize("lanes", range(2, 8))
def test_a_post_that_votes_in_two_lanes_counts_once(lanes: int) -> None:
    one = HANDS[0]
    twice = tuple(Ballot(lane=lane, by=one, say=YES, at=NOW) for lane in LANES[:lanes])

    for quorum in (All(), AtLeast(count=2), Majority(attendance=2)):
        assert outcome(quorum, LANES[:lanes], (), twice) == "open"
    assert outcome(AnyOne(), LANES[:lanes], (), twice) == "carried"


def test_a_lane_in_which_two_vote_counts_once() -> None:
    both = tuple(Ballot(lane=LANES[0], by=hand, say=YES, at=NOW) for hand in HANDS[:2])

    assert outcome(AtLeast(count=2), LANES[:3], (), both) == "open"


def test_a_person_who_votes_at_two_desks_counts_once() -> None:
    person = OfficialId("CB-0007")
    twice = tuple(
        Ballot(lane=lane, by=replace(hand, official=person), say=YES, at=NOW)
        for lane, hand in zip(LANES, HANDS[:3], strict=False)
    )

    assert outcome(All(), LANES[:3], (), twice) == "open"
    assert outcome(AtLeast(count=2), LANES[:3], (), twice) == "open"


def test_who_is_in_no_lane_does_not_count() -> None:
    stranger = Ballot(lane="lane-9", by=HANDS[6], say=YES, at=NOW)

    assert outcome(AnyOne(), LANES[:2], (), (stranger,)) == "open"


def test_one_veto_ends_it_and_a_veto_unheard_holds_it() -> None:
    for n in range(1, 8):
        for quorum in quorums(n):
            for votes in product((YES, None), repeat=n):
                vetoed = (NO, *votes[1:])
                assert said(quorum, vetoed, LANES[:1]) == "failed"
                unheard = (None, *votes[1:])
                assert said(quorum, unheard, LANES[:1]) == "open"


@pytest.mark.parametrize("quorum", [*quorums(3)], ids=str)
def test_a_step_without_lanes_is_refused_and_never_approved(quorum: Quorum) -> None:
    with refused("empty_group"):
        outcome(quorum, (), (), ())
    with refused("empty_group"):
        check_possible(quorum, ())


@pytest.mark.parametrize(
    ("quorum", "posts"),
    [
        (AtLeast(count=4), POSTS[:3]),
        (All(), (*POSTS[:2], POSTS[0])),
        (AtLeast(count=3), (*POSTS[:2], POSTS[0])),
        (Majority(attendance=3), (*POSTS[:2], POSTS[0])),
        (Majority(attendance=1), (*POSTS[:1] * 3,)),
    ],
    ids=[
        "more than there are",
        "all of three, two of which are one",
        "three of two",
        "more present than there are",
        "a majority of one post in three lanes",
    ],
)
def test_a_quorum_that_nobody_can_reach_is_refused_before_anybody_votes(
    quorum: Quorum, posts: tuple[Post, ...]
) -> None:
    with refused("quorum_impossible"):
        check_possible(quorum, posts)


def test_nobody_is_never_a_quorum() -> None:
    assert said(AtLeast(count=0), (None, None)) == "open"


@pytest.mark.parametrize(
    ("quorum", "words"),
    [
        (All(), "3 yes"),
        (AnyOne(), "1 yes"),
        (AtLeast(count=2), "2 yes"),
        (Majority(attendance=2), "a majority with 2 present"),
    ],
)
def test_a_quorum_can_be_said(quorum: Quorum, words: str) -> None:
    assert needed(quorum, 3) == words
