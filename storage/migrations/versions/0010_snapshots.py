"""Snapshots: states at earlier versions, so that a look into the past folds little."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON snapshots TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON snapshots TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the table; the worker fills it."""
    op.create_table(
        "snapshots",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("happened_by", _MOMENT, nullable=False),
        sa.Column("known_by", _MOMENT, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.execute(_GRANT)
