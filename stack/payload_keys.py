"""The keys with which payloads are encrypted before Temporal keeps them: one file, a key a line."""

import base64
import os
import stat
from pathlib import Path

VARIABLE = "NTM_PAYLOAD_KEYS"
"""Names a key file that is somebody else's to make: the same on every machine."""

_FILE = "payload-keys"
_BYTES = 32
_HEAD = (
    "# The keys of what Temporal keeps. The first one encrypts; all of them decrypt.\n"
    "# Without them Temporal's histories cannot be read; the record can. Keep a copy.\n"
)


class NoKeys(Exception):
    """There is no key file, or it is none; the message names it, and never a key."""


def place(at: Path) -> Path:
    """The file that the environment names, or the home's own."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().resolve() if named else at / _FILE


def ensure(at: Path) -> None:
    """Make the home's own file if there is none; a named one has to be there. Raises `NoKeys`."""
    file = place(at)
    if not os.environ.get(VARIABLE) and not file.exists():
        _write(file, (_new(),))
    read(file)


def rotate(at: Path) -> None:
    """Let a new key encrypt from now on, and the old ones go on decrypting. Raises `NoKeys`."""
    file = place(at)
    _write(file, (_new(), *read(file)))


def read(file: Path) -> tuple[bytes, ...]:
    """Every key, the one that encrypts first. Raises `NoKeys`."""
    try:
        mode, lines = stat.S_IMODE(file.stat().st_mode), file.read_text("ascii").splitlines()
    except FileNotFoundError:
        raise NoKeys(f"{file}: is not there") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NoKeys(f"{file}: cannot be read ({type(error).__name__})") from None
    if mode & 0o077:
        raise NoKeys(f"{file}: others may read it (mode {mode:o}, not 600)")
    keys = [
        _key(file, number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not keys:
        raise NoKeys(f"{file}: holds no key")
    return tuple(keys)


def _key(file: Path, number: int, line: str) -> bytes:
    try:
        key = base64.b64decode(line.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise NoKeys(f"{file}, line {number}: is no key of {_BYTES} bytes in base64")
    return key


def _new() -> bytes:
    return os.urandom(_BYTES)


def _write(file: Path, keys: tuple[bytes, ...]) -> None:
    """Replace the file whole, so that no reader ever sees half of it."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
        private.write(_HEAD + "".join(f"{base64.b64encode(key).decode()}\n" for key in keys))
        private.flush()
        os.fsync(private.fileno())
    draft.replace(file)
