"""Folded streams, kept in the process so that a decision reads only what is new."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from sqlalchemy import Connection

from domain.chain import ORIGIN
from domain.streams import State, evolve, initial
from domain.values import StreamId, value
from storage import log


@value
class Fold:
    """A stream's state, and the fact it was folded up to.

    `hash` is that of the last fact the log has: what was folded ahead of its append has none yet.
    """

    version: int
    decision_id: str
    state: State
    hash: bytes = ORIGIN


Read: TypeAlias = Callable[[Connection, StreamId, int], tuple[log.Entry, ...]]
"""`log.read`, or `log.take` by those who mean to append."""

_ROOM_FOR = 5_000


class Folds:
    """The last folds seen. Each is checked against the log when it is used again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[StreamId, Fold] = OrderedDict()
        self._lock = Lock()

    def read(self, connection: Connection, stream: StreamId, read: Read = log.read) -> Fold:
        """The stream as it stands in this transaction."""
        nothing = Fold(version=0, decision_id="", state=initial(stream))
        kept = self._kept.get(stream)
        if kept is None:
            return over(nothing, read(connection, stream, 0))
        # Reading the kept fact again shows whether this is still the same log: a database
        # restored to an earlier point would otherwise be decided upon with later knowledge.
        entries = read(connection, stream, kept.version - 1)
        if not entries or not _is_last_of(kept, entries[0]):
            return over(nothing, read(connection, stream, 0))
        return over(kept, entries[1:])

    def at(self, stream: StreamId, version: int, end: bytes) -> Fold | None:
        """What was kept of a stream, if that is where it stands."""
        kept = self._kept.get(stream)
        return kept if kept and (kept.version, kept.hash) == (version, end) else None

    def keep(self, folds: dict[StreamId, Fold]) -> None:
        """Remember folds whose transaction has been committed."""
        with self._lock:
            for stream, fold in folds.items():
                if fold.version:
                    self._kept[stream] = fold
                    self._kept.move_to_end(stream)
            while len(self._kept) > _ROOM_FOR:
                self._kept.popitem(last=False)


def over(fold: Fold, entries: tuple[log.Entry, ...]) -> Fold:
    """A fold with more facts on top."""
    state = fold.state
    for entry in entries:
        state = evolve(state, entry.fact.event, entry.fact.act)
    if not entries:
        return fold
    last = entries[-1]
    return Fold(
        version=last.fact.version, decision_id=last.fact.decision_id, state=state, hash=last.hash
    )


def _is_last_of(kept: Fold, entry: log.Entry) -> bool:
    return (entry.fact.decision_id, entry.hash) == (kept.decision_id, kept.hash)
