"""Bundles: a decision shown without its record, and nothing else shown by any other file."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from storage import audit, bundles, notes
from storage.bundles import Bundle
from storage.notes import Checkpoint
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import TO_CLEARANCE, TO_CONTRACT, use

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Not a secret: the tests sign with it."""
DECISION = "the-decision"


def ignore(_done: int) -> None:
    """Nobody watches."""


def sign(engine: Engine) -> None:
    report = audit.verify(engine, KEY.public_key(), (), ignore)
    assert report.breaks == ()
    audit.keep(engine, KEY, Checkpoint(size=report.events, root=bytes.fromhex(report.root)))


@pytest.fixture
def bundle(record: Record, engine: Engine) -> Bundle:
    tell(record, *TO_CLEARANCE[:-1])
    hand_in(record, envelope(TO_CLEARANCE[-1], DECISION))
    sign(engine)
    found = audit.bundle(engine, KEY.public_key(), DECISION, ignore)
    assert found is not None
    return found
