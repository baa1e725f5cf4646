"""Adds an example of each event's present form: `python -m tests.golden.write`.

A file is never written again: it is what a database of that day holds, for ever.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from demo.dataset import load
from domain.approval import RejectDossier
from domain.construction import StartWorks
from domain.escalation import Escalate
from domain.payment import RefusePayment
from domain.plan import PlanClearance, Target
from domain.refusal import Refused
from domain.stall import PauseCause
from domain.standstill import PauseClock, ResumeClock, SnoozeEscalation
from domain.streams import DecisionRefused, Event, payment_stream
from domain.values import SYSTEM, Act, DossierKind, PaymentKind
from storage import codec, upcasts
from tests.demo.test_story import founded, played
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    COUNCIL,
    INVESTOR,
    PLANNING,
    POWER_COMPANY,
    PROJECT,
    REGISTER,
    ROAD,
    TO_CLEARANCE,
    TO_SUPPORT_PLAN,
    TOTAL,
    TREASURY,
    World,
    act,
    approve,
    ask,
    pay,
    payment,
    request,
    submit,
    told,
)

GOLDEN = Path(__file__).parent
POLICY = DossierKind.INVESTMENT_POLICY


def examples() -> dict[str, tuple[Event, Act]]:
    """An event of every kind, each the answer to a command, and the act that made it."""
    found: dict[str, tuple[Event, Act]] = {}
    for event, by in (*_of_the_year(), *_of_refusals(), *_of_the_clock()):
        found.setdefault(event.kind, (event, replace(by, known_at=by.at)))
    return found


def row(event: Event, by: Act) -> dict[str, Any]:
    """What the log keeps of it, and how it is read."""
    body = codec.EVENT.dump_python(event, mode="json")
    return {
        "kind": event.kind,
        "schema_version": upcasts.current(event.kind),
        "body": body,
        "act": codec.ACT.dump_python(by, mode="json"),
        "read_as": body,
    }


def _of_the_year() -> Iterator[tuple[Event, Act]]:
    """What happens in 2024."""
    data = load()
    office = founded(data)
    asyncio.run(played(data, office))
    for fact in office.facts:
        yield fact.event, fact.act


def _of_refusals() -> Iterator[tuple[Event, Act]]:
    """What did not happen in 2024: a dossier and payments refused, a command out of turn."""
    late = (
        payment_stream(payment(1)),
        RefusePayment(reason="thiếu hồ sơ"),
        act(TREASURY, "2024-03-08"),
    )
    no = (
        PROJECT,
        RejectDossier(dossier=POLICY, step="decide", reason="no"),
        act(COUNCIL, "2024-01-10"),
    )
    advance = request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07")
    for story in (
        (*TO_SUPPORT_PLAN, advance, pay(1, "2024-03-08")[0], late),
        (
            REGISTER,
            submit(POLICY, TOTAL, "2024-01-03"),
            approve(POLICY, "appraise", PLANNING, "2024-01-08"),
            no,
        ),
    ):
        world: World = {}
        for asked in story:
            world, told = ask(world, asked)
            yield from ((event, asked[2]) for _, event in told)
    early = PROJECT, StartWorks(section=ROAD), act(INVESTOR, "2024-01-09")
    try:
        ask(ask({}, REGISTER)[0], early)
    except Refused as refused:
        event = DecisionRefused(command="StartWorks", rule=refused.rule, because=refused.because)
        yield event, early[2]


def _of_the_clock() -> Iterator[tuple[Event, Act]]:
    """A section whose plan is set, whose clock is stopped and put off, and who does not answer."""
    target = Target(by=date(2024, 3, 31), percent=50)
    pause = PauseClock(cause=PauseCause.AWAITING_REPLY, reason="chờ điện lực", awaits=POWER_COMPANY)
    world = told(*TO_CLEARANCE)
    for command, by, day in (
        (PlanClearance(targets=(target,)), BOARD, "2024-02-05"),
        (pause, BOARD, "2024-02-19"),
        (ResumeClock(reason="đã trả lời"), BOARD, "2024-02-20"),
        (SnoozeEscalation(working_days=2, reason="họp dân"), CHAIR, "2024-02-27"),
        (Escalate(), SYSTEM, "2024-03-08"),
        (Escalate(), SYSTEM, "2024-03-18"),
    ):
        world, facts = ask(world, (CLEARANCE, command, act(by, day)))
        yield from ((event, act(by, day)) for _, event in facts)


def main() -> None:
    """Write what is missing."""
    for kind, (event, by) in sorted(examples().items()):
        file = GOLDEN / f"{kind}.{upcasts.current(kind)}.json"
        if not file.exists():
            text = json.dumps(row(event, by), ensure_ascii=False, indent=2)
            file.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
