"""Many processes append to one log: is there a gap, a loss, a double, or a reader who misses one?

`python -m chaos.crowd [--processes N] [--appends N]`. Beside it the plain design, a table whose
identity column is the position, has to be seen to fail: its reader misses what commits late.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import TypeAlias

import psycopg

from bench import place
from domain.calendar import HANOI
from domain.construction import ProgressReported
from domain.streams import Fact
from domain.values import Act, Post, Role, SectionId, StreamId, UnitCode
from storage import log

Receipt: TypeAlias = tuple[int, str]
"""A position, and the decision that was told that it stands there."""

_SPAWN = multiprocessing.get_context("spawn")
_SHARED = 7
_AT = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_BY = Post(role=Role.INVESTOR, unit=UnitCode("an-duong"))
_PLAIN = """
    CREATE TABLE plain (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, decision_id text NOT NULL)
"""
_INSERT = "INSERT INTO plain (decision_id) VALUES (%s) RETURNING position"
_VERSION = "SELECT coalesce(max(version), 0) FROM events WHERE stream = %s"
_LOG = "SELECT position, decision_id FROM events WHERE position > %s ORDER BY position"
_TABLE = "SELECT position, decision_id FROM plain WHERE position > %s ORDER BY position"
_HOLES = """
    SELECT count(*) FROM (
        SELECT version, row_number() OVER (PARTITION BY stream ORDER BY version) AS expected
        FROM events) AS numbered WHERE version <> expected
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was acknowledged, and what the table and a tailing reader have of it."""

    acknowledged: int
    lost: int
    doubled: int
    gaps: int
    missed: int
    seconds: float


def append(url: str, writer: int, times: int) -> list[Receipt]:
    """One to three events a turn, on one of a few streams that all writers share."""
    chance = Random(writer)
    receipts: list[Receipt] = []
    engine = log.engine(url)
    while len(receipts) < times:
        stream = StreamId(f"project/{chance.randrange(_SHARED)}")
        events = chance.choice((1, 1, 2, 3))
        decision = f"{writer}:{len(receipts)}"
        with log.turn(engine) as connection:
            log.lock(connection, stream)
            ((version,),) = log.driver(connection).execute(_VERSION, (stream,)).fetchall()
            last = log.append(connection, _facts(stream, version, decision, events)).last
        receipts += [(last - more, f"{decision}.{events - more}") for more in range(events)]
    engine.dispose()
    return receipts


def insert(url: str, writer: int, times: int) -> list[Receipt]:
    """The plain design: the position is drawn before the commit, and nobody waits for anybody."""
    receipts = []
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for number in range(times):
            ((position,),) = connection.execute(_INSERT, (f"{writer}:{number}",)).fetchall()
            connection.commit()
            receipts.append((position, f"{writer}:{number}"))
    return receipts


def count(
    url: str,
    write: Callable[[str, int, int], list[Receipt]],
    tail: str,
    *,
    processes: int,
    each: int,
) -> Count:
    """Let them write, read along by position as a subscriber does, and compare."""
    began = time.monotonic()
    seen: list[Receipt] = []
    with (
        _SPAWN.Pool(processes) as pool,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as reader,
    ):
        writing = pool.starmap_async(write, [(url, writer, each) for writer in range(processes)])
        while not writing.ready():
            seen += reader.execute(tail.encode(), (seen[-1][0] if seen else 0,)).fetchall()
        receipts = [receipt for told in writing.get() for receipt in told]
        seen += reader.execute(tail.encode(), (seen[-1][0] if seen else 0,)).fetchall()
        kept = reader.execute(tail.encode(), (0,)).fetchall()
    return Count(
        acknowledged=len(receipts),
        lost=len(set(receipts) - set(kept)),
        doubled=sum(times - 1 for times in Counter(name for _, name in kept).values()),
        gaps=sum(after != before + 1 for (before, _), (after, _) in pairwise([(0, ""), *kept])),
        missed=len(set(kept) - set(seen)) + (seen != sorted(set(seen))),
        seconds=time.monotonic() - began,
    )


def _facts(stream: StreamId, version: int, decision: str, events: int) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            stream=stream,
            version=version + more,
            decision_id=f"{decision}.{more}",
            act=Act(by=_BY, at=_AT),
            event=ProgressReported(section=SectionId("S1"), percent=1),
        )
        for more in range(1, events + 1)
    )


def main() -> int:
    """1 if the log lost, doubled, skipped or hid anything, or if the plain table did not."""
    parser = argparse.ArgumentParser(prog="python -m chaos.crowd", description=__doc__)
    parser.add_argument("--processes", type=int, default=12)
    parser.add_argument("--appends", type=int, default=20_000)
    asked = parser.parse_args()
    each = -(-asked.appends // asked.processes)
    with place.database() as url:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(_PLAIN)
        ours = count(url, append, _LOG, processes=asked.processes, each=each)
        plain = count(url, insert, _TABLE, processes=asked.processes, each=each)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            ((holes,),) = connection.execute(_HOLES).fetchall()
    print(f"log:   {ours}, holes in versions {holes}")
    print(f"plain: {plain}")
    well = not (ours.lost or ours.doubled or ours.gaps or ours.missed or holes)
    print("held" if well and plain.missed else "BROKEN" if not well else "control saw nothing")
    return 0 if well and plain.missed else 1


if __name__ == "__main__":
    sys.exit(main())
