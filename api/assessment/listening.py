"""The model server, asked about a stretch of sound: its words and times, what it is like, how it is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from api.assessment.judging.speech import Heard, HeardPhone, HeardWord, PronouncedWord, SoundFigures
from api.contract.sound import AUDIO_TYPE

TIMEOUT_S: Final = 240.0
"""Of a long turn on a busy machine."""
SPOKEN_S: Final = 0.3
"""Less sound than this holds no word."""
MOST_CHARS: Final = 4_500
LONGEST_S: Final = 170.0
"""Pronunciation is not asked for where a turn is longer than this, or has more letters than that."""
LEARNER: Final = "0"
"""The learner's side of a recording."""
HEARING: Final = "hearing-1"
"""Version of this way of hearing; any change to it is another one."""
_REFUSES: Final = frozenset({400, 413, 415, 422})


class ModelServerAwayError(Exception):
    """The model server does not answer, or has no place: asked again later."""


@dataclass(frozen=True)
class Clip:
    """A stretch of sound as a file, and where its second 0 lies within the call's recording."""

    data: bytes
    media_type: str = AUDIO_TYPE
    offset_s: float | None = None
    stereo: bool = True


class Listener:
    """Asks `<base>/v1/...`."""

    def __init__(self, base: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=base.rstrip("/"),
            timeout=httpx.Timeout(TIMEOUT_S, connect=5.0),
            transport=transport,
        )

    async def hear(self, clip: Clip, *, pronunciation: bool = True) -> Heard | None:
        """What is heard in a clip; None where it cannot be read.

        Args:
            clip: The sound.
            pronunciation: Whether it is judged how the words were said.

        Raises:
            ModelServerAwayError: It cannot be heard now.
        """
        sound = await self._sound(clip)
        if sound is None:
            return None
        if sound.speech_s < SPOKEN_S:
            return Heard(text="", words=[], source="sound", offset_s=clip.offset_s, sound=sound)
        words = await self._words(clip)
        pronounced, ears = await self._pronounced(clip, words) if pronunciation and words else (None, "")
        return Heard(
            text=" ".join(word.text for word in words),
            words=words,
            source="sound",
            offset_s=clip.offset_s,
            sound=sound,
            ears=ears,
            pronounced=pronounced,
        )

    async def _sound(self, clip: Clip) -> SoundFigures | None:
        found = await self._post("/v1/sound", clip)
        return None if found is None else SoundFigures.model_validate(found)

    async def _words(self, clip: Clip) -> list[HeardWord]:
        options = {"model": "second-look", "language": "en", "punctuate": "true"}
        found = await self._post("/v1/listen", clip, options)
        if found is None:
            return []
        try:
            heard = found["results"]["channels"][0]["alternatives"][0]["words"]
            return [
                HeardWord(
                    text=str(word["punctuated_word"])[:64],
                    start=word["start"],
                    end=max(word["start"], word["end"]),
                    confidence=word["confidence"],
                )
                for word in heard
            ]
        except (LookupError, TypeError, ValueError) as error:
            raise ModelServerAwayError(type(error).__name__) from None

    async def _pronounced(self, clip: Clip, words: Sequence[HeardWord]) -> tuple[list[PronouncedWord], str]:
        """How the words were said, none where they do not lie on the sound; and what judged it."""
        text = " ".join(word.text for word in words)
        if len(text) > MOST_CHARS or words[-1].end > LONGEST_S:
            return [], ""
        listed = [{"word": word.text, "start": word.start, "end": word.end} for word in words]
        form = {"text": text, "words": json.dumps(listed), **({"channel": LEARNER} if clip.stereo else {})}
        files = {"file": ("clip", clip.data, clip.media_type)}
        request = self._client.build_request("POST", "/v1/pronunciation", data=form, files=files)
        found = await self._answer(request)
        try:
            judged = found or {"words": [], "version": ""}
            return [_pronounced(word) for word in judged["words"]], str(judged["version"])[:64]
        except (LookupError, TypeError, ValueError) as error:
            raise ModelServerAwayError(type(error).__name__) from None

    async def _post(self, path: str, clip: Clip, options: dict[str, str] | None = None) -> Any:
        query = {**(options or {}), **({"channel": LEARNER} if clip.stereo else {})}
        headers = {"Content-Type": clip.media_type}
        request = self._client.build_request("POST", path, params=query, content=clip.data, headers=headers)
        return await self._answer(request)

    async def _answer(self, request: httpx.Request) -> Any:
        """Its JSON; None where the server says that the sound itself cannot be used."""
        try:
            answer = await self._client.send(request)
            if answer.status_code in _REFUSES:
                return None
            return answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ModelServerAwayError(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _pronounced(word: Any) -> PronouncedWord:
    return PronouncedWord(
        word=str(word["word"])[:64],
        start=word["start"],
        end=word["end"],
        score=word["score"],
        phones=[
            HeardPhone(phone=one["phone"], start=one["start"], end=one["end"], score=one["score"])
            for one in word["phones"]
        ],
    )
