"""Snapshots: where a fold of the past may begin, and never what it may end with."""

import random
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from domain.policy import Policy
from domain.recording import Ask, Batch
from domain.travel import View
from domain.values import ProjectId
from storage import queries, snapshots, travel
from storage.rebuild import differences, rebuild
from storage.record import Record
from storage.travel import Picture
from tests.conftest import envelope, tell
from tests.domain.story import PROJECT, TO_LAND, at

NOW_AT = at("2024-12-01")


def quiet(_done: int, _of: int) -> None:
    """Nobody watches."""


def kept(engine: Engine) -> list[tuple[str, int]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT stream, version FROM snapshots ORDER BY 1, 2"))
        return [(row.stream, row.version) for row in rows]


def test_a_stream_has_one_after_every_step_and_none_is_taken_twice(
    record: Record, engine: Engine
) -> None:
    tell(record, *TO_LAND)
    standing = queries.standing(engine, PROJECT)
    assert standing is not None

    taken = snapshots.take(engine)

    assert taken == len(kept(engine)) > 0
    assert [version for stream, version in kept(engine) if stream == PROJECT] == [
        *range(8, standing.version + 1, 8)
    ]
    assert snapshots.take(engine) == 0


def test_whatever_the_dates_a_fold_from_a_snapshot_is_the_fold_from_the_first_fact(
    record: Record, engine: Engine
) -> None:
    # given: stories whose acts bear days in any disorder, so that views lack some of their facts
    for seed in range(6):
        chance = random.Random(seed)
        for stream, command, by in TO_LAND:
            day = at("2024-01-01").replace(month=chance.randint(1, 11))
            wanted = envelope((stream, command, replace(by, at=day)), project=ProjectId(f"P{seed}"))
            now = at("2024-12-01")
            record.decide(
                Batch(stream=wanted.stream, after=0, now=now, asks=(Ask(envelope=wanted),))
            )
    assert snapshots.take(engine) > 6

    for month in range(1, 13):
        view = View(as_of=at("2024-01-02").replace(month=month))
        for room in ("project", "clearance"):
            found = {
                s.stream: (s.version, s.state)
                for s in Picture(engine, view, NOW_AT).standings(room)
            }
            for standing in queries.standings(engine, room):
                folded = travel.fold(engine, standing.stream, view)
                assert found.get(standing.stream) == (
                    (folded.version, folded.state) if folded.version else None
                )


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE snapshots SET body = replace(body, 'Roads', 'Bridges')", "is another state"),
        ("UPDATE snapshots SET version = version + 1000", "is of no event on record"),
    ],
)
def test_one_that_does_not_follow_from_the_log_is_named_and_dropped_by_a_rebuild(
    record: Record, engine: Engine, policy: Policy, damage: str, said: str
) -> None:
    tell(record, *TO_LAND)
    snapshots.take(engine)
    assert differences(engine, policy, quiet) == ()

    with engine.begin() as connection:
        connection.execute(text(damage))

    found = differences(engine, policy, quiet)
    assert {one.table for one in found} == {"snapshots"}
    assert any(one.row.startswith(PROJECT) and one.what == said for one in found)
    rebuild(engine, policy, quiet)
    assert kept(engine) == []
    assert differences(engine, policy, quiet) == ()
