"""From sound and text to scores: hear the frames, find the phones, judge each."""

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from infra.models.pronounce import Pronunciations
from infra.models.pronunciation import model as fitted
from infra.models.pronunciation.alignment import FRAME_S, TooShortError, as_said, flat_phones
from infra.models.pronunciation.encoders import SOURCES, Ears
from infra.models.pronunciation.judged import Judged, JudgedPhone, JudgedWord
from infra.models.pronunciation.meant import MeantWord, meant
from infra.models.pronunciation.model import Scores, Span
from infra.models.stt import RATE, Audio
from infra.models.vad import MIN_VOICED_WINDOWS, stretches
from infra.models.weights import fingerprint
from infra.models.worker import Abort, Interrupted

_WAY: Final = "1"
"""Raised when the code's way from states to scores changes."""
_SHORTEST: Final = RATE // 10


class CannotJudgeError(ValueError):
    """There is nothing to judge; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NothingMeantError(ValueError):
    """There is no word to be judged."""


class Judge:
    """The models of pronunciation, for one thread."""

    def __init__(self) -> None:
        self._pronunciations = Pronunciations()
        self._ears = Ears()
        self._model = fitted.load()
        self.version = version()

    def judge(
        self, audio: Audio, text: str, abort: Abort, *, phones: Sequence[str] = (), spans: Sequence[Span] = ()
    ) -> Judged:
        """How the words of `text` were said in mono 16 kHz audio.

        `phones` are those that were meant where the dictionary has others; `spans` the times of the words
        that `text.split()` gives, in seconds.

        Raises:
            UnknownPhoneError: one of `phones` is none.
            NothingMeantError: the text has no word that can be spoken.
            CannotJudgeError: no voice, or the text does not fit the audio.
            Interrupted: the work was given up.
        """
        words = meant(text, self._pronunciations, phones)
        if not words:
            raise NothingMeantError("the text has no English word")
        if not has_voice(audio):
            raise CannotJudgeError("no_speech", "there is no speech in the audio")
        if abort.raised:
            raise Interrupted
        points = self._model.axes.project(self._ears.hear(audio))
        near = [spans[word.at] for word in words] if spans else None
        try:
            words = as_said(self._model.yardstick.finding.chances(points), words, near)
            scores = self._model.score(points, *flat_phones(words), near)
        except TooShortError:
            raise CannotJudgeError("not_aligned", "the audio is too short for the text") from None
        if not self._model.fits(scores):
            raise CannotJudgeError("not_aligned", "the text does not fit the audio")
        return _told(text, len(audio) / RATE, words, scores, self.version)


def has_voice(audio: Audio) -> bool:
    """Whether there is voice for as long as a short word takes."""
    if len(audio) < _SHORTEST:
        return False
    return sum(stretch.voiced for stretch in stretches(audio)) >= MIN_VOICED_WINDOWS


def version() -> str:
    """A short digest of the fitted weights, the packaged ones, and the code's way from one to the other."""
    files = [file for source in SOURCES for file in (*source.parts, *source.others)]
    used = ",".join(f"{source.name}/{source.used}" for source in SOURCES)
    whole = f"{_WAY} {fitted.DIGEST} {fingerprint(files)} {used}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _told(text: str, duration: float, words: Sequence[MeantWord], scores: Scores, version: str) -> Judged:
    phones = iter(
        zip(
            np.round(scores.path.starts * FRAME_S, 2).tolist(),
            np.round(np.minimum(scores.path.ends * FRAME_S, duration), 2).tolist(),
            np.round(scores.phones.astype(np.float64), 3).tolist(),
            strict=True,
        )
    )
    told = []
    for word in words:
        parts = [
            JudgedPhone(phone=phone, start=start, end=end, score=score)
            for phone, (start, end, score) in zip(word.phones, phones, strict=False)
        ]
        mean = round(sum(part.score for part in parts) / len(parts), 3)
        told.append(
            JudgedWord(word=word.text, start=parts[0].start, end=parts[-1].end, score=mean, phones=parts)
        )
    return Judged(
        text=text,
        duration=round(duration, 3),
        score=round(float(scores.phones.mean()), 3),
        aligned=round(scores.aligned, 3),
        version=version,
        words=told,
    )
