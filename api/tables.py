"""Every table of the schema, imported so that the metadata is whole."""

from api.administration.models import InstallationSetting, OrganisationSetting
from api.analytics.models import CallFigures, LearnerDay, LearnerStats, ProgramCall, ProgramWeek
from api.assessment.models import AssessmentRow, HeardTurn, RubricAnswer
from api.assignments.models import Assignment
from api.audit.models import AuditEvent
from api.authoring.models import LessonDocument, Suggestion, UnfinishedDraft
from api.calls.models import Attendance, Call, Turn, Usage
from api.corrections.models import CheckedTurn, TurnCorrection
from api.credentials.models import ApiKey, RefreshToken, TokenFamily
from api.curriculum.attempts.models import (
    LessonAttempt,
    LessonCall,
    LessonEventRow,
    Mastery,
    MasteryEvidence,
)
from api.curriculum.models import Lesson, LessonObjective, LessonVersion, Objective
from api.database import Base
from api.dead_letters.models import DeadLetter
from api.exams.models import ExamAccommodation, ExamAttempt, ExamCall, ExamEventRow, ExamTemplate
from api.identity.models import (
    AccessToken,
    Consent,
    MailedLink,
    Membership,
    Organisation,
    SignInFailure,
    User,
)
from api.invitations.models import Invitation
from api.knowledge.models import Document, DocumentChunk
from api.listening.models import ListeningConsent
from api.mail.models import Mail
from api.marks.models import ExamMark
from api.memory.models import CallRecap, CallReport, MemoryFact
from api.oauth.models import OAuthAccount
from api.onboarding.models import LevelChange, Placement
from api.organisations.models import Enrolment, Program
from api.practice.models import BadgeEarned, PointEntry, ReviewEntry, ReviewItem, WeeklyGoal
from api.privacy.models import ErasedKey, Export
from api.recordings.models import Recording, RecordingConsent, RecordingSegment
from api.review.models import Bookmark, Comment, Flag
from api.sessions.models import PracticeSession

TABLES = (
    Organisation, User, Membership, AccessToken, MailedLink, SignInFailure, Consent, Mail,
    TokenFamily, RefreshToken, ApiKey, OAuthAccount,
    Program, Enrolment, Invitation,
    PracticeSession, Call, Turn, Usage, Attendance,
    RecordingConsent, Recording, RecordingSegment,
    CallFigures, LearnerDay, LearnerStats, ProgramCall, ProgramWeek,
    CallRecap, MemoryFact, CallReport, DeadLetter,
    CheckedTurn, TurnCorrection,
    AuditEvent, Export, ErasedKey,
    InstallationSetting, OrganisationSetting,
    Comment, Flag, Bookmark, Assignment, ListeningConsent,
    Placement, LevelChange,
    Document, DocumentChunk,
    Objective, Lesson, LessonVersion, LessonObjective,
    LessonAttempt, LessonCall, LessonEventRow, MasteryEvidence, Mastery,
    ExamTemplate, ExamAttempt, ExamEventRow, ExamCall, ExamAccommodation,
    ExamMark,
    AssessmentRow, HeardTurn, RubricAnswer,
    UnfinishedDraft, LessonDocument, Suggestion,
    ReviewItem, ReviewEntry, PointEntry, BadgeEarned, WeeklyGoal,
)  # fmt: skip
metadata = Base.metadata
