"""What the browser gets and sends about retention, deleted calls and exports."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.bodies import Body
from api.privacy.models import ExportState

Days = Annotated[int, Field(ge=1, le=3650)]


class DeletedCallOut(BaseModel):
    """A deleted call that can still be brought back."""

    id: UUID
    session_id: UUID
    started_at: datetime
    ended_at: datetime
    turn_count: int
    deleted_at: datetime
    final_at: datetime = Field(description="Until then it can be brought back; then it is gone for good.")


class DeletedCallList(BaseModel):
    """Deleted calls, the one deleted last first."""

    items: list[DeletedCallOut]


class RetentionOut(BaseModel):
    """How long calls are kept, in days; empty is without an end. The shortest of all that apply counts."""

    own_days: int | None = Field(description="What the learner chose, for transcripts and recordings.")
    organisation_recording_days: int | None
    organisation_transcript_days: int | None
    recording_days: int | None = Field(description="What applies to recordings.")
    transcript_days: int | None = Field(description="What applies to transcripts, with all made from them.")


class RetentionChange(Body):
    """The learner's own choice."""

    own_days: Days | None


class PolicyOut(BaseModel):
    """An organisation's policy, in days; empty leaves it to the installation."""

    recording_days: int | None
    transcript_days: int | None
    installation_recording_days: int | None
    installation_transcript_days: int | None


class PolicyChange(Body):
    """A new policy."""

    recording_days: Days | None
    transcript_days: Days | None


class ExportOut(BaseModel):
    """One archive of everything about a person."""

    model_config = ConfigDict(title="Export", from_attributes=True)

    id: UUID
    state: ExportState
    progress: int = Field(ge=0, le=100, description="Percent.")
    size_bytes: int | None
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None = Field(description="Then it is deleted.")


class ExportList(BaseModel):
    """Archives, newest first."""

    items: list[ExportOut]


class ExportLink(BaseModel):
    """An address that an archive can be fetched from, without signing in, for some minutes."""

    url: str
    expires_at: datetime
