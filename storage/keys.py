"""The key that signs checkpoints: a file of its owner's, made once."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

FILE = "audit-key"
_NEXT = "audit-key.next"


def own(place: Path) -> Ed25519PrivateKey:
    """The key of a home, made if there is none."""
    return find(place) or _make(place)


def following(place: Path) -> Ed25519PrivateKey:
    """The key that is to follow, made if there is none; it signs nothing before `succeed`."""
    return find(place, _NEXT) or _make(place, _NEXT)


def succeed(place: Path) -> None:
    """Put the following key in the place of the old one, which is gone afterwards."""
    (place / _NEXT).replace(place / FILE)


def find(place: Path, name: str = FILE) -> Ed25519PrivateKey | None:
    """The key of a home. Raises ValueError for a file that is no key, or that others may read."""
    file = place / name
    try:
        mode, pem = stat.S_IMODE(file.stat().st_mode), file.read_bytes()
    except FileNotFoundError:
        return None
    if mode & 0o077:
        raise ValueError(f"{file}: others may read it (mode {mode:o}, not 600)")
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError:
        raise ValueError(f"{file}: is no key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file}: is no Ed25519 key")  # noqa: TRY004  what the file holds
    return key


def _make(place: Path, name: str = FILE) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = place / f"{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A whole key or none; and of two who make one at once, the first has made it.
        os.link(draft, place / name)
    except FileExistsError:
        found = find(place, name)
        assert found is not None
        return found
    finally:
        draft.unlink()
    return key
