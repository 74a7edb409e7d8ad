"""Hearing a recording and saying a sentence, by the servers that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from api.settings import Settings
from api.speech.recording import check_recording
from api.speech.vendors import Recognizer, SpeechUnavailableError, Synthesizer

MOST_AT_ONCE = 6
"""Requests that may wait for speech; each holds a connection to the database meanwhile."""


class Speech:
    """The process's way to the speech servers."""

    def __init__(self, settings: Settings) -> None:
        self.recognizer = Recognizer.configured(settings)
        self.synthesizer = Synthesizer.configured(settings)
        self._waiting = 0

    async def hear(self, recording: bytes) -> str:
        """The words of a recording; it is kept nowhere.

        Raises:
            InvalidError: It is no recording as browsers send it, or too long.
            SpeechUnavailableError: No server recognizes it.
        """
        check_recording(recording)
        if self.recognizer is None:
            raise SpeechUnavailableError
        with self._place():
            return await self.recognizer.hear(recording)

    async def say(self, text: str, voice: str | None) -> bytes:
        """The sound of a sentence, as MP3.

        Raises:
            SpeechUnavailableError: No server says it.
        """
        if self.synthesizer is None:
            raise SpeechUnavailableError
        with self._place():
            return await self.synthesizer.say(text, voice)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._waiting >= MOST_AT_ONCE:
            raise SpeechUnavailableError(retry_after_s=5)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Close the connections."""
        for vendor in (self.recognizer, self.synthesizer):
            if vendor is not None:
                await vendor.close()


async def speech_of(request: Request) -> Speech:
    """The way to the speech servers of the application that answers."""
    held: Speech = request.app.state.speech
    return held


AppSpeech = Annotated[Speech, Depends(speech_of)]
