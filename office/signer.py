"""The keys of officials, where they lie: in a file, in an ssh-agent, or in a rehearsal's home.

An unencrypted file is read here; whatever has a passphrase is left to OpenSSH's own programs, so
that no passphrase ever passes through this one.
"""

import os
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from domain.keys import PublicKey
from domain.values import Post, value
from signing import sshsig
from signing.sshsig import Malformed

_PATIENCE = 120
"""Seconds: a person may have to type a passphrase, or touch a token."""


class NoKey(Exception):
    """No key can be had from where it was said to be; the message says why, and what helps."""


@value
class Signer:
    """A key that can sign here and now."""

    key: PublicKey
    sign: Callable[[bytes], str]


def of_file(file: Path) -> Signer:
    """The key of a private key file. Raises `NoKey`."""
    try:
        mode, pem = stat.S_IMODE(file.stat().st_mode), file.read_bytes()
    except OSError as error:
        raise NoKey(f"{file}: {error.strerror}") from None
    if mode & 0o077:
        raise NoKey(f"{file}: others may read it (mode {mode:o}); chmod 600")
    try:
        private = load_ssh_private_key(pem, password=None)
    except (TypeError, UnsupportedAlgorithm):
        # It has a passphrase.
        return _of_openssh(file)
    except ValueError:
        raise NoKey(f"{file}: is no private key of OpenSSH") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise NoKey(f"{file}: is no Ed25519 key; make one: ssh-keygen -t ed25519")
    return of_private(private)


def of_private(private: Ed25519PrivateKey) -> Signer:
    """A key in hand."""
    return Signer(key=sshsig.key_of(private), sign=lambda message: sshsig.sign(private, message))


def of_agent() -> tuple[Signer, ...]:
    """Every key in the ssh-agent that could sign a decision. Raises `NoKey` if none answers."""
    if not os.environ.get("SSH_AUTH_SOCK"):
        raise NoKey("no ssh-agent: SSH_AUTH_SOCK is not set; eval $(ssh-agent); ssh-add")
    listed = _run(["ssh-add", "-L"])
    if listed.returncode:
        raise NoKey("the ssh-agent has no key; ssh-add FILE")
    found = []
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        try:
            key = sshsig.read_key(line)
        except Malformed:
            # Of another kind; it may serve for logins.
            continue
        found.append(_in_agent(key))
    return tuple(found)


def of_rehearsal(home: Path, post: Post) -> Signer | None:
    """The key that a rehearsal made for a post in this home; None in earnest."""
    file = home / "keys" / str(post)
    return of_file(file) if file.exists() else None


def make_rehearsal(home: Path, name: str) -> Signer:
    """The same, made if there is none; `name` is a post, or says whose it is beside the first's.

    For rehearsals only: in earnest a key never leaves its owner.
    """
    file = home / "keys" / name
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if not file.exists():
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(pem)
        line = f"{sshsig.line(sshsig.key_of(private))} {name} (diễn tập · rehearsal)\n"
        file.with_name(f"{file.name}.pub").write_text(line, "utf-8")
    return of_file(file)


def _of_openssh(file: Path) -> Signer:
    """A key whose passphrase OpenSSH asks for, on the terminal."""
    public = file.with_name(f"{file.name}.pub")
    try:
        key = sshsig.read_key(public.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise NoKey(
            f"{file} has a passphrase, and {public.name} is not beside it;"
            f" ssh-keygen -y -f {file.name} > {public.name}"
        ) from None
    except Malformed as malformed:
        raise NoKey(f"{public}: {malformed}") from None
    return Signer(key=key, sign=lambda message: _ssh_keygen(file, message))


def _in_agent(key: PublicKey) -> Signer:
    def sign(message: bytes) -> str:
        with tempfile.TemporaryDirectory(prefix="ntm-") as place:
            file = Path(place) / "key.pub"
            file.write_text(f"{sshsig.line(key)}\n", "utf-8")
            return _ssh_keygen(file, message)

    return Signer(key=key, sign=sign)


def _ssh_keygen(file: Path, message: bytes) -> str:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", sshsig.NAMESPACE, "-f", str(file)]
    made = _run(command, message)
    if made.returncode:
        said = made.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoKey(f"ssh-keygen: {said[-1] if said else 'did not sign'}")
    return made.stdout.decode("ascii", "replace")


def _run(command: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  OpenSSH's own programs, by their names
            command, input=given, capture_output=True, check=False, timeout=_PATIENCE
        )
    except FileNotFoundError:
        raise NoKey(f"{command[0]} is not installed here (OpenSSH's client)") from None
    except subprocess.TimeoutExpired:
        raise NoKey(f"{command[0]}: nobody answered it in {_PATIENCE} s") from None
