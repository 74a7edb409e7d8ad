"""Joining a learner's call for them, and finding the connection again."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.switchboard import Switches
from api.calls import service as calls
from api.errors import NotFoundError
from api.identity import consents
from api.identity.auth import Principal
from api.relay.connection import Connection, Pass
from api.relay.relays import Relays
from api.sessions import tokens
from api.settings import Settings
from infra.telemetry import correlation_id


async def join(
    session: AsyncSession, settings: Settings, switches: Switches, relays: Relays, person: Principal
) -> Connection:
    """The learner's text connection to their present call, made where there is none.

    Everything that is asked of a learner who comes with a microphone is asked here too.

    Raises:
        ForbiddenError: They may not talk yet (`consent_needed`, `email_unverified`, `age_needed`).
        UnavailableError: Every place is taken (`server_full`), or no call may begin (`maintenance`).
    """
    await consents.require_may_talk(session, settings, person.user)
    room = await calls.room_to_join(session, settings, switches, person)
    admission = tokens.Admission(
        user_id=person.user.id,
        display_name=person.user.display_name,
        room=room,
        correlation_id=correlation_id.get(),
        writes=True,
    )
    return relays.join(
        Pass(
            user_id=person.user.id,
            organisation_id=person.organisation_id,
            room=room,
            url=settings.livekit_url,
            token=tokens.mint(settings, admission),
        )
    )


def present(relays: Relays, person: Principal, *, ended: bool = False) -> Connection:
    """The learner's text connection.

    Args:
        relays: The process's.
        person: The learner.
        ended: Whether one that has just ended will do.

    Raises:
        NotFoundError: There is none (`no_text_call`).
    """
    find = relays.lately if ended else relays.of
    found = find(person.user.id, person.organisation_id)
    if found is None:
        raise NotFoundError("There is no call by text.", code="no_text_call")
    return found
