"""Real servers, started, killed and stopped as an operator would."""

import asyncio
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig
from temporalio.runtime import Runtime, TelemetryConfig

from stack import attributes, endpoints, processes, up
from stack.endpoints import NotRunning
from stack.home import Running
from stack.processes import Process

KEYWORD = 2


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    databases = endpoints.DATABASE_VARIABLES.values()
    for name in (*endpoints.TEMPORAL_VARIABLES, "TEMPORAL_NAMESPACE", *databases):
        monkeypatch.delenv(name, raising=False)
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    yield place / "home"
    up.down(place / "home")
    shutil.rmtree(place)


def servers(running: Running) -> tuple[Process, Process]:
    assert running.postgres is not None
    assert running.temporal is not None
    return running.postgres, running.temporal


def ask(home: Path, sql: str) -> str:
    url = endpoints.database_url(home, "owner").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(sql.encode())
        return str(answer.fetchone()) if answer.description else ""


def known_attributes(server: ClientConnectConfig, namespace: str = "default") -> dict[str, int]:
    """What the server at this address knows of one namespace, asked by a real client."""

    async def known() -> dict[str, int]:
        client = await connect(server)
        request = ListSearchAttributesRequest(namespace=namespace)
        answer = await client.operator_service.list_search_attributes(request)
        return dict(answer.custom_attributes)

    try:
        return asyncio.run(known())
    finally:
        gc.collect()


async def connect(server: ClientConnectConfig) -> Client:
    runtime = Runtime(telemetry=TelemetryConfig(logging=None), worker_heartbeat_interval=None)
    return await Client.connect(**server, runtime=runtime)


def states(home: Path) -> dict[str, str]:
    return {part.name: part.state for part in up.status(home)}


def test_up_is_idempotent_and_down_leaves_no_process(home: Path) -> None:
    first = up.up(home, worker=False)
    lines: list[str] = []
    second = up.up(home, worker=False, echo=lines.append)

    assert second == first
    assert sum("already up" in line for line in lines) == 3
    assert ask(home, "SHOW data_checksums") == "('on',)"
    assert ask(home, "SELECT datlocale FROM pg_database WHERE datname = 'ntm'") == "('C.UTF-8',)"
    assert known_attributes(endpoints.temporal_config(home)).keys() == attributes.ATTRIBUTES.keys()
    assert states(home) == {
        "PostgreSQL": "up",
        "Temporal": "up",
        "Web UI": "up",
        "Codec": "up",
        "Worker": "down",
    }

    up.down(home)
    up.down(home)

    assert not any(processes.alive(server) for server in servers(first))
    assert not processes.alive(first.codec)
    assert set(states(home).values()) == {"down"}
    with pytest.raises(NotRunning, match="run `ntm up`"):
        endpoints.database_url(home)
    with pytest.raises(NotRunning, match="run `ntm up`"):
        endpoints.temporal_config(home)


def test_killed_or_forgotten_servers_are_replaced_and_lose_nothing(home: Path) -> None:
    first = up.up(home, worker=False)
    ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
    for server in servers(first):
        os.kill(server.pid, signal.SIGKILL)
    second = up.up(home, worker=False)

    assert second.ports == first.ports
    assert not {s.pid for s in servers(first)} & {s.pid for s in servers(second)}
    assert ask(home, "SELECT answer FROM kept") == "(42,)"

    (home / "stack.json").write_text('{"ports": {"postgres"')
    third = up.up(home, worker=False)

    assert not any(processes.alive(server) for server in servers(second))
    assert all(processes.alive(server) for server in servers(third))
    assert ask(home, "SELECT answer FROM kept") == "(42,)"
    assert known_attributes(endpoints.temporal_config(home))


@pytest.mark.parametrize("memory", ["{", "null", '{"ports": {"postgres": "x"}}', None])
def test_a_lost_memory_is_no_memory(home: Path, memory: str | None) -> None:
    home.mkdir()
    if memory is not None:
        (home / "stack.json").write_text(memory)

    assert set(states(home).values()) == {"down"}
    up.down(home)


def test_a_home_deleted_under_its_servers_starts_afresh(home: Path) -> None:
    first = up.up(home, worker=False)
    ask(home, "CREATE TABLE lost ()")
    shutil.rmtree(home)
    up.up(home, worker=False)

    assert not any(processes.alive(server) for server in servers(first))
    assert ask(home, "SELECT to_regclass('lost')") == "(None,)"

    shutil.rmtree(home)
    up.down(home)

    assert processes.leftovers(f"{home}:postgres") == ()
    assert processes.leftovers(f"{home}:temporal") == ()


def test_what_the_environment_names_is_not_started(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up.up(home, worker=False)
    url, server = endpoints.database_url(home, "owner"), endpoints.temporal_config(home)
    _register(server, "elsewhere", {})
    _register(server, "mistaken", {"Stalled": KEYWORD})
    monkeypatch.setenv("NTM_DATABASE_URL", url.replace("+psycopg", ""))
    monkeypatch.setenv("TEMPORAL_ADDRESS", server["target_host"])
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "elsewhere")
    other = home.with_name("other")
    running = up.up(other, worker=False)

    assert (running.postgres, running.temporal) == (None, None)
    assert endpoints.database_url(other) == url
    assert known_attributes(server, "elsewhere").keys() == attributes.ATTRIBUTES.keys()
    assert states(other) == {"PostgreSQL": "external", "Temporal": "external", "Worker": "down"}

    monkeypatch.setenv("TEMPORAL_NAMESPACE", "mistaken")
    with pytest.raises(processes.DidNotStart, match="Stalled of namespace mistaken"):
        up.up(other, worker=False)

    monkeypatch.setenv("NTM_DATABASE_URL", "postgresql://ntm:secret@127.0.0.1:1/ntm")
    with pytest.raises(
        processes.DidNotStart, match=r"no answer from 127\.0\.0\.1:1/ntm"
    ) as failure:
        up.up(other, worker=False)
    assert "secret" not in str(failure.value)


def _register(server: ClientConnectConfig, namespace: str, had: dict[str, int]) -> None:
    async def register() -> None:
        client = await connect(server)
        request = RegisterNamespaceRequest(namespace=namespace)
        request.workflow_execution_retention_period.FromSeconds(86_400)
        await client.workflow_service.register_namespace(request)
        if had:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=namespace, search_attributes=had)  # type: ignore[arg-type]
            )

    try:
        asyncio.run(register())
    finally:
        gc.collect()
