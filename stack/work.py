"""The worker process: told where the servers are, and waited for until it polls."""

import os
import sys
from pathlib import Path

from stack import endpoints, home, processes
from stack.processes import DidNotStart, Process

NAME = "Worker"
PART = "worker"
PROGRAM = Path(__file__).resolve().parent.parent / "worker.py"


def start(at: Path) -> Process:
    """Start `worker.py` and wait until it says that it is ready."""
    log = home.log(at, PART)
    ready = _ready_file(at)
    ready.unlink(missing_ok=True)
    process = processes.spawn(
        [sys.executable, PROGRAM],
        log=log,
        mark=home.mark(at, PART),
        environment={**_inherited(), **_told(at)},
    )
    try:
        processes.wait_until(ready.exists, process, part=NAME, seconds=60.0, log=log)
    except DidNotStart:
        stop(process)
        raise
    return process


def stop(process: Process) -> None:
    processes.stop(process, grace=30.0)


def serves(at: Path, process: Process) -> bool:
    """Whether the worker is up and was told of the servers that are meant now."""
    had = processes.environment(process)
    return _ready_file(at).exists() and all(
        had.get(name) == value for name, value in _told(at).items()
    )


def _ready_file(at: Path) -> Path:
    return at / "worker.ready"


def _inherited() -> dict[str, str]:
    # The worker records; the owner's rights are for migrations and never reach it.
    databases = endpoints.DATABASE_VARIABLES.values()
    inherited = {k: v for k, v in os.environ.items() if k not in databases}
    if endpoints.external_temporal():
        return inherited
    # A namespace or a key for some other cluster must not reach our own server.
    return {k: v for k, v in inherited.items() if not k.startswith("TEMPORAL_")}


def _told(at: Path) -> dict[str, str]:
    told = {
        "NTM_HOME": str(at),
        "NTM_DATABASE_URL": endpoints.database_url(at),
        "NTM_READY_FILE": str(_ready_file(at)),
    }
    if endpoints.external_temporal():
        names = (*endpoints.TEMPORAL_VARIABLES, "TEMPORAL_NAMESPACE")
        return told | {name: os.environ[name] for name in names if name in os.environ}
    address = home.remembered(at).temporal_address
    if address is None:
        raise endpoints.NotRunning("Temporal")
    return told | {"TEMPORAL_ADDRESS": address, "TEMPORAL_CONFIG_FILE": os.devnull}
