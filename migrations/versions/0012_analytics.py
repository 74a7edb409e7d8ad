"""Figures of calls, learners and programs."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import through_the_wall, wall

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("call_figures", "learner_days", "learner_stats", "program_calls", "program_weeks")
STALE = (
    "SELECT organisation_id FROM learner_stats WHERE as_of < today AND month_ms + before_ms > 0 "
    "UNION SELECT c.organisation_id FROM calls c LEFT JOIN call_figures f ON f.call_id = c.id "
    "WHERE c.ended_at IS NOT NULL AND c.deleted_at IS NULL AND f.call_id IS NULL "
    "UNION SELECT organisation_id FROM program_calls"
)
"""Organisations with something to reckon: windows that end too early, calls without figures, programs."""


def counts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Columns of whole numbers; milliseconds may be large."""
    return [
        sa.Column(name, sa.BigInteger() if name.endswith("_ms") else sa.Integer(), nullable=nullable)
        for name in names
    ]


def key(name: str) -> sa.Column[Any]:
    """A column that names a row of another table."""
    return sa.Column(name, sa.Uuid(), nullable=False)


def belongs_to(table: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    """Rows that go with what they belong to; every row belongs to an organisation."""
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
        )
        for column, other in {"organisation_id": "organisations", **others}.items()
    ]


def moment(name: str) -> sa.Column[Any]:
    """A time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def day(name: str) -> sa.Column[Any]:
    """A day of UTC."""
    return sa.Column(name, sa.Date(), nullable=False)


def upgrade() -> None:
    """Apply."""
    create_call_figures()
    create_learner_days()
    create_learner_stats()
    create_program_calls()
    create_program_weeks()
    for table in TABLES:
        wall(table)
    through_the_wall("organisations_to_reckon(today date)", "SETOF uuid", STALE)


def create_call_figures() -> None:
    """One row a closed call."""
    op.create_table(
        "call_figures",
        key("call_id"),
        key("user_id"),
        moment("started_at"),
        moment("ended_at"),
        *counts("spoken_ms", "coach_ms", "turns", "learner_turns", "words", "distinct_words"),
        key("organisation_id"),
        *belongs_to("call_figures", call_id="calls", user_id="users"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_figures")),
    )
    op.create_index("ix_call_figures_learner", "call_figures", ["organisation_id", "user_id", "started_at"])
    op.create_index("ix_call_figures_started", "call_figures", ["organisation_id", "started_at"])
    op.create_index(op.f("ix_call_figures_organisation_id"), "call_figures", ["organisation_id"])
    op.create_index(op.f("ix_call_figures_user_id"), "call_figures", ["user_id"])


def create_learner_days() -> None:
    """One row a learner and day."""
    op.create_table(
        "learner_days",
        key("organisation_id"),
        key("user_id"),
        day("day"),
        *counts("calls", "spoken_ms", "coach_ms", "turns", "words", "distinct_words"),
        *belongs_to("learner_days", user_id="users"),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", "day", name=op.f("pk_learner_days")),
    )
    op.create_index(op.f("ix_learner_days_user_id"), "learner_days", ["user_id"])


def create_learner_stats() -> None:
    """One row a learner."""
    op.create_table(
        "learner_stats",
        key("organisation_id"),
        key("user_id"),
        moment("last_activity_at"),
        *counts("calls", "turns", "spoken_ms", "coach_ms", "words", "month_ms", "before_ms"),
        sa.Column("weeks_ms", sa.ARRAY(sa.BigInteger()), nullable=False),
        day("as_of"),
        *belongs_to("learner_stats", user_id="users"),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", name=op.f("pk_learner_stats")),
    )
    op.create_index("ix_learner_stats_activity", "learner_stats", ["organisation_id", "last_activity_at"])
    op.create_index(op.f("ix_learner_stats_user_id"), "learner_stats", ["user_id"])


def create_program_calls() -> None:
    """Which calls count for which programs."""
    op.create_table(
        "program_calls",
        key("program_id"),
        key("call_id"),
        key("organisation_id"),
        *belongs_to("program_calls", program_id="programs", call_id="calls"),
        sa.PrimaryKeyConstraint("program_id", "call_id", name=op.f("pk_program_calls")),
    )
    op.create_index(op.f("ix_program_calls_call_id"), "program_calls", ["call_id"])
    op.create_index(op.f("ix_program_calls_organisation_id"), "program_calls", ["organisation_id"])


def create_program_weeks() -> None:
    """One row a program and week that is over."""
    op.create_table(
        "program_weeks",
        key("program_id"),
        day("week"),
        moment("reckoned_at"),
        *counts("learners", "calls", "spoken_ms", "coach_ms", "turns", "words", nullable=True),
        key("organisation_id"),
        *belongs_to("program_weeks", program_id="programs"),
        sa.PrimaryKeyConstraint("program_id", "week", name=op.f("pk_program_weeks")),
    )
    op.create_index(op.f("ix_program_weeks_organisation_id"), "program_weeks", ["organisation_id"])


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION organisations_to_reckon(date)")
    for table in reversed(TABLES):
        op.drop_table(table)
