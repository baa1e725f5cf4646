"""Two times: what had happened in the world by a moment, and what the record knew by another."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.streams import Fact, State, evolve, initial
from domain.values import StreamId, value

CANNOT_FOLLOW = (AssertionError, AttributeError, LookupError, TypeError)
"""What `evolve` raises for an event whose predecessor is missing; it asserts and looks things up,
for it only ever had to fold what was decided in that order."""


@value
class View:
    """From where a reader looks: the world at `as_of`, as it was known at `known_at` (aware).

    None leaves a time open; with both open the reader sees the record as it stands.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None

    def moment(self, now: datetime) -> datetime:
        """The day that the reader imagines it to be; never one that has not come."""
        return min(self.as_of or self.known_at or now, now)


NOW = View()


@value
class Past:
    """A stream folded from the facts a view holds: all of them, but for those left out.

    `version` is that of the last fact that was folded, zero if there was none.
    """

    stream: StreamId
    version: int
    state: State
    left_out: tuple[Fact, ...] = ()


def past(stream: StreamId, facts: Iterable[Fact], begin: Past | None = None) -> Past:
    """Fold the facts of a stream that a view holds, in the order of their versions.

    `begin` is where a fold of the first of them, without a gap, has led before; `facts` follow it.
    """
    base = begin or Past(stream=stream, version=0, state=initial(stream))
    state, version = base.state, base.version
    left_out: list[Fact] = []
    for fact, led_to in told(stream, facts, base):
        if led_to is None:
            left_out.append(fact)
        else:
            state, version = led_to, fact.version
    return Past(stream=stream, version=version, state=state, left_out=tuple(left_out))


def told(
    stream: StreamId, facts: Iterable[Fact], begin: Past | None = None
) -> Iterator[tuple[Fact, State | None]]:
    """Each fact of a stream that a view holds, and the state it led to; None if it is left out.

    A view may hold a fact without what it followed: the payment was dated in March, its check in
    April. Facts fold in the order in which they were decided, whatever their dates, and one that
    cannot follow what was folded before it is left out, by name. That is only accepted where a
    version is missing: in a stream without a gap it would be a broken record, and is raised.
    """
    base = begin or Past(stream=stream, version=0, state=initial(stream))
    state, expected = base.state, base.version + 1
    gap = False
    for fact in facts:
        gap = gap or fact.version != expected
        expected = fact.version + 1
        try:
            state = evolve(state, fact.event, fact.act)
        except CANNOT_FOLLOW:
            if not gap:
                raise
            yield fact, None
        else:
            yield fact, state
