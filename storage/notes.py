"""Checkpoints as signed notes: text that anybody can keep, and check with one public key.

The form is C2SP's (signed-note, tlog-checkpoint), so that witnesses' own tools can read it:

    ntm-record
    1234
    base64 of the root over the first 1234 events

    — ntm-record base64(first 4 bytes of the key's id ‖ Ed25519 signature)

After an accepted restore one more line follows the root, `timeline 2`: the log of another history.
"""

from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.values import value

NAME = "ntm-record"
"""The origin of our checkpoints, and the name of the key that signs them."""

_ED25519 = b"\x01"
_TIMELINE = "timeline "


@value
class Checkpoint:
    """How many events the log had, the root of the tree over them, and on which timeline."""

    size: int
    root: bytes
    timeline: int = 1


def sign(key: Ed25519PrivateKey, checkpoint: Checkpoint) -> str:
    """A checkpoint as a signed note. The same checkpoint is always the same note."""
    text = f"{NAME}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"
    if checkpoint.timeline > 1:
        text += f"{_TIMELINE}{checkpoint.timeline}\n"
    return signed(key, text)


def read(key: Ed25519PublicKey, note: str) -> Checkpoint:
    """The checkpoint of a note that the key signed. Raises ValueError if it did not."""
    lines = opened(key, note).split("\n")
    if len(lines) not in (4, 5) or lines[0] != NAME:
        raise ValueError("is no checkpoint of this log")
    root, later = _decoded(lines[2]), lines[3:-1]
    if len(root) != 32 or (later and not later[0].startswith(_TIMELINE)):
        raise ValueError("is no checkpoint: its root or its timeline is not written as it should")
    timeline = number(later[0].removeprefix(_TIMELINE)) if later else 1
    if later and timeline == 1:
        raise ValueError("is no checkpoint: the first timeline is not written")
    return Checkpoint(size=number(lines[1]), root=root, timeline=timeline)


def signed(key: Ed25519PrivateKey, text: str, name: str = NAME) -> str:
    """A text with our signature below it."""
    mark = _key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {name} {b64encode(mark).decode()}\n"


def opened(key: Ed25519PublicKey, note: str, name: str = NAME) -> str:
    """The text of a note, if the key signed it; signatures of others are passed over."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    if not signatures.endswith("\n"):
        raise ValueError("is no signed note")
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        who, _, mark = rest.partition(" ")
        if dash != "—" or not who or not mark:
            raise ValueError("is no signed note")
        made = _decoded(mark)
        if who == name and made[:4] == _key_id(name, key):
            try:
                key.verify(made[4:], text.encode())
            except InvalidSignature:
                raise ValueError("is not signed by this key: the signature is wrong") from None
            return text
    raise ValueError("is not signed by this key")


def spelled(key: Ed25519PublicKey, name: str = NAME) -> str:
    """A public key as people hand it on: `name+id+base64`."""
    material = b64encode(_ED25519 + key.public_bytes_raw()).decode()
    return f"{name}+{_key_id(name, key).hex()}+{material}"


def public_key(text: str, name: str = NAME) -> Ed25519PublicKey:
    """The key of such a spelling. Raises ValueError if it is none, or not to the letter."""
    # At most twice: base64 may hold a plus of its own.
    material = _decoded(text.split("+", 2)[-1])
    if material[:1] != _ED25519 or len(material) != 33:
        raise ValueError("is no Ed25519 key")
    key = Ed25519PublicKey.from_public_bytes(material[1:])
    if spelled(key, name) != text:
        raise ValueError(f"is no key of {name}, or not written to the letter")
    return key


def number(text: str) -> int:
    """A whole number in its one form."""
    if not (text.isascii() and text.isdecimal()) or str(int(text)) != text:
        raise ValueError("a number is not written as it should be")
    return int(text)


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _decoded(text: str) -> bytes:
    """Base64 in its one form: the same bytes are never written in two ways."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        raise ValueError("is not base64") from None
    if b64encode(found).decode() != text:
        raise ValueError("is not base64 in its one form")
    return found
