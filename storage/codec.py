"""Domain values as JSON, by their `kind`; strict, so that nothing is converted in silence."""

import json
from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from typing import Annotated, Any

from pydantic import Discriminator, TypeAdapter

from domain import streams
from domain.clock import Clock
from domain.notices import Notice
from domain.values import Act, Document
from domain.waits import Wait
from storage import upcasts

EVENT: TypeAdapter[streams.Event] = TypeAdapter(Annotated[streams.Event, Discriminator("kind")])
STATE: TypeAdapter[streams.State] = TypeAdapter(Annotated[streams.State, Discriminator("kind")])
ENVELOPE = TypeAdapter(streams.Envelope)
ACT = TypeAdapter(Act)
DOCUMENT = TypeAdapter(Document)
WAIT = TypeAdapter(Wait)
NOTICE = TypeAdapter(Notice)
CLOCK = TypeAdapter(Clock)


def event(kind: str, version: int, body: str) -> streams.Event:
    """An event from its row, lifted to its present form if it was written in an older one.

    Raises `upcasts.Unknown` for what only a newer program can read, ValueError for another form.
    """
    if not upcasts.is_current(kind, version):
        body = json.dumps(upcasts.lifted(kind, version, json.loads(body)), ensure_ascii=False)
    found = EVENT.validate_json(body)
    if found.kind != kind:
        raise ValueError(f"its body is a {found.kind}")
    return found


_OF_PERSONS = ("official", "delegation", "on_behalf_of", "proof")


def act(given: Act) -> dict[str, Any]:
    """An act as the log keeps it: what is said of persons only where a person proved it."""
    said: dict[str, Any] = ACT.dump_python(given, mode="json")
    return {name: part for name, part in said.items() if part or name not in _OF_PERSONS}


def envelope_hash(envelope: streams.Envelope) -> bytes:
    """What tells a repeated envelope from another one that took its decision id.

    A moment is the same in every time zone, and a decision the same however often it is signed. A
    field that says what is said without it does not
    count, so that a command which learns to say more is still known when it is repeated.
    """
    act = replace(envelope.act, at=envelope.act.at.astimezone(UTC))
    said = ENVELOPE.dump_json(replace(envelope, act=act, proof=None), exclude_defaults=True)
    return sha256(envelope.command.kind.encode() + b"\n" + said).digest()
