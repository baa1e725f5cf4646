"""Tamper evidence: a chain of hashes along every stream, and signed checkpoints of the log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from domain import chain

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000

# The chain's own form of a moment.
_MOMENT = """to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

_UNCHAINED = sa.text(
    f"""
    SELECT stream, version, decision_id, kind, schema_version, body, act, {_MOMENT} AS occurred_at
    FROM events WHERE (stream, version) > (:stream, :version)
    ORDER BY stream, version LIMIT {_AT_ONCE}
    """  # noqa: S608  two constants of this file
)
_CHAIN = sa.text("UPDATE events SET hash = :hash WHERE stream = :stream AND version = :version")

_APPEND_ONLY = """
CREATE TRIGGER checkpoints_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_are_append_only;
"""


def upgrade() -> None:
    """Chain what is recorded already, and make room for checkpoints."""
    op.add_column("events", sa.Column("hash", sa.LargeBinary, nullable=True))
    # The one moment at which events are updated: they get what they never had.
    op.execute("ALTER TABLE events DISABLE TRIGGER events_are_append_only")
    _chain_all(op.get_bind())
    op.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_append_only")
    op.alter_column("events", "hash", nullable=False)
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(_APPEND_ONLY)


def _chain_all(connection: sa.Connection) -> None:
    stream, version, end = "", 0, chain.ORIGIN
    while rows := connection.execute(_UNCHAINED, {"stream": stream, "version": version}).all():
        hashes: list[dict[str, Any]] = []
        for row in rows:
            before = end if row.stream == stream else chain.ORIGIN
            end = chain.chained(before, chain.record(**row._asdict()))
            stream, version = row.stream, row.version
            hashes.append({"stream": stream, "version": version, "hash": end})
        connection.execute(_CHAIN, hashes)
