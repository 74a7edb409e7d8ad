"""What is found in learners' words."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import no_wall, wall

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("checked_turns", "turn_corrections")
OWNERS = {"organisation_id": "organisations", "user_id": "users", "call_id": "calls", "turn_id": "turns"}


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    """A text."""
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def owned(table: str) -> list[Any]:
    """Columns and keys of a row about something in a turn."""
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in OWNERS),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
            )
            for column, other in OWNERS.items()
        ),
    ]


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """A column that holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_turn_corrections_{column}"))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "checked_turns",
        sa.Column("words", sa.Integer(), nullable=False),
        text("model", 128, nullable=True),
        text("prompt_hash", 64, nullable=True),
        *owned("checked_turns"),
        sa.UniqueConstraint("turn_id", name=op.f("uq_checked_turns_turn_id")),
    )
    op.create_table(
        "turn_corrections",
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        text("original", 400),
        text("replacement", 400),
        text("better", 1_000),
        text("category", 16),
        text("rule", 64),
        text("explanation", 400),
        text("severity", 16),
        sa.Column("confidence", sa.Float(), nullable=False),
        text("prompt_hash", 64, nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        text("hidden_as", 16, nullable=True),
        *owned("turn_corrections"),
        one_of("category", "grammar", "word_choice", "register"),
        one_of("severity", "slight", "clear", "obscuring"),
        one_of("hidden_as", "learner", "instructor"),
        sa.UniqueConstraint(
            "turn_id", "start_at", "end_at", name=op.f("uq_turn_corrections_turn_id_start_at_end_at")
        ),
    )
    for table in TABLES:
        for column in ("organisation_id", "user_id", "call_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
        op.create_index(f"ix_{table}_learner", table, ["organisation_id", "user_id", "said_at"])
        wall(table)


def downgrade() -> None:
    """Revert."""
    for table in TABLES:
        no_wall(table)
        op.drop_table(table)
