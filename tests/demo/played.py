"""The year 2024 played in memory and put on a real record, each fact known when it happened."""

import asyncio
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from demo.dataset import founding, history, load
from demo.story import play
from domain.calendar import HANOI
from domain.streams import Fact, initial
from domain.travel import past
from storage import journey, log, pinned, read_models
from storage.folds import Fold
from storage.policies import load as law
from tests.demo.office import MemoryOffice

_NEW_YEAR = datetime(2024, 1, 1, tzinfo=HANOI)
_END = datetime(2025, 1, 1, tzinfo=HANOI)
_AT_ONCE = 500


def put_on_record(engine: Engine) -> tuple[Fact, ...]:
    """Play the demo's year, and keep its facts and read models as the record does."""
    facts = tuple(
        replace(fact, act=replace(fact.act, known_at=fact.act.at))
        for fact in asyncio.run(_played()).facts
    )
    pinned.save(engine, law())
    for start in range(0, len(facts), _AT_ONCE):
        with log.turn(engine) as connection:
            log.append(connection, facts[start : start + _AT_ONCE])
    with log.turn(engine) as connection:
        for stream in {fact.stream for fact in facts}:
            found = past(stream, (fact for fact in facts if fact.stream == stream))
            assert found.state != initial(stream)
            fold = Fold(version=found.version, decision_id="", state=found.state)
            journey.send(connection, read_models.write(stream, fold, law()))
    return facts


async def _played() -> MemoryOffice:
    data = load()
    office = MemoryOffice(law(), _NEW_YEAR)
    for envelope in founding(data):
        office.record(envelope)
    for envelopes in history(data).values():
        for envelope in envelopes:
            office.record(envelope)
    await office.run(asyncio.create_task(play(data, office)), _END)
    return office
