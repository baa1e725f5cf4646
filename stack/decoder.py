"""The codec server of the embedded Web UI, which shows a local operator what payloads say."""

import os
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path

from stack import home, processes
from stack.home import Ports
from stack.processes import DidNotStart, Process

NAME = "Codec"
PART = "codec"


def start(at: Path, ports: Ports) -> Process:
    """Start `ntm codec` for the pages of our Web UI, and wait until it lets them ask."""
    log = home.log(at, PART)
    process = processes.spawn(
        [
            Path(sys.executable).with_name("ntm"),
            *("codec", "--port", str(ports.codec)),
            *(word for page in ports.pages for word in ("--origin", page)),
        ],
        log=log,
        mark=home.mark(at, PART),
        environment={**os.environ, "NTM_HOME": str(at)},
    )
    try:
        processes.wait_until(lambda: answers(at, ports), process, part=NAME, seconds=60.0, log=log)
    except DidNotStart:
        stop(process)
        raise
    return process


def stop(process: Process) -> None:
    processes.stop(process, grace=5.0)


def answers(at: Path, ports: Ports) -> bool:  # noqa: ARG001  # as every server is asked
    """Whether it lets the Web UI ask, at the address which that has now."""
    wanted = {"Origin": ports.pages[0], "Access-Control-Request-Method": "POST"}
    asked = urllib.request.Request(  # http, as just written
        f"http://127.0.0.1:{ports.codec}/decode", headers=wanted, method="OPTIONS"
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(asked, timeout=5) as reply:
            return bool(reply.headers["Access-Control-Allow-Origin"] == ports.pages[0])
    except (OSError, HTTPException):
        return False
