"""The chain of a stream's events: each carries a hash over itself and over all before it.

The canonical record of an event is JSON: keys in the order of their code points, no spaces, UTF-8
as it is, whole numbers only. It can be written again from what a database keeps of the event, to
the byte. Moments are UTC with six decimals, `2024-01-02T03:04:05.000000Z`.

    record = {"act":…,"body":…,"decision_id":…,"kind":…,"occurred_at":…,"schema_version":…,
              "stream":…,"version":…}
    hash   = SHA-256(hash of the stream's event before, or 32 zero bytes ‖ record)
    leaf   = {"hash":…,"position":…,"recorded_at":…} ‖ line feed ‖ record
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from domain.values import value

ORIGIN = bytes(32)
"""What stands before the first event of a stream."""

Json = Any
"""What JSON can hold, parsed."""


@value
class Link:
    """An event as the log keeps it, with its hash; nothing in it is interpreted."""

    position: int
    stream: str
    version: int
    decision_id: str
    kind: str
    schema_version: int
    body: Json
    act: Json
    occurred_at: str
    recorded_at: str
    hash: str


def record(  # noqa: PLR0913  an event has that many columns
    *,
    stream: str,
    version: int,
    decision_id: str,
    kind: str,
    schema_version: int,
    body: Json,
    act: Json,
    occurred_at: str,
) -> bytes:
    """The canonical record of an event. Raises ValueError for what no event of ours holds."""
    return canonical(
        {
            "act": act,
            "body": body,
            "decision_id": decision_id,
            "kind": kind,
            "occurred_at": occurred_at,
            "schema_version": schema_version,
            "stream": stream,
            "version": version,
        }
    )


def record_of(link: Link) -> bytes:
    """The same, of an event that the log keeps."""
    return record(
        stream=link.stream,
        version=link.version,
        decision_id=link.decision_id,
        kind=link.kind,
        schema_version=link.schema_version,
        body=link.body,
        act=link.act,
        occurred_at=link.occurred_at,
    )


def chained(previous: bytes, written: bytes) -> bytes:
    """The hash of an event, from the hash before it in its stream and its canonical record."""
    return sha256(previous + written).digest()


def leaf(link: Link, written: bytes) -> bytes:
    """What stands for an event in the tree over the whole log."""
    place = {"hash": link.hash, "position": link.position, "recorded_at": link.recorded_at}
    return canonical(place) + b"\n" + written


def moment(at: datetime) -> str:
    """A moment as the canonical record writes it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(thing: Json) -> bytes:
    """JSON in its one form. Raises ValueError for fractions and for what is not Unicode."""
    _check(thing)
    return _WRITER.encode(thing).encode("utf-8")


_PLAIN = (str, int, type(None))
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(thing: Json) -> None:
    # PostgreSQL and Python write the same fraction in more than one way.
    if isinstance(thing, _PLAIN):
        return
    if isinstance(thing, dict):
        for name, part in thing.items():
            if not isinstance(name, str):
                raise ValueError(f"a key is not text: {name!r}")  # noqa: TRY004  one error
            if not isinstance(part, _PLAIN):
                _check(part)
    elif isinstance(thing, list):
        for part in thing:
            _check(part)
    else:
        raise ValueError("a number is not whole")  # noqa: TRY004  one error
