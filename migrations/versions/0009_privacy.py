"""Privacy: the audit log, retention, deleted calls, exports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import through_the_wall, wall

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RETENTION = ("recording_retention_days", "transcript_retention_days")

REFUSE_CHANGE = """\
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are added and never changed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$"""

FORGET_IN_AUDIT = """\
CREATE FUNCTION forget_in_audit(person uuid, pseudonym uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE audit_events SET
        actor_id = CASE WHEN actor_id = person THEN pseudonym ELSE actor_id END,
        learner_id = CASE WHEN learner_id = person THEN pseudonym ELSE learner_id END,
        subject_id = CASE WHEN subject_id = person THEN pseudonym ELSE subject_id END
    WHERE actor_id = person OR learner_id = person OR subject_id = person
$$"""

TRIM_AUDIT = """\
CREATE FUNCTION trim_audit(before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM audit_events WHERE at < least(before, now() - interval '1 year') RETURNING 1
    )
    SELECT count(*) FROM gone
$$"""

FORGET_ADDRESS = """\
CREATE FUNCTION forget_address(address text, name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM invitations WHERE lower(email) = lower(address);
    DELETE FROM mails WHERE kind <> 'account_deleted' AND (
        lower(recipient) = lower(address)
        OR position(lower(address) IN lower("values"::text)) > 0
        OR (name <> '' AND (sent_at IS NOT NULL OR given_up_at IS NOT NULL)
            AND position(name IN "values"::text) > 0)
    )
$$"""

NOTE_ERASED = """\
CREATE FUNCTION note_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO erased_keys (id) SELECT id FROM gone ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$$"""

SHOWS_DELETED = """\
CREATE FUNCTION avaaz_shows_deleted() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('avaaz.deleted', true), '') = 'on'
        OR current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'calls'::regclass)
$$"""


def upgrade() -> None:
    """Apply."""
    create_audit_events()
    create_exports()
    let_calls_be_deleted()
    remember_what_was_erased()
    for column in RETENTION:
        op.add_column("organisations", sa.Column(column, sa.SmallInteger(), nullable=True))
        op.create_check_constraint(
            op.f(f"ck_organisations_{column}"), "organisations", f"{column} BETWEEN 1 AND 3650"
        )
    op.execute(FORGET_ADDRESS)
    through_the_wall("all_organisations()", "SETOF uuid", "SELECT id FROM organisations")
    through_the_wall(
        "organisations_of(person uuid)",
        "SETOF uuid",
        "SELECT organisation_id FROM memberships WHERE user_id = person "
        "UNION SELECT organisation_id FROM sessions WHERE user_id = person",
    )


def create_audit_events() -> None:
    """Who did, saw or heard what: rows are added, and changed by two functions of the owner's alone."""
    op.create_table(
        "audit_events",
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_audit_events_organisation_id_organisations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    for column in ("organisation_id", "learner_id", "actor_id"):
        op.create_index(f"ix_audit_events_{column}_at", "audit_events", [column, "at", "id"])
    for column in ("at", "subject_id"):
        op.create_index(op.f(f"ix_audit_events_{column}"), "audit_events", [column])
    wall("audit_events", "organisation_id = avaaz_organisation() OR avaaz_operator()")
    op.execute("CREATE POLICY own_record ON audit_events FOR SELECT USING (learner_id = avaaz_user())")
    op.execute("CREATE POLICY nobodys ON audit_events FOR INSERT WITH CHECK (organisation_id IS NULL)")
    op.execute(REFUSE_CHANGE)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(FORGET_IN_AUDIT)
    op.execute(TRIM_AUDIT)


def create_exports() -> None:
    """Archives of everything about a person, made on their wish."""
    op.create_table(
        "exports",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('making', 'ready', 'failed', 'gone')", name=op.f("ck_exports_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_exports_progress")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_exports_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_user_id_created_at", "exports", ["user_id", "created_at"])
    op.create_index(
        "uq_exports_making_of_user",
        "exports",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'making'"),
    )
    wall("exports", "user_id = avaaz_user()")
    through_the_wall(
        "exports_run_out()",
        "TABLE (export_id uuid, user_id uuid)",
        "SELECT id, user_id FROM exports WHERE expires_at < now() AND state <> 'gone'",
    )


def let_calls_be_deleted() -> None:
    """A deleted call is hidden from everybody's queries at once, and numbers are not given twice."""
    op.add_column("calls", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_calls_deleted", "calls", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL")
    )
    op.create_check_constraint(
        op.f("ck_calls_deleted_when_over"), "calls", "deleted_at IS NULL OR ended_at IS NOT NULL"
    )
    op.add_column("sessions", sa.Column("calls_made", sa.Integer(), server_default="0", nullable=False))
    op.execute(SHOWS_DELETED)
    op.execute(
        "CREATE POLICY kept ON calls AS RESTRICTIVE USING (deleted_at IS NULL OR avaaz_shows_deleted())"
    )


def remember_what_was_erased() -> None:
    """Keys of calls and sessions that are no more, whatever removed them, to recognize late pieces by."""
    op.create_table(
        "erased_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_keys")),
    )
    op.create_index(op.f("ix_erased_keys_erased_at"), "erased_keys", ["erased_at"])
    op.execute(NOTE_ERASED)
    for table in ("calls", "sessions"):
        op.execute(
            f"CREATE TRIGGER note_erased AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_erased()"
        )
    through_the_wall(
        "was_erased(wanted uuid)",
        "boolean",
        "SELECT EXISTS (SELECT 1 FROM erased_keys WHERE id = wanted) "
        "OR EXISTS (SELECT 1 FROM calls WHERE id = wanted AND deleted_at IS NOT NULL)",
    )


def downgrade() -> None:
    """Take back. Deleted calls that still wait for their end are gone with it."""
    for signature in (
        "organisations_of(uuid)",
        "all_organisations()",
        "exports_run_out()",
        "forget_address(text, text)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("DROP FUNCTION was_erased(uuid)")
    for table in ("calls", "sessions"):
        op.execute(f"DROP TRIGGER note_erased ON {table}")
    op.execute("DROP FUNCTION note_erased()")
    op.drop_table("erased_keys")
    for column in reversed(RETENTION):
        op.drop_constraint(op.f(f"ck_organisations_{column}"), "organisations", type_="check")
        op.drop_column("organisations", column)
    op.execute("DELETE FROM calls WHERE deleted_at IS NOT NULL")
    op.execute("DROP POLICY kept ON calls")
    op.execute("DROP FUNCTION avaaz_shows_deleted()")
    op.drop_column("sessions", "calls_made")
    op.drop_constraint(op.f("ck_calls_deleted_when_over"), "calls", type_="check")
    op.drop_index("ix_calls_deleted", table_name="calls")
    op.drop_column("calls", "deleted_at")
    op.drop_table("exports")
    op.drop_table("audit_events")
    for signature in ("trim_audit(timestamptz)", "forget_in_audit(uuid, uuid)", "refuse_change()"):
        op.execute(f"DROP FUNCTION {signature}")
