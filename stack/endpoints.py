"""Where PostgreSQL and Temporal are: the environment's word first, then our own servers."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from stack import home, postgres, processes

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

TEMPORAL_VARIABLES = ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")


class NotRunning(Exception):
    """Nothing is there to talk to yet; the message says what to do."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not running: run `ntm up`")


def external_database() -> str | None:
    """The database that the environment names, by the driver that we use."""
    url = os.environ.get("NTM_DATABASE_URL")
    if not url:
        return None
    scheme, separator, rest = url.partition("://")
    plain = scheme in {"postgres", "postgresql"}
    return f"postgresql+psycopg{separator}{rest}" if plain else url


def external_temporal() -> bool:
    return any(os.environ.get(name) for name in TEMPORAL_VARIABLES)


def database_url(at: Path) -> str:
    """The URL of the record's database, for SQLAlchemy."""
    external = external_database()
    if external is not None:
        return external
    running = home.remembered(at)
    if running.ports is None or not processes.alive(running.postgres):
        raise NotRunning(postgres.NAME)
    return postgres.url(at, running.ports.postgres)


def temporal_config(at: Path) -> "ClientConnectConfig":
    """The arguments of `Client.connect`."""
    from temporalio.envconfig import ClientConfig, ClientConnectConfig

    if external_temporal():
        defaults = ClientConnectConfig(target_host="localhost:7233")
        return {**defaults, **ClientConfig.load_client_connect_config()}
    running = home.remembered(at)
    if running.temporal_address is None or not processes.alive(running.temporal):
        raise NotRunning("Temporal")
    # Not the user's profile file: what it names is somebody's real cluster, and nobody asked.
    return ClientConnectConfig(target_host=running.temporal_address, namespace="default")
