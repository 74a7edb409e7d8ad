"""Transcription of whole recordings, piece by piece, behind everything that is live."""

import asyncio
from dataclasses import dataclass

from infra.models.bias import Keyterm
from infra.models.recognizer import Attempt, Recognizer
from infra.models.stt import MODEL, RATE, Audio
from infra.models.vad import stretches
from infra.models.words import Word
from infra.models.worker import Priority

_ALIGN_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of speech: its words and its span in seconds."""

    words: list[Word]
    start: float
    end: float


async def transcribe(
    recognizer: Recognizer, audio: Audio, keyterms: tuple[Keyterm, ...] = (), model: str = MODEL
) -> list[Passage]:
    """Passages of a mono 16 kHz recording in order; silence and noise give none.

    Any model that this server does not have a recording heard by stands for the quick one.
    """
    passages = []
    for stretch in await asyncio.to_thread(stretches, audio):
        attempt = Attempt(recognizer, stretch, keyterms, Priority.FILE, model)
        words = await attempt.timed_words(_ALIGN_WAIT_S)
        if words:
            passages.append(Passage(words, stretch.start / RATE, stretch.end / RATE))
    return passages
