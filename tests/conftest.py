"""A real PostgreSQL for the session, and in it a database of its own for every test that asks."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from domain.delivery import Channel, Retry, Route, Sent
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch, Outcome
from domain.streams import Envelope
from domain.values import ProjectId, StreamId
from stack import home, postgres
from storage import codec, log, migrate, outbox, policies
from storage.outbox import Look
from storage.record import Record
from tests.domain.story import CHARTER, Asked

NewDatabase: TypeAlias = Callable[[], AbstractContextManager[Engine]]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return policies.load()


@pytest.fixture(scope="session")
def new_database() -> Iterator[NewDatabase]:
    """Makes migrated, empty databases: copies of a template, in a fraction of a second."""
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    at = place / "home"
    home.prepare(at)
    ports = home.choose_ports(None, frozenset())
    process = postgres.start(at, ports)
    try:
        migrate.upgrade(postgres.url(at, ports.postgres))
        yield lambda: _copy(at, ports.postgres)
    finally:
        postgres.stop(process)
        shutil.rmtree((at / "postgres").resolve())
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    with new_database() as engine:
        yield engine


@pytest.fixture
def record(engine: Engine, policy: Policy) -> Record:
    return Record(engine, policy)


@contextmanager
def _copy(at: Path, port: int) -> Iterator[Engine]:
    name = f"test_{uuid4().hex}"
    admin = postgres.url(at, port, "postgres").replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE}".encode())
        engine = log.engine(postgres.url(at, port, name))
        try:
            yield engine
        finally:
            engine.dispose()
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def amended(place: Path, file: str, old: str, new: str) -> Policy:
    """The law with one row of one file written otherwise."""
    shutil.copytree(policies.POLICIES, place)
    text = (place / file).read_text("utf-8")
    assert text.count(old) == 1
    (place / file).write_text(text.replace(old, new), "utf-8")
    return policies.load(place)


def envelope(
    asked: Asked, decision_id: str | None = None, project: ProjectId = CHARTER.project
) -> Envelope:
    """One step of the story on its way to the record, told of another project if named."""
    stream, command, act = asked
    told = Envelope(
        decision_id=decision_id or str(uuid4()),
        stream=stream,
        act=act,
        command=command,  # type: ignore[arg-type]  # the story sends what people may send
    )
    text = codec.ENVELOPE.dump_json(told).decode().replace(CHARTER.project, project)
    return codec.ENVELOPE.validate_json(text)


def hand_in(record: Record, wanted: Envelope, *, keep_refusal: bool = False) -> Outcome:
    """One envelope in a batch of its own, at the moment of its act."""
    asks = (Ask(envelope=wanted, keep_refusal=keep_refusal),)
    batch = Batch(stream=wanted.stream, after=0, now=wanted.act.at, asks=asks)
    (outcome,) = record.decide(batch).outcomes
    return outcome


def tell(record: Record, *story: Asked, project: ProjectId = CHARTER.project) -> None:
    """A story as the real record takes it; every step of it must be accepted."""
    for asked in story:
        outcome = hand_in(record, envelope(asked, project=project))
        assert isinstance(outcome, Accepted), f"{asked}: {outcome}"


def send_all(engine: Engine, now: datetime) -> int:
    """Give every message to somebody who takes them all; return how many there were."""
    way = Route(channel=Channel.DROP, not_before=now, urgent=True)
    outbox.route(engine, now, lambda _: (way,), now)
    look = Look(channel=Channel.DROP, now=now, real=now, limit=1_000)
    return len(outbox.hand_over(engine, look, Retry(), lambda _: Sent()))


def of(stream: StreamId, project: ProjectId) -> StreamId:
    """The story's stream, of another project."""
    return StreamId(stream.replace(CHARTER.project, project))
