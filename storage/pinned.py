"""Versions of the law that cases pinned, kept as long as the events that name them."""

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.policy import Policy
from domain.streams import State
from storage import log, tables
from storage.policies import dump, parse


def save(engine: Engine, policy: Policy) -> None:
    """Keep a version; keeping it again changes nothing."""
    row = {"version": policy.version, "body": dump(policy), "loaded_at": func.now()}
    with log.look(engine) as connection, connection.begin():
        connection.execute(insert(tables.policies).values(row).on_conflict_do_nothing())


class Unpinned(LookupError):
    """A case names a version of the law that the record does not hold. It is not guessed."""


class Law:
    """The law of each case: what it pinned when it began, or the current one before that."""

    def __init__(self, engine: Engine, current: Policy) -> None:
        self._engine = engine
        self._current = current
        self._known = {current.version: current}

    def of(self, state: State) -> Policy:
        """Raises `Unpinned` when the version was never kept."""
        version: str = getattr(state, "policy", self._current.version)
        if version not in self._known:
            self._known[version] = saved(self._engine, version)
        return self._known[version]


def saved(engine: Engine, version: str) -> Policy:
    """The version a case pinned. Raises `Unpinned` when it was never kept."""
    with log.look(engine) as connection:
        body = connection.execute(
            select(tables.policies.c.body).where(tables.policies.c.version == version)
        ).scalar_one_or_none()
    if body is None:
        raise Unpinned(f"policy version {version} is not in the record")
    return parse(body)
