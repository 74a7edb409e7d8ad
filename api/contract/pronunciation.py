"""What the model server answers on how a text was pronounced, as its callers read it."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

PATH: Final = "/v1/pronunciation"
"""Multipart: `file` (any common audio), `text` (what was meant); optional `words`, JSON
`[{"word", "start", "end"}]` in seconds, where a recognizer knows them; optional `phones`, ARPAbet without
stress between spaces, where the text is to be said otherwise than the dictionary has it; optional `channel`,
0 or 1, one side of a stereo recording."""


class CannotJudge(StrEnum):
    """Codes of a 422: there is sound and a text, yet nothing that can be judged."""

    NO_SPEECH = "no_speech"
    """Silence or noise, or too little voice."""
    NOT_ALIGNED = "not_aligned"
    """The text does not fit the audio: something else was said, or too unclearly."""


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


Score = Annotated[float, Field(ge=0, le=1)]
"""0: wrong or missing; 0.5: heavily accented; 1: right. What experts are expected to give, halved."""


class PhoneScore(_Wire):
    """One phone that was meant, in ARPAbet without stress; seconds from the start of the audio."""

    phone: str
    start: float
    end: float
    score: Score


class WordScore(_Wire):
    """One word as written in the text. Its score is the mean of its phones'."""

    word: str
    start: float
    end: float
    score: Score
    phones: list[PhoneScore]


class Pronounced(_Wire):
    """A whole answer."""

    text: str
    duration: float
    """Seconds of audio."""
    score: Score
    """The mean of all phones."""
    aligned: Score
    """Share of phones whose place in the audio is plausible; the scores of a low one deserve little faith."""
    version: str
    """Hash over the model's code version and all weights: the same audio, text and version give the same."""
    words: list[WordScore]
