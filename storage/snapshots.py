"""Snapshots: states of streams at earlier versions, so that a look into the past folds little.

They are a cache and never the record: each follows from the log, may be deleted at any time, is
compared by `ntm store verify` and dropped by `ntm store rebuild`. One is taken where the events
since the last weigh about as much as the state, so that all of them weigh no more than the log.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ARRAY, Connection, Engine, Select, Text, any_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from domain.streams import State, initial
from domain.travel import Past, View
from domain.values import StreamId, value
from storage import codec, folds, log, tables
from storage.folds import Fold

_LEAST = 8
_BYTES_OF_AN_EVENT = 500
_SNAPSHOTS = tables.snapshots.c
_STATES = tables.states.c


@value
class _Growing:
    """A stream on the way to its next snapshot.

    `happened_by` and `known_by` are the latest moments of all its facts so far.
    """

    stream: StreamId
    fold: Fold
    happened_by: datetime | None
    known_by: datetime | None

    def told(self, entry: log.Entry) -> "_Growing":
        return _Growing(
            stream=self.stream,
            fold=folds.over(self.fold, (entry,)),
            happened_by=_later(self.happened_by, entry.fact.act.at),
            known_by=_later(self.known_by, known_at(entry)),
        )


def known_at(entry: log.Entry) -> datetime:
    """When a fact was learned of; one from before acts carried it, when it was written."""
    return entry.fact.act.known_at or entry.recorded_at


def take(engine: Engine) -> int:
    """Take the snapshots that are due; how many."""
    with log.look(engine) as connection:
        due = connection.execute(_due()).all()
        connection.rollback()
        taken = 0
        for stream, step in due:
            with connection.begin():
                rows = list(_of(connection, StreamId(stream), step))
                if rows:
                    statement = insert(tables.snapshots).on_conflict_do_nothing()
                    connection.execute(statement, rows)
            taken += len(rows)
    return taken


def drop(connection: Connection) -> None:
    """Forget all of them; they are taken again."""
    connection.execute(delete(tables.snapshots))


def before(connection: Connection, streams: Iterable[StreamId], view: View) -> dict[StreamId, Past]:
    """Of each stream the latest snapshot of which a view holds every fact."""
    within = [_SNAPSHOTS.stream == any_(literal(list(streams), ARRAY(Text)))]
    if view.as_of is not None:
        within.append(_SNAPSHOTS.happened_by <= view.as_of)
    if view.known_at is not None:
        within.append(_SNAPSHOTS.known_by <= view.known_at)
    latest = (
        select(_SNAPSHOTS.stream, _SNAPSHOTS.version, _SNAPSHOTS.body)
        .where(*within)
        .order_by(_SNAPSHOTS.stream, _SNAPSHOTS.version.desc())
        .ext(distinct_on(_SNAPSHOTS.stream))
    )
    return {
        StreamId(stream): Past(
            stream=StreamId(stream), version=version, state=codec.STATE.validate_json(body)
        )
        for stream, version, body in connection.execute(latest)
    }


def digests(connection: Connection) -> dict[tuple[StreamId, int], bytes]:
    """What tells each snapshot's state, by stream and version."""
    body = func.sha256(func.convert_to(_SNAPSHOTS.body, "UTF8"))
    rows = connection.execute(select(_SNAPSHOTS.stream, _SNAPSHOTS.version, body))
    return {(StreamId(stream), version): digest for stream, version, digest in rows}


def digest(state: State) -> bytes:
    """The same, of a state."""
    return sha256(codec.STATE.dump_json(state)).digest()


def _due() -> Select[str, int]:
    """The streams that have grown by a step since their last snapshot, and their steps."""
    last = (
        select(func.max(_SNAPSHOTS.version))
        .where(_SNAPSHOTS.stream == _STATES.stream)
        .correlate(tables.states)
        .scalar_subquery()
    )
    step = func.greatest(_LEAST, func.length(_STATES.body) / _BYTES_OF_AN_EVENT)
    grown = _STATES.version - func.coalesce(last, 0)
    return select(_STATES.stream, step).where(grown >= step).order_by(_STATES.stream)


def _of(connection: Connection, stream: StreamId, step: int) -> Iterator[dict[str, object]]:
    """The snapshots a stream lacks, one every `step` versions after the last."""
    growing = _last(connection, stream)
    taken = growing.fold.version
    for entry in log.read(connection, stream, growing.fold.version):
        growing = growing.told(entry)
        if growing.fold.version - taken >= step:
            taken = growing.fold.version
            yield {
                "stream": stream,
                "version": taken,
                "happened_by": growing.happened_by,
                "known_by": growing.known_by,
                "body": codec.STATE.dump_json(growing.fold.state).decode(),
            }


def _last(connection: Connection, stream: StreamId) -> _Growing:
    row = connection.execute(
        select(tables.snapshots)
        .where(_SNAPSHOTS.stream == stream)
        .order_by(_SNAPSHOTS.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        begun = Fold(version=0, decision_id="", state=initial(stream))
        return _Growing(stream=stream, fold=begun, happened_by=None, known_by=None)
    return _Growing(
        stream=stream,
        fold=Fold(version=row.version, decision_id="", state=codec.STATE.validate_json(row.body)),
        happened_by=row.happened_by,
        known_by=row.known_by,
    )


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)
