"""Where learners begin: goals, placements, how a level came about, and how they are corrected."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import wall

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEVELS = "('A1', 'A2', 'B1', 'B2')"


def belongs_to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes with what it belongs to."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def checked(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """A rule for every row."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    """A time; now where it is not said."""
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "users",
        sa.Column("correction_style", sa.String(length=16), server_default="recast", nullable=False),
    )
    op.add_column("users", sa.Column("goal_kind", sa.String(length=16), nullable=True))
    op.add_column("users", sa.Column("goal", sa.String(length=200), nullable=True))
    op.add_column("users", moment("onboarded_at", nullable=True))
    create_placements()
    create_level_changes()
    for table in ("placements", "level_changes"):
        wall(table)


def create_placements() -> None:
    """Attempts to find a learner's level."""
    op.create_table(
        "placements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("prompt_hash", sa.String(length=64), nullable=False),
        moment("finished_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        checked("placements", "kind", "kind IN ('spoken', 'typed')"),
        checked("placements", "state", "state IN ('running', 'scored', 'refused', 'abandoned')"),
        checked("placements", "level", f"level IN {LEVELS}"),
        belongs_to("placements", "organisation_id", "organisations"),
        belongs_to("placements", "user_id", "users"),
        belongs_to("placements", "call_id", "calls"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    for column in ("organisation_id", "user_id", "call_id"):
        op.create_index(op.f(f"ix_placements_{column}"), "placements", [column])
    op.create_index(
        "uq_placements_running",
        "placements",
        ["organisation_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )


def create_level_changes() -> None:
    """How each level came about."""
    op.create_table(
        "level_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(length=2), nullable=False),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        moment("created_at"),
        moment("updated_at"),
        checked("level_changes", "source", "source IN ('chosen', 'placed', 'instructor')"),
        checked("level_changes", "level", f"level IN {LEVELS}"),
        belongs_to("level_changes", "organisation_id", "organisations"),
        belongs_to("level_changes", "user_id", "users"),
        belongs_to("level_changes", "placement_id", "placements", "SET NULL"),
        belongs_to("level_changes", "changed_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_changes")),
    )
    for column in ("organisation_id", "user_id", "placement_id", "changed_by_id"):
        op.create_index(op.f(f"ix_level_changes_{column}"), "level_changes", [column])


def downgrade() -> None:
    """Revert."""
    op.drop_table("level_changes")
    op.drop_table("placements")
    for column in ("onboarded_at", "goal", "goal_kind", "correction_style"):
        op.drop_column("users", column)
