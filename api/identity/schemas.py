"""What the browser sends and receives about people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from api.contract.calls import GreetingVerbosity, Level, Patience
from api.identity.models import MemberRole
from api.text import PlainText

LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$", max_length=16)
]
DisplayName = Annotated[PlainText, StringConstraints(max_length=80)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128)]
Email = Annotated[EmailStr, StringConstraints(max_length=320)]


class Body(BaseModel):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Register(Body):
    """Sign-up. The password mixes upper case, lower case, a digit and another character."""

    email: Email
    password: Password
    display_name: DisplayName = ""


class Login(Body):
    """Sign-in."""

    email: Email
    password: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class UserOut(BaseModel):
    """A person, as they see themselves."""

    model_config = ConfigDict(title="User", from_attributes=True)

    id: UUID
    email: str
    display_name: str
    role: MemberRole
    locale: str
    level: Level
    native_language: str | None
    organisation_id: UUID
    created_at: datetime


class UserUpdate(Body):
    """Fields of the profile that a person may change; what is left out stays."""

    display_name: DisplayName | None = None
    locale: LanguageTag | None = None
    level: Level | None = None
    native_language: LanguageTag | None = None


class Preferences(BaseModel):
    """How the coach behaves towards a person."""

    model_config = ConfigDict(from_attributes=True)

    patience: Patience
    greeting_verbosity: GreetingVerbosity


class PreferencesUpdate(Body):
    """Preferences to change; what is left out stays."""

    patience: Patience | None = None
    greeting_verbosity: GreetingVerbosity | None = None


class DemoAccount(BaseModel):
    """An account with a known password; exists in the embedded stack only."""

    role: MemberRole
    email: str
    password: str = Field(json_schema_extra={"format": "password"})
