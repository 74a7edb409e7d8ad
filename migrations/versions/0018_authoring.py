"""Drafts of lessons and where they come from."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import wall

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("unfinished_drafts", "lesson_documents", "lesson_suggestions")
STATES = "state IN ('queued', 'reading', 'writing', 'checking', 'ready', 'failed')"


def common(table: str) -> list[sa.schema.SchemaItem]:
    """What every row has: a key, an organisation, and when it was made and changed."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        stamp("created_at"),
        stamp("updated_at"),
        goes_with(table, "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def stamp(name: str) -> sa.Column[Any]:
    """A time that begins as now."""
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def goes_with(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes, or forgets, with what it names."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    """Apply."""
    create_unfinished_drafts()
    create_lesson_documents()
    create_lesson_suggestions()
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
        wall(table)


def create_unfinished_drafts() -> None:
    """What was saved of a lesson that is not whole."""
    op.create_table(
        "unfinished_drafts",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *common("unfinished_drafts"),
        goes_with("unfinished_drafts", "lesson_id", "lessons"),
        goes_with("unfinished_drafts", "author_id", "users", "SET NULL"),
        sa.UniqueConstraint("lesson_id", name=op.f("uq_unfinished_drafts_lesson_id")),
    )
    op.create_index(op.f("ix_unfinished_drafts_author_id"), "unfinished_drafts", ["author_id"])


def create_lesson_documents() -> None:
    """Documents that lessons are made from."""
    op.create_table(
        "lesson_documents",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        *common("lesson_documents"),
        goes_with("lesson_documents", "lesson_id", "lessons"),
        goes_with("lesson_documents", "document_id", "documents"),
        sa.UniqueConstraint(
            "lesson_id", "document_id", name=op.f("uq_lesson_documents_lesson_id_document_id")
        ),
    )
    op.create_index(op.f("ix_lesson_documents_document_id"), "lesson_documents", ["document_id"])


def create_lesson_suggestions() -> None:
    """Drafts that are being made."""
    op.create_table(
        "lesson_suggestions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("request", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.String(length=128), nullable=True),
        sa.Column("fell_back", sa.String(length=32), nullable=True),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("prompt_hash", sa.String(length=64), nullable=True),
        *common("lesson_suggestions"),
        goes_with("lesson_suggestions", "user_id", "users"),
        goes_with("lesson_suggestions", "lesson_id", "lessons", "SET NULL"),
        sa.CheckConstraint(STATES, name=op.f("ck_lesson_suggestions_state")),
    )
    op.create_index(
        "ix_lesson_suggestions_user_id_created_at", "lesson_suggestions", ["user_id", "created_at"]
    )
    op.create_index(op.f("ix_lesson_suggestions_lesson_id"), "lesson_suggestions", ["lesson_id"])


def downgrade() -> None:
    """Revert."""
    for table in reversed(TABLES):
        op.drop_table(table)
