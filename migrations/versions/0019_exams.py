"""Exams: templates, attempts, the clock's record, extra time."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import through_the_wall, wall

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_LEARNERS = ("exam_attempts", "exam_events", "exam_calls", "exam_accommodations")
IS_OPEN = "state IN ('waiting', 'running')"


def stamps() -> list[sa.Column[Any]]:
    """When a row was made and changed."""
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def of_tenant(table: str) -> list[sa.schema.SchemaItem]:
    """The columns of a row that is an organisation's."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *stamps(),
        belongs_to(table, "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def belongs_to(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes, or forgets, with what it names."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def index(table: str, *columns: str) -> None:
    """An index for each column."""
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Apply."""
    create_templates()
    create_attempts()
    create_events()
    create_calls()
    create_accommodations()
    wall("exam_templates", "false", also_read="true")
    for table in OF_LEARNERS:
        index(table, "organisation_id")
        wall(table)
    through_the_wall(
        "organisations_with_open_exams()",
        "SETOF uuid",
        "SELECT DISTINCT organisation_id FROM exam_attempts WHERE ended_at IS NULL",
    )


def create_templates() -> None:
    """Versions of templates."""
    op.create_table(
        "exam_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("from_level", sa.String(length=2), nullable=False),
        sa.Column("target_level", sa.String(length=2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_templates")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_exam_templates_key_number")),
    )
    op.create_index(
        "uq_exam_templates_offered",
        "exam_templates",
        ["key"],
        unique=True,
        postgresql_where=sa.text("offered"),
    )


def create_attempts() -> None:
    """Learners' sittings."""
    op.create_table(
        "exam_attempts",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("target_level", sa.String(length=2), nullable=False),
        sa.Column("extra_time", sa.Float(), nullable=False),
        sa.Column("extra_time_granted", sa.Boolean(), nullable=False),
        sa.Column("time_scale", sa.Float(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("tasks", postgresql.JSONB(), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=True),
        sa.Column("audio_consent", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *of_tenant("exam_attempts"),
        belongs_to("exam_attempts", "learner_id", "users"),
        belongs_to("exam_attempts", "session_id", "sessions"),
        belongs_to("exam_attempts", "template_id", "exam_templates"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'finished', 'stopped', 'expired')",
            name=op.f("ck_exam_attempts_state"),
        ),
        sa.CheckConstraint(f"({IS_OPEN}) = (ended_at IS NULL)", name=op.f("ck_exam_attempts_ended")),
        sa.CheckConstraint(
            "target_level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("ck_exam_attempts_target_level")
        ),
        sa.CheckConstraint("extra_time BETWEEN 0 AND 1", name=op.f("ck_exam_attempts_extra_time")),
        sa.CheckConstraint("time_scale > 0 AND time_scale <= 1", name=op.f("ck_exam_attempts_time_scale")),
    )
    op.create_index(
        "uq_exam_attempts_open",
        "exam_attempts",
        ["organisation_id", "learner_id"],
        unique=True,
        postgresql_where=sa.text(IS_OPEN),
    )
    op.create_index(
        "ix_exam_attempts_learner_id_created_at", "exam_attempts", ["learner_id", "created_at", "id"]
    )
    index("exam_attempts", "session_id", "template_id")


def create_events() -> None:
    """What moved their clocks."""
    op.create_table(
        "exam_events",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        *of_tenant("exam_events"),
        belongs_to("exam_events", "attempt_id", "exam_attempts"),
        belongs_to("exam_events", "call_id", "calls", ondelete="SET NULL"),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_exam_events_attempt_id_number")),
        sa.CheckConstraint(
            "kind IN ('started', 'left', 'returned', 'done', 'stopped')", name=op.f("ck_exam_events_kind")
        ),
        sa.CheckConstraint("source IN ('agent', 'api')", name=op.f("ck_exam_events_source")),
    )
    index("exam_events", "call_id")


def create_calls() -> None:
    """The calls that they were sat in."""
    op.create_table(
        "exam_calls",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        *of_tenant("exam_calls"),
        belongs_to("exam_calls", "call_id", "calls"),
        belongs_to("exam_calls", "attempt_id", "exam_attempts"),
        sa.UniqueConstraint("call_id", name=op.f("uq_exam_calls_call_id")),
    )
    index("exam_calls", "attempt_id")


def create_accommodations() -> None:
    """Extra time that schools grant."""
    op.create_table(
        "exam_accommodations",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("extra_time", sa.Float(), nullable=False),
        *of_tenant("exam_accommodations"),
        belongs_to("exam_accommodations", "learner_id", "users"),
        belongs_to("exam_accommodations", "granted_by", "users", ondelete="SET NULL"),
        sa.UniqueConstraint(
            "organisation_id", "learner_id", name=op.f("uq_exam_accommodations_organisation_id_learner_id")
        ),
        sa.CheckConstraint("extra_time BETWEEN 0 AND 1", name=op.f("ck_exam_accommodations_extra_time")),
    )
    index("exam_accommodations", "learner_id", "granted_by")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION organisations_with_open_exams()")
    for table in (*reversed(OF_LEARNERS), "exam_templates"):
        op.drop_table(table)
