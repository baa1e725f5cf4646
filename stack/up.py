"""Bring the servers and the worker up, take them down, and say how they are."""

import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from language.catalogue import tr
from stack import (
    attributes,
    decoder,
    endpoints,
    home,
    logins,
    payload_keys,
    postgres,
    processes,
    temporal,
    work,
)
from stack.home import Ports, Running
from stack.processes import DidNotStart, Process

Echo = Callable[[str], None]


class Server(Protocol):
    """What the modules `stack.postgres`, `stack.temporal` and `stack.decoder` have in common."""

    NAME: str
    PART: str

    def start(self, at: Path, ports: Ports) -> Process: ...
    def stop(self, process: Process) -> None: ...
    def answers(self, at: Path, ports: Ports) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of `ntm status`."""

    name: str
    state: Literal["up", "down", "external", "restored"]
    address: str | None = None
    pid: int | None = None
    since: datetime | None = None


def up(at: Path, *, worker: bool = True, echo: Echo = lambda _: None) -> Running:
    """Start what is not running yet; a part that is well is left alone."""
    home.prepare(at)
    with home.alone(at):
        running = _survivors(at, home.remembered(at))
        ports = home.choose_ports(running.ports, _in_use(running))
        running = replace(running, ports=ports)
        home.remember(at, running)
        payload_keys.ensure(at)
        if not _external_database(echo):
            process = _ensure(postgres, running.postgres, at, ports, echo)
            running = replace(running, postgres=process)
            home.remember(at, running)
            if (at / "postgres").is_symlink():
                echo(tr("data are kept in {place}", place=(at / "postgres").resolve()))
        _migrate(at, echo)
        if running.postgres is not None:
            logins.ensure(at, ports.postgres)
        if not _external_temporal(at, echo):
            process = _ensure(temporal, running.temporal, at, ports, echo)
            running = replace(running, temporal=process)
            home.remember(at, running)
            process = _ensure(decoder, running.codec, at, ports, echo)
            running = replace(running, codec=process)
            home.remember(at, running)
        if worker:
            running = replace(running, worker=_ensure_worker(at, running.worker, echo))
            home.remember(at, running)
        return running


def down(at: Path, echo: Echo = lambda _: None) -> None:
    """Stop every process of this home, remembered or not; ports and data are kept."""
    with home.alone(at) if at.exists() else nullcontext():
        running = home.remembered(at)
        for process in _carriers(at, work.PART, running.worker):
            echo(tr("stopping {part}", part=work.NAME))
            work.stop(process)
        for server, remembered in (
            (decoder, running.codec),
            (temporal, running.temporal),
            (postgres, running.postgres),
        ):
            for process in _carriers(at, server.PART, remembered):
                echo(tr("stopping {part}", part=server.NAME))
                server.stop(process)
        if at.exists():
            home.remember(at, Running(ports=running.ports))


def status(at: Path) -> tuple[Part, ...]:
    """How each part is now: asked, not remembered."""
    running = home.remembered(at)
    database = endpoints.external_database()
    if database is not None:
        record = Part(name=postgres.NAME, state="external", address=_without_password(database))
    else:
        record = _part(postgres, running.postgres, at, running.ports)
        if running.ports and record.state == "up":
            record = replace(record, address=f"127.0.0.1:{running.ports.postgres}")
    worker = running.worker
    return (
        record,
        *_temporal_parts(at, running),
        _shown(work.NAME, worker)
        if processes.alive(worker)
        else Part(name=work.NAME, state="down"),
    )


def _temporal_parts(at: Path, running: Running) -> tuple[Part, ...]:
    if endpoints.external_temporal():
        named = (os.environ.get(name) for name in endpoints.TEMPORAL_VARIABLES)
        address = next(value for value in named if value)
        return (Part(name=temporal.NAME, state="external", address=address),)
    engine = _part(temporal, running.temporal, at, running.ports)
    ui = replace(engine, name="Web UI")
    if engine.state == "up":
        engine = replace(engine, address=running.temporal_address)
        ui = replace(ui, address=running.ui_url)
    codec = _part(decoder, running.codec, at, running.ports)
    if codec.state == "up":
        codec = replace(codec, address=running.codec_url)
    return engine, ui, codec


def _part(server: Server, process: Process | None, at: Path, ports: Ports | None) -> Part:
    if ports and processes.alive(process) and server.answers(at, ports):
        return _shown(server.NAME, process)
    return Part(name=server.NAME, state="down")


def _shown(name: str, process: Process) -> Part:
    since = datetime.fromtimestamp(process.started_at, UTC)
    return Part(name=name, state="up", pid=process.pid, since=since)


def _survivors(at: Path, running: Running) -> Running:
    """What is remembered and well; whatever else carries our mark is stopped.

    That is a server that hangs, one whose home was deleted under it, and one that
    `stack.json` forgot.
    """
    worker = running.worker if processes.alive(running.worker) else None
    record = _well(postgres, running.postgres, at, running.ports)
    engine = _well(temporal, running.temporal, at, running.ports)
    codec = _well(decoder, running.codec, at, running.ports)
    for process in _carriers(at, work.PART, running.worker):
        if process != worker:
            work.stop(process)
    for server, well, remembered in (
        (decoder, codec, running.codec),
        (temporal, engine, running.temporal),
        (postgres, record, running.postgres),
    ):
        for process in _carriers(at, server.PART, remembered):
            if process != well:
                server.stop(process)
    return replace(running, postgres=record, temporal=engine, codec=codec, worker=worker)


def _well(server: Server, process: Process | None, at: Path, ports: Ports | None) -> Process | None:
    well = ports and processes.alive(process) and server.answers(at, ports)
    return process if well else None


def _carriers(at: Path, part: str, remembered: Process | None) -> tuple[Process, ...]:
    marked = processes.leftovers(home.mark(at, part))
    if processes.alive(remembered) and remembered.pid not in {found.pid for found in marked}:
        return (*marked, remembered)
    return marked


def _in_use(running: Running) -> frozenset[str]:
    return frozenset(
        (("postgres",) if running.postgres else ())
        + (("temporal", "ui", "http", "metrics") if running.temporal else ())
        + (("codec",) if running.codec else ())
    )


def _ensure(server: Server, process: Process | None, at: Path, ports: Ports, echo: Echo) -> Process:
    if process is not None:
        echo(tr("already up: {part}", part=server.NAME))
        return process
    echo(tr("starting {part}", part=server.NAME))
    try:
        try:
            return server.start(at, ports)
        except DidNotStart:
            # A port that was free when it was chosen may belong to somebody's passing connection.
            time.sleep(1.0)
            return server.start(at, ports)
    except OSError as failure:
        # Not allowed to become another user, no room, no such program.
        raise DidNotStart(server.NAME, str(failure), home.log(at, server.PART)) from failure


def _ensure_worker(at: Path, process: Process | None, echo: Echo) -> Process:
    if process is not None and work.serves(at, process):
        echo(tr("already up: {part}", part=work.NAME))
        return process
    if process is not None:
        work.stop(process)
    echo(tr("starting {part}", part=work.NAME))
    return work.start(at)


def _external_database(echo: Echo) -> bool:
    named = (endpoints.external_database(role) for role in logins.LOGINS)
    urls = dict.fromkeys(url for url in named if url is not None)
    for url in urls:
        part = f"{postgres.NAME} {_without_password(url)}"
        echo(tr("external: {part}", part=part))
        if not postgres.reachable(url):
            raise DidNotStart(postgres.NAME, f"no answer from {_without_password(url)}")
    return bool(urls)


def _external_temporal(at: Path, echo: Echo) -> bool:
    if not endpoints.external_temporal():
        return False
    echo(tr("external: {part}", part=temporal.NAME))
    try:
        attributes.ensure(endpoints.temporal_config(at))
    except (attributes.WrongType, RuntimeError) as failure:
        raise DidNotStart(temporal.NAME, str(failure)) from failure
    return True


def _migrate(at: Path, echo: Echo) -> None:
    from storage import migrate

    echo(tr("migrating the schema"))
    migrate.upgrade(endpoints.database_url(at, "owner"), echo)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}:{parts.port or 5432}{parts.path}"
