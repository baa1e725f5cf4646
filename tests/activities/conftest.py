"""An office for each test, with a database of its own."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.policy import Policy
from tests.activities.office import Office


@pytest.fixture
def office(engine: Engine, policy: Policy, tmp_path: Path) -> Office:
    return Office(engine, tmp_path, policy)
