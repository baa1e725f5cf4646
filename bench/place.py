"""A home for the length of a measurement: its own servers on its own files, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack import endpoints, home, postgres, up
from storage import migrate

_MEANT_ELSEWHERE = (
    *endpoints.TEMPORAL_VARIABLES,
    "TEMPORAL_NAMESPACE",
    *endpoints.DATABASE_VARIABLES.values(),
)


@contextmanager
def database() -> Iterator[str]:
    """The URL of an empty record on a PostgreSQL of its own."""
    with _directory() as at:
        home.prepare(at)
        ports = home.choose_ports(None, frozenset())
        process = postgres.start(at, ports)
        try:
            url = postgres.url(at, ports.postgres)
            migrate.upgrade(url)
            yield url
        finally:
            postgres.stop(process)


@contextmanager
def everything() -> Iterator[Path]:
    """A home with PostgreSQL, Temporal and the worker, as `ntm up` starts them."""
    with _directory() as at:
        try:
            up.up(at)
            yield at
        finally:
            up.down(at)


@contextmanager
def _directory() -> Iterator[Path]:
    # Nothing is measured on, or written to, somebody's real servers.
    for name in _MEANT_ELSEWHERE:
        os.environ.pop(name, None)
    place = Path(tempfile.mkdtemp(prefix="ntm-bench-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    try:
        yield place / "home"
    finally:
        data = place / "home" / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.resolve(), ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
