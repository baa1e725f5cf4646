"""The public keys of officials: what each is called, and when a signature by it counts."""

import binascii
from base64 import b64decode, b64encode
from datetime import date, datetime
from hashlib import sha256
from typing import Literal, NewType

from domain.calendar import local_day
from domain.refusal import Refused
from domain.values import OfficialId, value

Fingerprint = NewType("Fingerprint", str)
"""A key by its hash, as OpenSSH shows it: `SHA256:` and 43 letters. It can be read aloud."""

Algorithm = Literal["ssh-ed25519"]
"""What can be verified. A token of another kind brings a name of its own."""

_BLOB_LIMIT = 8_192


@value
class PublicKey:
    """A public key as OpenSSH writes it: its algorithm, and its blob in base64 (RFC 4253 6.6)."""

    algorithm: Algorithm
    blob: str

    @property
    def fingerprint(self) -> Fingerprint:
        digest = b64encode(sha256(b64decode(self.blob)).digest()).decode().rstrip("=")
        return Fingerprint(f"SHA256:{digest}")


@value
class Key:
    """An official's key: from which day to which it signs, and since when it does no longer.

    Days are those of Hanoi, both included. A revoked key stays: what it signed before still counts.
    """

    official: OfficialId
    public: PublicKey
    valid_from: date
    valid_to: date | None = None
    revoked_at: datetime | None = None
    revoked_because: str = ""

    @property
    def fingerprint(self) -> Fingerprint:
        return self.public.fingerprint

    def flaw(self, at: datetime) -> str | None:
        """Why what this key signs at a moment does not count; None if it does."""
        day = local_day(at)
        if self.revoked_at is not None and at >= self.revoked_at:
            return f"was revoked on {local_day(self.revoked_at)}"
        if day < self.valid_from:
            return f"is valid from {self.valid_from}"
        if self.valid_to is not None and day > self.valid_to:
            return f"expired on {self.valid_to}"
        return None

    def is_valid(self, at: datetime) -> bool:
        return self.flaw(at) is None


def check_key(key: PublicKey) -> None:
    """Raise `Refused` for a blob that is no key of its algorithm."""
    if len(key.blob) > _BLOB_LIMIT:
        raise Refused("input", f"key: {len(key.blob)} letters are no {key.algorithm} key")
    try:
        blob = b64decode(key.blob, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("input", "key: is not base64; give the line of the .pub file") from None
    match key.algorithm:
        case "ssh-ed25519":
            # string "ssh-ed25519", string of the point's 32 bytes (RFC 8709 section 4).
            head = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"
            if b64encode(blob).decode() != key.blob or len(blob) != len(head) + 32:
                raise Refused("input", "key: is not the blob of an ssh-ed25519 key")
            if not blob.startswith(head):
                raise Refused("input", "key: is not the blob of an ssh-ed25519 key")
