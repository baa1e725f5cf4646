"""Forms: in which form the read models were folded, so that a newer program folds them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON forms TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON forms TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the table. It is empty, so that what stands is folded anew once."""
    op.create_table(
        "forms",
        sa.Column("only_row", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("form", sa.Text, nullable=False),
    )
    op.execute(_GRANT)
