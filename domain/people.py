"""The people of the registry: their keys, the posts they hold, and what is proposed for them."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from domain.keys import Key, PublicKey
from domain.values import Document, OfficialId, Post, value


@value
class Appointment:
    """Who holds a post, from which day to which (of Hanoi, both included), by which decision."""

    post: Post
    first: date
    last: date | None
    document: Document

    def runs(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)

    def is_open(self, last: date) -> bool:
        """Whether it would be cut short by ending on a day."""
        return self.first <= last and (self.last is None or last < self.last)


@value
class Official:
    official: OfficialId
    name: str
    keys: tuple[Key, ...]
    appointments: tuple[Appointment, ...] = ()

    def holds(self, post: Post, on: date) -> bool:
        return any(held.post == post and held.runs(on) for held in self.appointments)

    def can_sign(self, at: datetime) -> bool:
        return any(key.is_valid(at) for key in self.keys)


@value
class Enrolment:
    """One registrar would have this key be this person's; `name` where the person is new, too."""

    official: OfficialId
    name: str | None
    key: PublicKey
    valid_to: date | None
    by: OfficialId
    at: datetime
    kind: Literal["Enrolment"] = "Enrolment"


@value
class Nomination:
    """One registrar would have this person hold this post."""

    official: OfficialId
    post: Post
    first: date
    last: date | None
    document: Document
    by: OfficialId
    at: datetime
    kind: Literal["Nomination"] = "Nomination"


Proposal: TypeAlias = Enrolment | Nomination


def nomination(official: OfficialId, post: Post) -> str:
    """What the proposal to appoint somebody to a post is called; an enrolment's is its key."""
    return f"{official} {post}"
