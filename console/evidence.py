"""Keys and files of `ntm audit`: found, read, written once, or refused in one line."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from console import show
from console.failures import USAGE, Failure, wrong
from language.catalogue import tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from office.session import Session
    from storage.keyring import Succession


def own_key() -> "Ed25519PrivateKey":
    """The key of this home, made if there is none."""
    from stack import home
    from storage import keys

    at = home.locate()
    home.prepare(at)
    try:
        return keys.own(at)
    except ValueError as error:
        raise _bad_key(error) from None


def signing_key(session: "Session") -> None:
    """See that this home has the key that signs, made if nothing was ever signed."""
    from stack import home
    from storage import checkpoints

    home.prepare(home.locate())
    try:
        checkpoints.key(session.engine, session.outside())
    except ValueError as error:
        raise _bad_key(error) from None


def found_key() -> "Ed25519PublicKey | None":
    """The public key of this home, if it has one."""
    from stack import home
    from storage import keys

    try:
        found = keys.find(home.locate())
    except ValueError as error:
        raise _bad_key(error) from None
    return found.public_key() if found else None


def _bad_key(error: ValueError) -> Failure:
    told = tr("the key cannot be used: {why}", why=in_their_language(str(error)))
    return Failure(told, tr("chmod 600 the file, or give --key"), USAGE)


def public_key(text: str | None) -> "Ed25519PublicKey | None":
    """The key that `--key` spells."""
    from storage import notes

    if text is None:
        return None
    try:
        return notes.public_key(text)
    except ValueError:
        raise wrong("--key", show.plain(text), tr("as `ntm audit key` prints it")) from None


def successions(files: Iterable[Path]) -> "tuple[Succession, ...]":
    """The statements of new keys that `--rotated` names."""
    from storage import keyring

    found = []
    for file in files:
        try:
            found.append(keyring.read(text(file, "--rotated")))
        except ValueError as error:
            why = in_their_language(str(error))
            raise wrong("--rotated", show.plain(file), show.plain(why)) from None
    return tuple(found)


def must_be_new(file: Path | None) -> None:
    """Refuse, before any work, to write over what is there."""
    if file is not None and file.exists():
        raise wrong("--to", show.plain(file), tr("evidence is not overwritten"))


def folder(place: Path, option: str) -> None:
    """Make a folder, if it is not there."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise wrong(option, show.plain(place), show.plain(error.strerror)) from None


def write(file: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    try:
        with file.open("xb") as new:
            new.write(content)
    except OSError as error:
        raise wrong("--to", show.plain(file), show.plain(error.strerror)) from None


def read(file: Path, option: str) -> bytes:
    """A file that an option names."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise wrong(option, show.plain(file), show.plain(error.strerror)) from None


def text(file: Path, option: str) -> str:
    try:
        return read(file, option).decode()
    except UnicodeDecodeError:
        raise wrong(option, show.plain(file), tr("it is not UTF-8")) from None
