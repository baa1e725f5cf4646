"""SSHSIG: signatures that OpenSSH makes and checks (`ssh-keygen -Y`), read to the letter.

    blob   = "SSHSIG" ‖ version 1 ‖ key ‖ namespace ‖ reserved ‖ hash's name ‖ signature
    signed = "SSHSIG" ‖ namespace ‖ reserved ‖ hash's name ‖ hash of the message

Source: OpenSSH's PROTOCOL.sshsig; RFC 8709 for the key and the signature. What is read here comes
from anybody: lengths are held first, nothing may follow, and every failure is `Malformed`.
"""

import struct
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256, sha512
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.keys import Algorithm, PublicKey
from domain.values import value

NAMESPACE = "decision@ntm"
"""What keeps a signature of ours from being one of git's, or of a login."""

MOST_ARMORED = 2_000
"""Letters of the longest signature that is read; one with an Ed25519 key has about 300."""
MOST_LINE = 1_000
"""Letters of the longest public key that is read."""

_MAGIC = b"SSHSIG"
_VERSION = 1
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
_HASHES = {"sha256": sha256, "sha512": sha512}
_WE_HASH_WITH = "sha512"


class Malformed(ValueError):
    """What was given is no key or no signature of ours; the message says why, and quotes nothing.

    A wrong signature is one, too.
    """


@value
class Signature:
    """A signature that was read, and not yet held against any message."""

    key: PublicKey
    hash_name: str
    mark: bytes


# An algorithm: whether it can have made a key, and the check of a signature by it. Tokens that
# sign with another one are added here, and in no other place.


def _is_ed25519(material: bytes) -> bool:
    return len(material) == 32 and not _is_of_small_order(material)


def _verify_ed25519(material: bytes, mark: bytes, message: bytes) -> None:
    if len(mark) != 64:
        raise Malformed("the signature is not 64 bytes long")
    try:
        Ed25519PublicKey.from_public_bytes(material).verify(mark, message)
    except InvalidSignature:
        raise Malformed("the signature is wrong") from None


@value
class _Algorithm:
    fits: Callable[[bytes], bool]
    verify: Callable[[bytes, bytes, bytes], None]


_ED25519: Final = "ssh-ed25519"
_ALGORITHMS: dict[Algorithm, _Algorithm] = {
    _ED25519: _Algorithm(fits=_is_ed25519, verify=_verify_ed25519),
}
_KNOWN = ", ".join(_ALGORITHMS)

_P = 2**255 - 19
_OF_ORDER_EIGHT = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL = frozenset({0, 1, _P - 1, _OF_ORDER_EIGHT, _P - _OF_ORDER_EIGHT})


def _is_of_small_order(material: bytes) -> bool:
    """Whether a point has at most eight multiples: such a key lets anybody sign anything.

    A coordinate that is not written in its one form counts as one.
    """
    y = int.from_bytes(material, "little") & (2**255 - 1)
    return y >= _P or y in _SMALL


def read_key(text: str) -> PublicKey:
    """The key of a line `ssh-ed25519 AAAA… comment`. Raises `Malformed`."""
    if len(text) > MOST_LINE:
        raise Malformed("the key is too long")
    parts = text.strip().split(" ", 2)
    if len(parts) < 2:
        raise Malformed("is no public key of OpenSSH; write the whole line of the file *.pub")
    key = _key(_decoded(parts[1]))
    if key.algorithm != parts[0]:
        raise Malformed("the key is not of the algorithm that its line names")
    return key


def line(key: PublicKey) -> str:
    """The key as `authorized_keys` and allowed signers have it, without a comment."""
    return f"{key.algorithm} {key.blob}"


def key_of(private: Ed25519PrivateKey) -> PublicKey:
    """The public half of a private key."""
    return _key(_text(_ED25519) + _string(private.public_key().public_bytes_raw()))


def read(armored: str, namespace: str = NAMESPACE) -> Signature:
    """A signature from its armor. Raises `Malformed`, also for one of another namespace."""
    if len(armored) > MOST_ARMORED:
        raise Malformed("the signature is too long")
    lines = armored.split("\n")
    if len(lines) < 4 or (lines[0], lines[-2], lines[-1]) != (_BEGIN, _END, ""):
        raise Malformed("is no signature of OpenSSH")
    blob = _decoded("".join(lines[1:-2]))
    if blob[:6] != _MAGIC or blob[6:10] != struct.pack(">I", _VERSION):
        raise Malformed("is no signature of OpenSSH, version 1")
    key, space, reserved, hash_name, mark = _strings(blob[10:], 5)
    if space != namespace.encode():
        raise Malformed(f"the signature is not for {namespace}")
    if reserved:
        raise Malformed("the signature has something where nothing may stand")
    if hash_name not in {name.encode() for name in _HASHES}:
        raise Malformed(f"the signature uses no hash of {', '.join(_HASHES)}")
    found = _key(key)
    algorithm, made = _strings(mark, 2)
    if algorithm != found.algorithm.encode():
        raise Malformed("the signature is not of its key's algorithm")
    return Signature(key=found, hash_name=hash_name.decode(), mark=made)


def verify(armored: str, message: bytes, namespace: str = NAMESPACE) -> PublicKey:
    """The key that signed a message. Whose it is, is another question. Raises `Malformed`."""
    found = read(armored, namespace)
    material = _material(found.key)
    signed = signed_data(message, namespace, found.hash_name)
    _ALGORITHMS[found.key.algorithm].verify(material, found.mark, signed)
    return found.key


def signed_data(
    message: bytes, namespace: str = NAMESPACE, hash_name: str = _WE_HASH_WITH
) -> bytes:
    """The bytes that the key itself signs."""
    digest = _HASHES[hash_name](message).digest()
    return _MAGIC + _text(namespace) + _string(b"") + _text(hash_name) + _string(digest)


def sign(private: Ed25519PrivateKey, message: bytes, namespace: str = NAMESPACE) -> str:
    """A message's signature in its armor, as `ssh-keygen -Y sign` would have made it."""
    mark = private.sign(signed_data(message, namespace))
    blob = (
        _MAGIC
        + struct.pack(">I", _VERSION)
        + _string(_blob(key_of(private)))
        + _text(namespace)
        + _string(b"")
        + _text(_WE_HASH_WITH)
        + _string(_text(_ED25519) + _string(mark))
    )
    written = b64encode(blob).decode()
    lines = [written[at : at + _WIDTH] for at in range(0, len(written), _WIDTH)]
    return "\n".join((_BEGIN, *lines, _END, ""))


def allowed_signer(principal: str, key: PublicKey, namespace: str = NAMESPACE) -> str:
    """The line by which `ssh-keygen -Y verify -f` takes a key for somebody's."""
    return f'{principal} namespaces="{namespace}" {line(key)}'


def _key(blob: bytes) -> PublicKey:
    named = _strings(blob, None)[0].decode("ascii", "replace")
    if named.startswith("sk-"):
        raise Malformed(f"keys on a FIDO token are not taken yet; taken are: {_KNOWN}")
    algorithm = next((one for one in _ALGORITHMS if one == named), None)
    if algorithm is None:
        raise Malformed(f"the key's algorithm is not one of: {_KNOWN}")
    key = PublicKey(algorithm=algorithm, blob=b64encode(blob).decode())
    if not _ALGORITHMS[algorithm].fits(_material(key)):
        raise Malformed("the key is no key that only its owner can sign with")
    return key


def _material(key: PublicKey) -> bytes:
    return _strings(_blob(key), 2)[1]


def _blob(key: PublicKey) -> bytes:
    return _decoded(key.blob)


def _strings(blob: bytes, count: int | None) -> list[bytes]:
    """The strings that a blob is made of: so many, with nothing after them."""
    found: list[bytes] = []
    at = 0
    while at < len(blob):
        length = int.from_bytes(blob[at : at + 4], "big")
        at += 4 + length
        if at > len(blob):
            raise Malformed("it is cut off")
        found.append(blob[at - length : at])
    if not found or (count is not None and len(found) != count):
        raise Malformed("it is not made of the parts that it should be")
    return found


def _string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _text(content: str) -> bytes:
    return _string(content.encode())


def _decoded(text: str) -> bytes:
    """Base64 in its one form, so that no signature is written in two ways."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        raise Malformed("is not base64") from None
    if b64encode(found).decode() != text:
        raise Malformed("is not base64 in its one form")
    return found
