"""Memory of a learner, reports on calls, and what became of jobs."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import no_wall, wall

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("name", "home", "work", "family", "hobby", "goal", "plan")
STATES = ("pending", "ready", "refused", "failed")


def key(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A column that names another row."""
    return sa.Column(name, sa.Uuid(), nullable=nullable)


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


def one_of(table: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """A column that holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def upgrade() -> None:
    """Apply."""
    create_dead_letters()
    create_recaps()
    create_facts()
    create_reports()
    op.add_column("sessions", sa.Column("summary_hash", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("voice", sa.String(length=64), nullable=True))
    op.add_column(
        "users", sa.Column("translation", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("users", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_users_retention_days"), "users", "retention_days BETWEEN 1 AND 3650")


def create_dead_letters() -> None:
    """Jobs that failed for good: of no organisation, and without anything that was said."""
    op.create_table(
        "dead_letters",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("arguments", JSONB(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=True),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index("ix_dead_letters_created_at", "dead_letters", ["created_at", "id"])


def create_recaps() -> None:
    """What a call was about, in a few lines."""
    op.create_table(
        "call_recaps",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        key("session_id"),
        key("call_id"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("turn_count", sa.Integer(), nullable=False),
        sa.Column("prompt_hash", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        *stamps(),
        belongs_to("call_recaps", "organisation_id", "organisations"),
        belongs_to("call_recaps", "session_id", "sessions"),
        belongs_to("call_recaps", "call_id", "calls"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_recaps")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_recaps_call_id")),
    )
    for column in ("organisation_id", "session_id"):
        op.create_index(op.f(f"ix_call_recaps_{column}"), "call_recaps", [column])
    wall("call_recaps")


def create_facts() -> None:
    """What learners told about themselves, each with the turn it rests on."""
    op.create_table(
        "memory_facts",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        key("user_id"),
        key("call_id"),
        key("turn_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prompt_hash", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        *stamps(),
        belongs_to("memory_facts", "organisation_id", "organisations"),
        belongs_to("memory_facts", "user_id", "users"),
        belongs_to("memory_facts", "call_id", "calls"),
        belongs_to("memory_facts", "turn_id", "turns"),
        one_of("memory_facts", "kind", KINDS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_facts")),
        sa.UniqueConstraint(
            "organisation_id", "user_id", "key", name=op.f("uq_memory_facts_organisation_id_user_id_key")
        ),
    )
    for column in ("organisation_id", "user_id", "call_id", "turn_id"):
        op.create_index(op.f(f"ix_memory_facts_{column}"), "memory_facts", [column])
    wall("memory_facts")


def create_reports() -> None:
    """What a learner is told about a call after it."""
    op.create_table(
        "call_reports",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        key("call_id"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("content", JSONB(), nullable=True),
        sa.Column("turn_count", sa.Integer(), nullable=False),
        sa.Column("prompt_hash", sa.String(length=64), nullable=True),
        sa.Column("written_by", sa.String(length=128), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        belongs_to("call_reports", "organisation_id", "organisations"),
        belongs_to("call_reports", "call_id", "calls"),
        one_of("call_reports", "state", STATES),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_reports")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_reports_call_id")),
    )
    op.create_index(op.f("ix_call_reports_organisation_id"), "call_reports", ["organisation_id"])
    wall("call_reports")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_users_retention_days"), "users", type_="check")
    for column in ("voice", "translation", "retention_days"):
        op.drop_column("users", column)
    op.drop_column("sessions", "summary_hash")
    for table in ("call_reports", "memory_facts", "call_recaps"):
        no_wall(table)
        op.drop_table(table)
    op.drop_table("dead_letters")
