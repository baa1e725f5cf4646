"""Where the servers keep their things, and what is remembered of them between commands."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from stack.processes import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the servers listen, on 127.0.0.1 only."""

    postgres: int
    temporal: int
    ui: int
    http: int
    metrics: int
    codec: int = 0
    """Zero in what an `ntm up` from before there was one has left."""

    @property
    def pages(self) -> tuple[str, str]:
        """The origins of the Web UI, as a browser may name them."""
        return f"http://127.0.0.1:{self.ui}", f"http://localhost:{self.ui}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What was started, as remembered in `stack.json`; a part that is `None` was not."""

    ports: Ports | None = None
    postgres: Process | None = None
    temporal: Process | None = None
    codec: Process | None = None
    worker: Process | None = None

    @property
    def temporal_address(self) -> str | None:
        return f"127.0.0.1:{self.ports.temporal}" if self.ports and self.temporal else None

    @property
    def codec_url(self) -> str | None:
        return f"http://127.0.0.1:{self.ports.codec}" if self.ports and self.codec else None

    @property
    def ui_url(self) -> str | None:
        return f"http://127.0.0.1:{self.ports.ui}" if self.ports and self.temporal else None


def locate() -> Path:
    """`NTM_HOME`, or `.ntm` in the current directory."""
    return Path(os.environ.get("NTM_HOME") or ".ntm").expanduser().resolve()


def other_media() -> tuple[Path, ...]:
    """Folders beside the home's own in which signed checkpoints are kept: `NTM_NOTES`, with `:`."""
    named = os.environ.get("NTM_NOTES", "").split(os.pathsep)
    return tuple(Path(one).expanduser().resolve() for one in named if one)


def prepare(home: Path) -> None:
    """Make the directories; nobody else may list them."""
    if not home.exists():
        home.mkdir(parents=True)
        # Root lets its unprivileged PostgreSQL pass through, but not look around.
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for room in ("logs", "temporal"):
        (home / room).mkdir(exist_ok=True, mode=0o700)


def log(home: Path, part: str) -> Path:
    return home / "logs" / f"{part}.log"


def mark(home: Path, part: str) -> str:
    """The sign that a process of this home carries in its environment."""
    return f"{home}:{part}"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Let one `up` or `down` of this home work at a time."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remembered(home: Path) -> Running:
    """What the last `up` left, or nothing if that cannot be read."""
    try:
        told = json.loads((home / "stack.json").read_text("utf-8"))
        return Running(
            ports=told["ports"] and Ports(**{k: int(v) for k, v in told["ports"].items()}),
            **{part: _process(told[part]) for part in ("postgres", "temporal", "worker")},
            codec=_process(told.get("codec")),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        # Nothing is lost by it: a forgotten process is found again by its mark.
        return Running()


def remember(home: Path, running: Running) -> None:
    """Replace `stack.json` whole, so that no reader ever sees half of it."""
    draft = home / "stack.json.new"
    draft.write_text(json.dumps(asdict(running), indent=2) + "\n", "utf-8")
    draft.replace(home / "stack.json")


def choose_ports(wanted: Ports | None, in_use: frozenset[str]) -> Ports:
    """The remembered ports that our servers use or that are still free; new ones for the rest."""
    with ExitStack() as held:

        def hold(port: int) -> int | None:
            listener = held.enter_context(socket.socket())
            # As the servers do: connections that are closing do not occupy a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                return None
            return int(listener.getsockname()[1])

        names = [field.name for field in fields(Ports)]
        kept = {
            name: wanted
            and (getattr(wanted, name) if name in in_use else hold(getattr(wanted, name)))
            for name in names
        }
        return Ports(**{name: port or hold(0) or 0 for name, port in kept.items()})


def _process(told: dict[str, float] | None) -> Process | None:
    if told is None:
        return None
    return Process(pid=int(told["pid"]), started_at=float(told["started_at"]))
