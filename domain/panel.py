"""Who decides a step and how, as the law had it on the day the step opened."""

from datetime import date
from typing import Annotated

from domain.law import Member, Signing, Step
from domain.policy import Policy
from domain.quorum import All, Ballot, Outcome, Quorum, check_possible, needed, outcome
from domain.values import BY_KIND, Post, Seat, Units, value


@value
class Lane:
    """One vote of a step: the seat that the law names, `finance@city`, and who holds it."""

    key: str
    post: Post
    veto: bool = False


@value
class Panel:
    """A step's lanes and rules, the leading lane first.

    The case keeps them as they were when the step opened, whatever the law says later. A step that
    expires is reminded of and, if somebody is named, told to `escalates_to`: it is never approved.
    """

    lanes: tuple[Lane, ...]
    mode: Signing = "individual"
    quorum: Annotated[Quorum, BY_KIND] = All()
    in_turn: bool = False
    abstain: bool = False
    minutes: bool = False
    escalates_to: Post | None = None
    returns_to: tuple[str, ...] = ()
    keeps_approvals: bool = False
    opinion: str | None = None
    opinion_waits: bool = False

    @property
    def is_one(self) -> bool:
        """Whether one post decides alone."""
        return len(self.lanes) == 1

    def open_lanes(self, ballots: tuple[Ballot, ...]) -> tuple[Lane, ...]:
        """The lanes that may vote now; of lanes in turn only the next one."""
        voted = {one.lane for one in ballots}
        rest = tuple(lane for lane in self.lanes if lane.key not in voted)
        return rest[:1] if self.in_turn else rest

    def held_by(self, by: Post, on: date, policy: Policy) -> tuple[Lane, ...]:
        """The lanes whose post, or its heir on a day, somebody is."""
        return tuple(lane for lane in self.lanes if policy.holds(by, lane.post, on))

    def may_send_back(self, lane: Lane) -> bool:
        """The lane that leads and those with a veto speak for the step; the others have a vote."""
        return lane.veto or lane == self.lanes[0]

    def outcome(self, ballots: tuple[Ballot, ...]) -> Outcome:
        """What the votes amount to so far."""
        keys = tuple(lane.key for lane in self.lanes)
        vetoes = tuple(lane.key for lane in self.lanes if lane.veto)
        return outcome(self.quorum, keys, vetoes, ballots)

    def check_possible(self) -> None:
        """Raise `Refused` when those who hold the lanes could never reach the quorum."""
        check_possible(self.quorum, tuple(lane.post for lane in self.lanes))

    def needs(self) -> str:
        """The quorum in words, and whether it needs the body's minutes."""
        minutes = ", and its minutes" if self.minutes else ""
        return f"{needed(self.quorum, len(self.lanes))}{minutes}"


def alone(post: Post) -> Panel:
    """One post that decides by itself: every step of before there were lanes."""
    return Panel(lanes=(Lane(key=str(post), post=post),))


def convened(step: Step, units: Units, on: date, policy: Policy) -> Panel:
    """The panel of a step that opens on a day; a unit that is no more sends its heir."""
    leader = Member(role=step.role, level=step.level, veto=step.veto)
    lanes = tuple(
        Lane(
            key=f"{member.role}@{member.level}",
            post=_resolved(Seat(role=member.role, level=member.level), units, on, policy),
            veto=member.veto,
        )
        for member in (leader, *step.members)
    )
    return Panel(
        lanes=lanes,
        mode=step.mode,
        quorum=step.quorum,
        in_turn=step.in_turn,
        abstain=step.abstain,
        minutes=step.minutes,
        escalates_to=_resolved(step.escalates_to, units, on, policy) if step.escalates_to else None,
        returns_to=step.returns_to,
        keeps_approvals=step.keeps_approvals,
        opinion=step.opinion,
        opinion_waits=step.opinion_waits,
    )


def _resolved(seat: Seat, units: Units, on: date, policy: Policy) -> Post:
    return policy.successor(Post(role=seat.role, unit=units.at(seat.level)), on)
