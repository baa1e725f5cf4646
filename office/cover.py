"""Who is there for what waits: today, or on a day that is still to come."""

from datetime import datetime

from sqlalchemy import Engine, cast, select
from sqlalchemy.dialects.postgresql import JSONB

from domain import officials
from domain.cover import Cover
from domain.cover import covers as of_waits
from domain.policy import Policy
from domain.registry import Registry, Standing, Unfounded
from domain.values import StreamId
from domain.waits import Wait
from storage import log, pinned, policies, queries, tables


def people(engine: Engine) -> Standing:
    """The registry of officials as it stands."""
    found = queries.standing(engine, officials.STREAM)
    return found.state if found and isinstance(found.state, Registry) else Unfounded()


def covers(engine: Engine, at: datetime) -> tuple[Cover, ...]:
    """Every open wait, and who can end it at a moment, by the law that its case pinned."""
    known, laws, today = people(engine), _laws(engine), policies.load()
    by_law: dict[str, list[Wait]] = {}
    for wait in queries.inbox(engine):
        by_law.setdefault(laws.get(wait.stream, today.version), []).append(wait)
    return tuple(
        one
        for version, waits in by_law.items()
        for one in of_waits(known, waits, at, _law(engine, version, today))
    )


def vacant(engine: Engine, at: datetime) -> tuple[Cover, ...]:
    """What waits and could be ended by nobody; nothing while nobody has to prove who they are."""
    if isinstance(people(engine), Unfounded):
        return ()
    return tuple(one for one in covers(engine, at) if one.is_vacant)


def _laws(engine: Engine) -> dict[StreamId, str]:
    """The version of the law that each open case pins."""
    states = tables.states.c
    version = cast(states.body, JSONB)["policy"].astext
    with log.look(engine) as connection:
        rows = connection.execute(select(states.stream, version).where(states.is_open)).all()
    return {stream: name for stream, name in rows if name is not None}


def _law(engine: Engine, version: str, today: Policy) -> Policy:
    return today if version == today.version else pinned.saved(engine, version)
