"""Negative controls: the books are falsified on purpose, and the checker has to see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg

from chaos.check import check, read
from chaos.ledger import Acknowledged
from domain.policy import Policy

_KEPT = "acknowledged, and on record once"
_LOSE_THE_NEWEST = "DELETE FROM events WHERE position = (SELECT max(position) FROM events)"
_MAKE_A_HOLE = "DELETE FROM events WHERE position = 2"
_LOSE_ONE = """
    DELETE FROM events WHERE position = (
        SELECT position FROM events WHERE decision_id = %s ORDER BY version DESC LIMIT 1)
"""
_COUNT_TWICE = """
    INSERT INTO events
    SELECT (SELECT max(position) + 1 FROM events), stream,
           (SELECT max(version) + 1 FROM events AS own WHERE own.stream = one.stream),
           decision_id, kind, schema_version, body, act, occurred_at, recorded_at, hash
    FROM events AS one WHERE decision_id = %s ORDER BY version LIMIT 1
"""
_CUT_THE_PLAN = """
    UPDATE events SET body = replace(body::text, '1000000000', '50000000')::jsonb
    WHERE kind = 'CapitalAllocated'
"""
_RUN_AHEAD = "UPDATE states SET version = version + 1 WHERE room = 'project'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A falsification, the law that it breaks, and whether the checker said so."""

    name: str
    law: str
    seen: bool


def controls(url: str, receipts: tuple[Acknowledged, ...], policy: Policy) -> Iterator[Control]:
    """Each falsification on a copy of its own; nothing else may use the database meanwhile."""
    first = receipts[0].decision_id
    invented = replace(receipts[0], decision_id="nobody-has-this")

    def seen(source: str, told: tuple[Acknowledged, ...], law: str) -> bool:
        return any(one.broken for one in check(read(source), told, policy) if one.name == law)

    yield Control(
        name="a receipt for nothing", law=_KEPT, seen=seen(url, (*receipts, invented), _KEPT)
    )
    for name, law, falsify, values in (
        ("an acknowledged event deleted", _KEPT, _LOSE_ONE, (first,)),
        ("a hole in the log", "versions and positions gapless", _MAKE_A_HOLE, ()),
        ("a decision counted twice", "no decision twice", _COUNT_TWICE, (first,)),
        ("the year's plan cut", "capital under its ceiling, always", _CUT_THE_PLAN, ()),
        ("the newest event cut off", "folds equal read models", _LOSE_THE_NEWEST, ()),
        ("a read model ahead", "folds equal read models", _RUN_AHEAD, ()),
    ):
        with _copy(url) as copy:
            with psycopg.connect(copy) as connection:
                connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
                connection.execute(falsify.encode(), values)
            yield Control(name=name, law=law, seen=seen(copy, receipts, law))


@contextmanager
def _copy(url: str) -> Iterator[str]:
    base, _, name = url.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        admin.execute(f"CREATE DATABASE falsified TEMPLATE {name}".encode())
        try:
            yield f"{base}/falsified"
        finally:
            admin.execute("DROP DATABASE falsified WITH (FORCE)")
