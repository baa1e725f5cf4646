"""What `ntm doctor` says when something is wrong: the words, the advice and the exit status."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, text
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.values import DossierKind
from storage import log
from storage.record import Record
from tests.console.terminal import Answer, Terminal
from tests.domain.story import REGISTER, TOTAL, submit
from tests.workflows.conftest import Office, keep_keys
from worker import record_worker, workflow_worker
from workflows.case import WORKFLOW_QUEUE, Life

pytestmark = pytest.mark.asyncio

Ask: TypeAlias = Callable[..., Awaitable[Answer]]

SUBMIT = submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")
NOBODY = "127.0.0.1:1"
DEAD = f"postgresql+psycopg://ntm:secret@{NOBODY}/ntm"


@workflow.defn(name="ProjectLifecycle")
class Broken:
    """What a worker of a version with a mistake in it makes of a case."""

    @workflow.run
    async def run(self, _life: Life) -> str:
        raise RuntimeError("a mistake")


@pytest.fixture
def asked(office: Office, tmp_path: Path) -> Ask:
    """The command as people run it, on this record and this Temporal unless told otherwise."""
    settings = {
        "NTM_DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
        "TEMPORAL_ADDRESS": str(office.client.service_client.config.target_host),
    }

    keep_keys(tmp_path)

    async def ask(**other: str) -> Answer:
        return await asyncio.to_thread(Terminal(tmp_path).run, "doctor", **{**settings, **other})

    return ask


# First of all: the server remembers for a minute who has asked for work.
async def test_no_worker(asked: Ask) -> None:
    answer = await asked()

    assert answer.status == 1
    assert "✗ no worker asks for work: ntm, ntm-record\n    → ntm up" in answer.out


async def test_postgresql_away_is_said_without_its_password(asked: Ask) -> None:
    answer = await asked(NTM_DATABASE_URL=DEAD)

    assert answer.status == 3
    assert "✗ PostgreSQL does not answer\n    → ntm up" in answer.out
    assert "✓ Temporal answers" in answer.out
    assert "secret" not in answer.out + answer.err


async def test_temporal_away(asked: Ask) -> None:
    answer = await asked(TEMPORAL_ADDRESS=NOBODY)

    assert answer.status == 3
    assert "✓ PostgreSQL answers" in answer.out
    assert "✗ Temporal does not answer\n    → ntm up" in answer.out


async def test_under_a_vietnamese_locale_it_speaks_vietnamese(asked: Ask) -> None:
    answer = await asked(NTM_DATABASE_URL=DEAD, LC_ALL="vi_VN.UTF-8")

    assert answer.status == 3
    assert "✗ PostgreSQL không trả lời\n    → ntm up" in answer.out
    assert "✓ Temporal trả lời" in answer.out


async def test_both_away(asked: Ask) -> None:
    answer = await asked(NTM_DATABASE_URL=DEAD, TEMPORAL_ADDRESS=NOBODY)

    assert answer.status == 3
    assert answer.out.count("✗") == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "0001 ≠ "),
        ("DROP TABLE alembic_version", "none ≠ "),
    ],
)
async def test_an_old_schema(asked: Ask, office: Office, change: str, said: str) -> None:
    do(office.engine, change)

    answer = await asked()

    assert answer.status == 1
    assert f"✗ the schema is not the newest: {said}" in answer.out
    assert "    → ntm up" in answer.out


async def test_a_message_that_waits_too_long(asked: Ask, office: Office) -> None:
    office.recorded(REGISTER, SUBMIT)
    do(
        office.engine,
        "UPDATE outbox SET sent_at = NULL, created_at = now() - interval '61 seconds'",
    )

    answer = await asked()

    assert answer.status == 1
    assert "✗ messages wait too long: " in answer.out
    assert "→ does a worker run? see its log" in answer.out


async def test_an_open_case_without_a_workflow(asked: Ask, office: Office) -> None:
    office.recorded(REGISTER)

    answer = await asked()

    assert answer.status == 1
    assert (
        f"✗ open cases have no workflow\n    {office.stream()} (no workflow)\n    → ntm resume"
    ) in answer.out
    assert f"{office.stream()} (không có quy trình)\n" in (await asked(LANGUAGE="vi")).out


async def test_a_workflow_task_that_fails_again_and_again(
    asked: Ask, office: Office, record: Record
) -> None:
    office.recorded(REGISTER)
    await office.start()
    broken = Worker(
        office.client,
        task_queue=WORKFLOW_QUEUE,
        workflows=[Broken],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )

    async with broken, record_worker(office.client, record):
        answer = await until(asked, "✗ workflow tasks fail again and again")

    assert answer.status == 1
    assert f"    {office.stream()} (×" in answer.out
    assert "→ is a worker of another version? see its log; never reset" in answer.out


async def test_an_activity_that_fails_is_told_with_its_reason(
    asked: Ask, office: Office, record: Record
) -> None:
    office.recorded(REGISTER)
    live, record.engine = record.engine, log.engine(DEAD)
    try:
        async with AsyncExitStack() as workers:
            await workers.enter_async_context(workflow_worker(office.client))
            await workers.enter_async_context(record_worker(office.client, record))
            await office.start()
            answer = await until(asked, "✗ activities fail")
    finally:
        record.engine.dispose()
        record.engine = live

    assert answer.status == 1
    assert f"    {office.stream()}: open_case ×" in answer.out
    assert "the record cannot answer (OperationalError)" in answer.out
    assert "the reason stands above; nothing is lost" in answer.out
    assert "secret" not in answer.out


async def until(asked: Ask, said: str) -> Answer:
    """Ask until it is said: a failure is one only when it has been tried again."""
    for _ in range(160):
        answer = await asked()
        if said in answer.out:
            return answer
    raise AssertionError(answer.out)


def do(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))
