"""Accounts: verified addresses, devices, mailed links, lockout, age and consent, outgoing mail."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def user_columns() -> list[sa.Column[Any]]:
    """What accounts gain."""
    return [
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending_email", sa.String(length=320), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("ai_disclosure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True),
    ]


def device_columns() -> list[sa.Column[Any]]:
    """What browser sessions gain, with defaults for those that exist; the defaults are dropped at once."""
    now = sa.text("now()")
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("label", sa.String(length=80), server_default="", nullable=False),
        sa.Column("user_agent", sa.String(length=256), server_default="", nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
    ]


def stamps() -> list[sa.Column[Any]]:
    """The columns every row has."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def upgrade() -> None:
    """Apply."""
    extend_accounts()
    create_mailed_links()
    create_sign_in_failures()
    create_consents()
    create_mails()


def extend_accounts() -> None:
    """Columns of accounts and browser sessions."""
    for column in user_columns():
        op.add_column("users", column)
    op.create_check_constraint(op.f("ck_users_birth_year"), "users", "birth_year BETWEEN 1900 AND 2100")
    for column in device_columns():
        op.add_column("access_tokens", column)
        op.alter_column("access_tokens", column.name, server_default=None)
    op.create_unique_constraint(op.f("uq_access_tokens_id"), "access_tokens", ["id"])


def create_mailed_links() -> None:
    """Links sent by mail."""
    op.create_table(
        "mailed_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'change_email', 'guardian_consent')",
            name=op.f("ck_mailed_links_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mailed_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
    )
    op.create_index("ix_mailed_links_user_id_purpose", "mailed_links", ["user_id", "purpose"])
    op.create_index(op.f("ix_mailed_links_expires_at"), "mailed_links", ["expires_at"])


def create_sign_in_failures() -> None:
    """Wrong passwords in a row."""
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_last_failed_at"), "sign_in_failures", ["last_failed_at"])


def create_consents() -> None:
    """Consents of guardians and schools."""
    op.create_table(
        "consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("guardian_email", sa.String(length=320), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *stamps(),
        sa.CheckConstraint("kind IN ('guardian', 'school')", name=op.f("ck_consents_kind")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consents_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["users.id"], name=op.f("fk_consents_given_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_consents_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_user_id"), "consents", ["user_id"])
    op.create_index(op.f("ix_consents_organisation_id"), "consents", ["organisation_id"])
    op.create_index(
        "uq_consents_standing_of_user",
        "consents",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def create_mails() -> None:
    """Outgoing mail."""
    op.create_table(
        "mails",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        *stamps(),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mails_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_user_id"), "mails", ["user_id"])


def downgrade() -> None:
    """Take back."""
    for table in ("mails", "consents", "sign_in_failures", "mailed_links"):
        op.drop_table(table)
    op.drop_constraint(op.f("uq_access_tokens_id"), "access_tokens", type_="unique")
    for column in device_columns():
        op.drop_column("access_tokens", column.name)
    op.drop_constraint(op.f("ck_users_birth_year"), "users", type_="check")
    for column in user_columns():
        op.drop_column("users", column.name)
