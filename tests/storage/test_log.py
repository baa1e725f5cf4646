"""The log: order without gaps, durable on return, append-only, errors with our names."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import psycopg
import pytest
from sqlalchemy import Engine, func, select, text

from domain.streams import DecisionRefused, Fact
from domain.values import Act, StreamId
from storage import log, tables
from storage.journey import Statement
from storage.log import Conflict, Unavailable, Unreadable
from tests.domain.story import INVESTOR, at

WRITERS = 8
EACH = 60


def fact(stream: str, version: int = 1, because: str = "no") -> Fact:
    return Fact(
        stream=StreamId(stream),
        version=version,
        decision_id=f"{stream}:{version}",
        act=Act(by=INVESTOR, at=at("2024-01-02")),
        event=DecisionRefused(command="SignContract", rule="input", because=because),
    )


def append(engine: Engine, *facts: Fact) -> int:
    with log.turn(engine) as connection:
        return log.append(connection, facts).last


def positions(engine: Engine, after: int = 0) -> list[int]:
    table = tables.events
    query = select(table.c.position).where(table.c.position > after).order_by(table.c.position)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def test_what_is_appended_is_read_back_in_order(engine: Engine) -> None:
    facts = (fact("project/A", 1), fact("project/B", 1), fact("project/A", 2, "không được"))

    last = append(engine, *facts)

    with log.look(engine) as connection:
        read = log.read(connection, StreamId("project/A"))
        later = log.read(connection, StreamId("project/A"), after=1)
    assert last == 3
    assert [entry.fact for entry in read] == [facts[0], facts[2]]
    assert [entry.position for entry in read] == [1, 3]
    assert later == read[1:]


def test_a_version_is_taken_once_and_the_second_try_leaves_nothing(engine: Engine) -> None:
    append(engine, fact("project/A", 1))

    with pytest.raises(Conflict, match="one_event_per_version"):
        append(engine, fact("project/B", 1), fact("project/A", 1, "another"))

    assert positions(engine) == [1]
    assert append(engine, fact("project/B", 1)) == 2


def test_an_exception_inside_a_turn_undoes_it(engine: Engine) -> None:
    kept = text("SELECT count(*) FROM policies")
    with pytest.raises(ZeroDivisionError), log.turn(engine) as connection:
        log.take(connection, StreamId("project/A"))
        connection.exec_driver_sql("INSERT INTO policies VALUES ('x', '{}', now())")
        raise ZeroDivisionError

    with engine.connect() as connection:
        assert connection.execute(kept).scalar_one() == 0


def test_what_goes_along_with_facts_is_kept_with_them_or_not_at_all(engine: Engine) -> None:
    along = Statement(name="along", sql="INSERT INTO policies VALUES ($1, '{}', now())")
    kept = text("SELECT version FROM policies")
    append(engine, fact("project/A"))

    with pytest.raises(Conflict), log.turn(engine) as connection:
        log.append(connection, (fact("project/A"),), along=((along, ("taken",)),))
    with log.turn(engine) as connection:
        log.append(connection, (fact("project/A", 2),), along=((along, ("it's \\ 100 %s",)),))

    with engine.connect() as connection:
        assert list(connection.execute(kept).scalars()) == ["it's \\ 100 %s"]


def test_eight_writers_leave_no_gap_and_a_tailing_reader_misses_nothing(engine: Engine) -> None:
    # given
    done = threading.Event()
    seen: list[int] = []

    def tail() -> None:
        while not done.is_set() or positions(engine, seen[-1] if seen else 0):
            seen.extend(positions(engine, seen[-1] if seen else 0))

    def write(writer: int) -> None:
        for version in range(1, EACH + 1):
            append(engine, fact(f"project/{writer}", version))

    # when
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(tail)
        for writing in [pool.submit(write, writer) for writer in range(WRITERS)]:
            writing.result()
        done.set()
        reader.result()

    # then
    assert seen == list(range(1, WRITERS * EACH + 1))
    recorded_at = select(tables.events.c.recorded_at).order_by(tables.events.c.position)
    with engine.connect() as connection:
        moments = list(connection.execute(recorded_at).scalars())
    assert moments == sorted(moments)


def test_a_reader_of_a_serial_column_would_miss_what_a_slow_writer_commits(engine: Engine) -> None:
    # given: the plain design, and two writers of which the first commits last
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (id bigserial PRIMARY KEY)"))
    insert, tail = text("INSERT INTO plain DEFAULT VALUES"), text("SELECT max(id) FROM plain")

    # when
    with engine.connect() as slow:
        slow.execute(insert)
        with engine.begin() as quick:
            quick.execute(insert)
        with engine.connect() as reader:
            checkpoint = reader.execute(tail).scalar_one()
        slow.commit()

    # then: number 1 is behind a checkpoint of 2, for ever
    assert checkpoint == 2


def test_no_reader_overtakes_a_slow_writer_of_the_log(engine: Engine) -> None:
    # given: a writer that has its turn at the order and has not committed
    with ThreadPoolExecutor(1) as pool:
        with log.turn(engine) as slow:
            log.take(slow, StreamId("project/slow"))
            log.hold(slow)

            # when
            quick = pool.submit(append, engine, fact("project/quick"))
            with pytest.raises(TimeoutError):
                quick.result(0.2)
            seen = positions(engine)

            log.append(slow, (fact("project/slow"),))

        # then
        assert seen == []
        assert quick.result() == 2


def test_a_turn_is_on_disk_when_it_ends(engine: Engine) -> None:
    flushed, unflushed, read = 0, 0, 0
    numbers = count(1)
    with psycopg.connect(
        engine.url.render_as_string(hide_password=False).replace("+psycopg", ""), autocommit=True
    ) as observer:

        def on_disk(lsn: str) -> bool:
            row = observer.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [lsn])
            return row.fetchone() == (True,)

        def written() -> str:
            row = observer.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
            assert row is not None
            return str(row[0])

        for _ in range(20):
            with log.turn(engine) as connection:
                log.append(connection, (fact(f"project/{next(numbers)}"),))
            flushed += on_disk(written())
            # The control: the same commit without the append's flush is not awaited by anybody.
            with engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                connection.exec_driver_sql("INSERT INTO clock VALUES (1, '{}')")
                connection.exec_driver_sql("DELETE FROM clock")
            left_behind = written()
            unflushed += not on_disk(left_behind)
            # What such a commit left behind is on disk once a turn that saw it has ended.
            with log.turn(engine) as connection:
                log.take(connection, StreamId("project/1"))
            read += on_disk(left_behind)

    assert read == 20
    # The server itself may have written something since, which nobody waits for.
    assert flushed >= 18
    assert unflushed > 0


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("table", ["events", "decisions"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET decision_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_what_is_recorded_cannot_be_changed(
    engine: Engine, change: str, table: str, role: str
) -> None:
    append(engine, fact("project/A"))

    with engine.connect() as connection:
        connection.execute(text(f"SET session_replication_role = {role}"))
        with pytest.raises(Exception, match="events are corrected by new events"):
            connection.execute(text(change.format(table)))

    assert positions(engine) == [1]


def test_two_turns_that_wait_for_each_other_end_in_one_conflict(engine: Engine) -> None:
    both_hold_one = threading.Barrier(2)

    def take(first: str, second: str) -> str:
        try:
            with log.turn(engine) as connection:
                connection.exec_driver_sql("SET deadlock_timeout = '20ms'")
                log.lock(connection, StreamId(first))
                both_hold_one.wait()
                log.lock(connection, StreamId(second))
        except Conflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(take, "a", "b"), pool.submit(take, "b", "a")]

    assert sorted(end.result() for end in ends) == ["conflict", "done"]


def test_a_database_that_is_away_is_unavailable_and_names_nothing_secret() -> None:
    away = log.engine("postgresql+psycopg://ntm:secret@127.0.0.1:1/ntm")

    with pytest.raises(Unavailable) as failure, log.turn(away):
        pytest.fail("nobody is there")
    away.dispose()

    assert "secret" not in str(failure.value)


def test_a_connection_that_dies_in_a_turn_is_unavailable(engine: Engine) -> None:
    with pytest.raises(Unavailable), log.turn(engine) as connection:
        killer = text("SELECT pg_terminate_backend(:pid)")
        pid = connection.execute(func.pg_backend_pid()).scalar_one()
        with engine.begin() as other:
            other.execute(killer, {"pid": pid})
        log.append(connection, (fact("project/A"),))

    assert positions(engine) == []
    assert append(engine, fact("project/A")) == 1


def test_a_connection_that_died_unused_is_replaced_before_anybody_notices(engine: Engine) -> None:
    append(engine, fact("project/A"))
    with psycopg.connect(
        engine.url.render_as_string(hide_password=False).replace("+psycopg", ""), autocommit=True
    ) as other:
        gone = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()

    assert gone == [(True,)]
    assert append(engine, fact("project/A", 2)) == 2


def test_what_is_prepared_outlives_a_conflict(engine: Engine) -> None:
    for _ in range(3):
        append(engine, fact(f"project/{len(positions(engine))}"))
        with pytest.raises(Conflict):
            append(engine, fact("project/0"))

    assert positions(engine) == [1, 2, 3]


def test_a_kind_of_event_nobody_knows_stops_the_reader(engine: Engine) -> None:
    append(engine, fact("project/A", 1))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO events SELECT 2, stream, 2, 'x', 'Unheard', 1,"
                """ '{"kind": "Unheard"}', act, occurred_at, recorded_at, hash FROM events"""
            )
        )

    with (
        log.look(engine) as connection,
        pytest.raises(Unreadable, match="event 2, version 2 of project/A, Unheard 1: "),
    ):
        log.read(connection, StreamId("project/A"))
