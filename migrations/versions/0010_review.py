"""What instructors write: comments, flags, bookmarks, assignments; consent to listening in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import wall

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("comments", "flags", "bookmarks", "assignments", "listening_consents")


def stamps() -> list[sa.Column[Any]]:
    """The columns every row has."""
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def belongs_to(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes, or forgets, with what it names."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    """Apply."""
    create_comments()
    create_flags()
    create_bookmarks()
    create_assignments()
    create_listening_consents()
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
        wall(table)


def create_comments() -> None:
    """Words to the learner, and the learner's answers."""
    op.create_table(
        "comments",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("comments", "organisation_id", "organisations"),
        belongs_to("comments", "learner_id", "users"),
        belongs_to("comments", "call_id", "calls"),
        belongs_to("comments", "turn_id", "turns"),
        belongs_to("comments", "parent_id", "comments"),
        belongs_to("comments", "author_id", "users", ondelete="SET NULL"),
        sa.CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name=op.f("ck_comments_whole_span")),
        sa.CheckConstraint("span_start >= 0 AND span_end > span_start", name=op.f("ck_comments_span")),
        sa.CheckConstraint(
            "span_start IS NULL OR turn_id IS NOT NULL", name=op.f("ck_comments_span_of_turn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_call_id", "comments", ["call_id", "created_at"])
    op.create_index("ix_comments_learner_id", "comments", ["learner_id", "created_at"])
    for column in ("turn_id", "parent_id", "author_id"):
        op.create_index(op.f(f"ix_comments_{column}"), "comments", [column])


def create_flags() -> None:
    """Marks for those who look after the learner."""
    op.create_table(
        "flags",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *stamps(),
        belongs_to("flags", "organisation_id", "organisations"),
        belongs_to("flags", "learner_id", "users"),
        belongs_to("flags", "call_id", "calls"),
        belongs_to("flags", "turn_id", "turns"),
        belongs_to("flags", "author_id", "users", ondelete="SET NULL"),
        belongs_to("flags", "resolved_by", "users", ondelete="SET NULL"),
        sa.CheckConstraint(
            "kind IN ('attention', 'good_example', 'misheard', 'technical')", name=op.f("ck_flags_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    op.create_index("ix_flags_call_id", "flags", ["call_id"])
    op.create_index(
        "ix_flags_open",
        "flags",
        ["learner_id"],
        postgresql_where=sa.text("resolved_at IS NULL AND kind <> 'good_example'"),
    )
    for column in ("learner_id", "turn_id", "author_id", "resolved_by"):
        op.create_index(op.f(f"ix_flags_{column}"), "flags", [column])


def create_bookmarks() -> None:
    """Places to find again."""
    op.create_table(
        "bookmarks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        *stamps(),
        belongs_to("bookmarks", "organisation_id", "organisations"),
        belongs_to("bookmarks", "user_id", "users"),
        belongs_to("bookmarks", "call_id", "calls"),
        belongs_to("bookmarks", "turn_id", "turns"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
        sa.UniqueConstraint(
            "user_id",
            "call_id",
            "turn_id",
            name=op.f("uq_bookmarks_user_id_call_id_turn_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for column in ("call_id", "turn_id"):
        op.create_index(op.f(f"ix_bookmarks_{column}"), "bookmarks", [column])


def create_assignments() -> None:
    """Practice that is asked for."""
    op.create_table(
        "assignments",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *stamps(),
        belongs_to("assignments", "organisation_id", "organisations"),
        belongs_to("assignments", "learner_id", "users"),
        belongs_to("assignments", "author_id", "users", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_learner_id", "assignments", ["learner_id", "created_at"])
    op.create_index(op.f("ix_assignments_author_id"), "assignments", ["author_id"])


def create_listening_consents() -> None:
    """Whether instructors may listen in on calls."""
    op.create_table(
        "listening_consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("listening_consents", "organisation_id", "organisations"),
        belongs_to("listening_consents", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_consents")),
    )
    op.create_index(
        "uq_listening_consents_standing",
        "listening_consents",
        ["organisation_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(op.f("ix_listening_consents_user_id"), "listening_consents", ["user_id"])


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
