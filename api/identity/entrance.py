"""The way in by e-mail address and password, for every kind of client."""

from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import Database, Session, utc_now
from api.errors import UnauthenticatedError
from api.identity import lockout
from api.identity.auth import AppSettings, Manager, UserManager
from api.identity.models import User
from api.identity.passwords import hashed, verified
from api.identity.repository import UserRepository
from api.settings import Settings


class Entrance:
    """Compares addresses with passwords, and locks after too many wrong ones.

    No database connection is held while Argon2 works, so that a rush to sign in does not take them all.
    """

    def __init__(
        self, request: Request, session: AsyncSession, settings: Settings, manager: UserManager
    ) -> None:
        self.request = request
        self.session = session
        self.settings = settings
        self.helper = manager.password_helper
        self.database: Database = request.app.state.database

    async def sign_in(self, email: str, password: str) -> User:
        """Return the account that an address and password belong to.

        Takes as long for an unknown address as for a wrong password.

        Raises:
            UnauthenticatedError: They belong to no active account (`wrong_credentials`).
            RateLimitedError: Too many wrong passwords before (`account_locked`).
        """
        email = email.lower()
        subject = lockout.subject_of(self.settings, email, self.request)
        async with self.database.reading() as look:
            await lockout.refuse_locked(look, subject)
            known = await UserRepository(look).get_by_email(email)
        right, renewed = await self._compare(known, password)
        if known is None or not known.is_active or not right:
            await lockout.count_failure(self.database, self.settings, subject)
            raise UnauthenticatedError(
                "The e-mail address or the password is wrong.", code="wrong_credentials"
            )
        # Guesses made side by side: those that end after the one that locked do not count, right or wrong.
        await lockout.refuse_locked(self.session, subject)
        await lockout.lift(self.session, subject)
        return await self._entered(known, renewed)

    def remember(self, response: Response, user: User) -> None:
        """Let the browser be known to the account from now on."""
        lockout.know_browser(self.settings, response, user.email)

    async def _compare(self, known: User | None, password: str) -> tuple[bool, str | None]:
        if known is None:
            await hashed(self.helper, password)
            return False, None
        return await verified(self.helper, password, known.hashed_password)

    async def _entered(self, known: User, renewed: str | None) -> User:
        user = await UserRepository(self.session).get(known.id)
        if user is None or user.hashed_password != known.hashed_password:
            raise UnauthenticatedError  # deleted, or another password was chosen, in the meantime
        user.last_login_at = utc_now()
        if renewed is not None:
            user.hashed_password = renewed
        return user


async def entrance(request: Request, session: Session, settings: AppSettings, manager: Manager) -> Entrance:
    """The way in, over the request's session."""
    return Entrance(request, session, settings, manager)


CurrentEntrance = Annotated[Entrance, Depends(entrance)]
