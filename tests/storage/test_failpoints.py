"""A process is killed at each named point of the record; what it had acknowledged stands, once."""

import importlib
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from activities.notices import Notices
from activities.recorder import Recorder
from chaos import points
from chaos.check import check, read
from chaos.ledger import Acknowledged
from domain.delivery import Channel
from domain.policy import Policy
from domain.recording import Accepted, Ask, Batch
from domain.values import PaymentKind
from storage import (
    deliveries,
    failpoints,
    log,
    migrate,
    policies,
    queries,
    rebuild,
    tables,
    texts,
)
from storage.failpoints import FailPoint, NoSuchPoint
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import CLEARANCE, TO_SUPPORT_PLAN, at, request

ADVANCE = envelope(request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-02-27"), "advance")
"""It writes to a project, a payment and the year's capital, and owes messages."""

NOW = at("2024-02-28")
_BEFORE_COMMIT = (
    FailPoint.ACTIVITY_BEGUN,
    FailPoint.BEFORE_LOCK,
    FailPoint.DECIDED,
    FailPoint.SHOWN,
    FailPoint.ORDER_TAKEN,
    FailPoint.APPENDED,
)
_AFTER_COMMIT = (FailPoint.COMMITTED, FailPoint.FLUSHED, FailPoint.ACTIVITY_DONE)
# Importing costs a second a process; forks of this server begin with it.
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["tests.storage.test_failpoints"])


def dies(point: FailPoint, does: Callable[[str, Path], None], engine: Engine, place: Path) -> bool:
    """Whether a process that does this on this database is killed, and at that point."""
    url = engine.url.render_as_string(hide_password=False)
    told = place / "stderr"
    child = _WARM.Process(target=_begin, args=(point.value, does, url, place, told))
    child.start()
    child.join(60)
    reached = told.read_text("utf-8").startswith(f"fail point {point}, time 1:")
    return child.exitcode == -signal.SIGKILL and reached


def _begin(
    armed: str, does: Callable[[str, Path], None], url: str, place: Path, told: Path
) -> None:
    with told.open("wb") as stderr:
        os.dup2(stderr.fileno(), 2)
    os.environ[failpoints.VARIABLE] = armed
    importlib.reload(failpoints)
    does(url, place)


def asks_for_an_advance(url: str, _place: Path) -> None:
    batch = Batch(stream=ADVANCE.stream, after=0, now=NOW, asks=(Ask(envelope=ADVANCE),))
    Recorder(Record(log.engine(url), policies.load())).record(batch)


def opens_a_case(url: str, _place: Path) -> None:
    Recorder(Record(log.engine(url), policies.load())).open_case(CLEARANCE)


def sends_what_is_owed(url: str, place: Path) -> None:
    drop(log.engine(url), place)


def drop(engine: Engine, place: Path) -> None:
    """Deliver every message into files."""
    calendar = policies.load().calendar
    notices = Notices(engine, place / "notices", place / "contacts.toml", texts.load(), calendar)
    notices.deliver(Channel.DROP, NOW)


def rebuilds(url: str, _place: Path) -> None:
    rebuild.rebuild(log.engine(url), policies.load(), lambda _done, _of: None)


def migrates(url: str, _place: Path) -> None:
    migrate.upgrade(url)


@pytest.mark.parametrize("point", [*_BEFORE_COMMIT, *_AFTER_COMMIT])
def test_killed_in_a_decision_it_stands_once_or_not_at_all_and_is_made_once(
    point: FailPoint, record: Record, engine: Engine, policy: Policy, tmp_path: Path
) -> None:
    tell(record, *TO_SUPPORT_PLAN)

    assert dies(point, asks_for_an_advance, engine, tmp_path)
    assert queries.is_decided(engine, "advance") is (point in _AFTER_COMMIT)

    # Whoever asks again, for want of an answer, is answered; and so is everybody after.
    first, second = hand_in(record, ADVANCE), hand_in(record, ADVANCE)
    assert isinstance(first, Accepted)
    assert second == first
    receipt = Acknowledged(
        decision_id="advance",
        stream=ADVANCE.stream,
        version=first.version,
        position=first.position,
        one_of=None,
        at=0.0,
    )
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    assert [law for law in check(read(url), (receipt,), policy) if law.broken] == []
    assert rebuild.differences(engine, policy, lambda _done, _of: None) == ()


def test_killed_between_sending_and_marking_a_message_goes_out_again_under_its_key(
    record: Record, engine: Engine, tmp_path: Path
) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    owed = len(deliveries.messages(engine, unsent=True))

    assert dies(FailPoint.NOTICES_SENT, sends_what_is_owed, engine, tmp_path)
    assert len(deliveries.messages(engine, unsent=True)) == owed > 1

    drop(engine, tmp_path)
    lines = [
        line
        for file in (tmp_path / "notices").iterdir()
        for line in file.read_text("utf-8").splitlines()
    ]
    times = Counter(line.rpartition("[")[2] for line in lines)
    assert len(times) == owed
    assert sorted(times.values())[-2:] == [1, 2], "only what had gone out goes out again"
    assert deliveries.messages(engine, unsent=True) == ()


def test_killed_before_its_case_hears_of_it_a_reading_leaves_nothing(
    record: Record, engine: Engine, tmp_path: Path
) -> None:
    tell(record, *TO_SUPPORT_PLAN)

    assert dies(FailPoint.CASE_READ, opens_a_case, engine, tmp_path)
    assert isinstance(hand_in(record, ADVANCE), Accepted)


def test_killed_in_a_rebuild_the_old_rows_stand(
    record: Record, engine: Engine, policy: Policy, tmp_path: Path
) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    with engine.begin() as connection:
        connection.execute(text("UPDATE states SET version = version + 1 WHERE room = 'project'"))
    wrong = rebuild.differences(engine, policy, lambda _done, _of: None)

    assert dies(FailPoint.REBUILT, rebuilds, engine, tmp_path)
    assert rebuild.differences(engine, policy, lambda _done, _of: None) == wrong != ()

    rebuild.rebuild(engine, policy, lambda _done, _of: None)
    assert rebuild.differences(engine, policy, lambda _done, _of: None) == ()


def test_killed_in_a_migration_the_schema_is_the_old_one(engine: Engine, tmp_path: Path) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))

    assert dies(FailPoint.MIGRATED, migrates, engine, tmp_path)
    assert migrate.versions(url)[0] is None

    migrate.upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(select(tables.events)).all() == []


def test_every_point_is_walked_by_chaos() -> None:
    assert set(FailPoint) == points.WALKED


def test_without_the_variable_no_point_does_anything() -> None:
    for point in FailPoint:
        failpoints.reach(point)


@pytest.mark.parametrize(
    ("told", "because"),
    [
        ("decidet", "'decidet' is no fail point; there are door-sent, "),
        ("decided:0", "'0' is no time to die at"),
        ("decided:", "'' is no time to die at"),
        ("decided:²", "'²' is no time to die at"),
    ],
)
def test_a_name_that_nobody_knows_is_refused(told: str, because: str) -> None:
    with pytest.raises(NoSuchPoint, match=f"^NTM_FAILPOINT: {because}"):
        failpoints._read(told)
