"""Versions of the law that cases pinned, kept as long as the events that name them."""

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.adoption import AdoptPolicy
from domain.policy import Policy
from domain.refusal import Refused
from domain.streams import Command, Entailed, State
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
        self.current = current
        self._known = {current.version: current}

    def of(self, state: State) -> Policy:
        """Raises `Unpinned` when the version was never kept."""
        return self.named(getattr(state, "policy", self.current.version))

    def over(self, command: Command | Entailed, state: State) -> Policy:
        """Who may give a command is asked of the case's own law.

        Who may bring it under another one is asked of the law in force, for a case may have begun
        before any law knew of adopting.
        """
        return self.current if isinstance(command, AdoptPolicy) else self.of(state)

    def judging(self, command: Command | Entailed, state: State) -> Policy:
        """The law by which a command is decided: the case's own, or the one it is to adopt.

        Raises `Refused` when that one was never kept.
        """
        if not isinstance(command, AdoptPolicy):
            return self.of(state)
        try:
            return self.named(command.policy)
        except Unpinned:
            raise Refused(
                "not_found", f"policy: no version {command.policy} is on record"
            ) from None

    def named(self, version: str) -> Policy:
        """A version that is on record. Raises `Unpinned`."""
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
