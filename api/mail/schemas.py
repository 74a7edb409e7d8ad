"""What other domains hand over to be mailed."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class MailKind(StrEnum):
    """Every mail there is; each has a text in every catalogue."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name, not a secret
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    GUARDIAN_CONSENT = "guardian_consent"
    GUARDIAN_RECEIPT = "guardian_receipt"
    ACCOUNT_DELETED = "account_deleted"
    INVITATION = "invitation"
    INVITATION_TO_TEACH = "invitation_to_teach"


@dataclass(frozen=True)
class MailLink:
    """A page of the web application, and the link (by id and purpose) whose secret it is opened with."""

    page: str
    purpose: str
    id: UUID


@dataclass(frozen=True)
class Letter:
    """A mail to be sent.

    `values` fills the text; `user_id` is the account with which an unsent mail is deleted.
    """

    kind: MailKind
    recipient: str
    locale: str
    user_id: UUID | None = None
    values: dict[str, str] = field(default_factory=dict)
    link: MailLink | None = None
