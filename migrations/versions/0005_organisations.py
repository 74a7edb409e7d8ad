"""Organisations: programs and enrolments, a default session for each organisation, row-level security."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import OPERATOR, ORGANISATION, PERSON, no_wall, through_the_wall, wall

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SETTINGS = {
    "avaaz_organisation()": ("uuid", "NULLIF(current_setting('avaaz.organisation_id', true), '')::uuid"),
    "avaaz_user()": ("uuid", "NULLIF(current_setting('avaaz.user_id', true), '')::uuid"),
    "avaaz_operator()": ("boolean", "coalesce(current_setting('avaaz.operator', true), '') = 'on'"),
}

MEMBER_HERE = (
    "EXISTS (SELECT 1 FROM memberships WHERE memberships.user_id = consents.user_id "
    "AND memberships.organisation_id = avaaz_organisation())"
)
MINE = "id IN (SELECT organisation_id FROM memberships WHERE user_id = avaaz_user())"
WALLS = {
    "organisations": (f"id = avaaz_organisation() OR {OPERATOR}", MINE),
    "memberships": (f"{ORGANISATION} OR {OPERATOR}", PERSON),
    "consents": (f"{ORGANISATION} OR {PERSON} OR {MEMBER_HERE}", None),
    "api_keys": (f"{ORGANISATION} OR {PERSON}", None),
    "sessions": (ORGANISATION, None),
    "calls": (ORGANISATION, None),
    "turns": (ORGANISATION, None),
    "usage": (ORGANISATION, None),
    "attendances": (ORGANISATION, None),
}
"""Of the tables that stood before: what may be read and written, and what else may be read."""

QUESTIONS = {
    "standing_of(person uuid)": (
        "TABLE (organisation_id uuid, role varchar)",
        "SELECT organisation_id, role FROM memberships WHERE user_id = person "
        "ORDER BY chosen_at DESC, created_at LIMIT 1",
    ),
    "owner_of_api_key(digest text)": ("uuid", "SELECT user_id FROM api_keys WHERE key_hash = digest"),
    "organisation_of_session(practice uuid)": (
        "uuid",
        "SELECT organisation_id FROM sessions WHERE id = practice",
    ),
    "organisations_with_open_calls()": (
        "SETOF uuid",
        "SELECT DISTINCT organisation_id FROM calls WHERE ended_at IS NULL",
    ),
    "count_open_calls()": ("bigint", "SELECT count(*) FROM calls WHERE ended_at IS NULL"),
}
"""What has to be known before it is known whose rows are meant."""


def stamps() -> list[sa.Column[Any]]:
    """The columns every row has."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A row that goes with what it belongs to."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Apply."""
    for signature, (kind, expression) in SETTINGS.items():
        op.execute(
            f"CREATE FUNCTION {signature} RETURNS {kind} LANGUAGE sql STABLE AS $$ SELECT {expression} $$"
        )
    choose_memberships()
    op.drop_index("uq_sessions_default_of_user", table_name="sessions")
    op.create_index(
        "uq_sessions_default_of_member",
        "sessions",
        ["organisation_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    create_programs()
    create_enrolments()
    for table, (mine, also_read) in WALLS.items():
        wall(table, mine, also_read=also_read)
    for signature, (returns, query) in QUESTIONS.items():
        through_the_wall(signature, returns, query)


def choose_memberships() -> None:
    """The membership that a person chose last is the one they act under."""
    op.add_column(
        "memberships",
        sa.Column("chosen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute("UPDATE memberships SET chosen_at = created_at")


def create_programs() -> None:
    """Courses and cohorts."""
    op.create_table(
        "programs",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("programs", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_programs_organisation_id_name")),
    )
    op.create_index(op.f("ix_programs_organisation_id"), "programs", ["organisation_id"])
    wall("programs")


def create_enrolments() -> None:
    """Who learns and teaches in them."""
    op.create_table(
        "enrolments",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        *stamps(),
        belongs_to("enrolments", "organisation_id", "organisations"),
        belongs_to("enrolments", "program_id", "programs"),
        belongs_to("enrolments", "user_id", "users"),
        sa.CheckConstraint("role IN ('learner', 'instructor')", name=op.f("ck_enrolments_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("program_id", "user_id", name=op.f("uq_enrolments_program_id_user_id")),
    )
    for column in ("organisation_id", "user_id"):
        op.create_index(op.f(f"ix_enrolments_{column}"), "enrolments", [column])
    wall("enrolments")


def downgrade() -> None:
    """Take back. Sessions that belong to a further organisation of a learner are no default sessions then."""
    for signature in QUESTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in WALLS:
        no_wall(table)
    op.drop_table("enrolments")
    op.drop_table("programs")
    op.drop_index("uq_sessions_default_of_member", table_name="sessions")
    op.execute(
        "UPDATE sessions SET is_default = false WHERE is_default AND id NOT IN "
        "(SELECT DISTINCT ON (user_id) id FROM sessions WHERE is_default ORDER BY user_id, created_at)"
    )
    op.create_index(
        "uq_sessions_default_of_user",
        "sessions",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.drop_column("memberships", "chosen_at")
    for signature in SETTINGS:
        op.execute(f"DROP FUNCTION {signature}")
