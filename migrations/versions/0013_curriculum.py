"""Objectives, lessons and their versions, attempts and what happened in them, mastery."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import wall

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SHARED = ("lessons", "lesson_versions", "lesson_objectives")
"""Tables with rows of organisations, and of none: those every organisation reads and none may write."""

OF_LEARNERS = ("lesson_attempts", "lesson_calls", "lesson_events", "mastery_evidence", "mastery")


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
        belongs_to(table, "organisation_id", "organisations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def belongs_to(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes, or forgets, with what it names."""
    name = op.f(f"fk_{table}_{column}_{other.split('.', maxsplit=1)[0]}")
    return sa.ForeignKeyConstraint([column], [other], name=name, ondelete=ondelete)


def index(table: str, *columns: str) -> None:
    """An index for each column."""
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Apply."""
    create_objectives()
    create_lessons()
    create_lesson_versions()
    create_lesson_objectives()
    create_lesson_attempts()
    create_lesson_calls()
    create_lesson_events()
    create_mastery_evidence()
    create_mastery()
    let_assignments_name_lessons()
    wall("objectives", "false", also_read="true")
    for table in SHARED:
        wall(table, also_read="organisation_id IS NULL")
    for table in OF_LEARNERS:
        index(table, "organisation_id")
        wall(table)


def create_objectives() -> None:
    """What learners can do, by level and mode."""
    op.create_table(
        "objectives",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("skill", sa.String(length=16), nullable=False),
        sa.Column("can_do", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *stamps(),
        sa.CheckConstraint("level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("ck_objectives_level")),
        sa.CheckConstraint(
            "skill IN ('reception', 'production', 'interaction', 'mediation')",
            name=op.f("ck_objectives_skill"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_objectives")),
    )


def create_lessons() -> None:
    """Lessons through all their versions."""
    op.create_table(
        "lessons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("lessons", "organisation_id", "organisations.id"),
        belongs_to("lessons", "learner_id", "users.id"),
        belongs_to("lessons", "author_id", "users.id", ondelete="SET NULL"),
        sa.CheckConstraint(
            "learner_id IS NULL OR organisation_id IS NOT NULL", name=op.f("ck_lessons_learner_within")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    op.create_index(
        "uq_lessons_key",
        "lessons",
        ["organisation_id", "learner_id", "key"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    index("lessons", "organisation_id", "learner_id", "author_id")


def create_lesson_versions() -> None:
    """Their content."""
    op.create_table(
        "lesson_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=16), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("step_count", sa.SmallInteger(), nullable=False),
        sa.Column("exam_tags", postgresql.JSONB(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('english'::regconfig, words)", persisted=True),
            nullable=True,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("lesson_versions", "organisation_id", "organisations.id"),
        belongs_to("lesson_versions", "lesson_id", "lessons.id"),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'archived')", name=op.f("ck_lesson_versions_state")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_lesson_versions_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_versions")),
        sa.UniqueConstraint("lesson_id", "number", name=op.f("uq_lesson_versions_lesson_id_number")),
    )
    for state in ("draft", "published"):
        op.create_index(
            f"uq_lesson_versions_{state}",
            "lesson_versions",
            ["lesson_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_index("ix_lesson_versions_search", "lesson_versions", ["search"], postgresql_using="gin")
    index("lesson_versions", "organisation_id")


def create_lesson_objectives() -> None:
    """Which objectives they serve."""
    op.create_table(
        "lesson_objectives",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("objective_key", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        belongs_to("lesson_objectives", "version_id", "lesson_versions.id"),
        belongs_to("lesson_objectives", "objective_key", "objectives.key"),
        belongs_to("lesson_objectives", "organisation_id", "organisations.id"),
        sa.PrimaryKeyConstraint("version_id", "objective_key", name=op.f("pk_lesson_objectives")),
    )
    index("lesson_objectives", "objective_key", "organisation_id")


def create_lesson_attempts() -> None:
    """Learners' ways through them."""
    op.create_table(
        "lesson_attempts",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("exchange", sa.SmallInteger(), nullable=False),
        sa.Column("met", postgresql.JSONB(), nullable=False),
        sa.Column("skipped", postgresql.JSONB(), nullable=False),
        sa.Column("support", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        *of_tenant("lesson_attempts"),
        belongs_to("lesson_attempts", "learner_id", "users.id"),
        belongs_to("lesson_attempts", "session_id", "sessions.id"),
        belongs_to("lesson_attempts", "lesson_id", "lessons.id"),
        belongs_to("lesson_attempts", "version_id", "lesson_versions.id"),
        sa.CheckConstraint("state IN ('open', 'left', 'completed')", name=op.f("ck_lesson_attempts_state")),
        sa.CheckConstraint("support IN ('more', 'usual', 'less')", name=op.f("ck_lesson_attempts_support")),
        sa.CheckConstraint(
            "(state = 'completed') = (finished_at IS NOT NULL)", name=op.f("ck_lesson_attempts_finished")
        ),
    )
    op.create_index(
        "uq_lesson_attempts_open",
        "lesson_attempts",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_lesson_attempts_learner_id_lesson_id",
        "lesson_attempts",
        ["learner_id", "lesson_id", "started_at"],
    )
    index("lesson_attempts", "session_id", "lesson_id", "version_id")


def create_lesson_calls() -> None:
    """Which calls were given them as their plan."""
    op.create_table(
        "lesson_calls",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        *of_tenant("lesson_calls"),
        belongs_to("lesson_calls", "call_id", "calls.id"),
        belongs_to("lesson_calls", "attempt_id", "lesson_attempts.id"),
        sa.UniqueConstraint("call_id", name=op.f("uq_lesson_calls_call_id")),
    )
    index("lesson_calls", "attempt_id")


def create_lesson_events() -> None:
    """What happened in them."""
    op.create_table(
        "lesson_events",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("exchange", sa.SmallInteger(), nullable=True),
        sa.Column("criterion", sa.String(length=64), nullable=True),
        sa.Column("item_id", sa.String(length=64), nullable=True),
        sa.Column("support", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *of_tenant("lesson_events"),
        belongs_to("lesson_events", "call_id", "calls.id"),
        belongs_to("lesson_events", "attempt_id", "lesson_attempts.id"),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_lesson_events_call_id_number")),
    )
    op.create_index("ix_lesson_events_attempt_id_at", "lesson_events", ["attempt_id", "at"])


def create_mastery_evidence() -> None:
    """What learners were seen to do."""
    op.create_table(
        "mastery_evidence",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("objective_key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *of_tenant("mastery_evidence"),
        belongs_to("mastery_evidence", "learner_id", "users.id"),
        belongs_to("mastery_evidence", "objective_key", "objectives.key"),
        sa.CheckConstraint(
            "source IN ('lesson', 'placement', 'exam')", name=op.f("ck_mastery_evidence_source")
        ),
        sa.UniqueConstraint(
            "learner_id",
            "source",
            "reference",
            "criterion",
            name=op.f("uq_mastery_evidence_learner_id_source_reference_criterion"),
        ),
    )
    op.create_index(
        "ix_mastery_evidence_learner_id_objective_key",
        "mastery_evidence",
        ["organisation_id", "learner_id", "objective_key", "at"],
    )
    index("mastery_evidence", "objective_key")


def create_mastery() -> None:
    """What that amounts to."""
    op.create_table(
        "mastery",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("objective_key", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        *of_tenant("mastery"),
        belongs_to("mastery", "learner_id", "users.id"),
        belongs_to("mastery", "objective_key", "objectives.key"),
        sa.CheckConstraint("level BETWEEN 0 AND 1", name=op.f("ck_mastery_level")),
        sa.UniqueConstraint(
            "organisation_id",
            "learner_id",
            "objective_key",
            name=op.f("uq_mastery_organisation_id_learner_id_objective_key"),
        ),
    )
    index("mastery", "learner_id", "objective_key")


def let_assignments_name_lessons() -> None:
    """What an instructor asks for may be a lesson."""
    op.add_column("assignments", sa.Column("lesson_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_assignments_lesson_id_lessons"),
        "assignments",
        "lessons",
        ["lesson_id"],
        ["id"],
        ondelete="SET NULL",
    )
    index("assignments", "lesson_id")


def downgrade() -> None:
    """Revert."""
    op.drop_column("assignments", "lesson_id")
    for table in (*reversed(OF_LEARNERS), *reversed(SHARED), "objectives"):
        op.drop_table(table)
