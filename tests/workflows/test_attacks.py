"""Whoever reaches Temporal attacks a record whose officials sign: nothing of it becomes an event.

One real worker in a process of its own, in which workflows run in their sandbox. What a stranger
can do at the server is done: signals, updates, results, workers, endings. The record is asked what
came of it, and the doctor what can be seen.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio import activity, workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.recorder import Recorder
from domain.payment import CheckPayment, PaymentChecked
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch, Opened, Recorded
from domain.refusal import Refused
from domain.streams import Envelope, Fact, Proof, payment_stream
from domain.values import SYSTEM, Act, PaymentKind, ProjectId, StreamId, Vnd
from office import doctor, door, reconcile
from office.resume import summary
from office.session import open_session
from storage import codec, log, queries
from storage.outside import Outside
from storage.record import Record
from tests.conftest import NewDatabase, envelope
from tests.domain.story import (
    FINANCE,
    PROJECT,
    TO_SUPPORT_PLAN,
    TREASURY,
    act,
    at,
    payment,
    request,
)
from tests.signed import People
from tests.signing.test_sshsig import armored, ed25519, forged
from tests.workflows.conftest import Office
from tests.workflows.test_server import worker
from worker import record_worker, workflow_worker
from workflows.case import RECORD_QUEUE, WORKFLOW_QUEUE, Life

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAYMENT = payment_stream(payment(1))
CHECK = (PAYMENT, CheckPayment(), act(FINANCE, "2024-03-05"))
TODAY = at("2024-03-05", "10:00")


class Target:
    """A payment that waits for its check, signed up to there, and a worker that serves it."""

    def __init__(self, office: Office, people: People, home: Path) -> None:
        self.office = office
        self.people = people
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None
        self.untouched = self.events()

    @property
    def stream(self) -> StreamId:
        return self.office.stream(PAYMENT)

    def wanted(self, name: str | None = None) -> Envelope:
        told = envelope(CHECK, name, self.office.project)
        return replace(told, command=self.people.shown(told))

    def events(self) -> list[tuple[str, str]]:
        """Everything on record, but for the deadlines of a section that is not attacked."""
        with log.look(self.office.engine) as connection:
            return [
                (one.fact.stream, one.fact.event.kind)
                for one in log.since(connection, 0, 10_000)
                if not one.fact.stream.startswith("clearance/")
            ]

    def nothing_happened(self) -> None:
        assert self.events() == self.untouched
        assert self.process is None or self.process.poll() is None, "the worker died"

    async def leave(self, sent: object) -> None:
        """Any signal that anybody likes to send."""
        await self.office.client.get_workflow_handle(self.stream).signal("leave", sent)

    async def is_refused(self, sent: Envelope) -> None:
        with pytest.raises(Refused) as refusal:
            await door.ask(self.office.client, sent, timedelta(seconds=20))
        assert refusal.value.rule in ("unproved", "input")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacked(
    real: WorkflowEnvironment,
    new_database: NewDatabase,
    policy: Policy,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Target]:
    home = tmp_path_factory.mktemp("attacked")
    with new_database() as engine:
        record = Record(engine, policy, Outside(home / "served"))
        project = ProjectId("ATTACKED")
        people = People(record=record, home=home, project=project, today=TODAY)
        people.tell(*TO_SUPPORT_PLAN, request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05"))
        office = Office(env=real, record=record, project=project)
        yield Target(office, people, home)
        await office.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(attacked: Target) -> AsyncIterator[Target]:
    """The same, from now on with its own worker, and both cases open."""
    with worker(attacked.office, attacked.home / "served") as process:
        attacked.process = process
        await begin(attacked)
        yield attacked


async def begin(target: Target) -> None:
    for stream in (target.office.stream(PROJECT), target.stream):
        state = target.office.record.fold(stream).state
        await door.begin(target.office.client, stream, summary(state))


# Workers of somebody else


def paid_for(target: Target, ask: Ask, version: int) -> Recorded:
    """What a stranger would have the workflow believe."""
    event = PaymentChecked(treasury=TREASURY, due=target.office.record.policy.due(
        "treasury.advance", TODAY))  # fmt: skip
    name = ask.envelope.decision_id
    fact = Fact(
        stream=target.stream, version=version + 1, decision_id=name, act=ask.envelope.act,
        event=event,
    )  # fmt: skip
    done = Accepted(decision_id=name, version=version + 1, position=99_999)
    return Recorded(outcomes=(done,), facts=(fact,), version=version + 1, notices=0)


class Rogue:
    """A recorder of somebody else's, that says yes to everything."""

    def __init__(self, target: Target) -> None:
        self.target = target

    @activity.defn(name="open_case")
    def open_case(self, stream: StreamId) -> Opened:
        return Recorder(self.target.office.record).open_case(stream)

    @activity.defn(name="record")
    def record(self, batch: Batch) -> Recorded:
        if not batch.asks:
            return Recorded(outcomes=(), facts=(), version=batch.after, notices=0)
        return paid_for(self.target, batch.asks[0], batch.after)


@workflow.defn(name="Payment")
class RoguePayment:
    """A case of somebody else's: it has the record asked for what nobody signed, and ends."""

    @workflow.run
    async def run(self, life: Life) -> str:
        now = workflow.now()
        asks = [
            Ask(envelope=Envelope(decision_id=f"rogue-{number}", stream=life.stream,
                act=Act(by=by, at=now), command=CheckPayment(amount=Vnd(1_000_000_000))))
            for number, by in enumerate((FINANCE, SYSTEM, TREASURY))
        ]  # fmt: skip
        for after in (0, 10_000):
            await workflow.execute_activity(
                "record",
                Batch(stream=life.stream, after=after, now=now + timedelta(days=900),
                      asks=tuple(asks)),
                task_queue=RECORD_QUEUE,
                start_to_close_timeout=timedelta(seconds=5),
            )  # fmt: skip
        return "FORGED"


async def test_a_worker_of_somebody_else_at_the_record_s_queue_pays_nothing(
    attacked: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, client = attacked.office, attacked.office.client
    await begin(attacked)
    sent = attacked.people.sign(attacked.wanted("rogue-worker"))
    rogue_record = Rogue(attacked)
    with ThreadPoolExecutor(2) as threads:
        rogue = Worker(
            client, task_queue=RECORD_QUEUE,
            activities=[rogue_record.open_case, rogue_record.record],
            activity_executor=threads, identity="a stranger",
        )  # fmt: skip
        async with workflow_worker(client), rogue:
            await door.ask(client, sent, timedelta(seconds=20))
            seen = {one.check: one for one in await doctor.examine_engine(client)}
            # whoever asks through the command line is told that it is not on record
            monkeypatch.setenv(
                "NTM_DATABASE_URL", office.engine.url.render_as_string(hide_password=False)
            )
            monkeypatch.setenv("TEMPORAL_ADDRESS", str(client.service_client.config.target_host))
            with open_session(attacked.home) as session, pytest.raises(door.Contradicted):
                await asyncio.to_thread(session.decide, sent, timedelta(seconds=20))

    assert seen["strangers"].cases == ("a stranger",)
    assert not queries.is_decided(office.engine, "rogue-worker")
    attacked.nothing_happened()


async def test_a_workflow_of_somebody_else_records_nothing_and_is_seen(attacked: Target) -> None:
    office, client = attacked.office, attacked.office.client
    await office.terminate(attacked.stream)
    rogue = Worker(
        client, task_queue=WORKFLOW_QUEUE, workflows=[RoguePayment],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )  # fmt: skip

    async with record_worker(client, office.record), rogue:
        await begin(attacked)
        handle = client.get_workflow_handle(attacked.stream, result_type=str)
        assert await handle.result() == "FORGED"

    attacked.nothing_happened()
    found = {one.check: one for one in await doctor.examine_cases(client, office.engine)}
    assert f"{attacked.stream} (completed)" in found["workflows"].cases


# What is not signed, or not as it should be


async def test_an_unsigned_signal_and_an_unsigned_update_do_nothing(served: Target) -> None:
    await served.leave(served.wanted())
    await served.is_refused(served.wanted())
    # It was queued after the signal, and is answered: so both were read.

    served.nothing_happened()


def malformed(good: Proof) -> dict[str, Proof]:
    """What the proof of a decision can be instead, in every part of it."""
    armor = {
        "garbage": "garbage",
        "nothing": "",
        "not ASCII": "ký tên \u202e\U0001f58a",
        "huge": "A" * 300_000,
        "cut off": good.signature[:-60],
        "with more behind it": good.signature + "\x00",
        "another namespace": forged(namespace=b"git"),
        "another hash": forged(hash_name=b"md5"),
        "another kind of key": forged(key=b"\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x01\x01"),
        "a FIDO key": forged(key=b"\x00\x00\x00\x1ask-ssh-ed25519@openssh.com\x00\x00\x00\x00"),
        "all zero": forged(mark=bytes(64)),
        "another's": forged(),
        "a point of small order": forged(
            key=ed25519((1).to_bytes(32, "little")), mark=(1).to_bytes(32, "little") + bytes(32)
        ),
        "lengths beyond its end": armored(b"SSHSIG\x00\x00\x00\x01" + b"\xff" * 64),
    }
    text = {
        "no text": "",
        "another text": good.signed.replace("1000000000", "9000000000"),
        "no JSON": "{" * 50_000,
        "half a letter": good.signed[:-1] + "\ufffd",
    }
    return {
        **{name: replace(good, signature=one) for name, one in armor.items()},
        **{name: replace(good, signed=one) for name, one in text.items()},
    }


async def test_no_malformed_proof_passes_and_none_ends_the_worker(served: Target) -> None:
    good = served.people.sign(served.wanted())
    assert good.proof is not None

    for proof in malformed(good.proof).values():
        sent = replace(good, proof=proof)
        await served.leave(sent)
        await served.is_refused(sent)

    served.nothing_happened()


@pytest.mark.parametrize("proof", [{"signed": 1, "signature": None}, "signed", [], {"more": ""}])
async def test_a_proof_of_another_shape_does_not_hold_the_case_up(
    served: Target, proof: object
) -> None:
    body = {**codec.ENVELOPE.dump_python(served.wanted(), mode="json"), "proof": proof}

    await served.leave(body)
    with pytest.raises((WorkflowUpdateFailedError, RPCError)):
        await served.office.client.get_workflow_handle(served.stream).execute_update(
            "ask", body, rpc_timeout=timedelta(seconds=5)
        )

    await served.is_refused(served.wanted())
    served.nothing_happened()


# Results and endings


async def test_a_result_that_somebody_else_gives_is_believed_by_nobody_for_long(
    served: Target,
) -> None:
    office, sent = served.office, served.wanted("forged-result")
    version, _ = queries.head(office.engine, served.stream)
    handle = office.client.get_workflow_handle(served.stream)

    # given: the record is held up, so that its activity is under way
    with log.look(office.engine) as connection, connection.begin():
        log.lock(connection, served.stream)
        asking = asyncio.create_task(door.ask(office.client, sent, timedelta(seconds=20)))
        under_way = ""
        while not under_way:  # the server tells nobody
            await asyncio.sleep(0.02)
            pending = (await handle.describe()).raw_description.pending_activities
            started = [one for one in pending if one.last_worker_identity]
            under_way = next(
                (one.activity_id for one in started if one.activity_type.name == "record"), ""
            )
        # when
        forger = office.client.get_async_activity_handle(
            workflow_id=served.stream, run_id=None, activity_id=under_way
        )
        await forger.complete(paid_for(served, Ask(envelope=sent), version))
        await asking

    # then: its sender was lied to, and the record knows nothing of it
    assert not queries.is_decided(office.engine, "forged-result")
    served.nothing_happened()
    # and what the workflow believes meanwhile is found by whoever compares, and read anew
    found = await reconcile.reconcile(office.client, office.engine, repair=True)
    assert served.stream in {one.stream for one in found.repaired}
    await office.follows(PAYMENT)
    served.nothing_happened()


async def test_a_case_that_was_terminated_lost_nothing_and_is_seen(served: Target) -> None:
    client = served.office.client
    await client.get_workflow_handle(served.stream).terminate()

    found = {one.check: one for one in await doctor.examine_cases(client, served.office.engine)}
    assert f"{served.stream} (terminated)" in found["workflows"].cases
    served.nothing_happened()

    await begin(served)
    await served.office.follows(PAYMENT)


async def test_a_case_that_was_reset_lost_nothing_and_is_seen(served: Target) -> None:
    client, handle = served.office.client, served.office.handle(PAYMENT)
    await served.is_refused(served.wanted())
    last = [
        event.event_id
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_completed_event_attributes")
    ]
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=served.stream),
            workflow_task_finish_event_id=last[0],
            request_id="reset",
        )
    )

    await served.is_refused(served.wanted())
    await served.office.follows(PAYMENT)
    found = {one.check: one for one in await doctor.examine_cases(client, served.office.engine)}
    assert served.stream in found["resets"].about
    served.nothing_happened()


async def test_after_all_of_it_the_true_decision_is_taken(served: Target) -> None:
    sent = served.people.sign(served.wanted("the-true-one"))

    receipt = await door.ask(served.office.client, sent, timedelta(seconds=20))

    assert receipt.decision_id == "the-true-one"
    kinds = [kind for _, kind in served.events()[len(served.untouched) :]]
    assert kinds == ["PaymentChecked", "CapitalReserved"]
