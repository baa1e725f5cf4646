"""The checker: it reads PostgreSQL and the outside list, and believes nobody else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg

from chaos.ledger import Acknowledged
from domain.inbox import is_open, waits
from domain.policy import Policy
from domain.streams import State, evolve, initial
from domain.values import StreamId
from storage import codec

Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What must hold: on how many things it was tried, and where it is broken."""

    name: str
    tried: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything the checker has read, in the order of the log."""

    events: list[Row]  # position, stream, version, decision_id, kind, body and act as text, body
    decisions: list[Row]  # decision_id, stream, version, refused_as
    states: list[Row]  # stream, version, is_open, body
    inbox: list[Row]  # stream, key, body


def read(url: str) -> Books:
    """One look at the database."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return Books(
            events=connection.execute(
                "SELECT position, stream, version, decision_id, kind, body::text, act::text, body"
                " FROM events ORDER BY position"
            ).fetchall(),
            decisions=connection.execute(
                "SELECT decision_id, stream, version, refused_as FROM decisions"
            ).fetchall(),
            states=connection.execute(
                "SELECT stream, version, is_open, body FROM states"
            ).fetchall(),
            inbox=connection.execute("SELECT stream, key, body FROM inbox").fetchall(),
        )


def check(books: Books, receipts: tuple[Acknowledged, ...], policy: Policy) -> tuple[Law, ...]:
    """Every law, each with what breaks it."""
    laws = (
        ("acknowledged, and on record once", len(receipts), _acknowledged(books, receipts)),
        ("no decision twice", len(books.decisions), _twice(books)),
        ("of a set, one decision", len({r.one_of for r in receipts}), _one_of_a_set(receipts)),
        ("versions and positions gapless", len(books.events), _gapless(books)),
        ("paid once", len(books.events), _paid_once(books)),
        ("capital under its ceiling, always", len(books.events), ceiling(books)),
        ("folds equal read models", len(books.states), _read_models(books, policy)),
    )
    return tuple(Law(name=name, tried=tried, broken=tuple(found)) for name, tried, found in laws)


def _acknowledged(books: Books, receipts: Iterable[Acknowledged]) -> Iterator[str]:
    decisions = {row[0]: row for row in books.decisions}
    events = {(row[1], row[2]): row for row in books.events}
    for receipt in receipts:
        decision = decisions.get(receipt.decision_id)
        event = events.get((receipt.stream, receipt.version))
        if decision is None or decision[1:] != (receipt.stream, receipt.version, None):
            yield f"{receipt.decision_id}: decision {decision}"
        elif event is None or (event[3], event[0]) != (receipt.decision_id, receipt.position):
            yield f"{receipt.decision_id}: event {event and (event[0], event[3])}"


def _twice(books: Books) -> Iterator[str]:
    """The events of one decision stand together: made in one sitting, and never again."""
    known = {row[0] for row in books.decisions}
    last: dict[str, int] = {}
    for position, _, _, decision, *_ in books.events:
        if decision in last and last[decision] != position - 1:
            yield f"{decision}: at {last[decision]} and again at {position}"
        last[decision] = position
    yield from (f"{decision}: no such decision" for decision in last.keys() - known)
    for decision, times in Counter(row[0] for row in books.decisions).items():
        if times > 1:
            yield f"{decision}: ×{times}"


def _one_of_a_set(receipts: Iterable[Acknowledged]) -> Iterator[str]:
    """Of decisions that exclude each other one was acknowledged, to all its copies alike."""
    sets: defaultdict[str, set[str]] = defaultdict(set)
    answers: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for receipt in receipts:
        answers[receipt.decision_id].add((receipt.version, receipt.position))
        if receipt.one_of is not None:
            sets[receipt.one_of].add(receipt.decision_id)
    yield from (f"{name}: {ids}" for name, ids in sets.items() if len(ids) > 1)
    yield from (f"{name}: {said}" for name, said in answers.items() if len(said) > 1)


def _gapless(books: Books) -> Iterator[str]:
    versions: Counter[str] = Counter()
    for expected, (position, stream, version, *_) in enumerate(books.events, 1):
        versions[stream] += 1
        if position != expected:
            yield f"position {position}, not {expected}"
            return
        if version != versions[stream]:
            yield f"{stream}: version {version}, not {versions[stream]}"
            return


def _paid_once(books: Books) -> Iterator[str]:
    paid = Counter(
        (row[4], row[7].get("payment") or row[1])
        for row in books.events
        if row[4] in ("PaymentPaid", "CapitalDisbursed", "CapitalReserved", "PaymentBooked")
    )
    yield from (
        f"{kind} {payment} ×{times}" for (kind, payment), times in paid.items() if times > 1
    )


def ceiling(books: Books) -> Iterator[str]:
    """Added up here, from the bodies: the system's own sums are what is being checked."""
    allocated: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for position, _, _, _, kind, _, _, body in books.events:
        match kind:
            case "CapitalAllocated":
                for line in body["lines"]:
                    allocated[line["project"]] += line["amount"]
            case "CapitalReserved":
                used[body["project"]] += body["amount"]
            case "CapitalReleased":
                used[body["project"]] -= body["amount"]
            case _:
                continue
        for project, amount in used.items():
            if amount > allocated[project]:
                yield f"{project} at {position}: {amount:,} of {allocated[project]:,}"
                return


def _read_models(books: Books, policy: Policy) -> Iterator[str]:
    states: dict[str, State] = {}
    versions: Counter[str] = Counter()
    for position, stream, _, _, _, body, act, _ in books.events:
        before = states.get(stream) or initial(StreamId(stream))
        try:
            event, by = codec.EVENT.validate_json(body), codec.ACT.validate_json(act)
            states[stream] = evolve(before, event, by)
        except Exception as error:  # noqa: BLE001  # a falsified past may break in any way
            yield f"{stream} at {position}: cannot be folded ({type(error).__name__})"
            return
        versions[stream] += 1
    shown = {row[0]: row[1:] for row in books.states}
    rows = sorted(books.inbox)
    ours = sorted(
        (stream, wait.key, codec.WAIT.dump_json(wait).decode())
        for stream, state in states.items()
        for wait in waits(state, policy)
    )
    for stream in sorted(states.keys() | shown.keys()):
        state = states.get(stream)
        folded = state and (
            versions[stream], is_open(state), codec.STATE.dump_json(state).decode()
        )  # fmt: skip
        if folded != shown.get(stream):
            yield f"{stream}: its state"
    if rows != ours:
        yield f"inbox: {len(rows)} rows, {len(ours)} folded"
