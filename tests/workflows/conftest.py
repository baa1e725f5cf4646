"""Workflows on a server whose time can be skipped, with a real record behind them."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import SearchAttributeKey
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain.clock import Clock
from domain.policy import Policy
from domain.streams import Fact, State
from domain.values import ProjectId, StreamId
from office import door
from stack import attributes
from storage import queries
from storage.record import Record
from tests.conftest import NewDatabase, envelope, of, tell
from tests.domain.story import CLEARANCE, PROJECT, Asked, at
from worker import record_worker, workflow_worker
from workflows import show
from workflows.case import WORKFLOW_QUEUE, Life, Receipt
from workflows.clearance import SiteClearance
from workflows.converter import DATA_CONVERTER
from workflows.project import ProjectLifecycle

PATIENCE = timedelta(seconds=5)
HISTORIES = Path(__file__).parent.parent / "histories"
REPLAYED = {
    "test_a_decision_may_arrive_before_the_case_has_been_read",
    "test_a_payment_refused_ends_and_frees_its_project",
    "test_a_signal_that_is_refused_is_on_record_and_one_that_is_not_is_done",
    "test_a_stream_of_decisions_over_many_runs_loses_and_doubles_nothing",
    "test_a_whole_life_ends_with_every_case_closed",
    "test_a_question_reminds_at_each_limit_and_ends_with_its_directive",
    "test_progress_leads_back_to_the_foot_of_the_ladder",
}
"""Tests whose histories are kept: NTM_RECORD_HISTORIES=1 pytest tests/workflows"""

_numbers = count(1)


@dataclass
class Office:
    """One project on a server: asked as people ask it, through the door."""

    env: WorkflowEnvironment
    record: Record
    project: ProjectId

    @property
    def client(self) -> Client:
        return self.env.client

    @property
    def engine(self) -> Engine:
        return self.record.engine

    def stream(self, told: StreamId = PROJECT) -> StreamId:
        return of(told, self.project)

    def handle(self, told: StreamId = PROJECT) -> WorkflowHandle[object, str]:
        return self.client.get_workflow_handle(self.stream(told), result_type=str)

    async def at(self, day: str) -> None:
        """Let the programme clock of cases that begin from now on show a day, 09:00."""
        real = await self.env.get_current_time()
        clock = Clock(origin=at(day), started_at=real, rate=1.0, until=at("2100-01-01"))
        queries.set_clock(self.engine, clock)

    def recorded(self, *story: Asked) -> None:
        """What went on record before anybody started a workflow."""
        tell(self.record, *story, project=self.project)

    async def start(
        self, renew_after: int | None = None, queue: str = WORKFLOW_QUEUE
    ) -> WorkflowHandle[ProjectLifecycle, str]:
        return await self.client.start_workflow(
            ProjectLifecycle.run,
            Life(stream=self.stream(), renew_after=renew_after),
            id=self.stream(),
            task_queue=queue,
        )

    async def ask(self, asked: Asked, decision_id: str | None = None) -> Receipt:
        wanted = envelope(asked, decision_id, self.project)
        return await door.ask(self.client, wanted, PATIENCE)

    async def tell(self, *story: Asked) -> None:
        for asked in story:
            await self.ask(asked)

    async def clear(
        self, renew_after: int | None = None, queue: str = WORKFLOW_QUEUE
    ) -> WorkflowHandle[SiteClearance, str]:
        """Start the clearance of the road without its project, as a resume would."""
        return await self.client.start_workflow(
            SiteClearance.run,
            Life(stream=self.stream(CLEARANCE), renew_after=renew_after),
            id=self.stream(CLEARANCE),
            task_queue=queue,
        )

    async def keep_histories(self, test: str) -> None:
        """Write the last run of each case down for `test_replay.py`, if the test is one of them."""
        for stream in self.cases() if test in REPLAYED else ():
            with suppress(RPCError):
                history = await self.client.get_workflow_handle(stream).fetch_history()
                name = f"{test.removeprefix('test_')}.{stream.split('/', 1)[0]}"
                number = stream.rpartition("/")[2] if stream.startswith("payment/") else ""
                (HISTORIES / f"{name}{number}.json").write_text(history.to_json(), "utf-8")

    def cases(self) -> list[StreamId]:
        """Every case of the project that is on record."""
        return [
            standing.stream
            for room in ("project", "clearance", "payment", "question")
            for standing in queries.standings(self.engine, room)
            if self.project in standing.stream.split("/")
        ]

    async def close(self) -> None:
        """End what still lives: one stuck case would hold up the server's time for all others."""
        for stream in self.cases():
            await self.terminate(stream)

    async def terminate(self, stream: StreamId) -> None:
        handle = self.client.get_workflow_handle(stream)
        try:
            # The server's time stands still for ever if a task is under way when its case ends.
            for _ in range(50):
                if calm([event async for event in handle.fetch_history_events()]):
                    break
                await asyncio.sleep(0.02)
            await handle.terminate()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    def facts(self, told: StreamId = PROJECT) -> list[Fact]:
        return [entry.fact for entry in queries.entries(self.engine, self.stream(told))]

    def kinds(self, told: StreamId = PROJECT) -> list[str]:
        return [fact.event.kind for fact in self.facts(told)]

    async def until(self, happened: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait in real time for what is under way."""
        for _ in range(int(seconds / 0.02)):
            if happened():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it did not happen")

    async def follows(self, told: StreamId = PROJECT) -> None:
        """Wait until a case's workflow holds what the record holds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE.total_seconds()
        while loop.time() < until:
            held: State | None = None
            # A child is started a little later, and has no state to tell before it has read it;
            # a question to a run that just ended is never answered here.
            with suppress(WorkflowQueryFailedError, RPCError, TimeoutError):
                asked = door.state(self.client, self.stream(told))
                held = await asyncio.wait_for(asked, 1.0)
            if held == self.record.fold(self.stream(told)).state:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the workflow of {self.stream(told)} does not follow the record")

    async def grown(self, events: int, told: StreamId = PROJECT) -> None:
        """Wait until the history of the current run has so many events."""
        for _ in range(200):
            if len(await self.history(told)) >= events:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(await self.history(told))} events, not {events}")

    async def history(self, told: StreamId = PROJECT) -> list[str]:
        """Kinds of history events of the current run."""
        events = self.handle(told).fetch_history_events()
        return [event.WhichOneof("attributes") or "" async for event in events]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose time passes in leaps."""
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=DATA_CONVERTER,
        runtime=quiet(),
        identity="ntm-worker@tests",
        test_server_existing_path=beside("temporal-test-server"),
    )
    async with environment:
        # Where they are not registered, a case that shows them waits for ever.
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=environment.client.namespace,
                search_attributes=attributes_by_number(),  # type: ignore[arg-type]
            )
        )
        yield environment
    gc.collect()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def real() -> AsyncIterator[WorkflowEnvironment]:
    """The server that is used in earnest, with search attributes and lists."""
    environment = await WorkflowEnvironment.start_local(
        data_converter=DATA_CONVERTER,
        runtime=quiet(),
        identity="ntm-worker@tests",
        search_attributes=[
            key for key in vars(show).values() if isinstance(key, SearchAttributeKey)
        ],
        dev_server_existing_path=beside("temporal"),
        dev_server_log_level="error",
    )
    async with environment:
        yield environment
    gc.collect()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def workers(
    skipping: WorkflowEnvironment, new_database: NewDatabase, policy: Policy
) -> AsyncIterator[Record]:
    """One worker of each kind for all tests, and the record they write to."""
    with new_database() as engine:
        record = Record(engine, policy)
        async with workflow_worker(skipping.client), record_worker(skipping.client, record):
            yield record


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    skipping: WorkflowEnvironment, workers: Record, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    office = Office(env=skipping, record=workers, project=ProjectId(f"P{next(_numbers)}"))
    yield office
    if os.environ.get("NTM_RECORD_HISTORIES"):
        await office.keep_histories(request.node.name)
    await office.close()


def calm(history: list[HistoryEvent]) -> bool:
    """Whether no task of a case is under way."""
    kinds = [event.WhichOneof("attributes") for event in history]

    def times(kind: str) -> int:
        return kinds.count(f"{kind}_event_attributes")  # type: ignore[arg-type]

    return all(
        times(f"{task}_scheduled") == times(f"{task}_completed") + times(f"{task}_failed")
        for task in ("workflow_task", "activity_task")
    )


def beside(program: str) -> str:
    """A server's program, as installed with this interpreter; nothing is downloaded."""
    return str(Path(sys.executable).with_name(program))


def quiet() -> Runtime:
    return Runtime(telemetry=TelemetryConfig(logging=None), worker_heartbeat_interval=None)


def attributes_by_number() -> dict[str, int]:
    """Our search attributes as the operator's service takes them."""
    names = {"Keyword": "KEYWORD", "KeywordList": "KEYWORD_LIST", "Bool": "BOOL", "Int": "INT"}
    return {
        name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{names[kind]}")
        for name, kind in attributes.ATTRIBUTES.items()
    }
