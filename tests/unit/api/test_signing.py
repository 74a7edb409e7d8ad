"""Two live keys: what the old one signed is believed until it is dropped, and the new one signs."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from pydantic import SecretStr

from api.calls import grants
from api.calls.models import Call
from api.calls.rooms import parse_room, room_name
from api.database import utc_now
from api.errors import UnauthenticatedError
from api.links import link_id, link_token
from api.settings import Settings
from api.signing import derived_keys, sign, verified

OLD, NEW = SecretStr("o" * 32), SecretStr("n" * 32)


def settings(secret: SecretStr, previous: SecretStr | None = None) -> Settings:
    """Settings with these secrets."""
    return Settings.model_construct(secret_key=secret, secret_key_previous=previous)


BEFORE, ROTATING, AFTER = settings(OLD), settings(NEW, OLD), settings(NEW)


def token(made_by: Settings, **claims: object) -> str:
    """A token for a purpose, good for a minute."""
    return sign(made_by, "a", {"aud": "x", "exp": utc_now() + timedelta(minutes=1), **claims})


def read(settings: Settings, text: str, purpose: str = "a") -> dict[str, object]:
    """Its claims."""
    return verified(settings, purpose, text, audience="x", require=["sub"])


def test_old_token_is_believed_while_both_keys_live_and_no_longer() -> None:
    old = token(BEFORE, sub="1")
    assert read(ROTATING, old)["sub"] == "1"
    with pytest.raises(jwt.InvalidSignatureError):
        read(AFTER, old)


def test_new_tokens_are_signed_with_the_new_key_and_name_it() -> None:
    new = token(ROTATING, sub="1")
    assert jwt.get_unverified_header(new)["kid"] == derived_keys(AFTER, "a")[0].id
    assert read(AFTER, new)["sub"] == "1"
    with pytest.raises(jwt.InvalidSignatureError):
        read(BEFORE, new)


@pytest.mark.parametrize("claims", [{"sub": "1", "aud": "y"}, {}])
def test_token_of_another_audience_or_without_its_claims_is_refused(claims: dict[str, object]) -> None:
    with pytest.raises(jwt.PyJWTError):
        read(BEFORE, token(BEFORE, **claims))


def test_token_of_another_purpose_is_refused() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        read(BEFORE, token(BEFORE, sub="1"), purpose="b")


def test_key_id_tells_nothing_of_the_key() -> None:
    key = derived_keys(BEFORE, "a")[0]
    assert key.id != derived_keys(AFTER, "a")[0].id
    assert not key.secret.hex().startswith(key.id)


def test_mailed_links_outlive_a_change_of_secret() -> None:
    link = uuid4()
    mailed = link_token(BEFORE, "verify", link)
    assert link_id(ROTATING, "verify", mailed) == link
    assert link_id(AFTER, "verify", mailed) is None
    assert link_id(AFTER, "verify", link_token(ROTATING, "verify", link)) == link


def test_grants_and_rooms_outlive_a_change_of_secret() -> None:
    session = uuid4()
    call = Call(id=uuid4(), session_id=session, organisation_id=uuid4())
    grant, _ = grants.issue(BEFORE, call, "AJ_1")
    room = room_name(BEFORE, session, 3)
    assert grants.verify(ROTATING, grant).call_id == call.id
    found = parse_room(ROTATING, room)
    assert found is not None
    assert (found.session_id, found.number) == (session, 3)
    assert room_name(ROTATING, session, 3) == room_name(AFTER, session, 3) != room
    assert parse_room(AFTER, room) is None
    with pytest.raises(UnauthenticatedError):
        grants.verify(AFTER, grant)
