"""Review items, points, badges and goals."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import wall

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("review_items", "review_entries", "point_entries", "badges_earned", "weekly_goals")


def key(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A column that names another row."""
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def moment(name: str, *, nullable: bool = False, default: bool = False) -> sa.Column[Any]:
    """A time."""
    now = sa.text("now()") if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=nullable)


def words(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    """A text."""
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def whole(name: str, *, small: bool = False, nullable: bool = False) -> sa.Column[Any]:
    """A whole number."""
    return sa.Column(name, sa.SmallInteger() if small else sa.Integer(), nullable=nullable)


def goes_with(table: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    """Rows that go with what they belong to; every row belongs to an organisation and a person."""
    owners = {"organisation_id": "organisations", "user_id": "users", **others}
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
        )
        for column, other in owners.items()
    ]


def one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    """A column that holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def between(table: str, column: str, least: int, most: int) -> sa.CheckConstraint:
    """A column with bounds."""
    return sa.CheckConstraint(f"{column} BETWEEN {least} AND {most}", name=op.f(f"ck_{table}_{column}"))


def once(table: str, *columns: str) -> sa.UniqueConstraint:
    """Columns that are the same in no two rows."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def indexed(table: str, *columns: str) -> None:
    """An index for each of these columns."""
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Apply."""
    op.add_column("users", words("time_zone", 64, nullable=True))
    create_items()
    create_entries()
    create_points()
    create_badges()
    create_goals()
    for table in TABLES:
        wall(table)


def create_items() -> None:
    """What is to be said again."""
    op.create_table(
        "review_items",
        key("user_id"),
        words("kind", 16),
        words("key", 64),
        words("cue", 400),
        words("answer", 300),
        words("note", 400),
        words("category", 16, nullable=True),
        words("rule", 64, nullable=True),
        key("call_id", nullable=True),
        key("turn_id", nullable=True),
        key("source_id", nullable=True),
        whole("times_made"),
        whole("state", small=True),
        whole("step", small=True, nullable=True),
        sa.Column("stability", sa.Float(), nullable=True),
        sa.Column("difficulty", sa.Float(), nullable=True),
        moment("last_review_at", nullable=True),
        moment("due_at"),
        moment("suspended_at", nullable=True),
        moment("removed_at", nullable=True),
        key("id"),
        key("organisation_id"),
        moment("created_at", default=True),
        moment("updated_at", default=True),
        *goes_with("review_items", call_id="calls", turn_id="turns"),
        one_of("review_items", "kind", "correction", "phrase", "word"),
        between("review_items", "state", 1, 3),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
        once("review_items", "organisation_id", "user_id", "key"),
    )
    op.create_index("ix_review_items_due", "review_items", ["organisation_id", "user_id", "due_at"])
    indexed("review_items", "organisation_id", "user_id", "call_id", "turn_id")


def create_entries() -> None:
    """Every grading."""
    op.create_table(
        "review_entries",
        key("user_id"),
        key("item_id"),
        key("grading_id"),
        words("how", 8),
        whole("rating", small=True, nullable=True),
        moment("reviewed_at"),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("after", JSONB(), nullable=False),
        key("call_id", nullable=True),
        key("turn_id", nullable=True),
        key("undoes_id", nullable=True),
        key("id"),
        key("organisation_id"),
        *goes_with(
            "review_entries",
            item_id="review_items",
            call_id="calls",
            turn_id="turns",
            undoes_id="review_entries",
        ),
        one_of("review_entries", "how", "screen", "call", "slip", "undo"),
        between("review_entries", "rating", 1, 4),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entries")),
        once("review_entries", "user_id", "grading_id"),
        once("review_entries", "undoes_id"),
    )
    op.create_index("ix_review_entries_item", "review_entries", ["item_id", "reviewed_at"])
    op.create_index(
        "ix_review_entries_learner", "review_entries", ["organisation_id", "user_id", "reviewed_at"]
    )
    indexed("review_entries", "organisation_id", "user_id", "call_id", "turn_id")


def create_points() -> None:
    """What practising earned."""
    op.create_table(
        "point_entries",
        key("user_id"),
        words("kind", 16),
        words("cause", 96),
        whole("points"),
        moment("earned_at"),
        key("id"),
        key("organisation_id"),
        *goes_with("point_entries"),
        one_of("point_entries", "kind", "minutes", "review", "lesson", "goal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_entries")),
        once("point_entries", "organisation_id", "user_id", "cause"),
    )
    indexed("point_entries", "organisation_id", "user_id")


def create_badges() -> None:
    """Badges that learners have."""
    op.create_table(
        "badges_earned",
        key("organisation_id"),
        key("user_id"),
        words("badge", 32),
        moment("earned_at"),
        *goes_with("badges_earned"),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", "badge", name=op.f("pk_badges_earned")),
    )
    indexed("badges_earned", "user_id")


def create_goals() -> None:
    """How much learners mean to speak."""
    op.create_table(
        "weekly_goals",
        key("organisation_id"),
        key("user_id"),
        whole("minutes", small=True),
        moment("created_at", default=True),
        moment("updated_at", default=True),
        *goes_with("weekly_goals"),
        between("weekly_goals", "minutes", 5, 600),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", name=op.f("pk_weekly_goals")),
    )
    indexed("weekly_goals", "user_id")


def downgrade() -> None:
    """Revert."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("users", "time_zone")
