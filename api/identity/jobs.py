"""What the job worker does about accounts."""

from dataclasses import dataclass

from api.database import Database
from api.identity import recovery


@dataclass(frozen=True)
class IdentityJobs:
    """The worker's hands for accounts."""

    database: Database

    async def recover(self, email: str) -> None:
        """Mail a link for a new password, where the address has an account.

        Done here and not in the request, which is thereby the same, to the microsecond, for every address.
        """
        async with self.database.transaction() as session:
            await recovery.send_reset(session, email)
