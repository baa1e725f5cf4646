"""What the recorder and the reader may do, asked of the server by logins of their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Engine, select, text

from domain.policy import Policy
from storage import deliveries, log, migrate, queries, tables
from storage.rebuild import differences, rebuild
from storage.record import Record
from tests.conftest import NewDatabase, send_all, tell
from tests.domain.story import REGISTER, TO_SUPPORT_PLAN, at
from tests.storage.test_record import SUBMIT

Login: TypeAlias = Callable[[str], AbstractContextManager[Engine]]

LOGINS = {"recorder": "ntm_recorder", "reader": "ntm_reader"}
KEPT = ("events", "decisions", "policies", "proofs")
TABLES = [table.name for table in tables.metadata.sorted_tables]
OF_THE_OWNER = (
    "ALTER TABLE {} ADD COLUMN more int",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} OWNER TO CURRENT_USER",
    "DROP TABLE {} CASCADE",
    "CREATE TRIGGER mine BEFORE INSERT ON {} EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
    "TRUNCATE {}",
)
OF_NOBODY = (
    "DROP TRIGGER events_are_append_only ON events",
    "ALTER TABLE events DISABLE TRIGGER events_are_append_only",
    "ALTER TABLE decisions DISABLE TRIGGER decisions_are_append_only",
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "SET session_replication_role = replica",
    "SET ROLE ntm",
    "CREATE TABLE mine ()",
    "CREATE ROLE mine",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def login(engine: Engine) -> Login:
    """Lets a user of one of the groups in."""
    with engine.begin() as connection:
        for name, group in LOGINS.items():
            connection.exec_driver_sql(
                f"DO $$ BEGIN CREATE ROLE t_{name} LOGIN PASSWORD 'x'; EXCEPTION"
                f" WHEN duplicate_object THEN NULL; END $$; GRANT {group} TO t_{name}"
            )

    @contextmanager
    def let_in(name: str) -> Iterator[Engine]:
        url = engine.url.set(username=f"t_{name}", password="x")
        one = log.engine(url.render_as_string(hide_password=False))
        try:
            yield one
        finally:
            one.dispose()

    return let_in


def refused(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with (
            engine.connect() as connection,
            pytest.raises(Exception, match=r"permission denied|must be owner"),
        ):
            connection.execute(text(statement))


def watched(_done: int, _of: int) -> None:
    """Nobody watches."""


def test_the_recorder_does_all_that_the_record_needs(
    login: Login, engine: Engine, policy: Policy
) -> None:
    with login("recorder") as recorder, login("reader") as reader:
        tell(Record(recorder, policy), *TO_SUPPORT_PLAN)
        send_all(recorder, at("2024-03-01"))
        assert deliveries.messages(reader, unsent=True) == ()
        queries.set_clock(recorder, queries.clock(reader))
        rebuild(recorder, policy, watched)

        assert differences(reader, policy, watched) == ()
        assert queries.inbox(reader) == queries.inbox(engine)


@pytest.mark.parametrize("name", LOGINS)
def test_both_read_every_table(login: Login, name: str) -> None:
    with login(name) as engine, engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            connection.execute(select(table)).all()


@pytest.mark.parametrize("table", KEPT)
def test_not_even_the_recorder_may_change_what_is_recorded(
    login: Login, record: Record, table: str
) -> None:
    tell(record, REGISTER, SUBMIT)
    column = "body" if table == "policies" else "decision_id"

    with login("recorder") as recorder:
        refused(
            recorder,
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"SELECT * FROM {table} FOR UPDATE",
            f"MERGE INTO {table} USING clock ON true WHEN MATCHED THEN DELETE",
        )


@pytest.mark.parametrize("name", LOGINS)
def test_what_belongs_to_the_owner_is_refused_to_both(
    login: Login, record: Record, name: str
) -> None:
    tell(record, REGISTER, SUBMIT)

    with login(name) as engine:
        refused(engine, *OF_NOBODY)
        refused(engine, *(one.format(table) for table in TABLES for one in OF_THE_OWNER))


@pytest.mark.parametrize("table", TABLES)
def test_the_reader_writes_nowhere(login: Login, record: Record, table: str) -> None:
    tell(record, REGISTER, SUBMIT)
    column = tables.metadata.tables[table].columns.keys()[0]

    with login("reader") as reader:
        refused(
            reader,
            f"INSERT INTO {table} SELECT * FROM {table}",
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"SELECT * FROM {table} FOR UPDATE",
            f"LOCK TABLE {table} IN EXCLUSIVE MODE",
            f"COPY {table} FROM STDIN",
        )


def test_groups_that_another_database_made_are_granted_to_as_well(
    new_database: NewDatabase,
) -> None:
    with new_database() as engine:
        drop = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public"
        with engine.begin() as connection:
            connection.exec_driver_sql(f"{drop} TO PUBLIC")
        told: list[Any] = []

        migrate.upgrade(engine.url.render_as_string(hide_password=False), told.append)

        assert told == []
        with engine.connect() as connection:
            connection.exec_driver_sql("SET ROLE ntm_recorder")
            connection.exec_driver_sql("DELETE FROM outbox")
