"""Read models follow from the log alone: built anew they are the same, byte for byte."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, select, text

from demo.dataset import founding, history, load
from demo.rehearsal import _load
from domain.inbox import waits
from domain.policy import Policy
from domain.positions import Capital
from domain.recording import Ask, Batch
from domain.values import ProjectId
from storage import deliveries, log, pinned, queries, tables
from storage.rebuild import Difference, Hole, Rebuilt, differences, rebuild
from storage.record import Record
from tests.conftest import NewDatabase, amended, envelope, send_all, tell
from tests.domain.story import CAPITAL, PROJECT, REGISTER, TO_APPROVAL, TO_SUPPORT_PLAN, at
from tests.storage.test_record import STEPS, SUBMIT

READ_MODELS = (tables.states, tables.inbox, tables.outbox)


def quiet(_done: int, _of: int) -> None:
    """Nobody watches."""


def tables_of(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every read model and of the outbox, as it is kept."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in READ_MODELS
        }


def do(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def live(record: Record, seed: int, length: int) -> None:
    """A random history: the story in disorder, of two projects, with refusals kept."""
    chance = random.Random(seed)
    story = sorted(enumerate(STEPS[:length]), key=lambda step: step[0] + chance.uniform(0, 6))
    for _, asked in story:
        for project in (ProjectId(f"P{seed}"), ProjectId(f"Q{seed}")):
            wanted = envelope(asked, project=project)
            ask = Ask(envelope=wanted, keep_refusal=chance.random() < 0.3)
            now = at("2024-12-01")
            record.decide(Batch(stream=wanted.stream, after=0, now=now, asks=(ask,)))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=some.integers(0, 2**32), length=some.integers(1, len(STEPS)))
def test_whatever_happened_the_rebuilt_tables_are_those_of_the_live_path(
    record: Record, engine: Engine, policy: Policy, seed: int, length: int
) -> None:
    # given: on top of what the examples before this one left
    live(record, seed, length)
    before = tables_of(engine)
    assert differences(engine, policy, quiet) == ()

    # when
    do(engine, "DELETE FROM states", "DELETE FROM inbox", "DELETE FROM outbox")
    rebuild(engine, policy, quiet)

    # then
    assert tables_of(engine) == before


@pytest.fixture(scope="module")
def programme(new_database: NewDatabase, policy: Policy) -> Any:
    """The programme of the demo on the eve of 2024."""
    with new_database() as engine:
        _load(Record(engine, policy), load(), lambda _what, _done, _of: None)
        yield engine


def test_the_programme_of_the_demo_is_rebuilt_to_the_byte(
    programme: Engine, policy: Policy
) -> None:
    data = load()
    decisions = len(founding(data)) + sum(len(told) for told in history(data).values())
    before = tables_of(programme)
    told: list[tuple[int, int]] = []

    assert differences(programme, policy, quiet) == ()
    done = rebuild(programme, policy, lambda at, of: told.append((at, of)))

    assert tables_of(programme) == before
    assert done.events >= decisions
    assert (done.streams, done.waits) == (len(before["states"]), len(before["inbox"]))
    assert done.messages_added == 0
    assert told[0] == (0, done.events)
    assert told[-1] == (done.events, done.events)
    assert len(told) > 2


def test_an_empty_record_is_rebuilt_to_nothing(engine: Engine, policy: Policy) -> None:
    nothing = Rebuilt(events=0, streams=0, waits=0, messages_added=0)

    assert rebuild(engine, policy, quiet) == nothing
    assert differences(engine, policy, quiet) == ()


# What was done to the tables


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "DELETE FROM states WHERE stream = 'project/AD01-GT'",
            [("states", "project/AD01-GT", "is missing")],
        ),
        (
            "INSERT INTO states VALUES ('project/X', 'project', 1, true, '{}')",
            [("states", "project/X", "does not follow from the log")],
        ),
        (
            "UPDATE states SET version = 2, is_open = false WHERE room = 'project'",
            [
                (
                    "states",
                    "project/AD01-GT",
                    "version is 2, should be 3; is_open is False, should be True",
                )
            ],
        ),
        (
            """UPDATE states SET body = replace(body, 'Roads', 'Bridges')""",
            [("states", "project/AD01-GT", "body differs in charter")],
        ),
        (
            "UPDATE states SET body = body || ' '",
            [("states", "project/AD01-GT", "body differs in form only")],
        ),
        (
            "UPDATE states SET body = ''",
            [("states", "project/AD01-GT", "body differs in everything: it is no JSON")],
        ),
        (
            "UPDATE inbox SET due = NULL",
            [("inbox", "project/AD01-GT investment-policy/appraise", "due is None, should be ")],
        ),
        (
            "DELETE FROM inbox",
            [("inbox", "project/AD01-GT investment-policy/appraise", "is missing")],
        ),
        (
            "DELETE FROM outbox",
            [("outbox", "project/AD01-GT#3", "is missing")],
        ),
        (
            "UPDATE outbox SET recipient = 'chair@hai-phong'",
            [("outbox", "project/AD01-GT#3", "recipient is chair@hai-phong, should be planning@")],
        ),
    ],
)
def test_each_difference_is_named_and_put_right(
    record: Record, engine: Engine, policy: Policy, damage: str, said: list[tuple[str, str, str]]
) -> None:
    # given
    tell(record, REGISTER, SUBMIT)
    true = tables_of(engine)
    do(engine, damage)
    damaged = tables_of(engine)

    # when
    found = differences(engine, policy, quiet)

    # then
    assert tables_of(engine) == damaged
    for one, (table, row, what) in zip(found, said, strict=True):
        assert (one.table, one.row) == (table, row)
        assert what in one.what
    rebuild(engine, policy, quiet)
    after = tables_of(engine)
    assert {**after, "outbox": []} == {**true, "outbox": []}


def test_several_differences_are_all_named(record: Record, engine: Engine, policy: Policy) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    count = len(tables_of(engine)["states"])
    do(engine, "DELETE FROM states", "UPDATE inbox SET post = 'x'")

    found = differences(engine, policy, quiet)

    named = [one for one in found if one.table == "states"]
    assert [one.what for one in named] == ["is missing"] * count
    assert {one.row for one in found if one.table == "inbox"} == {
        f"{row[0]} {row[1]}" for row in tables_of(engine)["inbox"]
    }
    assert all(isinstance(one, Difference) for one in found)


def test_messages_that_went_out_are_not_owed_again_and_missing_ones_are(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # given
    tell(record, *TO_APPROVAL)
    assert send_all(engine, at("2024-02-01")) > 1
    before = tables_of(engine)["outbox"]
    gone = before[0][0]
    do(engine, f"DELETE FROM outbox WHERE key = '{gone}'")

    # when
    done = rebuild(engine, policy, quiet)

    # then
    assert done.messages_added == 1
    assert [one.notice.key for one in deliveries.messages(engine, unsent=True)] == [gone]
    assert send_all(engine, at("2024-02-02")) == 1
    after = tables_of(engine)["outbox"]
    assert after[1:] == before[1:]
    assert after[0][:-1] == before[0][:-1]


# Law


def test_each_case_is_rebuilt_under_the_law_it_pinned(
    record: Record, engine: Engine, tmp_path: Path
) -> None:
    # given: cases of two laws, and a third one in force on the day of the rebuild
    row = 'rule = "policy.appraise"\ncount = '
    other = amended(tmp_path / "other", "limits.toml", f"{row}20", f"{row}1")
    third = amended(tmp_path / "third", "limits.toml", f"{row}20", f"{row}2")
    tell(record, *TO_SUPPORT_PLAN)
    tell(Record(engine, other), REGISTER, SUBMIT, project=ProjectId("NEW"))
    before = tables_of(engine)

    # when
    rebuild(engine, third, quiet)

    # then
    assert tables_of(engine) == before
    assert differences(engine, third, quiet) == ()


def test_without_the_law_of_a_case_nothing_is_rebuilt(
    record: Record, engine: Engine, tmp_path: Path
) -> None:
    tell(record, REGISTER, SUBMIT)
    before = tables_of(engine)
    row = 'rule = "policy.appraise"\ncount = '
    other = amended(tmp_path / "other", "limits.toml", f"{row}20", f"{row}1")
    do(engine, "DELETE FROM policies")

    with pytest.raises(pinned.Unpinned, match="is not in the record"):
        rebuild(engine, other, quiet)

    assert tables_of(engine) == before


# Writers and readers meanwhile


def test_writers_wait_and_readers_see_the_old_rows(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # given
    tell(record, REGISTER, SUBMIT)
    before = tables_of(engine)
    with ThreadPoolExecutor(1) as pool:

        def look_around(done: int, _of: int) -> None:
            if done:
                assert tables_of(engine) == before
                writing.append(pool.submit(tell, record, REGISTER, project=ProjectId("NEW")))
                with pytest.raises(TimeoutError):
                    writing[-1].result(0.2)

        # when
        writing: list[Any] = []
        rebuild(engine, policy, look_around)

        # then
        (written,) = writing
        written.result()
    assert differences(engine, policy, quiet) == ()
    assert len(tables_of(engine)["states"]) == len(before["states"]) + 1


def test_rebuilds_among_decisions_on_several_streams_lose_nothing(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # given: six cases decided at once, which all reserve the same year's capital
    def write(number: int) -> None:
        tell(record, *story, project=ProjectId(f"P{number}"))

    story = [step for step in TO_SUPPORT_PLAN if step[0] != CAPITAL]

    # when
    with ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, number) for number in range(6)]
        while not all(writer.done() for writer in writers):
            both = [pool.submit(rebuild, engine, policy, quiet) for _ in range(2)]
            assert all(one.result().events for one in both if one.result().streams)
            assert differences(engine, policy, quiet) == ()
        for writer in writers:
            writer.result()

    # then
    assert differences(engine, policy, quiet) == ()
    assert len(queries.standings(engine, "project")) == 6


# A log that is not whole


def test_a_log_with_a_hole_is_not_folded(record: Record, engine: Engine, policy: Policy) -> None:
    tell(record, REGISTER, SUBMIT)
    before = tables_of(engine)
    do(
        engine,
        "ALTER TABLE events DISABLE TRIGGER events_are_append_only",
        "DELETE FROM events WHERE position = 2",
    )

    with pytest.raises(Hole, match="event 3, version 3 of project/AD01-GT: follows event 1"):
        rebuild(engine, policy, quiet)

    assert tables_of(engine) == before


def test_what_is_rebuilt_is_what_the_record_folds(
    record: Record, engine: Engine, policy: Policy
) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    rebuild(engine, policy, quiet)

    standing = queries.standing(engine, PROJECT)

    fold = record.fold(PROJECT)
    assert standing is not None
    assert (standing.version, standing.state) == (fold.version, fold.state)
    assert set(queries.waits_of(engine, PROJECT)) == set(waits(fold.state, policy))
    assert isinstance(record.fold(CAPITAL).state, Capital)
    with log.look(engine) as connection:
        assert [entry.position for entry in log.since(connection, 2, 3)] == [3, 4, 5]
