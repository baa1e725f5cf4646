"""The embedded PostgreSQL: a real server on a loopback port, with a password."""

import os
import signal
import time
from pathlib import Path

from stack import cluster, home, processes
from stack.home import Ports
from stack.processes import DidNotStart, Process

NAME = "PostgreSQL"
PART = "postgres"
DATABASE = "ntm"
PATIENCE = 30.0


def start(at: Path, ports: Ports) -> Process:
    """Start the server on its data, made if there is none, and wait until it answers."""
    log = home.log(at, PART)
    data = cluster.data(at) or cluster.create(at, log)
    process = _start(at, data, ports.postgres)
    _create_database(at, ports.postgres)
    return process


def stop(process: Process) -> None:
    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    processes.stop(process, politely=signal.SIGINT, grace=20.0)


def url(at: Path, port: int, database: str = DATABASE, login: str = cluster.SUPERUSER) -> str:
    secret = cluster.password(at, login)
    return f"postgresql+psycopg://{login}:{secret}@127.0.0.1:{port}/{database}"


def answers(at: Path, ports: Ports) -> bool:
    """Whether a client is let in, which a server that recovers or lost its files does not do."""
    try:
        return reachable(url(at, ports.postgres))
    except FileNotFoundError:
        return False


def reachable(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(_plain(url), connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _start(at: Path, data: Path, port: int) -> Process:
    log = home.log(at, PART)
    deadline = time.monotonic() + PATIENCE
    _disown_dead(data / "postmaster.pid")
    while True:
        process = processes.spawn(
            [cluster.programs() / "postgres", "-D", data, "-p", str(port)],
            log=log,
            mark=home.mark(at, PART),
            directory=data,
            owner=cluster.owner(),
        )
        try:
            processes.wait_until(
                lambda: reachable(url(at, port, "postgres")),
                process,
                part=NAME,
                seconds=PATIENCE,
                log=log,
            )
        except DidNotStart as failure:
            stop(process)
            # The children of a killed server hold its memory until they notice.
            if "still in use" not in "".join(failure.last_lines()) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return process


def _disown_dead(pid_file: Path) -> None:
    """Let PostgreSQL see that the server of this pid file is dead.

    It asks only whether the pid exists, so it mistakes for a rival a program that has the
    pid now, or a killed server that no init has reaped. It never mistakes its own parent;
    the rest of the file stays, and with it the guard on memory that is still in use.
    """
    if not pid_file.exists():
        return
    pid, newline, rest = pid_file.read_text("utf-8").partition("\n")
    if not pid.isdecimal() or processes.program(int(pid)) != "postgres":
        pid_file.write_text(f"{os.getpid()}{newline}{rest}", "utf-8")


def _create_database(at: Path, port: int) -> None:
    import psycopg

    with psycopg.connect(_plain(url(at, port, "postgres")), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)
