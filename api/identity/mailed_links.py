"""Links that were mailed: issued with their mail, used once, void once what they were for has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.errors import InvalidError
from api.identity.models import LinkPurpose, MailedLink, User
from api.identity.repository import LinkRepository
from api.links import link_id
from api.mail import service as mail
from api.mail.schemas import Letter, MailKind, MailLink
from api.settings import Settings

LIFETIMES = {
    LinkPurpose.VERIFY_EMAIL: timedelta(days=3),
    LinkPurpose.RESET_PASSWORD: timedelta(minutes=30),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.GUARDIAN_CONSENT: timedelta(days=30),
}
RECEIPT_LIFETIME = timedelta(days=3650)
"""A consent can be withdrawn by its receipt for as long as a learner can be under age."""
PAGES = {
    LinkPurpose.VERIFY_EMAIL: "verify",
    LinkPurpose.RESET_PASSWORD: "reset",
    LinkPurpose.CHANGE_EMAIL: "confirm-email",
    LinkPurpose.GUARDIAN_CONSENT: "consent",
}
"""Pages of the web application that take the secret from the address's fragment."""


@dataclass(frozen=True)
class Mailing:
    """What is mailed with a link: which text, to whom, with which words, for how long the link works."""

    kind: MailKind
    purpose: LinkPurpose
    recipient: str
    values: dict[str, str]
    lifetime: timedelta


async def send(session: AsyncSession, user: User, mailing: Mailing) -> None:
    """Issue a link and post the mail that brings it."""
    purpose = mailing.purpose
    link = await LinkRepository(session).add(
        MailedLink(
            user_id=user.id,
            purpose=purpose,
            email=mailing.recipient,
            expires_at=utc_now() + mailing.lifetime,
        )
    )
    letter = Letter(
        mailing.kind,
        mailing.recipient,
        user.locale,
        user.id,
        mailing.values,
        MailLink(PAGES[purpose], purpose, link.id),
    )
    await mail.post(session, letter)


async def look(session: AsyncSession, settings: Settings, purpose: LinkPurpose, token: str) -> MailedLink:
    """Return the link of a secret, which stays usable.

    Raises:
        InvalidError: It was not made for this, is used up, void or too old (`link_invalid`).
    """
    found = link_id(settings, purpose, token)
    link = await LinkRepository(session).valid(found, purpose, utc_now()) if found else None
    return _known(link)


async def spend(session: AsyncSession, settings: Settings, purpose: LinkPurpose, token: str) -> MailedLink:
    """Use the link of a secret up and return it.

    Raises:
        InvalidError: It was not made for this, is used up, void or too old (`link_invalid`).
    """
    found = link_id(settings, purpose, token)
    link = await LinkRepository(session).spend(found, purpose, utc_now()) if found else None
    return _known(link)


async def void(session: AsyncSession, user: User, purposes: Sequence[LinkPurpose]) -> None:
    """Make the person's unused links for these purposes worthless."""
    await LinkRepository(session).delete_unused(user.id, purposes)


def invalid_link() -> InvalidError:
    """The one answer to every link that does not work."""
    return InvalidError("This link does not work any more. Please ask for a new one.", code="link_invalid")


def _known(link: MailedLink | None) -> MailedLink:
    if link is None:
        raise invalid_link()
    return link
