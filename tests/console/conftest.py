"""The demo's year on record, once for all that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NewDatabase
from tests.console.desk import Desk
from tests.console.terminal import Terminal
from tests.demo.played import put_on_record


@pytest.fixture(scope="session")
def desk(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with new_database() as engine:
        facts = put_on_record(engine)
        home: Path = tmp_path_factory.mktemp("desk") / "home"
        yield Desk(Terminal(home), engine, facts)
