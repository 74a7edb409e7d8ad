"""Assessment."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import no_wall, wall

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("assessments", "heard_turns", "rubric_answers")


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    """A text."""
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A JSON value."""
    return sa.Column(name, JSONB(), nullable=nullable)


def owned(table: str, **others: str) -> list[Any]:
    """Columns and keys of a row about a learner's attempt."""
    owners = {"organisation_id": "organisations", "user_id": "users", "attempt_id": "exam_attempts", **others}
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in owners),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
            )
            for column, other in owners.items()
        ),
    ]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assessments",
        text("title", 400),
        text("target_level", 2),
        moment("taken_at"),
        moment("ended_at"),
        text("state", 16),
        moment("scored_at", nullable=True),
        text("version", 64),
        text("band_table", 64),
        json("scores"),
        text("level", 8, nullable=True),
        text("refused", 32, nullable=True),
        json("flags"),
        json("judgement", nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        moment("review_asked_at", nullable=True),
        text("review_note", 1_000),
        *owned("assessments"),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_assessments_attempt_id")),
        sa.CheckConstraint(
            "state IN ('waiting', 'scoring', 'ready', 'failed')", name=op.f("ck_assessments_state")
        ),
        sa.CheckConstraint(
            "(state = 'ready') = (judgement IS NOT NULL)", name=op.f("ck_assessments_ready_with_judgement")
        ),
    )
    op.create_index("ix_assessments_learner", "assessments", ["organisation_id", "user_id", "taken_at", "id"])
    op.create_table(
        "heard_turns",
        text("version", 64),
        json("heard"),
        *owned("heard_turns", turn_id="turns"),
        sa.UniqueConstraint("turn_id", "version", name=op.f("uq_heard_turns_turn_id_version")),
    )
    op.create_index(op.f("ix_heard_turns_attempt_id"), "heard_turns", ["attempt_id"])
    op.create_table(
        "rubric_answers",
        text("asked", 64),
        text("model", 128),
        text("prompt_hash", 64),
        json("answer"),
        *owned("rubric_answers"),
        sa.UniqueConstraint("attempt_id", "asked", name=op.f("uq_rubric_answers_attempt_id_asked")),
    )
    for table in TABLES:
        for column in ("organisation_id", "user_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
        wall(table)
    op.add_column(
        "recordings", sa.Column("for_scoring", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    """Revert."""
    op.drop_column("recordings", "for_scoring")
    for table in reversed(TABLES):
        no_wall(table)
        op.drop_table(table)
