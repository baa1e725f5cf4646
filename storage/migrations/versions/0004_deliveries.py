"""Deliveries: each message on each of its ways, how often it was tried, and why it is late."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

_GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON deliveries TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the table. What is owed already is given its ways by the sender, as everything is."""
    op.create_table(
        "deliveries",
        # Who removes a message from the outbox by hand wants it sent again, on every way.
        sa.Column(
            "key", sa.Text, sa.ForeignKey("outbox.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("via", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try_at", _MOMENT, nullable=False),
        sa.Column("trouble", sa.Text, nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("given_up_at", _MOMENT, nullable=True),
    )
    op.create_index(
        "deliveries_open",
        "deliveries",
        ["channel", "attempts", "next_try_at"],
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )
    op.execute(_GRANT)
