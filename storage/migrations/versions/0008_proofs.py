"""Proofs: what officials signed, to the byte, beside the decisions that rest on it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_APPEND_ONLY = """
CREATE TRIGGER proofs_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON proofs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE proofs ENABLE ALWAYS TRIGGER proofs_are_append_only;
"""

_GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON proofs TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT, INSERT ON proofs TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the table. What was decided before it has no proof, and never gets one."""
    op.create_table(
        "proofs",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("signed", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("official", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
    )
    op.execute(_APPEND_ONLY)
    op.execute(_GRANT)
