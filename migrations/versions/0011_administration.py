"""Settings, feature flags and maintenance."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import OPERATOR, ORGANISATION, through_the_wall, wall

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SWITCHES = """
SELECT jsonb_build_object(
  'installation', (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM installation_settings),
  'organisations', (
    SELECT coalesce(jsonb_object_agg(organisation_id::text, held), '{}')
    FROM (
      SELECT organisation_id, jsonb_object_agg(key, value) AS held
      FROM organisation_settings GROUP BY organisation_id
    ) AS each_organisation
  ),
  'suspended', (
    SELECT coalesce(jsonb_object_agg(id::text, suspension_reason), '{}')
    FROM organisations WHERE suspended_at IS NOT NULL
  )
)
"""
DAYS = """
SELECT (started_at AT TIME ZONE 'UTC')::date, count(*),
  coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)::double precision
FROM calls WHERE started_at >= since AND (organisation IS NULL OR organisation_id = organisation)
GROUP BY 1 ORDER BY 1
"""
CALLS_OF = """
SELECT organisation_id, count(*) FILTER (WHERE started_at >= since), max(started_at)
FROM calls WHERE organisation_id = ANY (organisations) GROUP BY organisation_id
"""
STAGES = """
SELECT timing.key, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY timing.value::double precision),
  percentile_cont(0.95) WITHIN GROUP (ORDER BY timing.value::double precision)
FROM calls JOIN turns ON turns.call_id = calls.id, jsonb_each_text(turns.timings) AS timing
WHERE calls.started_at >= since AND (organisation IS NULL OR calls.organisation_id = organisation)
GROUP BY timing.key ORDER BY timing.key
"""
INVITED = """
SELECT EXISTS (
  SELECT 1 FROM invitations
  WHERE lower(email) = address AND revoked_at IS NULL AND uses < max_uses AND expires_at > now()
)
"""
QUESTIONS = {
    "is_invited(address text)": ("boolean", INVITED),
    "switches()": ("jsonb", SWITCHES),
    "days_of_calls(since timestamptz, organisation uuid)": (
        "TABLE (day date, calls bigint, seconds double precision)",
        DAYS,
    ),
    "calls_of(organisations uuid[], since timestamptz)": (
        "TABLE (organisation_id uuid, calls bigint, last_call_at timestamptz)",
        CALLS_OF,
    ),
    "stages_of_turns(since timestamptz, organisation uuid)": (
        "TABLE (stage text, turns bigint, median double precision, p95 double precision)",
        STAGES,
    ),
}
"""Counts over every organisation, for operators; nothing of what was said is in an answer."""


def kept() -> list[sa.Column[Any]]:
    """What every setting has."""
    return [
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def upgrade() -> None:
    """Apply."""
    op.add_column("organisations", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organisations", sa.Column("suspension_reason", sa.String(length=300), nullable=True))
    op.create_table(
        "installation_settings",
        *kept(),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_installation_settings")),
    )
    op.create_table(
        "organisation_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *kept(),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_settings_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_settings")),
        sa.UniqueConstraint(
            "organisation_id", "key", name=op.f("uq_organisation_settings_organisation_id_key")
        ),
    )
    op.create_index(
        op.f("ix_organisation_settings_organisation_id"), "organisation_settings", ["organisation_id"]
    )
    wall("organisation_settings", f"{ORGANISATION} OR {OPERATOR}")
    for signature, (returns, query) in QUESTIONS.items():
        through_the_wall(signature, returns, query)


def downgrade() -> None:
    """Take back."""
    for signature in QUESTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_table("organisation_settings")
    op.drop_table("installation_settings")
    op.drop_column("organisations", "suspension_reason")
    op.drop_column("organisations", "suspended_at")
