"""Every table of the schema, imported so that the metadata is whole."""

from api.calls.models import Attendance, Call, Turn, Usage
from api.credentials.models import ApiKey, RefreshToken, TokenFamily
from api.database import Base
from api.identity.models import (
    AccessToken,
    Consent,
    MailedLink,
    Membership,
    Organisation,
    SignInFailure,
    User,
)
from api.mail.models import Mail
from api.oauth.models import OAuthAccount
from api.organisations.models import Enrolment, Program
from api.sessions.models import PracticeSession

TABLES = (
    Organisation, User, Membership, AccessToken, MailedLink, SignInFailure, Consent, Mail,
    TokenFamily, RefreshToken, ApiKey, OAuthAccount,
    Program, Enrolment,
    PracticeSession, Call, Turn, Usage, Attendance,
)  # fmt: skip
metadata = Base.metadata
