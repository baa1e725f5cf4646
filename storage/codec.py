"""Domain values as JSON, by their `kind`; strict, so that nothing is converted in silence."""

from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from typing import Annotated

from pydantic import Discriminator, TypeAdapter

from domain import streams
from domain.clock import Clock
from domain.notices import Notice
from domain.values import Act
from domain.waits import Wait

SCHEMA_VERSION = 1
"""Of event bodies. A change of form adds an upcaster here and a golden file of the old form."""

EVENT: TypeAdapter[streams.Event] = TypeAdapter(Annotated[streams.Event, Discriminator("kind")])
STATE: TypeAdapter[streams.State] = TypeAdapter(Annotated[streams.State, Discriminator("kind")])
ENVELOPE = TypeAdapter(streams.Envelope)
ACT = TypeAdapter(Act)
WAIT = TypeAdapter(Wait)
NOTICE = TypeAdapter(Notice)
CLOCK = TypeAdapter(Clock)


def envelope_hash(envelope: streams.Envelope) -> bytes:
    """What tells a repeated envelope from another one that took its decision id.

    A moment is the same in every time zone.
    """
    act = replace(envelope.act, at=envelope.act.at.astimezone(UTC))
    return sha256(ENVELOPE.dump_json(replace(envelope, act=act))).digest()
