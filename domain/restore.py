"""The record's own stream: found restored to an earlier point, and accepted as such by two.

Between the two nothing else is recorded. A timeline is what the log was between two restores; what
was signed on an abandoned one is evidence of what was lost, and no rule for what came after.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from domain.refusal import Refused
from domain.separation import check_apart
from domain.values import Act, Document, Hand, StreamId, value

STREAM = StreamId("record/ntm")
"""The one stream that speaks of the record itself."""

_OFFICIALS = 2
"""How many different posts, and persons, have to accept what was lost."""


@value
class LostCheckpoint:
    """A signed note, kept outside, of a log that this one is not: of so many events, this root."""

    size: int
    root: str
    note: tuple[str, ...]
    kind: Literal["LostCheckpoint"] = "LostCheckpoint"


@value
class LostVersions:
    """A case's workflow has seen a version of its stream that the record does not hold."""

    stream: StreamId
    seen: int
    held: int
    kind: Literal["LostVersions"] = "LostVersions"


Evidence: TypeAlias = LostCheckpoint | LostVersions


@value
class Acceptance:
    """Who accepted, when, and on which paper."""

    by: Hand
    at: datetime
    document: Document


@value
class Restore:
    """One restore: which timeline it ended, how many events it left, and how that is known."""

    timeline: int
    left: int
    evidence: Evidence
    found_at: datetime
    accepted: tuple[Acceptance, ...] = ()


# Commands


@value
class ReportRestore:
    """Given by the record itself: the log is not the one that was signed, or that was seen."""

    timeline: int
    left: int
    evidence: Evidence
    kind: Literal["ReportRestore"] = "ReportRestore"


@value
class AcceptRestore:
    """Accept that a timeline ended after so many events; what came after them is lost."""

    timeline: int
    left: int
    kind: Literal["AcceptRestore"] = "AcceptRestore"


# Events


@value
class RestoreFound:
    timeline: int
    left: int
    evidence: Evidence
    kind: Literal["RestoreFound"] = "RestoreFound"


@value
class RestoreAccepted:
    """`ordinal` counts acceptances of one restore; with the second, commands are taken again."""

    timeline: int
    left: int
    ordinal: int
    kind: Literal["RestoreAccepted"] = "RestoreAccepted"


# States


@value
class Trusted:
    """Commands are taken. `restores` are those that two officials accepted, the oldest first."""

    restores: tuple[Restore, ...] = ()
    kind: Literal["Trusted"] = "Trusted"

    @property
    def timeline(self) -> int:
        return self.restores[-1].timeline + 1 if self.restores else 1


@value
class Restored:
    """No command is taken until `found` has been accepted."""

    found: Restore
    restores: tuple[Restore, ...] = ()
    kind: Literal["Restored"] = "Restored"

    @property
    def timeline(self) -> int:
        """Still the one that ended: the next begins with the second acceptance."""
        return self.found.timeline


Command: TypeAlias = ReportRestore | AcceptRestore
Event: TypeAlias = RestoreFound | RestoreAccepted
Standing: TypeAlias = Trusted | Restored


def decide(state: Standing, command: Command, act: Act) -> tuple[Event, ...]:
    """Report once; accept by different posts, each on a document."""
    match command:
        case ReportRestore(timeline=timeline, left=left, evidence=evidence):
            if isinstance(state, Restored):
                raise Refused("nothing_to_do", "the restore is known, and not accepted yet")
            return (RestoreFound(timeline=timeline, left=left, evidence=evidence),)
        case AcceptRestore(timeline=timeline, left=left):
            return (_accept(state, timeline, left, act),)
        case _:
            assert_never(command)


def evolve(state: Standing, event: Event, act: Act) -> Standing:
    """Found, accepted once, accepted by two."""
    match event:
        case RestoreFound(timeline=timeline, left=left, evidence=evidence):
            found = Restore(timeline=timeline, left=left, evidence=evidence, found_at=act.at)
            return Restored(found=found, restores=state.restores)
        case RestoreAccepted():
            assert isinstance(state, Restored)
            assert act.document is not None
            said = Acceptance(by=act.hand, at=act.at, document=act.document)
            found = replace(state.found, accepted=(*state.found.accepted, said))
            if len(found.accepted) < _OFFICIALS:
                return replace(state, found=found)
            return Trusted(restores=(*state.restores, found))
        case _:
            assert_never(event)


def is_abandoned(restores: tuple[Restore, ...], timeline: int, size: int) -> bool:
    """Whether what was signed at a size, on a timeline, is of events that an accepted restore lost.

    What was signed on the timeline that runs now, or of events that every restore left, has to
    agree with the log for ever.
    """
    return any(timeline <= one.timeline and size > one.left for one in restores)


def _accept(state: Standing, timeline: int, left: int, act: Act) -> RestoreAccepted:
    if not isinstance(state, Restored):
        raise Refused("nothing_to_do", "nothing waits to be accepted: the record is trusted")
    found = state.found
    if (timeline, left) != (found.timeline, found.left):
        raise Refused(
            "other_body",
            f"timeline {timeline}, {left} events: what was found is timeline {found.timeline},"
            f" {found.left} events",
        )
    if act.document is None:
        raise Refused("input", "document: name the paper on which the loss is accepted")
    check_apart(act.hand, "this restore", *(one.by for one in found.accepted))
    return RestoreAccepted(timeline=timeline, left=left, ordinal=len(found.accepted) + 1)
