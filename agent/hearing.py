"""Between the recognizer and the session: words kept for the record, an early start, noises that are no
answer."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from livekit import rtc
from livekit.agents import stt
from livekit.agents.types import TimedString

from agent.guided_hearing import plain_whole
from agent.turn_taking import is_backchannel, words_of
from api.contract.calls import MAX_WORDS_PER_TURN, Word

QUIET_MS = 60
"""Milliseconds of quiet after which a text may be the whole utterance."""

QUIET_SHARE = 0.12
"""Share of the recent speech level below which a moment counts as quiet."""

SURE_WORD = 0.6
"""Confidence from which a word may be corrected: a recognizer's slip is not the learner's."""

_LEVEL_WINDOW_MS = 2_000
_SILENCE_RMS = 40.0
_TEXTS = frozenset(
    {
        stt.SpeechEventType.INTERIM_TRANSCRIPT,
        stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
        stt.SpeechEventType.FINAL_TRANSCRIPT,
    }
)


class Quiet:
    """Knows from the sound alone, 20 ms at a time, whether the learner is quiet just now.

    Voice activity detection reports an end of speech after 250 ms; a guess that may be thrown away can
    be made after 60.
    """

    def __init__(self) -> None:
        self._levels: deque[tuple[float, float]] = deque()
        self._span_ms = 0.0

    def observe(self, frame: rtc.AudioFrame) -> None:
        """Take the next frame of the learner's audio."""
        samples = np.frombuffer(frame.data, np.int16).astype(np.float32)
        level = float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0
        length = frame.duration * 1_000
        self._levels.append((level, length))
        self._span_ms += length
        while self._span_ms > _LEVEL_WINDOW_MS and len(self._levels) > 1:
            self._span_ms -= self._levels.popleft()[1]

    def now(self) -> bool:
        """Whether the last 60 ms were quiet beside the loudest of the last two seconds."""
        loudest = max((level for level, _ in self._levels), default=0.0)
        limit = max(_SILENCE_RMS, loudest * QUIET_SHARE)
        seen = 0.0
        for level, length in reversed(self._levels):
            if level > limit:
                return False
            seen += length
            if seen >= QUIET_MS:
                return True
        return False


class Hearing:
    """Turns the recognizer's events into what the session should act on.

    `overlapping` tells whether the learner's present utterance began over the coach's speech. Such an
    utterance is passed on only once it is more than a listener's noise, so that "mm-hm" pauses the coach
    and does not end it.
    """

    def __init__(self, overlapping: Callable[[], bool]) -> None:
        self.quiet = Quiet()
        self._overlapping = overlapping
        self._words: list[Word] = []
        self._last_interim: list[str] = []
        self._guessed: list[Word] = []
        self._texts: list[str] = []
        self._present = ""
        self._early: list[str] = []
        self._early_text = ""
        self.swallowed = 0
        self.texts = 0

    def process(self, event: stt.SpeechEvent) -> list[stt.SpeechEvent]:
        """The events to pass on in place of this one."""
        if event.type not in _TEXTS or not event.alternatives:
            return [event]
        data = event.alternatives[0]
        if not data.text.strip():
            return [event]
        if self._overlapping() and is_backchannel(data.text, data.confidence, voice_of(data)):
            self.swallowed += 1
            return []
        self.texts += 1
        if event.type == stt.SpeechEventType.FINAL_TRANSCRIPT:
            self._words += words_in(data)[: MAX_WORDS_PER_TURN - len(self._words)]
            self._guessed = []
            self._texts.append(data.text)
            self._present = ""
            return [self._settled(event, data)]
        self._guessed = words_in(data)
        self._present = data.text
        return [self._perhaps_early(event, data)]

    def take_swallowed(self) -> int:
        """How many noises were kept back since the last time this was asked."""
        count, self.swallowed = self.swallowed, 0
        return count

    def take_words(self) -> list[Word]:
        """The words of the turn that has just ended, and start anew."""
        words, self._words, self._guessed = self._words, [], []
        self._texts, self._present = [], ""
        return words

    @property
    def said(self) -> str:
        """Everything heard of the present turn so far."""
        return " ".join([*self._texts, self._present]).strip()

    @property
    def unsettled(self) -> bool:
        """Whether the recognizer has not settled the text of what it heard last."""
        return bool(self._present)

    @property
    def doubtful(self) -> set[str]:
        """Words of the present turn that the recognizer is not sure of, in plain text."""
        return doubtful_words((one.word, one.confidence) for one in (*self._words, *self._guessed))

    def _settled(self, event: stt.SpeechEvent, data: stt.SpeechData) -> stt.SpeechEvent:
        """The final text; where only its marks differ from the text that the answer was started from,
        that text.

        The session compares the two letter by letter and would ask the model once more for a comma.
        """
        early, text = self._early, self._early_text
        self._last_interim, self._early, self._early_text = [], [], ""
        if not early or words_of(data.text) != early:
            return event
        return replace(event, alternatives=[replace(data, text=text), *event.alternatives[1:]])

    def _perhaps_early(self, event: stt.SpeechEvent, data: stt.SpeechData) -> stt.SpeechEvent:
        words = words_of(data.text)
        stable = bool(words) and words == self._last_interim
        self._last_interim = words
        if not words or words == self._early or not (stable or self.quiet.now()):
            return event
        self._early, self._early_text = words, data.text
        return replace(event, type=stt.SpeechEventType.PREFLIGHT_TRANSCRIPT)


def voice_of(data: stt.SpeechData) -> float | None:
    """How many seconds a result's words lasted; None where the recognizer gives no times."""
    lasted = data.end_time - data.start_time
    return lasted if lasted > 0 else None


def words_in(data: stt.SpeechData) -> list[Word]:
    """A result's words with their times and confidences."""
    return [_word(timed, data.confidence) for timed in (data.words or [])[:MAX_WORDS_PER_TURN]]


def doubtful_words(heard: Iterable[tuple[str, float]]) -> set[str]:
    """Those of words and their confidences that may have been misheard, in plain text."""
    return {word for text, sure in heard if sure < SURE_WORD for word in plain_whole(text).split()}


def _word(timed: TimedString, confidence: float) -> Word:
    start = timed.start_time if isinstance(timed.start_time, int | float) else 0.0
    end = timed.end_time if isinstance(timed.end_time, int | float) else start
    sure = timed.confidence if isinstance(timed.confidence, int | float) else confidence
    return Word(
        word=str(timed)[:64],
        start=max(0.0, start),
        end=max(0.0, start, end),
        confidence=min(1.0, max(0.0, sure)),
    )
