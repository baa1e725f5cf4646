"""Whether a step has its yes: a pure function of its lanes, their votes and its quorum."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.separation import are_one
from domain.values import Hand, Post, value


class Say(StrEnum):
    """What a lane says."""

    APPROVE = "approve"
    REJECT = "reject"
    ABSTAIN = "abstain"


@value
class Ballot:
    """The vote of one lane, and who cast it."""

    lane: str
    by: Hand
    say: Say
    at: datetime


@value
class All:
    """Every lane says yes."""

    kind: Literal["all"] = "all"


@value
class AnyOne:
    """One yes is enough."""

    kind: Literal["any"] = "any"


@value
class AtLeast:
    """So many yeses: M of N."""

    count: int
    kind: Literal["at-least"] = "at-least"


@value
class Majority:
    """More than half of those who do not abstain, and at least `attendance` who have voted.

    Whoever has not voted stands in the way as if it had said no: nothing passes by absence.
    """

    attendance: int
    kind: Literal["majority"] = "majority"


Quorum: TypeAlias = All | AnyOne | AtLeast | Majority
Outcome: TypeAlias = Literal["open", "carried", "failed"]


def outcome(
    quorum: Quorum, lanes: Collection[str], vetoes: Collection[str], ballots: Collection[Ballot]
) -> Outcome:
    """What the votes amount to, whatever those who are still to vote may say.

    A lane counts once, and so does whoever votes, however many lanes it holds. A no of a lane with
    a veto ends it, and nothing is carried before each of them was heard. Raises `Refused` for a
    step without lanes: nobody's silence is a yes.
    """
    if not lanes:
        raise Refused("empty_group", "the step has no lane: nobody may decide it, so nobody does")
    counted = _counted(lanes, ballots)
    says = [one.say for one in counted]
    yes, abstained = says.count(Say.APPROVE), says.count(Say.ABSTAIN)
    left = len(lanes) - len(counted)
    if any(one.say is Say.REJECT and one.lane in vetoes for one in counted):
        return "failed"
    if not _enough(quorum, len(lanes), yes + left, abstained, len(lanes)):
        return "failed"
    unheard = set(vetoes) - {one.lane for one in counted}
    if unheard or not _enough(quorum, len(lanes), yes, abstained, len(counted)):
        return "open"
    return "carried"


def check_possible(quorum: Quorum, posts: Collection[Post]) -> None:
    """Raise `Refused` unless the holders of the lanes, one post a lane, could reach the quorum.

    Two lanes whose posts have become one count as one voter, so that three of three may have
    become impossible when units were merged.
    """
    if not posts:
        raise Refused("empty_group", "the step has no lane: nobody may decide it, so nobody does")
    voters = len(set(posts))
    if not _enough(quorum, len(posts), voters, 0, voters):
        names = ", ".join(sorted(str(post) for post in set(posts)))
        raise Refused(
            "quorum_impossible",
            f"the step needs {needed(quorum, len(posts))} of {len(posts)} lanes, and only {voters}"
            f" may vote: {names}",
        )


def needed(quorum: Quorum, lanes: int) -> str:
    """The quorum in words, e.g. `2 yes`, `a majority with 3 present`."""
    match quorum:
        case All():
            return f"{lanes} yes"
        case AnyOne():
            return "1 yes"
        case AtLeast(count=count):
            return f"{count} yes"
        case Majority(attendance=attendance):
            return f"a majority with {attendance} present"
        case _:
            assert_never(quorum)


def _enough(quorum: Quorum, lanes: int, yes: int, abstained: int, present: int) -> bool:
    match quorum:
        case All():
            return yes == lanes
        case AnyOne():
            return yes >= 1
        case AtLeast(count=count):
            # None would be a quorum of nobody.
            return yes >= max(count, 1)
        case Majority(attendance=attendance):
            return 2 * yes > lanes - abstained and present >= attendance
        case _:
            assert_never(quorum)


def _counted(lanes: Collection[str], ballots: Collection[Ballot]) -> list[Ballot]:
    """The ballots that count: the first of each lane and of each voter."""
    counted: list[Ballot] = []
    for one in ballots:
        known = any(one.lane == other.lane or are_one(one.by, other.by) for other in counted)
        if one.lane in lanes and not known:
            counted.append(one)
    return counted
