"""Many payments are checked at once against one ceiling: is more ever held than was given?

`python -m chaos.spend [--payments N] [--processes N]`. Three guards stand in the way: the rules
under the stream's lock, one event per version, and the database's own count. Beside the race, the
count has to hold when the rules let everything pass, and without any guard the checker has to see
the overspending.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from multiprocessing.synchronize import Barrier
from typing import Any, TypeAlias
from unittest import mock

import psycopg
from sqlalchemy import Connection, Engine

from bench import place
from chaos import cases, check
from chaos.cases import ADVANCES, YEARS_CAPITAL, ChaosProject
from domain import capital
from domain.calendar import HANOI
from domain.lots import Draw
from domain.recording import Accepted, Ask, Batch, Outcome
from domain.streams import Envelope
from domain.values import Vnd
from storage import log, policies
from storage.record import Record

_SPAWN = multiprocessing.get_context("spawn")
_NOW = datetime(2024, 12, 1, 8, tzinfo=HANOI)
_AT_ONCE = 100
_CONTROL = 60
"""Payments of a control; enough for each of them to be seen."""

Answers: TypeAlias = list[str]
"""`Accepted`, or the rule that refused, or the failure that ended it."""


class Guards(StrEnum):
    """Which of them are in place."""

    ALL = "all"
    COUNT_ONLY = "count-only"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What became of the checks, and what the log says was held of what was given."""

    answers: dict[str, int]
    held: int
    given: int
    overspent: tuple[str, ...]
    unlike: int
    seconds: float


def found(record: Record, payments: int) -> list[Envelope]:
    """A project whose payments have been asked for, and may be checked: they ask for three times
    the year's capital.
    """
    project = ChaosProject("SPEND")
    worth = Vnd(ADVANCES // payments)
    for envelope in (*project.founding(), *project.building(), cases.capital([project])):
        _must(record, [envelope])
    requests = [project.request(number, worth) for number in range(payments)]
    for first in range(0, payments, _AT_ONCE):
        _must(record, requests[first : first + _AT_ONCE])
    return [project.check(number) for number in range(payments)]


def decide(record: Record, envelope: Envelope) -> str:
    """One check at the record; what it answered."""
    try:
        return _answer(_hand_in(record, [envelope])[0])
    except Exception as error:  # noqa: BLE001  # without its guards the record may break in any way
        return type(error).__name__


def race(url: str, payments: int, processes: int, guards: Guards = Guards.ALL) -> Spent:
    """Found a project, let all its payments be checked at once, and add up."""
    engine = log.engine(url)
    checks = found(Record(engine, policies.load()), payments)
    if guards is Guards.NONE:
        _drop_guards(url)
    shares = [(url, checks[nth::processes], guards) for nth in range(processes)]
    with _SPAWN.Pool(processes, _wait_for, (_SPAWN.Barrier(processes),)) as pool:
        told = pool.starmap(_check_some, shares, chunksize=1)
    engine.dispose()
    answers = [one for share, _ in told for one in share]
    return count(url, answers, max(seconds for _, seconds in told))


def count(url: str, answers: Answers, seconds: float = 0.0) -> Spent:
    """The answers beside the log, which is added up here."""
    books = check.read(url.replace("+psycopg", ""))
    bodies = [(row[4], row[7]) for row in books.events]
    held = [body["amount"] for kind, body in bodies if kind == "CapitalReserved"]
    return Spent(
        answers=dict(Counter(answers)),
        held=sum(held),
        given=YEARS_CAPITAL,
        overspent=tuple(check.ceiling(books)),
        unlike=abs(len(held) - answers.count("Accepted")),
        seconds=seconds,
    )


@contextmanager
def blind() -> Iterator[None]:
    """Rules that find capital for everything."""

    def drawn(_plan: object, _project: object, amount: Vnd, _on: object) -> tuple[Draw, ...]:
        return (Draw(lot=0, amount=amount),)

    with mock.patch.object(capital, "drawn", drawn):
        yield


@contextmanager
def unlocked() -> Iterator[None]:
    """A record that takes no stream before it decides."""

    def lock(_connection: Connection, _stream: object) -> None:
        return

    with mock.patch.object(log, "take", log.read), mock.patch.object(log, "lock", lock):
        yield


_gate: list[Barrier] = []


def _wait_for(all_are_here: Barrier) -> None:
    """Nobody begins before everybody has come: whoever starts first would be done by then."""
    _gate.append(all_are_here)


def _check_some(url: str, checks: list[Envelope], guards: Guards) -> tuple[Answers, float]:
    engine: Engine = log.engine(url)
    record = Record(engine, policies.load())
    _gate[0].wait()
    began = time.monotonic()
    match guards:
        case Guards.ALL:
            answers = [decide(record, envelope) for envelope in checks]
        case Guards.COUNT_ONLY:
            with blind():
                answers = [decide(record, envelope) for envelope in checks]
        case Guards.NONE:
            with unlocked():
                answers = [decide(record, envelope) for envelope in checks]
    engine.dispose()
    return answers, time.monotonic() - began


def _drop_guards(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("ALTER TABLE ceilings DROP CONSTRAINT never_more_than_allocated")
        connection.execute("ALTER TABLE events DROP CONSTRAINT one_event_per_version")


def _hand_in(record: Record, envelopes: list[Envelope]) -> tuple[Outcome, ...]:
    asks = tuple(Ask(envelope=envelope) for envelope in envelopes)
    batch = Batch(stream=envelopes[0].stream, after=0, now=_NOW, asks=asks)
    return record.decide(batch).outcomes


def _must(record: Record, envelopes: list[Envelope]) -> None:
    refused = [one for one in _hand_in(record, envelopes) if not isinstance(one, Accepted)]
    if refused:
        raise SystemExit(f"could not be prepared: {refused[0]}")


def _answer(outcome: Outcome) -> str:
    return outcome.kind if isinstance(outcome, Accepted) else outcome.rule


def _run(payments: int, processes: int, guards: Guards) -> Spent:
    with place.database() as url:
        spent = race(url, payments, processes, guards)
    print(f"{guards}: {spent}", flush=True)
    return spent


def main() -> int:
    """1 if more was held than was given, or if a control did not show what it must."""
    parser: Any = argparse.ArgumentParser(prog="python -m chaos.spend", description=__doc__)
    parser.add_argument("--payments", type=int, default=5_000)
    parser.add_argument("--processes", type=int, default=8)
    asked = parser.parse_args()
    controls = min(asked.payments, _CONTROL)
    ours = _run(asked.payments, asked.processes, Guards.ALL)
    counted = _run(controls, asked.processes, Guards.COUNT_ONLY)
    bare = _run(controls, asked.processes, Guards.NONE)
    well = not (ours.overspent or ours.unlike or counted.overspent or counted.unlike)
    seen = bool(bare.overspent) and "capital_guard" in counted.answers
    print("held" if well and seen else "BROKEN" if not well else "controls saw nothing")
    return 0 if well and seen else 1


if __name__ == "__main__":
    sys.exit(main())
