"""Where PostgreSQL and Temporal are: the environment's word first, then our own servers."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from stack import home, logins, postgres, processes
from stack.logins import Role

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

DATABASE_VARIABLES: dict[Role, str] = {
    "recorder": "NTM_DATABASE_URL",
    "owner": "NTM_OWNER_DATABASE_URL",
    "reader": "NTM_READER_DATABASE_URL",
}
TEMPORAL_VARIABLES = ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")


class NotRunning(Exception):
    """Nothing is there to talk to yet; the message says what to do."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not running: run `ntm up`")


def external_database(role: Role = "recorder") -> str | None:
    """The database that the environment names, by the driver that we use.

    `NTM_DATABASE_URL` says that there is one; owner and reader may have URLs of their own.
    """
    everybody = os.environ.get(DATABASE_VARIABLES["recorder"])
    if not everybody:
        return None
    url = os.environ.get(DATABASE_VARIABLES[role]) or everybody
    scheme, separator, rest = url.partition("://")
    plain = scheme in {"postgres", "postgresql"}
    return f"postgresql+psycopg{separator}{rest}" if plain else url


def external_temporal() -> bool:
    return any(os.environ.get(name) for name in TEMPORAL_VARIABLES)


def database_url(at: Path, role: Role = "recorder") -> str:
    """The URL of the record's database, for SQLAlchemy: with no more rights than are needed."""
    external = external_database(role)
    if external is not None:
        return external
    running = home.remembered(at)
    if running.ports is None or not processes.alive(running.postgres):
        raise NotRunning(postgres.NAME)
    try:
        return logins.url(at, running.ports.postgres, role)
    except FileNotFoundError:
        # A home of before there were such logins: `ntm up` makes them.
        raise NotRunning(f"{postgres.NAME} for the {role}") from None


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
