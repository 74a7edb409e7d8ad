"""Credentials: bearer tokens of API clients, API keys, accounts with providers."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def stamps() -> list[sa.Column[Any]]:
    """The columns every row has."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """An aware time."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A row that goes with what it belongs to."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def index(table: str, *columns: str) -> None:
    """A plain index on each column."""
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Apply."""
    create_token_families()
    create_refresh_tokens()
    create_api_keys()
    create_oauth_accounts()


def create_token_families() -> None:
    """Sign-ins of API clients."""
    op.create_table(
        "token_families",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("client_name", sa.String(length=80), nullable=False),
        moment("last_used_at"),
        moment("expires_at"),
        moment("revoked_at", nullable=True),
        sa.Column("revoked_for", sa.String(length=16), nullable=True),
        *stamps(),
        sa.CheckConstraint(
            "revoked_for IN ('signed_out', 'by_owner', 'reused')", name=op.f("ck_token_families_revoked_for")
        ),
        belongs_to("token_families", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_families")),
    )
    index("token_families", "user_id", "expires_at")


def create_refresh_tokens() -> None:
    """Their refresh tokens."""
    op.create_table(
        "refresh_tokens",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        moment("expires_at"),
        moment("used_at", nullable=True),
        *stamps(),
        belongs_to("refresh_tokens", "family_id", "token_families"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    index("refresh_tokens", "family_id", "expires_at")


def create_api_keys() -> None:
    """Keys of services."""
    op.create_table(
        "api_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String(length=16)), nullable=False),
        moment("expires_at"),
        moment("last_used_at", nullable=True),
        moment("revoked_at", nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *stamps(),
        belongs_to("api_keys", "user_id", "users"),
        belongs_to("api_keys", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    index("api_keys", "user_id", "organisation_id")


def create_oauth_accounts() -> None:
    """Accounts with providers."""
    op.create_table(
        "oauth_accounts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_verified", sa.Boolean(), nullable=False),
        sa.Column("access_token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        moment("token_expires_at", nullable=True),
        moment("last_used_at"),
        *stamps(),
        belongs_to("oauth_accounts", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_accounts")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_oauth_accounts_provider_subject")),
    )
    index("oauth_accounts", "user_id")


def downgrade() -> None:
    """Take back."""
    for table in ("oauth_accounts", "api_keys", "refresh_tokens", "token_families"):
        op.drop_table(table)
