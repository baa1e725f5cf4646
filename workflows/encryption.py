"""Payloads as Temporal may keep them: unreadable to whoever holds its database and not the keys.

AES-256-GCM, a nonce of chance for each payload; the form and the key's name are authenticated with
it. What was written before there were keys, plain or packed, is read as it is.
"""

import hashlib
import os
import zlib
from collections.abc import Callable, Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import PayloadCodec

LABEL = "label"
"""Marks a payload that stays readable until it is encoded; see `workflows.converter.Label`."""

_ENCRYPTED = b"binary/encrypted"
_ZLIB = b"binary/zlib"
_KEY_ID = "encryption-key-id"
_NONCE_BYTES = 12
_PLAIN_UP_TO = 16_384
"""Bytes: what is longer makes a history heavy, and is packed."""
_LARGEST = 64 * 1024 * 1024
"""Bytes after unpacking: the server takes 2 MB packed, which could be made to unpack to 2 GB."""
_DETAILS = WorkflowMetadata.DESCRIPTOR.full_name.encode()


class Unreadable(Exception):
    """A payload that none of our keys opens, or that is not as it was written."""


class Keyring:
    """The keys by name, read anew when a payload names one that is not known yet.

    A key is named by its own digest, so that two keys never share a name and nobody chooses one.
    """

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        self._read = read
        self._load()

    @property
    def newest(self) -> tuple[str, AESGCM]:
        """The key that encrypts."""
        return next(iter(self._keys.items()))

    def named(self, name: str) -> AESGCM:
        """Raises `Unreadable` for a key that is not in the file either."""
        if name not in self._keys:
            # Rotated by another process since we read it.
            self._load()
        if name not in self._keys:
            raise Unreadable(f"payload: is encrypted with key {name}, which is not in the key file")
        return self._keys[name]

    def _load(self) -> None:
        self._keys: Mapping[str, AESGCM] = {name_of(key): AESGCM(key) for key in self._read()}


def name_of(key: bytes) -> str:
    """What payloads call a key: it tells nothing of it."""
    return hashlib.sha256(key).hexdigest()[:16]


class Encryption(PayloadCodec):
    """Packs what is large, then encrypts everything but labels."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.seal(one) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.open(one) for one in payloads]

    def seal(self, payload: Payload) -> Payload:
        """The payload as Temporal keeps it."""
        if _is_label(payload):
            return _without_mark(payload)
        packed = _packed(payload) if payload.ByteSize() > _PLAIN_UP_TO else payload
        name, key = self._keyring.newest
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + key.encrypt(nonce, packed.SerializeToString(), _bound(name))
        return Payload(metadata={"encoding": _ENCRYPTED, _KEY_ID: name.encode()}, data=sealed)

    def open(self, payload: Payload) -> Payload:
        """The payload as it was given to us. Raises `Unreadable`."""
        if payload.metadata.get("encoding") == _ENCRYPTED:
            payload = self._decrypted(payload)
        return _unpacked(payload) if payload.metadata.get("encoding") == _ZLIB else payload

    def _decrypted(self, payload: Payload) -> Payload:
        name = payload.metadata.get(_KEY_ID, b"").decode("ascii", "replace")
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            opened = self._keyring.named(name).decrypt(nonce, sealed, _bound(name))
        except (InvalidTag, ValueError):
            raise Unreadable(f"payload: is not as it was encrypted with key {name}") from None
        return Payload.FromString(opened)


def _is_label(payload: Payload) -> bool:
    """Whether operators are to read it without a key: it never holds what people typed."""
    metadata = payload.metadata
    # The answer to the Web UI's question for the current details: no history holds it.
    return LABEL in metadata or metadata.get("messageType") == _DETAILS


def _without_mark(payload: Payload) -> Payload:
    """As anybody's program writes a text: the `temporal` command shows others in base64."""
    rest = {name: told for name, told in payload.metadata.items() if name != LABEL}
    return Payload(metadata=rest, data=payload.data)


def _bound(name: str) -> bytes:
    return _ENCRYPTED + b" " + name.encode()


def _packed(payload: Payload) -> Payload:
    # The fastest level: the next ones save a tenth of the bytes for three times the time.
    data = zlib.compress(payload.SerializeToString(), level=1)
    return Payload(metadata={"encoding": _ZLIB}, data=data)


def _unpacked(payload: Payload) -> Payload:
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(payload.data, _LARGEST)
    if not unpacking.eof:
        raise Unreadable(f"payload: is cut off, or unpacks to more than {_LARGEST} bytes")
    return Payload.FromString(data)
