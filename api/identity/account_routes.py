"""Routes under /api/v1 about keeping an account: address, password, devices, deletion."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.credentials import service as credentials
from api.database import Session
from api.identity import lockout, recovery, service
from api.identity.auth import (
    AppSettings,
    CurrentPrincipal,
    CurrentUser,
    CurrentUserToken,
    Manager,
    cookie_transport,
)
from api.identity.schemas import (
    DeviceList,
    EmailChange,
    ForgotPassword,
    LinkBody,
    PasswordChange,
    PasswordConfirmation,
    ResetPassword,
)
from api.jobs import JobName, enqueue
from api.links import subject_digest
from api.privacy import erasure
from api.rate_limit import ClientAddress, Limiter

router = APIRouter(tags=["account"])


@router.post("/auth/verify", status_code=204, response_class=Response)
async def verify(
    data: LinkBody, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> Response:
    """Confirm an e-mail address by the link that was mailed to it."""
    limiter.auth.take(address)
    await recovery.verify_email(session, settings, data.token)
    return Response(status_code=204)


@router.post("/auth/verify/resend", status_code=202, response_class=Response)
async def resend_verification(user: CurrentUser, session: Session, limiter: Limiter) -> Response:
    """Mail the link that confirms the address once more."""
    limiter.mail.take(str(user.id))
    await recovery.send_verification(session, user)
    return Response(status_code=202)


@router.post("/auth/forgot-password", status_code=202, response_class=Response)
async def forgot_password(
    data: ForgotPassword, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> Response:
    """Ask for a link to choose a new password. The answer is the same whether or not there is an account."""
    limiter.auth.take(address)
    email = data.email.lower()
    if limiter.mail.admits(subject_digest(settings, "reset", email)):
        await enqueue(session, JobName.RECOVER_ACCOUNT, {"email": email})
    return Response(status_code=202)


@router.post("/auth/reset-password", status_code=204, response_class=Response)
async def reset_password(  # noqa: PLR0917 - FastAPI passes each by name
    data: ResetPassword,
    session: Session,
    manager: Manager,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> Response:
    """Choose a new password by a mailed link. Signs out everywhere; the person signs in anew."""
    limiter.auth.take(address)
    user = await recovery.reset_password(session, settings, manager, data)
    response = Response(status_code=204)
    lockout.know_browser(settings, response, user.email)
    return response


@router.post("/auth/confirm-email", status_code=204, response_class=Response)
async def confirm_email(
    data: LinkBody, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> Response:
    """Use a new address from now on, by the link that was mailed to it; the old one is told."""
    limiter.auth.take(address)
    await recovery.confirm_new_email(session, settings, data.token)
    return Response(status_code=204)


@router.post("/users/me/email", status_code=202, response_class=Response)
async def change_email(
    data: EmailChange, user: CurrentUser, session: Session, manager: Manager, limiter: Limiter
) -> Response:
    """Ask to use another address; it is used once the link mailed to it has been opened."""
    limiter.mail.take(str(user.id))
    await recovery.ask_new_email(session, manager, limiter, user, data)
    return Response(status_code=202)


@router.delete("/users/me/email", status_code=204, response_class=Response)
async def keep_email(user: CurrentUser, session: Session) -> Response:
    """Keep the present address: the link that was mailed to another one opens nothing any more."""
    await recovery.drop_new_email(session, user)
    return Response(status_code=204)


@router.post("/users/me/password", status_code=204, response_class=Response)
async def change_password(
    data: PasswordChange, current: CurrentUserToken, session: Session, manager: Manager, limiter: Limiter
) -> Response:
    """Choose a new password; all other devices are signed out."""
    user, token = current
    await recovery.change_password(session, manager, limiter, user, token, data)
    return Response(status_code=204)


@router.get("/users/me/devices", response_model=DeviceList)
async def list_devices(current: CurrentUserToken, session: Session, settings: AppSettings) -> DeviceList:
    """The browsers that are signed in."""
    user, token = current
    return DeviceList(items=await service.devices(session, settings, user, token))


@router.delete("/users/me/devices/{device_id}", status_code=204, response_class=Response)
async def end_device(device_id: UUID, user: CurrentUser, session: Session) -> Response:
    """Sign one browser out."""
    await service.end_device(session, user, device_id)
    return Response(status_code=204)


@router.post("/auth/logout-everywhere", status_code=204, response_class=Response)
async def logout_everywhere(user: CurrentUser, session: Session, settings: AppSettings) -> Response:
    """Sign every browser and API client out, this one too. API keys stay."""
    await service.end_all_devices(session, user)
    await credentials.revoke_all_clients(session, user.id)
    return await cookie_transport(settings).get_logout_response()


@router.post("/users/me/delete", status_code=204, response_class=Response)
async def delete_account(  # noqa: PLR0917
    data: PasswordConfirmation,
    person: CurrentPrincipal,
    session: Session,
    manager: Manager,
    settings: AppSettings,
    limiter: Limiter,
) -> Response:
    """Erase the account and everything in it, now. An open call ends."""
    await recovery.confirm(manager, limiter, person.user, data.password)
    await erasure.erase_account(session, settings, person)
    return await cookie_transport(settings).get_logout_response()
