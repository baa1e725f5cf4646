"""Large cases beside small ones: what one more household or section costs all the others."""

import asyncio
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

from bench import place
from bench.projects import BenchProject, tell
from bench.rounds import Comparison, Scale, Tick, Unit, take_turns
from domain.alarms import alarm
from domain.clock import WALL_CLOCK
from domain.inbox import waits
from domain.recording import Accepted, Ask, Batch, Opened, Recorded
from domain.streams import Envelope
from domain.values import SectionId, StreamId
from storage import codec, log, policies
from storage.record import Record
from workflows.converter import adapter, data_converter
from workflows.encryption import Keyring

COMPARISONS = 6

_LARGE, _SMALL = 2_000, 20
_MANY, _FEW = 40, 4
_DECISIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """A case on record, decisions that it will take, and the case as its workflow reads it."""

    record: Record
    stream: StreamId
    ask: Callable[[], Envelope]

    def decide(self) -> Recorded:
        wanted = self.ask()
        version = self.record.fold(self.stream).version
        asks = (Ask(envelope=wanted),)
        batch = Batch(stream=self.stream, after=version, now=wanted.act.at, asks=asks)
        recorded = self.record.decide(batch)
        assert isinstance(recorded.outcomes[0], Accepted), recorded.outcomes
        return recorded

    def opened(self) -> Opened:
        fold = self.record.fold(self.stream)
        policy = self.record.policy_of(fold.state)
        return Opened(version=fold.version, state=fold.state, policy=policy, clock=WALL_CLOCK)


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """Sections of 2,000 and of 20 households, projects of 40 and of 4 sections."""
    with place.database() as url:
        engine = log.engine(url)
        record = Record(engine, policies.load())
        large, small = _section(record, _LARGE), _section(record, _SMALL)
        many, few = _project(record, _MANY), _project(record, _FEW)
        of_small = f"the same of {_SMALL}"
        ms: Unit = "ms"
        kb: Unit = "kB"
        for what, beside, unit, goal, ours, baseline in (
            (
                f"decide on one of {_LARGE:,} households",
                of_small,
                ms,
                None,
                partial(_deciding, large, scale),
                partial(_deciding, small, scale),
            ),
            (
                f"history of one decision on {_LARGE:,} households",
                of_small,
                kb,
                1.05,
                lambda: _weight(large.decide()),
                lambda: _weight(small.decide()),
            ),
            (
                f"read back a section of {_LARGE:,} households",
                of_small,
                ms,
                None,
                partial(_reading, large),
                partial(_reading, small),
            ),
            (
                f"hand {_LARGE:,} households to a new run",
                "as plain JSON",
                kb,
                0.25,
                lambda: _weight(large.opened()),
                lambda: len(adapter(Opened).dump_json(large.opened())) / 1_000,
            ),
            (
                f"hold {_LARGE:,} households in memory",
                "their JSON",
                kb,
                None,
                partial(_memory, large),
                lambda: len(codec.STATE.dump_json(large.opened().state)) / 1_000,
            ),
            (
                f"decide in a project of {_MANY} sections",
                f"the same of {_FEW}",
                ms,
                2.0,
                partial(_deciding, many, scale),
                partial(_deciding, few, scale),
            ),
        ):
            mine, theirs = take_turns(scale, ours, baseline, tick)
            yield Comparison(
                what=what, baseline_is=beside, unit=unit, ours=mine, baseline=theirs, goal=goal
            )
        engine.dispose()


def _section(record: Record, households: int) -> _Subject:
    project = BenchProject(needs_clearance=True)
    tell(record, project.stream, project.opening())
    tell(record, project.clearance, iter((project.households(households),)), after=1)
    return _Subject(record=record, stream=project.clearance, ask=project.in_turn(households))


def _project(record: Record, sections: int) -> _Subject:
    names = tuple(SectionId(f"S{number}") for number in range(sections))
    project = BenchProject(names)
    tell(record, project.stream, project.building())
    turns = count()

    def report() -> Envelope:
        lap, section = divmod(next(turns), sections)
        return project.progress(names[section], 4 + lap)

    return _Subject(record=record, stream=project.stream, ask=report)


def _deciding(subject: _Subject, scale: Scale) -> float:
    """Milliseconds a decision, the transaction included."""
    decisions = scale.of(_DECISIONS)
    began = time.perf_counter()
    for _ in range(decisions):
        subject.decide()
    return (time.perf_counter() - began) * 1_000 / decisions


def _reading(subject: _Subject) -> float:
    """Milliseconds of a worker that takes the case over: decode it, and see what it waits for."""
    told = adapter(Opened).dump_json(subject.opened())
    began = time.process_time()
    opened: Opened = adapter(Opened).validate_json(told)
    waits(opened.state, opened.policy)
    alarm(opened.state, opened.policy)
    return (time.process_time() - began) * 1_000


def _memory(subject: _Subject) -> float:
    told = codec.STATE.dump_json(subject.opened().state)
    tracemalloc.start()
    held = codec.STATE.validate_json(told)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del held
    return size / 1_000


def _weight(told: object) -> float:
    """What it adds to a history, kB."""
    speaking = data_converter(Keyring(lambda: (bytes(32),)))
    (payload,) = asyncio.run(speaking.encode([told]))
    return payload.ByteSize() / 1_000
