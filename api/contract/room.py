"""Names that cross a LiveKit room between browser, agent and API.

Everything here can be read by the learner. The frontend keeps a copy in `frontend/src/lib/room.ts`;
a test holds the two equal.
"""

from typing import Final
from uuid import UUID

AGENT_NAME: Final = "coach"
"""Name under which workers register and under which the API dispatches."""


def coach_identity(job_id: str) -> str:
    """Name in the room of the coach that a job brings."""
    return f"coach-{job_id}"


LISTENER_PREFIX: Final = "listener-"


def listener_identity(user_id: UUID) -> str:
    """Name in the room of an instructor who listens in; others in the room do not see it."""
    return f"{LISTENER_PREFIX}{user_id}"


LISTENED_IN: Final = "avaaz.listened_in"
"""The room's metadata while an instructor listens in; else it is empty."""

ATTRIBUTE_ANSWERED_BY: Final = "avaaz.answered_by"
"""Agent attribute: `guided` when no language model answers, else `language_model`."""

ATTRIBUTE_PATIENCE: Final = "avaaz.patience"
"""Agent attribute: the patience in force."""

ATTRIBUTE_RECORDING: Final = "avaaz.recording"
"""Agent attribute: `on` while the call is recorded, `stopped` once the learner took it back, else absent."""

ATTRIBUTE_WAITS: Final = "avaaz.waits"
"""Agent attribute: `on` while the learner pauses within a turn and the coach waits for more, else empty."""

ATTRIBUTE_WRITES: Final = "avaaz.writes"
"""Learner attribute: `on` while they are in the room by text alone, so that nothing needs to be spoken."""

TOPIC_NOTICE: Final = "avaaz.notice"
"""Text stream from the agent: JSON `{"code": NoticeCode, "text": str}`, a plain sentence for the learner."""

TOPIC_VISUAL: Final = "avaaz.visual"
"""Text stream from the agent: a `Visual` of the lesson as JSON, or `null` when nothing is shown any more."""

TOPIC_LESSON: Final = "avaaz.lesson"
"""Text stream from the agent: where the lesson stands, as JSON of `api.contract.lessons.LessonView`."""

TOPIC_CORRECTIONS: Final = "avaaz.corrections"
"""Text stream from the agent: JSON `{"item_id", "text", "corrections": [Correction]}` of a learner's turn;
its text tells the captions that it is of."""

TOPIC_SOURCES: Final = "avaaz.sources"
"""Text stream from the agent: JSON `{"item_id", "text", "sources": [Source]}` of a coach's turn."""

TOPIC_EXAM: Final = "avaaz.exam"
"""Text stream from the agent: where the exam stands, as JSON of `api.contract.exams.ExamView`: at every
boundary and pause, and when a screen is new."""

RPC_EXAM_DONE: Final = "avaaz.exam_done"
"""RPC to the agent: the learner has finished this phase before its time; empty payload and answer."""

RPC_COMMAND: Final = "avaaz.command"
"""RPC to the agent: payload is one of `COMMANDS`; the answer is empty."""

RPC_SET_PATIENCE: Final = "avaaz.set_patience"
"""RPC to the agent: payload is a `Patience` value; answers the value now in force."""

RPC_END_CALL: Final = "avaaz.end_call"
"""RPC to the agent when the learner hangs up, so that the call closes at once; empty payload and answer."""

RPC_STOP_RECORDING: Final = "avaaz.stop_recording"
"""RPC to the agent when the learner stops the recording of this call; empty payload and answer."""

COMMANDS: Final = (
    "repeat",  # the coach's last words again
    "slower",  # the same in simpler words, spoken more slowly; slower speech from then on
    "hint",  # the next rung of the ladder
    "skip",  # the next step of the lesson
    "stop",  # the lesson ends, the talk goes on
)

NOTICE_CODES: Final = (
    "coach_resumed",  # another worker carries the call on
    "speech_unavailable",  # TTS fails: the answer is shown, not spoken
    "hearing_unavailable",  # STT fails: typing works
    "model_unavailable",  # the language model fails: guided answers
    "message_refused",  # a typed message was too long or not text
    "time_limit",  # the call is about to end
    "record_delayed",  # turns wait in the outbox; nothing is lost
)

DISPATCH_METADATA_KEYS: Final = ("channel", "correlation_id")
"""Keys of the JSON in dispatch metadata; nothing secret."""
