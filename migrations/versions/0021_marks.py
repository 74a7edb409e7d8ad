"""Marks: what people give exam attempts beside the machine."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.row_security import wall

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DIMENSIONS = "dimension IN ('fluency', 'pronunciation', 'grammar', 'vocabulary', 'coherence')"

KEEP_MARKS = """\
CREATE FUNCTION keep_exam_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.author_id IS NULL
        AND to_jsonb(NEW) - 'author_id' = to_jsonb(OLD) - 'author_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of exam_marks are added and never changed'
        USING ERRCODE = 'insufficient_privilege';
END;
$$"""
"""A mark's author may be forgotten with their account; nothing else of a mark changes."""


def upgrade() -> None:
    """Apply."""
    create_marks()
    op.create_index(op.f("ix_exam_marks_organisation_id"), "exam_marks", ["organisation_id"])
    op.create_index("ix_exam_marks_learner_id", "exam_marks", ["learner_id"])
    op.create_index("ix_exam_marks_author_id", "exam_marks", ["author_id"])
    op.execute(KEEP_MARKS)
    op.execute(
        "CREATE TRIGGER keep_exam_marks BEFORE UPDATE ON exam_marks"
        " FOR EACH ROW EXECUTE FUNCTION keep_exam_marks()"
    )
    wall("exam_marks")


def create_marks() -> None:
    """Versions of marks."""
    op.create_table(
        "exam_marks",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("machine_score", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("machine_version", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        belongs_to("attempt_id", "exam_attempts"),
        belongs_to("learner_id", "users"),
        belongs_to("author_id", "users", ondelete="SET NULL"),
        belongs_to("organisation_id", "organisations"),
        sa.CheckConstraint(DIMENSIONS, name=op.f("ck_exam_marks_dimension")),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name=op.f("ck_exam_marks_score")),
        sa.CheckConstraint("machine_score BETWEEN 0 AND 5", name=op.f("ck_exam_marks_machine_score")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_marks")),
        sa.UniqueConstraint(
            "attempt_id",
            "dimension",
            "author_id",
            "version",
            name=op.f("uq_exam_marks_attempt_id_dimension_author_id_version"),
        ),
    )


def belongs_to(column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes, or forgets, with what it names."""
    name = op.f(f"fk_exam_marks_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    """Take back."""
    op.drop_table("exam_marks")
    op.execute("DROP FUNCTION keep_exam_marks()")
