"""Vouchers: by them a workflow shows that what it has seen of its stream, the record told it.

Whoever reaches Temporal can complete an activity with facts of their own, or run a workflow of
their own, that has "seen" what never was. Believed, it would pass for a record that lost its newest
events. So each answer carries a keyed hash of the stream, its version and the timeline. The key
lies outside the database, so that a restored record still knows its own vouchers; workers on
several machines share it.
"""

import hmac
import os
from pathlib import Path
from secrets import token_bytes

from domain.recording import Batch
from domain.values import StreamId

FILE = "voucher-key"
_LENGTH = 32


class Vouchers:
    """The vouchers of one home, whose key is made when the first one is given."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._key: bytes | None = None

    def give(self, stream: StreamId, version: int, timeline: int) -> str:
        """What shows that a stream was told up to a version, on a timeline."""
        said = f"{stream}\n{version}\n{timeline}".encode()
        return hmac.new(self._own(), said, "sha256").hexdigest()

    def hold(self, batch: Batch) -> bool:
        """Whether this record told the asker what they have seen. Nothing needs no voucher."""
        given = self.give(batch.stream, batch.after, batch.timeline)
        return batch.after == 0 or hmac.compare_digest(given, batch.voucher)

    def _own(self) -> bytes:
        if self._key is None:
            self._key = _read(self._home / FILE) or _make(self._home)
        return self._key


def _read(file: Path) -> bytes | None:
    try:
        found = file.read_bytes()
    except FileNotFoundError:
        return None
    return found if len(found) == _LENGTH else None


def _make(home: Path) -> bytes:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f"{FILE}.{os.getpid()}.{token_bytes(4).hex()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(token_bytes(_LENGTH))
        file.flush()
        os.fsync(file.fileno())
    try:
        # Of two processes that make one at once, the first has made it.
        os.link(draft, home / FILE)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    found = _read(home / FILE)
    if found is None:
        raise OSError(f"{home / FILE}: is no key of vouchers")
    return found
