"""Brings a database's schema to the newest version, forwards only."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def upgrade(database_url: str, tell: Callable[[str], None] = lambda _: None) -> None:
    """Run every migration the database has not seen yet; none, if it is up to date.

    Calls `tell` with each warning of the server: what a migration had to leave undone.
    """
    command.upgrade(_config(database_url, tell), "head")


def versions(database_url: str) -> tuple[str | None, str | None]:
    """The version of a database's schema, and the newest one we know."""
    newest = ScriptDirectory.from_config(_config(database_url)).get_current_head()
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest
    finally:
        engine.dispose()


def _config(database_url: str, tell: Callable[[str], None] = lambda _: None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database_url"] = database_url
    config.attributes["tell"] = tell
    return config
