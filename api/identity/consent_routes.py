"""Routes under /api/v1 about the consent of guardians and schools."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.database import Session
from api.identity import consents
from api.identity.auth import AppSettings, CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.identity.schemas import ConsentAnswer, ConsentOut, GuardianWanted, LinkBody
from api.organisations.access import require_visible
from api.rate_limit import ClientAddress, Limiter

router = APIRouter(tags=["consent"])
Staff = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]


@router.post("/users/me/guardian", status_code=202, response_class=Response)
async def ask_guardian(
    data: GuardianWanted, person: CurrentPrincipal, session: Session, settings: AppSettings, limiter: Limiter
) -> Response:
    """Have a parent or guardian asked, by mail, to agree to an under-age learner's practice."""
    limiter.mail.take(str(person.user.id))
    await consents.ask_guardian(session, settings, person, data.email)
    return Response(status_code=202)


@router.post("/consent/look", response_model=ConsentOut)
async def look(
    data: LinkBody, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> ConsentOut:
    """What a guardian's link is about, before they decide."""
    limiter.auth.take(address)
    return await consents.look(session, settings, data.token)


@router.post("/consent", status_code=204, response_class=Response)
async def answer(
    data: ConsentAnswer, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> Response:
    """A guardian's decision, which can be taken back by the same link or the receipt's."""
    limiter.auth.take(address)
    await consents.answer(session, settings, data.token, granted=data.granted)
    return Response(status_code=204)


@router.put("/school/learners/{learner_id}/consent", status_code=204, response_class=Response)
async def give_for_school(learner_id: UUID, staff: Staff, session: Session) -> Response:
    """The school's consent to the practice of one of its learners; of instructors, one whom they teach."""
    await require_visible(session, staff, learner_id)
    await consents.give_for_school(session, staff, learner_id)
    return Response(status_code=204)


@router.delete("/school/learners/{learner_id}/consent", status_code=204, response_class=Response)
async def withdraw_for_school(learner_id: UUID, staff: Staff, session: Session) -> Response:
    """Take the school's consent back."""
    await require_visible(session, staff, learner_id)
    await consents.withdraw_for_school(session, staff, learner_id)
    return Response(status_code=204)
