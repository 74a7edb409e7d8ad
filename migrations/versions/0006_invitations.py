"""Invitations into organisations and programs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.row_security import through_the_wall, wall

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUESTIONS = {
    "organisation_of_invitation(invitation uuid)": (
        "uuid",
        "SELECT organisation_id FROM invitations WHERE id = invitation",
    ),
    "own_programs()": (
        "TABLE (organisation_id uuid, program_id uuid, name varchar, role varchar)",
        "SELECT e.organisation_id, e.program_id, p.name, e.role FROM enrolments e "
        "JOIN programs p ON p.id = e.program_id WHERE e.user_id = avaaz_user() AND p.archived_at IS NULL",
    ),
}
"""What has to be known across organisations: whose an invitation is, and where a person takes part."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "invitations",
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('learner', 'instructor', 'admin')", name=op.f("ck_invitations_role")),
        sa.CheckConstraint("uses BETWEEN 0 AND max_uses", name=op.f("ck_invitations_uses")),
        sa.CheckConstraint(
            "CASE WHEN email IS NULL THEN role = 'learner' ELSE max_uses = 1 END",
            name=op.f("ck_invitations_way"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invitations_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_invitations_program_id_programs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["users.id"],
            name=op.f("fk_invitations_invited_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    for column in ("organisation_id", "program_id", "invited_by_id"):
        op.create_index(op.f(f"ix_invitations_{column}"), "invitations", [column])
    wall("invitations")
    for signature, (returns, query) in QUESTIONS.items():
        through_the_wall(signature, returns, query)


def downgrade() -> None:
    """Take back."""
    for signature in QUESTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_table("invitations")
