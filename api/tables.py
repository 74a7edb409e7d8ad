"""Every table of the schema, imported so that the metadata is whole."""

from api.calls.models import Attendance, Call, Turn, Usage
from api.database import Base
from api.identity.models import AccessToken, Membership, Organisation, User
from api.sessions.models import PracticeSession

TABLES = (Organisation, User, Membership, AccessToken, PracticeSession, Call, Turn, Usage, Attendance)
metadata = Base.metadata
