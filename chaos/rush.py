"""Ten thousand hurried hands: every signed decision many times at once, beside its rivals.

`python -m chaos.rush [--submissions N] [--threads N]`. Each round is one dossier before one
official: some decisions, of which each excludes the others, and each of them sent several times, by
records that share nothing but the database. Whatever was answered is held against the log: one
decision of a round stands, each decision has one answer, and every one that stands is proved. A
falsified answer has to be seen before that counts.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TypeAlias

from bench import place
from chaos.cases import ChaosProject
from demo import hands
from demo.hands import Hands
from domain.approval import ApproveStep, RejectDossier, ReturnDossier
from domain.clock import Clock
from domain.recording import Accepted, Ask, Batch, Outcome
from domain.streams import Command, Envelope
from domain.values import DossierKind, StreamId, Vnd
from storage import audit, log, policies, queries
from storage.record import Record

_RIVALS = 5
_COPIES = 10
_KIND = DossierKind.INVESTMENT_POLICY
_VERDICTS = frozenset({"StepApproved", "DossierReturned", "DossierRejected"})

Answers: TypeAlias = list[tuple[StreamId, Outcome]]


def main() -> int:
    """1 if any decision counted twice, or otherwise than it was answered."""
    parser = argparse.ArgumentParser(prog="python -m chaos.rush", description=__doc__)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20_240_509)
    asked = parser.parse_args()
    rounds = -(-asked.submissions // (_RIVALS * _COPIES))
    with place.database() as url, tempfile.TemporaryDirectory() as home:
        records = [Record(log.engine(url), policies.load()) for _ in range(3)]
        people, projects = _founded(records[0], Path(home), rounds)
        wanted = [one for project in projects for one in _hurried(records[0], people, project)]
        Random(asked.seed).shuffle(wanted)
        began = time.monotonic()
        with ThreadPoolExecutor(asked.threads) as pool:
            answers = list(
                pool.map(lambda pair: _send(records[pair[0] % 3], pair[1]), enumerate(wanted))
            )
        took = time.monotonic() - began
        wrong = _wrong(records[0], answers)
        seen = _wrong(records[0], [*answers, _falsified(answers)])
        report = audit.verify(records[0].engine, None, (), lambda _done: None)
        for record in records:
            record.engine.dispose()
    print(f"{len(answers)} submissions, {rounds} rounds, {took:.0f} s, seed {asked.seed}")
    print(
        f"{report.proved} proved decisions, {len(report.breaks)} breaks; wrong: {wrong or 'none'}"
    )
    well = not wrong and not report.breaks
    print("held" if well and seen else "BROKEN" if not well else "control saw nothing")
    return 0 if well and seen else 1


def _founded(record: Record, home: Path, rounds: int) -> tuple[Hands, list[ChaosProject]]:
    """The registry, and projects whose first dossier waits for its appraisal."""
    projects = [ChaosProject(f"R{number:05d}") for number in range(rounds)]
    founding = {project.stream: tuple(project.founding())[:2] for project in projects}
    steps = [one for told in founding.values() for one in told]
    appraise = next(one for one in projects[0].founding() if isinstance(one.command, ApproveStep))
    posts = {one.act.by for one in steps} | {appraise.act.by}
    first = min(one.act.at for one in steps)
    today = max(appraise.act.at, *(one.act.at for one in steps))
    clock = Clock(origin=today, started_at=datetime.now(UTC), rate=1.0, until=today)
    queries.set_clock(record.engine, clock)
    people = hands.found(record, home, posts, first, first.date())
    for stream, told in founding.items():
        for one in told:
            _must(record, people.sign(one, queries.head(record.engine, stream)))
    return people, projects


def _hurried(record: Record, people: Hands, project: ChaosProject) -> Iterator[Envelope]:
    """A round: rival verdicts on one dossier, each signed once and sent many times."""
    appraise = next(one for one in project.founding() if isinstance(one.command, ApproveStep))
    assert isinstance(appraise.command, ApproveStep)
    seen = queries.head(record.engine, project.stream)
    for number in range(_RIVALS):
        told = replace(
            appraise,
            decision_id=f"{project.name}:rival-{number}",
            command=_verdict(number, appraise.command.step),
        )
        yield from [people.sign(told, seen)] * _COPIES


def _verdict(number: int, step: str) -> Command:
    amount, reason = Vnd(12_000_000_000), "không đủ căn cứ"
    match number % 3:
        case 0:
            return ApproveStep(dossier=_KIND, step=step, round=1, amount=amount)
        case 1:
            return ReturnDossier(dossier=_KIND, step=step, reason=reason, round=1, amount=amount)
        case _:
            return RejectDossier(dossier=_KIND, step=step, reason=reason, round=1, amount=amount)


def _send(record: Record, one: Envelope) -> tuple[StreamId, Outcome]:
    now = queries.clock(record.engine).now(datetime.now(UTC))
    batch = Batch(stream=one.stream, after=0, now=now, asks=(Ask(envelope=one),))
    return one.stream, record.decide(batch).outcomes[0]


def _must(record: Record, one: Envelope) -> None:
    _, outcome = _send(record, one)
    if not isinstance(outcome, Accepted):
        raise SystemExit(f"the rush did not begin: {outcome}")


def _wrong(record: Record, answers: Answers) -> list[str]:
    """What was answered otherwise than it stands, in words."""
    said: dict[str, set[str]] = {}
    stands: Counter[StreamId] = Counter()
    for stream, outcome in answers:
        kinds = said.setdefault(outcome.decision_id, set())
        if outcome.kind == "Accepted" and outcome.kind not in kinds:
            stands[stream] += 1
        kinds.add(outcome.kind)
    found = [
        f"{name}: {', '.join(sorted(kinds))}" for name, kinds in said.items() if len(kinds) > 1
    ]
    found += [f"{stream}: {count} stand" for stream, count in stands.items() if count != 1]
    found += [f"{stream}: none stands" for stream in {s for s, _ in answers} - set(stands)]
    with log.look(record.engine) as connection:
        recorded: Counter[StreamId] = Counter(
            entry.fact.stream
            for entry in log.latest(connection, tuple(sorted(_VERDICTS)), len(answers))
        )
    return found + [f"{one}: {recorded[one]} on record" for one in stands if recorded[one] != 1]


def _falsified(answers: Answers) -> tuple[StreamId, Outcome]:
    """An answer that nobody got: a denied decision that was accepted."""
    stream, denied = next(one for one in answers if one[1].kind == "Denied")
    return stream, Accepted(decision_id=denied.decision_id, version=1, position=1)


if __name__ == "__main__":
    sys.exit(main())
