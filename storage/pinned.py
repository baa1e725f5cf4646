"""Versions of the law that cases pinned, kept as long as the events that name them."""

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.policy import Policy
from storage import log, tables
from storage.policies import dump, parse


def save(engine: Engine, policy: Policy) -> None:
    """Keep a version; keeping it again changes nothing."""
    row = {"version": policy.version, "body": dump(policy), "loaded_at": func.now()}
    with log.look(engine) as connection, connection.begin():
        connection.execute(insert(tables.policies).values(row).on_conflict_do_nothing())


def saved(engine: Engine, version: str) -> Policy:
    """The version a case pinned. Raises LookupError when it was never kept."""
    with log.look(engine) as connection:
        body = connection.execute(
            select(tables.policies.c.body).where(tables.policies.c.version == version)
        ).scalar_one_or_none()
    if body is None:
        raise LookupError(f"policy version {version} is not in the record")
    return parse(body)
