"""The servers that recognize and synthesize speech, asked over vendors' protocols as the agent does."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final

import httpx

from api.errors import UnavailableError
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

DEEPGRAM: Final = "https://api.deepgram.com"
OPENAI: Final = "https://api.openai.com/v1"
TIMEOUT_S: Final = 20.0
MOST_KEPT: Final = 200
MOST_KEPT_BYTES: Final = 16_000_000
LONGEST_SPEECH_BYTES: Final = 4_000_000
SPEECH_TYPE: Final = "audio/mpeg"


class SpeechUnavailableError(UnavailableError):
    """Speech cannot be recognized or synthesized at the moment."""

    code, message = "speech_unavailable", "Speech is not available right now. Please try again."


class Recognizer:
    """Tells what a recording says, over Deepgram's protocol."""

    def __init__(self, base: str, key: str, model: str) -> None:
        self._url = f"{base.rstrip('/')}/v1/listen"
        self._model = model
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Token {key}"}, timeout=httpx.Timeout(TIMEOUT_S, connect=5.0)
        )

    @classmethod
    def configured(cls, settings: Settings) -> "Recognizer | None":
        """The first server that the settings name; None where there is none."""
        for name in _names(settings.stt_provider):
            if name == "local" and settings.stt_url:
                return cls(settings.stt_url, "local", settings.stt_model)
            if name == "deepgram" and settings.deepgram_api_key is not None:
                return cls(DEEPGRAM, settings.deepgram_api_key.get_secret_value(), settings.stt_model)
        return None

    async def hear(self, recording: bytes) -> str:
        """The words of a WAV file; empty where nothing was said.

        Raises:
            SpeechUnavailableError: The server does not answer, or not as it should.
        """
        options = {"model": self._model, "language": "en", "punctuate": "true"}
        try:
            answer = await self._client.post(
                self._url, params=options, content=recording, headers={"Content-Type": "audio/wav"}
            )
            found: Any = answer.raise_for_status().json()
            return str(found["results"]["channels"][0]["alternatives"][0]["transcript"]).strip()
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            log.warning("recording not recognized", error=type(error).__name__)
            raise SpeechUnavailableError from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Synthesizer:
    """Says a sentence, over OpenAI's protocol; what was said lately is at hand."""

    def __init__(self, base: str, key: str, model: str, voice: str) -> None:
        self._url = f"{base.rstrip('/')}/audio/speech"
        self._model, self._voice = model, voice
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"}, timeout=httpx.Timeout(TIMEOUT_S, connect=5.0)
        )

    @classmethod
    def configured(cls, settings: Settings) -> "Synthesizer | None":
        """The first server that the settings name; None where there is none."""
        for name in _names(settings.tts_provider):
            if name == "local" and settings.tts_url:
                return cls(settings.tts_url, "local", settings.tts_model, settings.tts_voice)
            if name == "openai" and settings.openai_api_key is not None:
                key = settings.openai_api_key.get_secret_value()
                return cls(OPENAI, key, settings.tts_model, settings.tts_voice)
        return None

    async def say(self, text: str, voice: str | None = None) -> bytes:
        """The sound of a text, as MP3.

        Args:
            text: One sentence.
            voice: The server's name of a voice; the installation's own where left out.

        Raises:
            SpeechUnavailableError: The server does not answer, or not as it should.
        """
        wanted = (text, voice or self._voice)
        if wanted in self._kept:
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        body = {"model": self._model, "voice": wanted[1], "input": text, "response_format": "mp3"}
        try:
            answer = (await self._client.post(self._url, json=body)).raise_for_status()
        except httpx.HTTPError as error:
            log.warning("sentence not said", error=type(error).__name__)
            raise SpeechUnavailableError from None
        if not 0 < len(answer.content) <= LONGEST_SPEECH_BYTES:
            raise SpeechUnavailableError
        self._keep(wanted, answer.content)
        return answer.content

    def _keep(self, wanted: tuple[str, str], sound: bytes) -> None:
        self._kept[wanted] = sound
        while len(self._kept) > MOST_KEPT or sum(map(len, self._kept.values())) > MOST_KEPT_BYTES:
            self._kept.popitem(last=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _names(listed: str) -> Iterator[str]:
    return (name for part in listed.split(",") if (name := part.strip()))
