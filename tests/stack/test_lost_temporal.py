"""Temporal's whole database is lost in the middle of a story; the record brings everything back."""

import asyncio
import gc
import os
import shutil
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client

from domain.clock import Clock
from domain.households import RecordSupportPaid
from domain.streams import capital_stream, payment_stream
from domain.values import PaymentKind, StreamId
from office import door, payloads
from office.reconcile import reconcile
from office.resume import Resumed, resume
from stack import endpoints, up
from storage import deliveries, log, policies, queries, tables
from storage.record import Record
from tests.conftest import envelope, tell
from tests.domain.story import (
    BOARD,
    CLEARANCE,
    PROGRAMME,
    PROJECT,
    TO_SUPPORT_PLAN,
    Asked,
    act,
    at,
    codes,
    pay,
    payment,
    request,
)
from tests.stack.test_stack import home  # noqa: F401  # the fixture

FIRST = payment_stream(payment(1))
OPEN = {PROJECT, CLEARANCE, FIRST}
PATIENCE = timedelta(seconds=20)
ADVANCE = request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-02-27")
CHECK, CONFIRM = pay(1, "2024-02-28")


@pytest.mark.usefixtures("home")
def test_a_lost_temporal_is_resumed_with_every_deadline_and_nothing_twice(home: Path) -> None:  # noqa: F811
    up.up(home)
    engine = log.engine(endpoints.database_url(home))
    try:
        asyncio.run(_story(home, engine))
    finally:
        engine.dispose()
        gc.collect()


async def _story(at_home: Path, engine: Engine) -> None:
    # given: a project, its clearance and a payment that finance has checked
    moment = at("2024-02-29")
    queries.set_clock(
        engine,
        Clock(origin=moment, started_at=datetime.now(UTC), rate=1.0, until=at("2100-01-01")),
    )
    tell(Record(engine, policies.load()), *TO_SUPPORT_PLAN)
    client = await _connect(at_home)
    await _resumed(client, engine)
    for asked in (ADVANCE, CHECK):
        await _ask(client, asked)
    deadlines = {stream: await _deadline(client, stream) for stream in sorted(OPEN)}
    sent = await _all_sent(engine)

    # when
    await asyncio.to_thread(_lose_temporal, at_home)
    client = await _connect(at_home)
    lost = await reconcile(client, engine, repair=False)
    first = await _resumed(client, engine)
    second = await _resumed(client, engine)

    # then
    missing = {one.stream for one in lost.differences if one.kind == "missing"}
    assert missing == OPEN
    # A project that is back may start a child before its turn comes.
    assert (first.open_cases, first.failed) == (3, ())
    assert 1 <= first.started <= 3
    assert second == Resumed(open_cases=3, started=0)
    for stream, before in deadlines.items():
        after = await _deadline(client, stream)
        if before is None or after is None:
            assert after is before
        else:
            assert abs(after - before) < timedelta(seconds=2)
    assert deadlines[CLEARANCE] is not None
    assert (await reconcile(client, engine, repair=False)).differences == ()

    # and: what was decided before is answered, not done again; the rest goes on to its end
    await _ask(client, CHECK)
    await _ask(client, CONFIRM)
    paid = RecordSupportPaid(cases=codes("H1", "H2"))
    await _ask(client, (CLEARANCE, paid, act(BOARD, "2024-02-28")))
    await client.get_workflow_handle(FIRST).result()
    kinds = Counter(entry.fact.event.kind for entry in queries.entries(engine, FIRST))
    assert kinds == {"PaymentSubmitted": 1, "PaymentChecked": 1, "PaymentPaid": 1}
    capital = Counter(
        entry.fact.event.kind for entry in queries.entries(engine, capital_stream(PROGRAMME, 2024))
    )
    assert capital["CapitalReserved"] == capital["CapitalDisbursed"] == 1
    assert sent.items() <= (await _all_sent(engine)).items()
    _no_line_twice(at_home / "notices")


async def _connect(at_home: Path) -> Client:
    config, speaking = endpoints.temporal_config(at_home), payloads.converter(at_home)
    return await door.connect(config, door.quiet_runtime(), speaking)


async def _resumed(client: Client, engine: Engine) -> Resumed:
    return await resume(client, engine, lambda _done, _of: None)


async def _ask(client: Client, asked: Asked) -> None:
    stream, command, _ = asked
    await door.ask(client, envelope(asked, f"{command.kind}:{stream}"), PATIENCE)


async def _deadline(client: Client, stream: StreamId) -> datetime | None:
    """When the timer that a case has running will ring, in real time; None where it has none."""
    for _ in range(50):
        running: dict[str, datetime] = {}
        async for event in client.get_workflow_handle(stream).fetch_history_events():
            if event.HasField("timer_started_event_attributes"):
                started = event.timer_started_event_attributes
                takes = started.start_to_fire_timeout.ToTimedelta()
                running[started.timer_id] = event.event_time.ToDatetime(UTC) + takes
            running.pop(event.timer_canceled_event_attributes.timer_id, None)
            running.pop(event.timer_fired_event_attributes.timer_id, None)
        if running or stream != CLEARANCE:
            break
        await asyncio.sleep(0.1)
    return min(running.values(), default=None)


async def _all_sent(engine: Engine) -> dict[str, datetime]:
    """When each message went out, once nothing is owed any more."""
    for _ in range(100):
        if not deliveries.messages(engine, unsent=True):
            break
        await asyncio.sleep(0.2)
    with log.look(engine) as connection:
        rows = connection.execute(select(tables.outbox.c.key, tables.outbox.c.sent_at)).all()
    return {row.key: row.sent_at for row in rows}


def _lose_temporal(at_home: Path) -> None:
    running = up.up(at_home)
    assert running.temporal is not None
    os.kill(running.temporal.pid, signal.SIGKILL)
    shutil.rmtree(at_home / "temporal")
    up.up(at_home)


def _no_line_twice(notices: Path) -> None:
    lines = [line for file in notices.iterdir() for line in file.read_text("utf-8").splitlines()]
    keys = Counter(line.rpartition("[")[2] for line in lines)
    assert lines
    assert set(keys.values()) == {1}
