"""What the browser gets and sends about recordings."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, Field

from api.bodies import Body

CONSENT_VERSION: Final = "2026-11"
"""Of the words in force: `recording-en.json` of the web application and `docs/recording-consent.md`.

Whoever agreed to other words is asked again.
"""


class RecordingConsentOut(BaseModel):
    """How it stands with the consent to recording, in the organisation that the person acts under."""

    version: str
    """The words in force; to be sent back with an answer."""
    asked: bool
    """Whether these words were answered already, with yes or no."""
    granted: bool
    """Whether calls are recorded from now on."""
    adult_needed: bool
    """A guardian or the school has to agree to the practice first; until then nothing can be granted."""
    granted_at: datetime | None
    withdrawn_at: datetime | None
    recordings: int
    """How many recordings are kept of this person."""
    possible: bool = True
    """False where the installation or the organisation has recording switched off: nobody need be asked."""


class RecordingConsentAnswer(Body):
    """The learner's answer."""

    granted: bool
    version: str = Field(min_length=1, max_length=32)
    """The version of the words that were read."""
    erase: bool = False
    """With a no: whether what was recorded before is erased too."""


class HearingState(StrEnum):
    """What there is to hear of a call."""

    NONE = "none"
    """The call was not recorded."""
    RECORDING = "recording"
    """The call goes on and is recorded."""
    PROCESSING = "processing"
    """The call is over; its recording is being put together."""
    READY = "ready"
    ERASED = "erased"


class PeaksOut(BaseModel):
    """How loud each side is, evenly over the recording, 0 to 255; at most 1,000 values a side."""

    learner: list[int]
    coach: list[int]


class RecordingOut(BaseModel):
    """The recording of a call; with an address that plays it for some minutes where it is ready."""

    state: HearingState
    started_at: datetime | None = None
    """When the sound at 0 s was heard. A turn's place is its own time minus this."""
    duration_s: float | None = None
    size_bytes: int | None = None
    url: str | None = None
    """Needs no cookie; good for the person who asked, until `expires_at`."""
    expires_at: datetime | None = None
    peaks: PeaksOut | None = None
