"""Processes that outlive the command that started them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeGuard

import psutil  # type: ignore[import-untyped]

MARK = "NTM_PART"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A pid and when it began: a pid alone may have passed to a stranger."""

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> Self:
        return cls(pid=pid, started_at=psutil.Process(pid).create_time())


class DidNotStart(Exception):
    """A part did not come up; its log, if it is ours to keep, tells why."""

    def __init__(self, part: str, because: str, log: Path | None = None) -> None:
        super().__init__(f"{part}: {because}")
        self.part = part
        self.because = because
        self.log = log

    def last_lines(self, count: int = 8) -> list[str]:
        if self.log is None or not self.log.exists():
            return []
        return self.log.read_text("utf-8", "replace").splitlines()[-count:]


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    mark: str,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    owner: tuple[int, int] | None = None,
) -> Process:
    """Start a process in a session of its own, as another user and group if told so."""
    uid, gid = owner or (None, None)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=directory,
            env={**(os.environ if environment is None else environment), MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=None if owner is None else [],
        )
    try:
        return Process.of(child.pid)
    finally:
        # Somebody must wait for it, or it stays a zombie for as long as we live.
        threading.Thread(target=child.wait, daemon=True).start()


def alive(process: Process | None) -> TypeGuard[Process]:
    return process is not None and _found(process) is not None


def environment(process: Process) -> Mapping[str, str]:
    """What the process was told when it began, or nothing if it is gone or not ours to ask."""
    try:
        return dict(psutil.Process(process.pid).environ()) if alive(process) else {}
    except (psutil.Error, OSError):
        return {}


def program(pid: int) -> str | None:
    """The name of the program that runs under this pid now."""
    try:
        found = psutil.Process(pid)
        return str(found.name()) if found.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def stop(process: Process, *, politely: signal.Signals = signal.SIGTERM, grace: float) -> None:
    """Ask this very process to end, and kill it if it has not within `grace` seconds."""
    for how, patience in ((politely, grace), (signal.SIGKILL, 10.0)):
        found = _found(process)
        if found is None:
            return
        try:
            found.send_signal(how)
        except psutil.NoSuchProcess:
            return
        until = time.monotonic() + patience
        while alive(process) and time.monotonic() < until:
            time.sleep(0.02)


def leftovers(mark: str) -> tuple[Process, ...]:
    """Processes that carry this mark, whoever remembers them."""
    parents: dict[Process, int] = {}
    for candidate in psutil.process_iter():
        try:
            if candidate.environ().get(MARK) == mark:
                parents[Process.of(candidate.pid)] = candidate.ppid()
        except (psutil.Error, OSError):
            # Gone, a zombie, or somebody else's.
            continue
    # A child inherits the mark; it is its parent's to end.
    pids = {process.pid for process in parents}
    return tuple(process for process, parent in parents.items() if parent not in pids)


def wait_until(
    ready: Callable[[], bool], process: Process, *, part: str, seconds: float, log: Path
) -> None:
    """Return when the part answers; raise `DidNotStart` if it ends or takes too long."""
    until = time.monotonic() + seconds
    while not ready():
        if not alive(process):
            raise DidNotStart(part, "ended while starting", log)
        if time.monotonic() > until:
            raise DidNotStart(part, f"did not answer within {seconds:.0f} s", log)
        time.sleep(0.05)


def _found(process: Process) -> psutil.Process | None:
    try:
        found = psutil.Process(process.pid)
        # The clock of the machine may be corrected a little while it runs.
        same = abs(found.create_time() - process.started_at) < 1.0
        # A killed server's ports are taken until the last of its threads is gone.
        dead = found.status() == psutil.STATUS_ZOMBIE and found.num_threads() <= 1
    except psutil.NoSuchProcess:
        return None
    return found if same and not dead else None
