"""Appending to the log, beside plain INSERTs of the same rows that keep no order."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TypeAlias
from unittest.mock import patch  # takes the hash chain out, to measure what it costs

import psycopg
from sqlalchemy import Engine

from bench import place, rival
from bench.rounds import Comparison, Scale, Tick, take_turns
from domain import chain
from domain.calendar import HANOI
from domain.construction import ProgressReported
from domain.streams import Fact
from domain.values import Act, Post, Role, SectionId, StreamId, UnitCode
from storage import codec, log, upcasts

WRITERS = {1: 0.55, 4: 0.55, 16: 0.60}
COMPARISONS = 2 * (len(WRITERS) + 1) + 3

_APPENDS = 200
_BATCHES = 6
_BATCH = 100
_AT = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_BY = Post(role=Role.INVESTOR, unit=UnitCode("an-duong"))
_HASH = bytes(32)

_PLAIN = """
    CREATE TABLE plain (LIKE events INCLUDING ALL);
    CREATE SEQUENCE plain_position;
    ALTER TABLE plain ALTER position SET DEFAULT nextval('plain_position');
"""
_COLUMNS = (
    "stream, version, decision_id, kind, schema_version, body, act, occurred_at, hash, recorded_at"
)
_INSERT = (
    f"INSERT INTO plain ({_COLUMNS})"
    " VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, clock_timestamp())"
)
_INSERT_ARRAYS = (
    f"INSERT INTO plain ({_COLUMNS}) SELECT *, clock_timestamp() FROM unnest("
    "%b::text[], %b::int4[], %b::text[], %b::text[], %b::int2[], %b::jsonb[], %b::jsonb[],"
    " %b::timestamptz[], %b::bytea[])"
)
_streams = count(1)

_Write: TypeAlias = Callable[[], None]
_Writing: TypeAlias = Callable[[list[tuple[Fact, ...]]], AbstractContextManager[_Write]]
"""One writer of these facts, ready: what it is to write is made, what it writes over is open."""


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """One event per commit at several numbers of writers; a hundred per commit; what it costs."""
    with ExitStack() as opened:
        url = opened.enter_context(place.database())
        engine = log.engine(url)
        opened.callback(engine.dispose)
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            connection.execute(_PLAIN)
        app = opened.enter_context(rival.application(url)) if rival.IS_HERE else None
        each, batches = scale.of(_APPENDS), scale.of(_BATCHES)
        ours, inserts = partial(_appending, engine), partial(_inserting, address)

        def beside(
            what: str, baseline_is: str, goal: float | None, mine: _Rate, theirs: _Rate
        ) -> Comparison:
            found = take_turns(scale, mine, theirs, tick)
            return Comparison(
                what=what,
                baseline_is=baseline_is,
                unit="events/s",
                ours=found[0],
                baseline=found[1],
                goal=goal,
            )

        for writers, goal in WRITERS.items():
            what = f"append one event, {writers} writer{'s' * (writers > 1)}"
            size = each // writers
            append = partial(_rate, writers, ours, size, 1)
            yield beside(
                what, "raw INSERT, commit", goal, append, partial(_rate, writers, inserts, size, 1)
            )
            if app is not None:
                library = partial(_library_rate, app, writers, size, 1)
                yield beside(what, "eventsourcing, its default", 3.0, append, library)
        what = f"append {_BATCH} events at once"
        append = partial(_rate, 1, ours, batches, _BATCH)
        arrays = partial(_rate, 1, partial(_inserting_arrays, address), batches, _BATCH)
        yield beside(what, "raw INSERT from arrays", 0.65, append, arrays)
        if app is not None:
            library = partial(_library_rate, app, 1, batches, _BATCH)
            yield beside(what, "eventsourcing, its default", 2.0, append, library)
        unchained = partial(_without_chain, append)
        yield beside("the hash chain", "the same 100 events unchained", 0.85, append, unchained)
        single = partial(_rate, 1, ours, each, 1)
        held = partial(_under_a_snapshot, address, single)
        yield beside("append while a report is open", "append alone", 1 / 1.2, held, single)
        conflicts = partial(_rate, 1, partial(_conflicting, engine), each, 1)
        raw = partial(_rate, 1, inserts, each, 1)
        yield beside("answer a taken version", "raw INSERT, commit", 1.0, conflicts, raw)


_Rate: TypeAlias = Callable[[], float]
"""Runs once, and says how many events a second it was."""


def _rate(writers: int, writing: _Writing, batches: int, size: int) -> float:
    """Events per second of so many threads, each on a stream of its own."""
    with ExitStack() as ready:
        return _timed(
            [ready.enter_context(writing(_made(batches, size))) for _ in range(writers)],
            batches * size,
        )


def _library_rate(app: rival.Library, writers: int, batches: int, size: int) -> float:
    return _timed([rival.appending(app, batches, size) for _ in range(writers)], batches * size)


def _timed(writes: list[_Write], events_each: int) -> float:
    with ThreadPoolExecutor(len(writes)) as pool:
        began = time.perf_counter()
        for one in [pool.submit(write) for write in writes]:
            one.result()
        return len(writes) * events_each / (time.perf_counter() - began)


def _without_chain(rate: _Rate) -> float:
    # The same append without its chain: no program of ours has one, so it is taken out here.
    with (
        patch.object(chain, "record", lambda **_: b""),
        patch.object(chain, "chained", lambda *_: _HASH),
    ):
        return rate()


def _under_a_snapshot(address: str, rate: _Rate) -> float:
    with psycopg.connect(address) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT count(*) FROM clock")
        return rate()


@contextmanager
def _conflicting(engine: Engine, batches: list[tuple[Fact, ...]]) -> Iterator[_Write]:
    """Appends that come too late: their version is taken."""
    with log.turn(engine) as connection:
        log.append(connection, batches[0])

    def write() -> None:
        for _ in batches:
            try:
                with log.turn(engine) as connection:
                    log.append(connection, batches[0], {})
            except log.Conflict:
                continue
            raise AssertionError("the version was free")

    yield write


@contextmanager
def _appending(engine: Engine, batches: list[tuple[Fact, ...]]) -> Iterator[_Write]:
    def write() -> None:
        # As the record does it: whoever holds a stream knows the hash it ends with.
        heads: Mapping[StreamId, bytes] = {}
        for facts in batches:
            with log.turn(engine) as connection:
                heads = log.append(connection, facts, heads).heads

    yield write


@contextmanager
def _inserting(address: str, batches: list[tuple[Fact, ...]]) -> Iterator[_Write]:
    rows = [_row(fact) for facts in batches for fact in facts]
    with psycopg.connect(address, autocommit=True) as connection:

        def write() -> None:
            for row in rows:
                connection.execute(_INSERT, row)

        yield write


@contextmanager
def _inserting_arrays(address: str, batches: list[tuple[Fact, ...]]) -> Iterator[_Write]:
    columns = [tuple(map(list, zip(*map(_row, facts), strict=True))) for facts in batches]
    with psycopg.connect(address, autocommit=True) as connection:

        def write() -> None:
            for arrays in columns:
                connection.execute(_INSERT_ARRAYS, arrays)

        yield write


def _made(batches: int, size: int) -> list[tuple[Fact, ...]]:
    stream = StreamId(f"project/A{next(_streams):06d}")
    return [
        tuple(
            Fact(
                stream=stream,
                version=number * size + ordinal,
                decision_id=f"{stream}:{number}",
                act=Act(by=_BY, at=_AT + timedelta(hours=number)),
                event=ProgressReported(section=SectionId("S1"), percent=ordinal),
            )
            for ordinal in range(1, size + 1)
        )
        for number in range(batches)
    ]


def _row(fact: Fact) -> tuple[str | int | bytes | datetime, ...]:
    return (
        fact.stream,
        fact.version,
        fact.decision_id,
        fact.event.kind,
        upcasts.current(fact.event.kind),
        codec.EVENT.dump_json(fact.event).decode(),
        codec.ACT.dump_json(fact.act).decode(),
        fact.act.at,
        _HASH,
    )
