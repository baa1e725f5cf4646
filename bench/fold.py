"""Decoding and folding recorded events, beside the plainest way to read the same rows."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Any, TypeAlias

from bench.rounds import Comparison, Scale, Tick, take_turns
from demo.dataset import history, load
from domain.entailment import entails
from domain.policy import Policy
from domain.streams import (
    Command,
    Entailed,
    Envelope,
    Fact,
    State,
    decide,
    evolve,
    initial,
    replay,
)
from domain.values import StreamId
from storage import codec, policies

COMPARISONS = 1

_EVENTS = 30_000

_Stored: TypeAlias = tuple[str, str]
"""A body and an act, as the log keeps them."""


def measure(scale: Scale, tick: Tick) -> Iterator[Comparison]:
    """The programme's own history of 2022 and 2023, told until there are enough events."""
    streams = _recorded()
    wanted = scale.of(_EVENTS)
    told = []
    events = 0
    for stream, rows in cycle(streams.items()):
        if events >= wanted:
            break
        told.append((stream, rows))
        events += len(rows)
    ours, baseline = take_turns(
        scale, lambda: events / _fold(told), lambda: events / _fold_plainly(told), tick
    )
    yield Comparison(
        what="decode and fold",
        baseline_is="json.loads, dataclass, match",
        unit="events/s",
        ours=ours,
        baseline=baseline,
        goal=1.4,
    )


def _fold(told: list[tuple[StreamId, tuple[_Stored, ...]]]) -> float:
    began = time.process_time()
    for stream, rows in told:
        facts = [
            Fact(
                stream=stream,
                version=version,
                decision_id="",
                act=codec.ACT.validate_json(act),
                event=codec.EVENT.validate_json(body),
            )
            for version, (body, act) in enumerate(rows, 1)
        ]
        replay(facts, initial(stream))
    return time.process_time() - began


def _recorded() -> dict[StreamId, tuple[_Stored, ...]]:
    """What the record would keep of the years before 2024."""
    policy = policies.load()
    states: dict[StreamId, State] = {}
    rows: dict[StreamId, list[_Stored]] = {}
    for envelopes in history(load()).values():
        for envelope in envelopes:
            _decide(envelope, policy, states, rows)
    return {stream: tuple(found) for stream, found in rows.items()}


def _decide(
    envelope: Envelope,
    policy: Policy,
    states: dict[StreamId, State],
    rows: dict[StreamId, list[_Stored]],
) -> None:
    act = codec.ACT.dump_json(envelope.act).decode()
    todo: list[tuple[StreamId, Command | Entailed]] = [(envelope.stream, envelope.command)]
    for stream, command in todo:
        state = states.get(stream) or initial(stream)
        for event in decide(state, command, envelope.act, policy):
            state = evolve(state, event, envelope.act)
            rows.setdefault(stream, []).append((codec.EVENT.dump_json(event).decode(), act))
            todo.extend(entails(state, event))
        states[stream] = state


# The plainest way: five kinds, nothing checked, one state that changes


@dataclass(frozen=True)
class PlainAct:
    by: dict[str, str]
    at: datetime


@dataclass(frozen=True)
class Submitted:
    dossier: str
    round: int
    amount: int
    kept: list[str]


@dataclass(frozen=True)
class Approved:
    dossier: str
    round: int
    step: str
    minutes: dict[str, str] | None


@dataclass(frozen=True)
class Reported:
    section: str
    percent: int


@dataclass(frozen=True)
class Accepted:
    section: str
    volume: int
    complete: bool


@dataclass(frozen=True)
class Other:
    body: dict[str, object]


PlainEvent: TypeAlias = Submitted | Approved | Reported | Accepted | Other

_KINDS: dict[str, type[PlainEvent]] = {
    "DossierSubmitted": Submitted,
    "StepApproved": Approved,
    "ProgressReported": Reported,
    "WorksAccepted": Accepted,
}


@dataclass
class PlainState:
    asked: int = 0
    steps: int = 0
    percent: int = 0
    accepted: int = 0
    others: int = 0
    since: datetime | None = None


def _fold_plainly(told: list[tuple[StreamId, tuple[_Stored, ...]]]) -> float:
    began = time.process_time()
    for _, rows in told:
        state = PlainState()
        for body, act in rows:
            _evolve_plainly(state, _event(json.loads(body)), _act(json.loads(act)))
    return time.process_time() - began


def _event(told: dict[str, Any]) -> PlainEvent:
    kind = _KINDS.get(told.pop("kind"))
    return Other(body=told) if kind is None else kind(**told)


def _act(told: dict[str, Any]) -> PlainAct:
    return PlainAct(by=told["by"], at=datetime.fromisoformat(told["at"]))


def _evolve_plainly(state: PlainState, event: PlainEvent, act: PlainAct) -> None:
    match event:
        case Submitted(amount=amount):
            state.asked = amount
        case Approved():
            state.steps += 1
        case Reported(percent=percent):
            state.percent = percent
        case Accepted(volume=volume):
            state.accepted += volume
        case Other():
            state.others += 1
    state.since = act.at
