"""Whether an address may make an account of its own."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.registry import SettingKey
from api.administration.repository import is_invited
from api.administration.switchboard import Switches
from api.errors import ForbiddenError


async def require_open(
    session: AsyncSession, switches: Switches, email: str, code: str = "sign_up_closed"
) -> None:
    """Let strangers in where sign-up is open, and where it is closed those whom a school invited by mail.

    Raises:
        ForbiddenError: It is closed, and nobody invited this address (`code`).
    """
    if not switches.allows(SettingKey.SIGN_UP_OPEN) and not await is_invited(session, email.lower()):
        raise ForbiddenError("New accounts are made by invitation only.", code=code)
