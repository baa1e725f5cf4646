"""Ceilings: the database's own count of every plan of capital, which it lets nobody overspend.

It is kept by a trigger on the log, from the events themselves: whoever appends, by whatever path,
has it brought along in the same transaction or appends nothing. So it is a second opinion on the
fold, on purpose: `ntm store verify` compares the two. Nobody but the owner may write it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AMOUNTS = ("allocated", "reserved", "disbursed", "expired")

# A project without a row has no capital; the row lock makes two payments take turns even when the
# stream was not locked.
_MOVE = """
CREATE FUNCTION move_capital(
    plan text, of_project text, more bigint, held bigint, paid bigint, lapsed bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    its ceilings;
BEGIN
    SELECT * INTO its FROM ceilings
    WHERE stream = plan AND tier = 'project' AND name = of_project FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% has no capital in %', of_project, plan
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE ceilings
    SET allocated = allocated + more, reserved = reserved + held,
        disbursed = disbursed + paid, expired = expired + lapsed
    WHERE stream = plan AND (tier, name) IN (
        ('year', 'all'), ('cohort', its.cohort), ('commune', its.cohort || '/' || its.commune),
        ('project', of_project));
END $$
"""

_GIVE = """
CREATE FUNCTION give_capital(plan text, lines jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line jsonb;
    its_cohort text;
    its_commune text;
BEGIN
    FOR line IN SELECT jsonb_array_elements(lines) LOOP
        its_cohort := line->>'cohort';
        its_commune := line->>'commune';
        INSERT INTO ceilings (stream, tier, name, cohort, commune) VALUES
            (plan, 'year', 'all', NULL, NULL),
            (plan, 'cohort', its_cohort, NULL, NULL),
            (plan, 'commune', its_cohort || '/' || its_commune, NULL, NULL),
            (plan, 'project', line->>'project', its_cohort, its_commune)
        ON CONFLICT DO NOTHING;
        PERFORM move_capital(plan, line->>'project', (line->>'amount')::bigint, 0, 0, 0);
    END LOOP;
END $$
"""

# Of an event that this does not know, nobody can say what it spends: it is not appended.
_COUNT = """
CREATE FUNCTION count_capital(plan text, kind text, form int, body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
    draw jsonb;
    amount bigint := (body->>'amount')::bigint;
BEGIN
    IF form <> 1 THEN
        RAISE EXCEPTION 'form % of % cannot be counted', form, kind
            USING ERRCODE = 'check_violation';
    END IF;
    IF kind IN ('CapitalAdjusted', 'CapitalCarriedOver', 'CapitalExpired') THEN
        FOR part IN SELECT jsonb_array_elements(body->'taken') LOOP
            FOR draw IN SELECT jsonb_array_elements(part->'draws') LOOP
                IF kind = 'CapitalExpired' THEN
                    PERFORM move_capital(
                        plan, part->>'project', 0, 0, 0, (draw->>'amount')::bigint);
                ELSE
                    PERFORM move_capital(
                        plan, part->>'project', -(draw->>'amount')::bigint, 0, 0, 0);
                END IF;
            END LOOP;
        END LOOP;
    END IF;
    CASE kind
        WHEN 'CapitalAllocated', 'CapitalAdded', 'CapitalAdjusted' THEN
            PERFORM give_capital(plan, body->'lines');
        WHEN 'CapitalCarriedOver' THEN
            FOR part IN SELECT jsonb_array_elements(body->'lines') LOOP
                PERFORM move_capital(
                    plan, part->>'project', (part->>'amount')::bigint, 0, 0, 0);
            END LOOP;
        WHEN 'CapitalReserved' THEN
            PERFORM move_capital(plan, body->>'project', 0, amount, 0, 0);
        WHEN 'CapitalReleased' THEN
            PERFORM move_capital(plan, body->>'project', 0, -amount, 0, 0);
        WHEN 'CapitalDisbursed' THEN
            PERFORM move_capital(plan, body->>'project', 0, -amount, amount, 0);
        WHEN 'CapitalReturned' THEN
            FOR draw IN SELECT jsonb_array_elements(body->'draws') LOOP
                PERFORM move_capital(
                    plan, body->>'project', 0, 0, -(draw->>'amount')::bigint, 0);
            END LOOP;
            FOR draw IN SELECT jsonb_array_elements(body->'lapsed') LOOP
                PERFORM move_capital(
                    plan, body->>'project', 0, 0, -(draw->>'amount')::bigint,
                    (draw->>'amount')::bigint);
            END LOOP;
        WHEN 'CeilingsSet' THEN
            FOR part IN SELECT jsonb_array_elements(body->'ceilings') LOOP
                INSERT INTO ceilings (stream, tier, name, ceiling) VALUES (
                    plan,
                    CASE WHEN part->>'cohort' IS NULL THEN 'year'
                         WHEN part->>'commune' IS NULL THEN 'cohort' ELSE 'commune' END,
                    coalesce(part->>'cohort' || coalesce('/' || (part->>'commune'), ''), 'all'),
                    (part->>'amount')::bigint)
                ON CONFLICT (stream, tier, name) DO UPDATE SET ceiling = excluded.ceiling;
            END LOOP;
        WHEN 'CapitalExpired', 'DisbursementPlanned', 'DecisionRefused' THEN
            NULL;
        ELSE
            RAISE EXCEPTION '% cannot be counted', kind USING ERRCODE = 'check_violation';
    END CASE;
END $$
"""

_TRIGGER = """
CREATE FUNCTION count_appended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM count_capital(NEW.stream, NEW.kind, NEW.schema_version, NEW.body);
    RETURN NULL;
END $$;
CREATE TRIGGER capital_is_counted AFTER INSERT ON events
    FOR EACH ROW WHEN (NEW.stream LIKE 'capital/%') EXECUTE FUNCTION count_appended();
ALTER TABLE events ENABLE ALWAYS TRIGGER capital_is_counted
"""

# It can only bring the table to what the log says, so that the recorder may be let.
_RECOUNT = """
CREATE FUNCTION recount_capital() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    one events;
BEGIN
    LOCK TABLE ceilings IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM ceilings;
    FOR one IN SELECT * FROM events WHERE stream LIKE 'capital/%' ORDER BY position LOOP
        PERFORM count_capital(one.stream, one.kind, one.schema_version, one.body);
    END LOOP;
END $$
"""

_GRANT = """
REVOKE EXECUTE ON FUNCTION count_appended(), recount_capital() FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_reader') THEN
        GRANT SELECT ON ceilings TO ntm_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ntm_recorder') THEN
        GRANT SELECT ON ceilings TO ntm_recorder;
        GRANT EXECUTE ON FUNCTION recount_capital() TO ntm_recorder;
    END IF;
END $$
"""


def upgrade() -> None:
    """Create table and trigger, and count what is recorded already."""
    op.create_table(
        "ceilings",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("tier", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("cohort", sa.Text, nullable=True),
        sa.Column("commune", sa.Text, nullable=True),
        sa.Column("ceiling", sa.BigInteger, nullable=True),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in _AMOUNTS),
        sa.CheckConstraint(
            " AND ".join(f"{name} >= 0" for name in _AMOUNTS), name="never_below_nothing"
        ),
        sa.CheckConstraint(
            "reserved + disbursed + expired <= allocated", name="never_more_than_allocated"
        ),
        sa.CheckConstraint("allocated <= ceiling", name="never_above_the_ceiling"),
    )
    for statement in (_MOVE, _GIVE, _COUNT, _TRIGGER, _RECOUNT):
        op.execute(statement)
    # Run with the owner's rights, they must not find somebody's temporary table first.
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    for function in ("count_appended", "recount_capital"):
        op.execute(f"ALTER FUNCTION {function}() SET search_path = {schema}, pg_temp")
    op.execute(_GRANT)
    op.execute("SELECT recount_capital()")
