"""Alembic's entry: one transaction per upgrade, one upgrade at a time."""

from alembic import context
from sqlalchemy import create_engine, text

from storage.tables import metadata

_UPGRADE_LOCK = 7_000_002

engine = create_engine(context.config.attributes["database_url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        context.run_migrations()
engine.dispose()
