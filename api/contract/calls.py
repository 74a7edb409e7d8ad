"""Wire models of the agent's calls to the API (`/agent/calls...`).

The worker proves itself with the service key (`Authorization: Bearer <AGENT_SERVICE_KEY>`) only to open a
call. Opening answers with a grant: a signed token good for that one session. Every later request carries
the grant instead. While the call is open the grant may do everything below; for seven days after the call
was closed it may append turns, close again and report its job lost (which then changes nothing), and nothing
else, so that a late outbox can still deliver.

All times are timezone-aware UTC. Durations in `StageTimings` are milliseconds; word times are seconds from
the start of the learner's audio in the call.

`PUT /agent/calls/{id}/audio/{number}` takes a segment of the call's recording as `api.contract.sound` makes
it, under the learner's consent only: 410 with the code `recording_stopped` says that none is wanted any more.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.contract.exams import ExamPlan
from api.contract.lessons import LessonPlan
from api.contract.levels import Level

MAX_TURN_CHARACTERS = 8_000
"""Longest text of one turn. A typed message over this is refused before it becomes a turn."""

MAX_TURNS_PER_BATCH = 50
MAX_WORDS_PER_TURN = 2_000
MAX_BRIEF_PAUSES = 40
GRANT_APPEND_DAYS = 7

MAX_SEGMENT_NUMBER = 10_000_000_000
"""Highest number of a segment of a recording."""

RECORDING_STOPPED = "recording_stopped"
"""Code of the refusal of a segment because the learner does not want the call to be recorded."""

ItemId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_\-]+$")]
RoomName = Annotated[str, Field(min_length=1, max_length=128)]


class Channel(StrEnum):
    """How the learner reached the coach."""

    WEB = "web"
    PHONE = "phone"


class Mode(StrEnum):
    """What a session is for at the moment."""

    CONVERSATION = "conversation"
    LESSON = "lesson"
    EXAM = "exam"


class Role(StrEnum):
    """Who spoke a turn."""

    LEARNER = "learner"
    COACH = "coach"


class InputKind(StrEnum):
    """Whether a turn was spoken or typed."""

    VOICE = "voice"
    TEXT = "text"


class Patience(StrEnum):
    """How long the coach waits before it takes the turn; the learner chooses."""

    QUICK = "quick"
    BALANCED = "balanced"
    PATIENT = "patient"


class GreetingVerbosity(StrEnum):
    """How much the coach says when a call begins."""

    SHORT = "short"
    NORMAL = "normal"


class CorrectionStyle(StrEnum):
    """How the coach corrects in speech; under the turn on screen every correction stands in any case."""

    RECAST = "recast"
    """The learner's idea said back in natural English."""
    EXPLICIT = "explicit"
    """"We say ...", at most one a turn."""
    SILENT = "silent"
    """Not in speech."""


class FactKind(StrEnum):
    """What a fact about a learner is about."""

    NAME = "name"
    HOME = "home"
    WORK = "work"
    FAMILY = "family"
    HOBBY = "hobby"
    GOAL = "goal"
    PLAN = "plan"


class CloseReason(StrEnum):
    """Why a call ended."""

    LEARNER_LEFT = "learner_left"
    LEARNER_GONE = "learner_gone"
    """The connection was lost and did not come back within the grace time."""
    COACH_CLOSED = "coach_closed"
    TIME_LIMIT = "time_limit"
    WORKER_FAILED = "worker_failed"
    ROOM_FINISHED = "room_finished"
    ORPHANED = "orphaned"
    """Found open by the API's sweep with no living room."""


class WireModel(BaseModel):
    """Base of all wire models: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class OpenCall(WireModel):
    """Body of `POST /agent/calls`. Opening the room of a call that is still open resumes that call."""

    room: RoomName
    job_id: Annotated[str, Field(min_length=1, max_length=64)]
    channel: Channel = Channel.WEB
    participant_identity: Annotated[str, Field(max_length=128)] | None = None
    caller_number: Annotated[str, Field(max_length=32)] | None = None
    pin: Annotated[str, Field(max_length=12)] | None = None


class LearnerPauses(WireModel):
    """How a learner paused within the turns they spoke last, in earlier calls of the session too."""

    seconds: Annotated[list[Annotated[float, Field(gt=0, le=60)]], Field(max_length=MAX_BRIEF_PAUSES)] = []
    """Oldest first."""
    turns: int = Field(default=0, ge=0)
    """Spoken turns that they are from; many of them have no pause."""


class LearnerBrief(WireModel):
    """What the coach may know of the learner."""

    display_name: str
    level: Level
    native_language: str | None = None
    patience: Patience = Patience.BALANCED
    greeting_verbosity: GreetingVerbosity = GreetingVerbosity.NORMAL
    recording_consent: bool = False
    voice: Annotated[str, Field(max_length=64)] | None = None
    """The voice that the learner chose, by its provider's name for it; the worker's own where absent or
    unknown to the provider."""
    translation: bool = False
    """Whether a word may be said in the learner's first language where English does not help."""
    correction_style: CorrectionStyle = CorrectionStyle.RECAST
    goal: Annotated[str, Field(max_length=200)] | None = None
    """Why the learner practises, in the words chosen at the beginning."""
    under_age: bool = False
    """What is said and shown then passes the filter for young learners."""
    pauses: LearnerPauses = LearnerPauses()


class BriefTurn(WireModel):
    """One of the session's last turns, oldest first."""

    role: Role
    text: str
    at: AwareDatetime


class BriefFact(WireModel):
    """One thing that the learner told about themselves in an earlier call, as words after "The learner"."""

    kind: FactKind
    text: str
    said_at: AwareDatetime


class DueItem(WireModel):
    """Something to practise that is due today, to be woven into the talk."""

    id: UUID
    prompt: Annotated[str, Field(max_length=300)]
    """What the coach may ask, so that the learner says it."""
    answer: Annotated[str, Field(max_length=300)]
    """The phrase, or the learner's own sentence as it should be."""


class CallLimits(WireModel):
    """Bounds that the agent enforces."""

    max_duration_s: int = Field(default=3_600, ge=60)
    reconnect_grace_s: int = Field(default=90, ge=0)
    max_typed_characters: int = MAX_TURN_CHARACTERS


class CallBrief(WireModel):
    """All that the agent is told when a call opens."""

    learner: LearnerBrief
    mode: Mode
    first_call: bool
    """True until the learner has once been told, in a call, that the coach is an AI."""
    resumed: bool
    """True when this call was already open and another worker carries it on."""
    next_position: int = Field(default=0, ge=0)
    """Where this job's turn positions begin.

    Above 0 only when the call is resumed, and then beyond every turn that an earlier job may have committed,
    delivered or not.
    """
    next_segment: int = Field(default=0, ge=0)
    """Where this job's numbers of recorded segments begin; above 0 only when the call is resumed."""
    summary: str = ""
    facts: list[BriefFact] = []
    """What the learner told about themselves, newest first."""
    last_topic: str | None = None
    """What an earlier call was about, as it fits after "Last time we talked about"."""
    last_turns: list[BriefTurn] = []
    limits: CallLimits = CallLimits()
    lesson: LessonPlan | None = None
    """The lesson of this call; free talk without one."""
    exam: ExamPlan | None = None
    """The exam of this call, with its clock."""
    due: list[DueItem] = []
    """What is due for review, most urgent first."""
    has_material: bool = True
    """Whether there are documents that the learner may see; without any, nothing needs to be looked up."""


class CallOpened(WireModel):
    """Answer (201) to `POST /agent/calls`."""

    call_id: UUID
    session_id: UUID
    grant: str
    grant_expires_at: AwareDatetime
    brief: CallBrief


class Word(WireModel):
    """One recognized word with its place in the learner's audio (seconds) and the STT's confidence."""

    word: Annotated[str, Field(max_length=64)]
    start: float = Field(ge=0)
    end: float = Field(ge=0)
    confidence: float = Field(ge=0, le=1)


class StageTimings(WireModel):
    """Milliseconds spent in each stage of a turn; absent where a stage did not run."""

    end_of_turn_delay: float | None = None
    transcription_delay: float | None = None
    retrieval: float | None = None
    llm_first_token: float | None = None
    llm_first_sentence: float | None = None
    tts_first_byte: float | None = None
    playback_latency: float | None = None
    voice_to_voice: float | None = None
    """As the agent can measure it: end of the learner's speech to the first frame it sent."""
    waited_maximum_delay: bool | None = None


class Source(WireModel):
    """A passage that a turn rests on."""

    chunk_id: UUID
    document_id: UUID
    title: Annotated[str, Field(max_length=200)]
    page: int | None = Field(default=None, ge=1)


class TurnRecord(WireModel):
    """One utterance as it goes into the record. `text` is what was heard when the coach was interrupted."""

    item_id: ItemId
    position: int = Field(ge=0, le=1_000_000)
    """Order within the call; a resumed call goes on from where the last worker stopped."""
    role: Role
    text: Annotated[str, Field(max_length=MAX_TURN_CHARACTERS)]
    input_kind: InputKind = InputKind.VOICE
    interrupted: bool = False
    started_at: AwareDatetime
    ended_at: AwareDatetime
    words: Annotated[list[Word], Field(max_length=MAX_WORDS_PER_TURN)] = []
    timings: StageTimings = StageTimings()
    prompt_hash: Annotated[str, Field(max_length=64)] | None = None
    llm: Annotated[str, Field(max_length=128)] | None = None
    """Provider and model that gave the words, `guided` where no model answered."""
    sources: Annotated[list[Source], Field(max_length=10)] = []
    """The material that a coach's turn rests on."""


class AppendTurns(WireModel):
    """Body of `POST /agent/calls/{call_id}/turns`; idempotent on (call, item_id)."""

    turns: Annotated[list[TurnRecord], Field(min_length=1, max_length=MAX_TURNS_PER_BATCH)]


class TurnsAppended(WireModel):
    """How many of the batch were new; the others were already kept."""

    added: int
    already_kept: int


class SegmentKept(WireModel):
    """Answer to a segment of a recording; `added` is false where it was kept already."""

    added: bool


class Retrieve(WireModel):
    """Body of `POST /agent/calls/{call_id}/retrieve`."""

    query: Annotated[str, Field(min_length=1, max_length=2_000)]
    limit: int = Field(default=4, ge=1, le=10)


class Passage(WireModel):
    """A piece of the learner's or organisation's material with where it is from."""

    text: str
    source: Source
    score: float


class Retrieved(WireModel):
    """Answer of retrieval, best first; empty while nothing is known."""

    passages: list[Passage] = []


class UsageRecord(WireModel):
    """What one provider was used for in the call."""

    kind: Annotated[str, Field(pattern=r"^(stt|llm|tts)$")]
    provider: Annotated[str, Field(max_length=64)]
    model: Annotated[str, Field(max_length=128)]
    input_tokens: int = Field(default=0, ge=0, le=2_000_000_000)
    output_tokens: int = Field(default=0, ge=0, le=2_000_000_000)
    characters: int = Field(default=0, ge=0, le=2_000_000_000)
    audio_seconds: float = Field(default=0.0, ge=0)


class CloseCall(WireModel):
    """Body of `POST /agent/calls/{call_id}/close`. Closing twice is harmless."""

    reason: CloseReason
    ended_at: AwareDatetime
    usage: Annotated[list[UsageRecord], Field(max_length=32)] = []
    item_ids: Annotated[list[ItemId], Field(max_length=5_000)] = []
    """Every item the worker committed, for the final reconciliation."""


class LossNoted(WireModel):
    """Answer to `POST /agent/calls/{call_id}/lost`: the job that held the grant has died without closing.

    Reporting it twice, or late, is harmless.
    """

    replaced: bool
    """True when that job still carried the open call: another coach is called into its room."""


class WorkerNoted(WireModel):
    """Answer to `POST /agent/workers/ready`: LiveKit gives jobs to this worker from now on."""

    noted: bool = True


class CallClosed(WireModel):
    """Answer to closing: which of the worker's items the record does not have yet."""

    missing: list[str] = []
