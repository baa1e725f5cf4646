"""The same work done by `eventsourcing`, the library Python has for it, with its default recorder.

It needs psycopg's pool, which is no dependency of ours: without it these comparisons are left out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import count
from typing import TypeAlias
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from sqlalchemy import make_url

from domain.calendar import HANOI

Library: TypeAlias = Application[UUID]

IS_HERE = find_spec("psycopg_pool") is not None

_BEGUN = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_STATE = (
    b'{"kind":"ProgressReported","section":"S1","percent":50,"by":{"role":"investor",'
    b'"unit":"an-duong"},"at":"2024-01-02T08:00:00+07:00","document":null,"known_at":null}'
)
_numbers = count(1)


class Road(Aggregate):
    """As many events as a project of ours, each with who and when."""

    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.percent: dict[str, int] = {}
        self.by = ""
        self.since = _BEGUN

    @event("ProgressReported")
    def report(self, section: str, percent: int, by: str, at: datetime) -> None:
        """One event."""
        self.percent[section] = percent
        self.by = by
        self.since = at


@contextmanager
def application(database_url: str) -> Iterator[Library]:
    """The library as its documentation sets it up, with room for 16 writers."""
    url = make_url(database_url)
    opened: Library = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(url.database),
            "POSTGRES_HOST": str(url.host),
            "POSTGRES_PORT": str(url.port),
            "POSTGRES_USER": str(url.username),
            "POSTGRES_PASSWORD": str(url.password),
            "POSTGRES_POOL_SIZE": "16",
        }
    )
    try:
        yield opened
    finally:
        opened.close()


def written(app: Library, roads: int, events: int) -> list[UUID]:
    """So many aggregates of so many events each."""
    ids = []
    for _ in range(roads):
        road = Road(name=f"Road {next(_numbers)}")
        for number in range(1, events):
            at = _BEGUN + timedelta(hours=number)
            road.report(section=f"S{number % 8}", percent=number, by="investor@an-duong", at=at)
        app.save(road)
        ids.append(road.id)
    return ids


def appending(app: Library, batches: int, size: int) -> Callable[[], None]:
    """Appends of so many events at once, ready made, to one aggregate."""
    road = uuid4()
    made = [
        [
            StoredEvent(
                originator_id=road,
                originator_version=number * size + ordinal,
                topic="bench.rival:Road.ProgressReported",
                state=_STATE,
            )
            for ordinal in range(1, size + 1)
        ]
        for number in range(batches)
    ]

    def append() -> None:
        for batch in made:
            app.recorder.insert_events(batch)

    return append


def read_log(app: Library, at_once: int, *, typed: bool) -> int:
    """Every event in the order of the log; how many there were."""
    start, events = 0, 0
    while found := app.recorder.select_notifications(start, at_once, inclusive_of_start=False):
        if typed:
            for one in found:
                app.mapper.to_domain_event(one)
        events += len(found)
        start = int(found[-1].id)
    return events
