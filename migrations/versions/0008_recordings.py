"""Recordings of calls and the consent to them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import wall

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def common(table: str) -> list[sa.schema.SchemaItem]:
    """What every row has."""
    made: dict[str, Any] = {"server_default": sa.text("now()"), "nullable": False}
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), **made),
        sa.Column("updated_at", sa.DateTime(timezone=True), **made),
        belongs_to(table, "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A row that goes with what it belongs to."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Apply."""
    create_consents()
    create_recordings()
    create_segments()
    for table in ("recording_consents", "recordings", "recording_segments"):
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
        wall(table)


def create_consents() -> None:
    """What learners answered to the question whether their calls may be recorded."""
    op.create_table(
        "recording_consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *common("recording_consents"),
        belongs_to("recording_consents", "user_id", "users"),
        sa.CheckConstraint(
            "granted_at IS NOT NULL OR withdrawn_at IS NOT NULL", name=op.f("ck_recording_consents_answered")
        ),
    )
    op.create_index(op.f("ix_recording_consents_user_id"), "recording_consents", ["user_id"])
    op.create_index(
        "uq_recording_consents_standing",
        "recording_consents",
        ["organisation_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def create_recordings() -> None:
    """One recording a call."""
    op.create_table(
        "recordings",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("object_key", sa.String(length=200), nullable=True),
        sa.Column("peaks", sa.LargeBinary(), nullable=True),
        *common("recordings"),
        belongs_to("recordings", "call_id", "calls"),
        sa.CheckConstraint("state IN ('receiving', 'ready', 'erased')", name=op.f("ck_recordings_state")),
        sa.CheckConstraint(
            "state <> 'ready' OR object_key IS NOT NULL", name=op.f("ck_recordings_ready_with_object")
        ),
        sa.UniqueConstraint("call_id", name=op.f("uq_recordings_call_id")),
    )
    op.create_index(
        "ix_recordings_organisation_id_started_at", "recordings", ["organisation_id", "started_at"]
    )


def create_segments() -> None:
    """What has come of a recording and is not joined yet."""
    op.create_table(
        "recording_segments",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        *common("recording_segments"),
        belongs_to("recording_segments", "call_id", "calls"),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_recording_segments_call_id_number")),
    )


def downgrade() -> None:
    """Take back. Stored sound stays where it is; nothing points to it any more."""
    for table in ("recording_segments", "recordings", "recording_consents"):
        op.drop_table(table)
