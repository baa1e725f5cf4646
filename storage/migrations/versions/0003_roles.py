"""Two groups of database users: those that record, and those that only read.

Not even the recorder may change or remove what is recorded, and neither group owns anything. On a
server where the migrating user may not create roles, an administrator creates them and grants the
same; until then the owner's URL serves everybody, as before.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Roles belong to the server and grants to the database: another database may have made them.
_CREATE = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['ntm_recorder', 'ntm_reader'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = wanted);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'role % was not created: % may not create roles',
                    wanted, current_user
                    USING HINT = 'an administrator creates it, and grants as migration 0003 does';
        END;
    END LOOP;
END $$
"""

_GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON events, decisions, policies, checkpoints, states, inbox, outbox, clock,
            alembic_version TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT, INSERT ON events, decisions, policies, checkpoints TO ntm_recorder;
        GRANT SELECT, INSERT, UPDATE, DELETE ON states, inbox, outbox, clock TO ntm_recorder;
        GRANT SELECT ON alembic_version TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create the groups where that is allowed, and grant to those that exist."""
    op.execute(_CREATE)
    op.execute(_GRANT)
