"""What was done, seen or heard, and by whom. Rows are added and read; a trigger refuses all else."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, utc_now


class AuditAction(StrEnum):
    """Everything that is worth an event, as `kind.what`."""

    LEARNER_SEEN = "learner.seen"
    CALL_READ = "call.read"
    CALL_HEARD = "call.heard"
    CALL_LISTENED_IN = "call.listened_in"
    CALL_EXPORTED = "call.exported"
    CALL_DELETED = "call.deleted"
    CALL_RESTORED = "call.restored"
    REPORT_READ = "report.read"
    RESULT_EXPORTED = "result.exported"
    MARK_GIVEN = "mark.given"
    COMMENT_WRITTEN = "comment.written"
    COMMENT_DELETED = "comment.deleted"
    ASSIGNMENT_MADE = "assignment.made"
    LESSON_PUBLISHED = "lesson.published"
    LESSON_ARCHIVED = "lesson.archived"
    LESSON_DELETED = "lesson.deleted"
    LESSONS_IMPORTED = "lesson.imported"
    EXTRA_TIME_GRANTED = "exam.extra_time_granted"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    RETENTION_CHANGED = "retention.changed"
    EXPORT_ASKED = "export.asked"
    EXPORT_FETCHED = "export.fetched"
    PURGE_ASKED = "purge.asked"
    ACCOUNT_ERASED = "account.erased"
    ACCOUNT_CHANGED = "account.changed"
    INVITATION_MADE = "invitation.made"
    INVITATION_REVOKED = "invitation.revoked"
    INVITATION_ACCEPTED = "invitation.accepted"
    MEMBER_CHANGED = "member.changed"
    MEMBER_REMOVED = "member.removed"
    PROGRAM_CHANGED = "program.changed"
    PROGRAM_DELETED = "program.deleted"
    ORGANISATION_MADE = "organisation.made"
    ORGANISATION_CHANGED = "organisation.changed"
    SETTING_CHANGED = "setting.changed"
    MAINTENANCE_CHANGED = "maintenance.changed"
    JOB_RETRIED = "job.retried"
    JOB_DISCARDED = "job.discarded"


class AuditEvent(Identified, Base):
    """One event. No name, address or word of anybody's: those are looked up when somebody reads it.

    `actor_id` is empty where the program itself acted, `organisation_id` where the event belongs to the
    installation or its organisation is gone. After an erasure a random id that stands for nobody takes the
    person's place.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_organisation_id_at", "organisation_id", "at", "id"),
        Index("ix_audit_events_learner_id_at", "learner_id", "at", "id"),
        Index("ix_audit_events_actor_id_at", "actor_id", "at", "id"),
        Index("ix_audit_events_at", "at"),
        Index("ix_audit_events_subject_id", "subject_id"),
    )

    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str | None] = mapped_column(String(32))
    subject_id: Mapped[UUID | None]
    learner_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    correlation_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
