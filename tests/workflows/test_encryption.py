"""What Temporal keeps of a household is unreadable to whoever holds its database."""

import asyncio
import base64
import os
import zlib
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import DefaultPayloadConverter
from temporalio.testing import WorkflowEnvironment

from domain.cases import CaseEntry
from domain.households import DisputeOrigin, RegisterCases
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import CaseCode, ProjectId
from office import door
from storage.record import Record
from tests.conftest import NewDatabase
from tests.domain.story import CLEARANCE, OFFICER, TO_CLEARANCE, act
from tests.workflows.conftest import DATA_CONVERTER, KEYS, SEARCHED, Office, beside, quiet
from worker import record_worker, workflow_worker
from workflows.converter import Label
from workflows.encryption import Encryption, Keyring, Unreadable, name_of

CODE = "CNRY4711"
AREA = 987_654_321
SAID = "canary: the gate is behind the well"
CASES = RegisterCases(
    cases=(
        CaseEntry(
            code=CaseCode(CODE),
            area_before_m2=AREA,
            area_given_m2=40,
            area_left_m2=AREA - 40,
            origin_confirmed=False,
        ),
    )
)
LISTED = (CLEARANCE, CASES, act(OFFICER, "2024-02-05"))
DISPUTED = (
    CLEARANCE,
    DisputeOrigin(cases=(CaseCode(CODE),), reason=SAID),
    act(OFFICER, "2024-02-05"),
)
CODEC = Encryption(Keyring(lambda: KEYS))
OLD, NEW = bytes(32), bytes([1] * 32)


def plain(told: object) -> Payload:
    (payload,) = DATA_CONVERTER.payload_converter.to_payloads([told])
    return payload


def test_a_command_is_sealed_and_comes_back_as_it_was() -> None:
    payload = plain(CASES)

    sealed = CODEC.seal(payload)

    assert CODE.encode() in payload.data
    assert CODE.encode() not in sealed.SerializeToString()
    assert sealed.metadata == {
        "encoding": b"binary/encrypted",
        "encryption-key-id": name_of(KEYS[0]).encode(),
    }
    assert CODEC.open(sealed) == payload
    assert CODEC.seal(payload) != sealed, "each time with another nonce"


def test_what_is_large_is_packed_before_it_is_encrypted() -> None:
    payload = plain(CASES.cases * 2_000)

    sealed = CODEC.seal(payload)

    assert sealed.ByteSize() * 4 < payload.ByteSize()
    assert CODEC.open(sealed) == payload


def test_payloads_from_before_there_were_keys_are_read_as_they_are() -> None:
    payload = plain(CASES)
    packed = Payload(
        metadata={"encoding": b"binary/zlib"}, data=zlib.compress(payload.SerializeToString())
    )

    assert CODEC.open(payload) == payload
    assert CODEC.open(packed) == payload


def test_a_new_key_encrypts_and_old_ones_go_on_decrypting() -> None:
    kept = [OLD]
    long_running, payload = Encryption(Keyring(lambda: kept)), plain(CASES)
    before = long_running.seal(payload)

    kept.insert(0, NEW)
    rotated = Encryption(Keyring(lambda: kept))
    after = rotated.seal(payload)

    assert after.metadata["encryption-key-id"] == name_of(NEW).encode()
    assert rotated.open(before) == payload
    assert long_running.open(after) == payload, "it reads its keys anew"
    assert long_running.seal(payload).metadata == after.metadata


def test_what_was_tampered_with_is_refused() -> None:
    sealed = CODEC.seal(plain(CASES))
    both = Encryption(Keyring(lambda: (OLD, *KEYS)))
    flipped = [
        Payload(metadata=sealed.metadata, data=bytes(turned(sealed.data, at)))
        for at in (0, 11, 12, len(sealed.data) - 1)
    ]
    cut = [
        Payload(metadata=sealed.metadata, data=sealed.data[:length]) for length in (0, 5, 12, 40)
    ]
    other_key = Payload(
        metadata={**sealed.metadata, "encryption-key-id": name_of(OLD).encode()}, data=sealed.data
    )

    for bad in (*flipped, *cut, other_key):
        with pytest.raises(Unreadable, match="is not as it was encrypted"):
            both.open(bad)


def turned(data: bytes, at: int) -> bytearray:
    changed = bytearray(data)
    changed[at] ^= 1
    return changed


def test_a_key_that_is_not_in_the_file_is_named() -> None:
    sealed = CODEC.seal(plain(CASES))

    with pytest.raises(Unreadable, match=f"key {name_of(KEYS[0])}, which is not in the key file"):
        Encryption(Keyring(lambda: (OLD,))).open(sealed)


@pytest.mark.parametrize("data", [zlib.compress(os.urandom(20_000))[:-10], bytes(100)])
def test_what_is_cut_off_is_no_packed_payload(data: bytes) -> None:
    with pytest.raises((Unreadable, zlib.error)):
        CODEC.open(Payload(metadata={"encoding": b"binary/zlib"}, data=data))


def test_what_unpacks_without_end_is_refused() -> None:
    endless = zlib.compress(bytes(65 * 1024 * 1024), level=1)

    with pytest.raises(Unreadable, match="unpacks to more than"):
        CODEC.open(Payload(metadata={"encoding": b"binary/zlib"}, data=endless))


def test_only_labels_and_current_details_stay_readable() -> None:
    metadata = WorkflowMetadata(current_details="waits for chair@an-duong")
    (details,) = DefaultPayloadConverter().to_payloads([metadata])
    label, word = plain(Label("read clearance/AD01-GT/T1")), plain("not a label")

    assert CODEC.seal(label) == plain("read clearance/AD01-GT/T1")
    assert CODEC.seal(details) == details
    assert CODEC.seal(word) != word


@pytest.mark.asyncio
async def test_no_household_can_be_read_in_the_database_of_a_real_server(
    new_database: NewDatabase, policy: Policy, tmp_path: Path
) -> None:
    # given: a server that keeps its things in a file
    file = tmp_path / "temporal.db"
    environment = await WorkflowEnvironment.start_local(
        data_converter=DATA_CONVERTER,
        runtime=quiet(),
        search_attributes=SEARCHED,
        dev_server_existing_path=beside("temporal"),
        dev_server_database_filename=str(file),
        dev_server_log_level="error",
    )
    async with environment:
        with new_database() as engine:
            record = Record(engine, policy)
            office = Office(env=environment, record=record, project=ProjectId("SEALED"))
            await office.at("2024-02-05")
            office.recorded(*TO_CLEARANCE)

            # when: a list of households, a reason, and a refusal that names a household
            async with (
                workflow_worker(environment.client),
                record_worker(environment.client, record),
            ):
                await office.clear()
                await office.follows(CLEARANCE)
                answers = await asyncio.gather(
                    office.ask(LISTED), office.ask(LISTED), return_exceptions=True
                )
                await office.ask(DISPUTED)
                history = await office.handle(CLEARANCE).fetch_history()
                state = await door.state(environment.client, office.stream(CLEARANCE))
            await office.close()

    # then
    (refusal,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert CODE in str(refusal)
    assert CODE in str(state)
    kept = all_of(tmp_path)
    assert office.stream(CLEARANCE).encode() in kept, "what is no secret is found"
    assert b"RegisterCases after version" in kept, "and so is a label"
    assert b"Encoded failure" in kept
    for secret in (CODE, str(AREA), SAID, "canary", str(refusal)):
        assert secret.encode() not in kept
        assert base64.b64encode(secret.encode()) not in kept
        assert secret not in history.to_json()


def all_of(folder: Path) -> bytes:
    """Every byte of a database and of what it writes beside it."""
    return b"".join(part.read_bytes() for part in folder.iterdir())
