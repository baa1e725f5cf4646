"""The record from any view: read models for what stands now, folds of the log for all else."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    Select,
    Text,
    and_,
    any_,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from domain import officials, restore
from domain.inbox import is_open, waits
from domain.policy import Policy
from domain.travel import NOW, Past, View, past
from domain.values import Post, StreamId
from domain.waits import Wait
from storage import log, pinned, policies, queries, snapshots, tables
from storage.queries import Refusal, Standing

_STATES = tables.states
_ROOMS = ("project", "clearance", "payment", "question", "record", "officials")
"""Where something may wait."""
_EVENTS = tables.events.c
_known_at = func.coalesce(
    # Facts from before acts carried it were known when they were written.
    cast(_EVENTS.act["known_at"].astext, DateTime(timezone=True)),
    _EVENTS.recorded_at,
)
_ENTRY = (
    _EVENTS.position,
    _EVENTS.stream,
    _EVENTS.version,
    _EVENTS.decision_id,
    _EVENTS.kind,
    _EVENTS.schema_version,
    _EVENTS.body.cast(Text),
    _EVENTS.act.cast(Text),
    _EVENTS.recorded_at,
    _EVENTS.hash,
)

_AT_ONCE = 5_000


class Picture:
    """What the record shows at a view; a room's facts are read in one query.

    `left_out` gathers the facts that could not be folded, of every stream asked for.
    """

    def __init__(self, engine: Engine, view: View, now: datetime) -> None:
        self.engine = engine
        self.view = view
        self.asked_at = now
        self.now = view.moment(now)
        self.left_out: dict[StreamId, Past] = {}
        self._laws: dict[str, Policy] = {}

    def standings(self, room: str, *, open_only: bool = False) -> tuple[Standing, ...]:
        """All streams of one kind that have begun."""
        if self.view.is_now:
            return queries.standings(self.engine, room, open_only=open_only)
        found = self._all(room)
        return tuple(standing for standing in found if standing.is_open or not open_only)

    def standing(self, stream: StreamId) -> Standing | None:
        """One stream, if it has begun."""
        if self.view.is_now:
            return queries.standing(self.engine, stream)
        return next(self._fold((stream,)), None)

    def waits_of(self, streams: Iterable[StreamId]) -> tuple[Wait, ...]:
        """What some cases wait for, case by case."""
        if self.view.is_now:
            found = [queries.waits_of(self.engine, stream) for stream in streams]
            return tuple(wait for of_one in found for wait in of_one)
        wanted = list(streams)
        folded = {standing.stream: standing for standing in self._fold(wanted)}
        standings = [folded[stream] for stream in wanted if stream in folded]
        return tuple(wait for standing in standings for wait in self._waits(standing))

    def inbox(self, post: Post | None = None) -> tuple[Wait, ...]:
        """Open waits, the most urgent first; of one post, or of everybody."""
        if self.view.is_now:
            return queries.inbox(self.engine, post)
        found = [
            wait
            for standing in self._all(*_ROOMS)
            for wait in self._waits(standing)
            if post in (None, wait.post)
        ]
        return tuple(sorted(found, key=_urgency))

    def entries(self, *streams: StreamId) -> tuple[log.Entry, ...]:
        """Every fact of some streams that the view holds, in the order of the log."""
        return self._read(_EVENTS.stream.in_(streams))

    def entries_under(self, *prefixes: str) -> tuple[log.Entry, ...]:
        """The same, of every stream whose name starts so."""
        return self._read(or_(*(func.starts_with(_EVENTS.stream, each) for each in prefixes)))

    def refusals(self, post: Post) -> tuple[Refusal, ...]:
        """Refusals of commands that a post sent without waiting, newest first."""
        found = queries.refusals(self.engine, post)
        if self.view.is_now:
            return tuple(found)
        kept = self._read(_EVENTS.kind == "DecisionRefused")
        seen = {(entry.fact.stream, entry.fact.version) for entry in kept}
        return tuple(row for row in found if (row.stream, row.version) in seen)

    def _all(self, *rooms: str) -> list[Standing]:
        """Every stream of some kinds. One whose every fact the view holds stands as it does now.

        The others, of which the view lacks a fact, are folded.
        """
        outside = (
            select(_EVENTS.stream)
            .distinct()
            .where(or_(*map(_of_room, rooms)), not_(and_(*within(self.view))))
        )
        with log.look(self.engine) as connection, connection.begin():
            # What is recorded meanwhile must not stand in a row and be missing from what is parted.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            parted = [StreamId(stream) for stream in connection.execute(outside).scalars()]
            of_parted = _STATES.c.stream == any_(literal(parted, ARRAY(Text)))
            shown = select(_STATES).where(_STATES.c.room.in_(rooms), not_(of_parted))
            whole = [queries.standing_of(row) for row in connection.execute(shown)]
        return sorted([*whole, *self._fold(parted)], key=lambda standing: standing.stream)

    def law(self, version: str) -> Policy:
        """The law that a case pinned."""
        if version not in self._laws:
            self._laws[version] = pinned.saved(self.engine, version)
        return self._laws[version]

    def _read(self, which: ColumnElement[bool]) -> tuple[log.Entry, ...]:
        return _read(self.engine, which, self.view)

    def _fold(self, streams: Iterable[StreamId]) -> Iterator[Standing]:
        """Streams as the view shows them, each from the latest snapshot it holds whole."""
        wanted = sorted(streams)
        with log.look(self.engine) as connection:
            begun = snapshots.before(connection, wanted, self.view)
        after = {stream: begun[stream].version if stream in begun else 0 for stream in wanted}
        told = by_stream(_read_after(self.engine, after, self.view))
        for stream in wanted:
            facts = (entry.fact for entry in told.get(stream, ()))
            found = past(stream, facts, begun.get(stream))
            if found.left_out:
                self.left_out[stream] = found
            if found.version:
                yield Standing(
                    stream=stream,
                    version=found.version,
                    is_open=is_open(found.state),
                    state=found.state,
                )

    def _waits(self, standing: Standing) -> tuple[Wait, ...]:
        """What pins no law, the record and its registry, waits under that of today."""
        version: str | None = getattr(standing.state, "policy", None)
        if version is None and standing.stream not in (restore.STREAM, officials.STREAM):
            return ()
        law = self.law(version) if version else policies.load()
        found = waits(standing.state, law)
        return tuple(sorted(found, key=lambda wait: wait.key))


def by_stream(entries: Iterable[log.Entry]) -> dict[StreamId, list[log.Entry]]:
    """Facts sorted into their streams; each stream's stay in the order of its versions."""
    found: dict[StreamId, list[log.Entry]] = {}
    for entry in entries:
        found.setdefault(entry.fact.stream, []).append(entry)
    return found


def fold(engine: Engine, stream: StreamId, view: View = NOW) -> Past:
    """One stream from its facts alone, whatever the read models say."""
    entries = _read(engine, _EVENTS.stream == stream, view)
    return past(stream, (entry.fact for entry in entries))


def _read(engine: Engine, which: ColumnElement[bool], view: View) -> tuple[log.Entry, ...]:
    return _entries(engine, select(*_ENTRY).where(which, *within(view)).order_by(_EVENTS.position))


def _read_after(engine: Engine, after: Mapping[StreamId, int], view: View) -> tuple[log.Entry, ...]:
    """The facts of some streams that a view holds, each stream's after a version."""
    begin = (
        func.unnest(
            literal(list(after), ARRAY(Text)), literal(list(after.values()), ARRAY(Integer))
        )
        .table_valued("stream", "version", name="begin")
        .render_derived()
    )
    query = (
        select(*_ENTRY)
        .join_from(tables.events, begin, _EVENTS.stream == begin.c.stream)
        .where(_EVENTS.version > begin.c.version, *within(view))
        .order_by(_EVENTS.position)
    )
    return _entries(engine, query)


def _entries(engine: Engine, query: Select[Any]) -> tuple[log.Entry, ...]:
    with log.look(engine) as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(query)
        return tuple(log.entry(tuple(row)) for some in rows.partitions() for row in some)


def _of_room(room: str) -> ColumnElement[bool]:
    return func.starts_with(_EVENTS.stream, f"{room}/")


def within(view: View) -> tuple[ColumnElement[bool], ...]:
    happened = () if view.as_of is None else (_EVENTS.occurred_at <= view.as_of,)
    known = () if view.known_at is None else (_known_at <= view.known_at,)
    return (*happened, *known)


def _urgency(wait: Wait) -> tuple[bool, datetime, StreamId, str]:
    return (wait.due is None, wait.due or wait.since, wait.stream, wait.key)
