"""Alembic's entry: one transaction per upgrade, one upgrade at a time."""

from alembic import context
from psycopg.errors import Diagnostic
from sqlalchemy import create_engine, text

from storage.failpoints import FailPoint, reach
from storage.log import driver
from storage.tables import metadata

_UPGRADE_LOCK = 7_000_002

engine = create_engine(context.config.attributes["database_url"])


def _tell_warnings(said: Diagnostic) -> None:
    if said.severity_nonlocalized == "WARNING":
        context.config.attributes["tell"](f"{said.message_primary} ({said.message_hint})")


with engine.connect() as connection:
    driver(connection).connection.add_notice_handler(_tell_warnings)
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        context.run_migrations()
        reach(FailPoint.MIGRATED)
engine.dispose()
