"""Appending to the log, beside plain INSERTs of the same rows that keep no order."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import count

import psycopg
from sqlalchemy import Engine

from bench import place
from bench.rounds import Comparison, Scale, Tick, take_turns
from domain.calendar import HANOI
from domain.construction import ProgressReported
from domain.streams import Fact
from domain.values import Act, Post, Role, SectionId, StreamId, UnitCode
from storage import codec, log, upcasts

WRITERS = {1: 0.55, 4: 0.55, 16: None}
COMPARISONS = len(WRITERS) + 1

_APPENDS = 600
_BATCHES = 20
_BATCH = 100
_AT = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_BY = Post(role=Role.INVESTOR, unit=UnitCode("an-duong"))

_PLAIN = """
    CREATE TABLE plain (LIKE events INCLUDING ALL);
    CREATE SEQUENCE plain_position;
    ALTER TABLE plain ALTER position SET DEFAULT nextval('plain_position');
"""
_COLUMNS = "stream, version, decision_id, kind, schema_version, body, act, occurred_at, recorded_at"
_INSERT = (
    f"INSERT INTO plain ({_COLUMNS})"
    " VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, clock_timestamp())"
)
_INSERT_ARRAYS = (
    f"INSERT INTO plain ({_COLUMNS}) SELECT *, clock_timestamp() FROM unnest("
    "%b::text[], %b::int4[], %b::text[], %b::text[], %b::int2[], %b::jsonb[], %b::jsonb[],"
    " %b::timestamptz[])"
)
_streams = count(1)

_Writing = AbstractContextManager[Callable[[], None]]
"""One writer, ready: what it is to write is made, what it writes over is open."""


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """One event per commit at several numbers of writers; then a hundred per commit."""
    with place.database() as url:
        engine = log.engine(url)
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            connection.execute(_PLAIN)
        for writers, goal in WRITERS.items():
            yield _compare(scale, tick, engine, address, writers, goal)
        yield _compare_batches(scale, tick, engine, address)
        engine.dispose()


def _compare(
    scale: Scale, tick: Tick, engine: Engine, address: str, writers: int, goal: float | None
) -> Comparison:
    each = scale.of(_APPENDS) // writers
    ours, baseline = take_turns(
        scale,
        lambda: _rate(writers, each, lambda: _appending(engine, _made(each, 1))),
        lambda: _rate(writers, each, lambda: _inserting(address, _made(each, 1))),
        tick,
    )
    return Comparison(
        what=f"append one event, {writers} writer{'s' * (writers > 1)}",
        baseline_is="raw INSERT, commit",
        unit="events/s",
        ours=ours,
        baseline=baseline,
        goal=goal,
    )


def _compare_batches(scale: Scale, tick: Tick, engine: Engine, address: str) -> Comparison:
    batches = scale.of(_BATCHES)
    events = batches * _BATCH
    ours, baseline = take_turns(
        scale,
        lambda: _rate(1, events, lambda: _appending(engine, _made(batches, _BATCH))),
        lambda: _rate(1, events, lambda: _inserting_arrays(address, _made(batches, _BATCH))),
        tick,
    )
    return Comparison(
        what=f"append {_BATCH} events at once",
        baseline_is="raw INSERT from arrays",
        unit="events/s",
        ours=ours,
        baseline=baseline,
        goal=0.65,
    )


def _rate(writers: int, events_each: int, writing: Callable[[], _Writing]) -> float:
    """Events per second of so many threads, each on a stream of its own."""
    ready = threading.Barrier(writers + 1)

    def run() -> None:
        with writing() as write:
            ready.wait()
            write()

    threads = [threading.Thread(target=run) for _ in range(writers)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return writers * events_each / (time.perf_counter() - began)


@contextmanager
def _appending(engine: Engine, batches: list[tuple[Fact, ...]]) -> Iterator[Callable[[], None]]:
    def write() -> None:
        # As the record does it: whoever holds a stream knows the hash it ends with.
        heads: Mapping[StreamId, bytes] = {}
        for facts in batches:
            with log.turn(engine) as connection:
                heads = log.append(connection, facts, heads).heads

    yield write


@contextmanager
def _inserting(address: str, batches: list[tuple[Fact, ...]]) -> Iterator[Callable[[], None]]:
    rows = [_row(fact) for facts in batches for fact in facts]
    with psycopg.connect(address, autocommit=True) as connection:

        def write() -> None:
            for row in rows:
                connection.execute(_INSERT, row)

        yield write


@contextmanager
def _inserting_arrays(
    address: str, batches: list[tuple[Fact, ...]]
) -> Iterator[Callable[[], None]]:
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


def _row(fact: Fact) -> tuple[str | int | datetime, ...]:
    return (
        fact.stream,
        fact.version,
        fact.decision_id,
        fact.event.kind,
        upcasts.current(fact.event.kind),
        codec.EVENT.dump_json(fact.event).decode(),
        codec.ACT.dump_json(fact.act).decode(),
        fact.act.at,
    )
