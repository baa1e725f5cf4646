"""An office with a database of its own on the server used in earnest, for tests of outages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.policy import Policy
from domain.values import ProjectId
from storage.record import Record
from tests.conftest import NewDatabase
from tests.workflows.conftest import Office


@pytest_asyncio.fixture(loop_scope="session")
async def record(new_database: NewDatabase, policy: Policy) -> AsyncIterator[Record]:
    with new_database() as engine:
        yield Record(engine, policy)


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    real: WorkflowEnvironment, record: Record, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    name = str(request.node.name).upper().replace("_", "-")[-30:]
    office = Office(env=real, record=record, project=ProjectId(name.strip("-")))
    yield office
    await office.close()
