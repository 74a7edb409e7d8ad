"""What the browser sends and receives about people."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from api.bodies import Body
from api.contract.calls import CorrectionStyle, GreetingVerbosity, Patience
from api.contract.levels import Level
from api.database import utc_now
from api.identity.models import MemberRole
from api.links import TOKEN_CHARACTERS
from api.text import PlainText
from api.time_zones import is_time_zone

LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$", max_length=16)
]
DisplayName = Annotated[PlainText, StringConstraints(max_length=80)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128)]
GivenPassword = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Email = Annotated[EmailStr, StringConstraints(max_length=320)]


LinkToken = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=TOKEN_CHARACTERS, max_length=TOKEN_CHARACTERS),
]


def _not_in_the_future(year: int) -> int:
    if year > utc_now().year:
        raise ValueError("must not lie in the future")
    return year


BirthYear = Annotated[int, Field(ge=1900, le=2100), AfterValidator(_not_in_the_future)]


def _known_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError("must be a name of the IANA time zone database")
    return name


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]


class ConsentState(StrEnum):
    """How it stands with the consent that an under-age learner needs before talking."""

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    ASKED = "asked"
    GRANTED = "granted"


class Register(Body):
    """Sign-up. The password mixes upper case, lower case, a digit and another character.

    What is left out of age and acknowledgements is asked later: the account's `age_needed` and
    `ai_disclosure_needed` say so.
    """

    email: Email
    password: Password
    display_name: DisplayName = ""
    locale: LanguageTag | None = None
    birth_year: BirthYear | None = None
    ai_disclosure: Literal[True] | None = None
    """They were told that the coach is an AI."""
    terms: Literal[True] | None = None
    """They accepted the terms of use."""


class Login(Body):
    """Sign-in."""

    email: Email
    password: GivenPassword


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
    email_verified: bool
    pending_email: str | None
    """An address that waits to be confirmed before it takes the other's place."""
    birth_year: int | None
    age_needed: bool
    """The year of birth is not known yet; ask for it, and PATCH it."""
    ai_disclosure_needed: bool
    """They have not acknowledged yet that the coach is an AI."""
    consent: ConsentState
    operator: bool = False
    """They run the installation."""
    organisation_suspended: str | None = None
    """Why the organisation that they act under is suspended, where it is: nothing but the account opens."""


class UserUpdate(Body):
    """Fields of the profile that a person may change; what is left out stays."""

    display_name: DisplayName | None = None
    locale: LanguageTag | None = None
    level: Level | None = None
    native_language: LanguageTag | None = None
    birth_year: BirthYear | None = None
    """Can be said once; a slip is put right by support."""
    ai_disclosure: Literal[True] | None = None
    terms: Literal[True] | None = None


class Preferences(BaseModel):
    """How the coach behaves towards a person."""

    model_config = ConfigDict(from_attributes=True)

    patience: Patience
    greeting_verbosity: GreetingVerbosity
    correction_style: CorrectionStyle
    voice: str | None
    """The coach's voice; the installation's own where null."""
    translation: bool
    """Whether the coach may say a word in the person's first language where English does not help."""
    time_zone: str | None
    """Whose days are the person's, as the IANA names it; UTC's where null."""
    retention_days: int | None
    """How long calls are kept; as long as the organisation keeps them where null."""
    voices: list[str] = []
    """The voices there are to choose from."""


class PreferencesUpdate(Body):
    """Preferences to change; what is left out stays."""

    patience: Patience | None = None
    greeting_verbosity: GreetingVerbosity | None = None
    correction_style: CorrectionStyle | None = None
    voice: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """Null goes back to the installation's own."""
    translation: bool | None = None
    time_zone: TimeZone | None = None
    retention_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    """Null leaves it to the organisation."""


class LinkBody(Body):
    """The secret of a mailed link: what follows `#token=` in its address."""

    token: LinkToken


class ForgotPassword(Body):
    """Ask for a link to choose a new password."""

    email: Email


class ResetPassword(LinkBody):
    """Choose a new password by a mailed link."""

    password: Password


class PasswordChange(Body):
    """Choose a new password, knowing the present one."""

    current_password: GivenPassword
    new_password: Password


class EmailChange(Body):
    """Use another address."""

    email: Email
    password: GivenPassword


class PasswordConfirmation(Body):
    """The password, to confirm what cannot be undone."""

    password: GivenPassword


class DeviceOut(BaseModel):
    """A browser that is signed in."""

    model_config = ConfigDict(title="Device", from_attributes=True)

    id: UUID
    label: str
    """Such as "Firefox on Linux"; empty where the browser says nothing of itself."""
    created_at: datetime
    last_seen_at: datetime
    """To within ten minutes."""
    current: bool
    """The one that asks."""


class DeviceList(BaseModel):
    """The browsers that are signed in, the one used last first."""

    items: list[DeviceOut]


class GuardianWanted(Body):
    """Whom to ask for consent."""

    email: Email


class ConsentOut(BaseModel):
    """What a guardian sees before deciding."""

    model_config = ConfigDict(title="Consent")

    learner: str
    granted: bool


class ConsentAnswer(LinkBody):
    """A guardian's decision; a refusal takes back what was given before."""

    granted: bool


class DemoAccount(BaseModel):
    """An account with a known password; exists in the embedded stack only."""

    role: MemberRole
    email: str
    password: str = Field(json_schema_extra={"format": "password"})
