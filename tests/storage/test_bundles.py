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

from storage import audit, bundles, bundling, keyring, notes
from storage.bundles import Bundle
from storage.notes import Checkpoint
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import CLEARANCE, PROJECT, TO_CLEARANCE, TO_CONTRACT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Not a secret: the tests sign with it."""
DECISION = "the-decision"
OPEN, REGISTER_CASES = TO_CLEARANCE[-2:]


def ignore(_done: int) -> None:
    """Nobody watches."""


def sign(engine: Engine) -> None:
    report = audit.verify(engine, keyring.joined(KEY.public_key()), (), ignore)
    assert report.breaks == ()
    audit.keep(engine, KEY, Checkpoint(size=report.events, root=bytes.fromhex(report.root)))


@pytest.fixture
def bundle(record: Record, engine: Engine) -> Bundle:
    tell(record, *TO_CONTRACT)
    hand_in(record, envelope(OPEN, DECISION))
    tell(record, REGISTER_CASES)
    sign(engine)
    found = bundling.bundle(engine, keyring.joined(KEY.public_key()), DECISION, ignore)
    assert found is not None
    return found


def proves(file: bytes) -> bool:
    try:
        bundles.check(bundles.read(file), None)
    except ValueError:
        return False
    return True


def test_a_bundle_shows_every_event_of_its_decision_on_every_stream(bundle: Bundle) -> None:
    assert [one.event.stream for one in bundle.events] == [PROJECT, CLEARANCE]
    assert [one.event.decision_id for one in bundle.events] == [DECISION, DECISION]

    signed = bundles.check(bundles.read(bundles.dump(bundle)), KEY.public_key())
    assert signed.size > bundle.events[-1].event.position


def test_no_byte_of_a_bundle_can_be_another(bundle: Bundle) -> None:
    file = bundles.dump(bundle)
    chance = random.Random(2024)
    assert proves(file)

    for place in chance.sample(range(len(file)), 1_500):
        other = chance.randrange(8)
        altered = file[:place] + bytes([file[place] ^ 1 << other]) + file[place + 1 :]
        assert not proves(altered), (place, altered[place - 20 : place + 20])


def test_no_letter_of_a_bundle_can_be_small_or_capital(bundle: Bundle) -> None:
    # A hash, and base64, may be written in other ways that mean the same.
    file = bundles.dump(bundle)

    for place, byte in enumerate(file):
        if chr(byte).isalpha():
            assert not proves(file[:place] + bytes([byte ^ 0x20]) + file[place + 1 :]), place


def test_no_byte_of_a_bundle_can_be_missing_or_doubled(bundle: Bundle) -> None:
    file = bundles.dump(bundle)

    for place in random.Random(2024).sample(range(len(file)), 300):
        assert not proves(file[:place] + file[place + 1 :])
        assert not proves(file[:place] + file[place : place + 1] + file[place:])


def without_events(told: Any) -> None:
    told["events"] = []


def events_turned(told: Any) -> None:
    told["events"].reverse()


def event_repeated(told: Any) -> None:
    told["events"].append(told["events"][0])


def another_decision(told: Any) -> None:
    told["decision_id"] = "another"


def altered_event_and_bytes(told: Any) -> None:
    one = told["events"][0]
    one["event"]["act"]["by"]["role"] = "chair"
    one["leaf"] = one["leaf"].replace('"role":"investor"', '"role":"chair"')


def proof_of_the_other(told: Any) -> None:
    first, second = told["events"]
    first["proof"] = second["proof"]


def signed_twice(told: Any) -> None:
    told["note"] += told["note"].rpartition("\n\n")[2]


def a_fraction(told: Any) -> None:
    told["events"][0]["event"]["body"]["more"] = 1.5


@pytest.mark.parametrize(
    "forge",
    [
        without_events, events_turned, event_repeated, another_decision, altered_event_and_bytes,
        proof_of_the_other, signed_twice, a_fraction,
    ],
)  # fmt: skip
def test_a_bundle_put_together_otherwise_shows_nothing(
    bundle: Bundle, forge: Callable[[Any], None]
) -> None:
    told = json.loads(bundles.dump(bundle))
    forge(told)

    altered = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    assert bundles.read(altered.encode())
    assert not proves(altered.encode())


def test_a_bundle_of_a_key_of_ones_own_is_refused_by_who_knows_the_key(bundle: Bundle) -> None:
    # given: the checkpoint signed again by somebody else, and their key in its place
    thief = Ed25519PrivateKey.generate()
    signed = notes.sign(thief, notes.read(KEY.public_key(), bundle.note))
    told = json.loads(bundles.dump(bundle))
    told |= {"key": notes.spelled(thief.public_key()), "note": signed}
    forged = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    # then: by itself it is as good as any; that is why the key has to be known
    assert proves(forged.encode())
    with pytest.raises(ValueError, match="another key"):
        bundles.check(bundles.read(forged.encode()), KEY.public_key())


def test_a_decision_that_no_checkpoint_covers_has_no_bundle_yet(
    record: Record, engine: Engine
) -> None:
    tell(record, *TO_CONTRACT)
    sign(engine)
    hand_in(record, envelope(OPEN, DECISION))

    assert bundling.bundle(engine, keyring.joined(KEY.public_key()), DECISION, ignore) is None
    with pytest.raises(LookupError):
        bundling.bundle(engine, keyring.joined(KEY.public_key()), "unheard-of", ignore)


def test_checking_a_bundle_needs_no_database() -> None:
    program = (
        "import sys; from storage import bundles;"
        "sys.exit(bool({'sqlalchemy', 'psycopg', 'temporalio'} & set(sys.modules)))"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
