"""Who comes to the database as what: its owner, those that record, those that only read."""

from pathlib import Path
from typing import Final, Literal, TypeAlias

from stack import cluster, postgres

Role: TypeAlias = Literal["owner", "recorder", "reader"]

LOGINS: Final[dict[Role, str]] = {
    "owner": cluster.SUPERUSER,
    "recorder": "ntm_worker",
    "reader": "ntm_viewer",
}
GROUPS: Final[dict[Role, str]] = {"recorder": "ntm_recorder", "reader": "ntm_reader"}
"""What the migrations grant to; see `storage/migrations/versions/0003_roles.py`."""


def url(at: Path, port: int, role: Role) -> str:
    """Raises FileNotFoundError when this home has no such login yet."""
    return postgres.url(at, port, login=LOGINS[role])


def ensure(at: Path, port: int) -> None:
    """Let recorder and reader in, with passwords of their own; harmless when they are known."""
    import psycopg
    from psycopg import sql

    owner = postgres.url(at, port).replace("+psycopg", "", 1)
    with psycopg.connect(owner, autocommit=True) as connection:
        for role, group in GROUPS.items():
            login = LOGINS[role]
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login])
            verb = "CREATE" if known.fetchone() is None else "ALTER"
            # As the server would keep it: the password itself reaches neither server nor log.
            kept = connection.pgconn.encrypt_password(
                _password(at, login).encode(), login.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                    sql.Identifier(login), sql.Literal(kept.decode())
                )
            )
            connection.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(login))
            )


def _password(at: Path, login: str) -> str:
    try:
        return cluster.password(at, login)
    except FileNotFoundError:
        return cluster.new_password(at, login)
