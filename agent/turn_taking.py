"""The policy of taking turns: how long the coach waits, when it stops for the learner, what does not stop it.

The delays are those measured with the packaged end-of-turn model in a real room: a turn that the model holds
whole is answered after `min_delay`, one it holds unfinished after `max_delay`, which is therefore the slowest
answer there is. Under 0.3 s nothing is gained, because the recognizer's final text is not there yet.
"""

import re
from dataclasses import dataclass

from livekit.agents import EndpointingOptions, TurnHandlingOptions, inference

from api.contract.calls import Patience
from api.contract.lessons import Support

VAD_MIN_SILENCE = 0.25
"""Seconds; the end-of-turn model refuses less."""

VAD_ACTIVATION = 0.4
VAD_DEACTIVATION = 0.35
"""Probabilities from which voice begins and under which it ends. At 0.4 soft beginnings are noticed up to
40 ms sooner than at the usual 0.5; coughs and the hum of a room stay below 0.3."""

INTERRUPTION_MIN_DURATION = 0.09
"""Seconds of voice after which the coach pauses. Voice is judged in windows of 32 ms: this is the third one.
With the voice's soft beginning and transport on both ways, about 0.3 s at the ear."""

FALSE_INTERRUPTION_TIMEOUT = 0.3
"""Seconds after the voice ended without words until the coach goes on."""

OVERLAP_MAX_DELAY = 0.6
"""Seconds; a sound over the coach's speech is decided on quickly, so that a cough costs less than a
second."""

_DELAYS: dict[Patience, tuple[float, float]] = {
    Patience.QUICK: (0.3, 0.7),
    Patience.BALANCED: (0.3, 1.0),
    Patience.PATIENT: (0.8, 2.5),
}
_SILENCE: dict[Patience, float] = {Patience.QUICK: 12.0, Patience.BALANCED: 15.0, Patience.PATIENT: 20.0}

# fmt: off
BACKCHANNELS = frozenset({
    "mm", "mmm", "mhm", "mhmm", "hm", "hmm", "hmmm", "mm-hm", "mm-hmm", "mmhm", "mmhmm", "uh-huh",
    "uhhuh", "huh", "uh", "um", "ah", "aha", "oh", "ok", "okay", "yeah", "yep", "yes", "right", "sure",
    "wow", "i", "see",
})
# fmt: on
"""What listeners say without wanting to speak."""

# fmt: off
WANTS_MORE = frozenset({
    "a", "an", "the", "my", "your", "his", "her", "our", "their", "this", "some", "very", "and", "or",
    "but", "because", "so", "if", "when", "that", "which", "who", "than", "then", "to", "of", "in", "on",
    "at", "for", "with", "from", "by", "about", "into", "is", "am", "are", "was", "were", "be", "has",
    "have", "had", "will", "would", "can", "could", "should", "i", "we", "they", "he", "she", "um", "uh",
    "er", "hmm", "like", "also", "not",
})
# fmt: on
"""Words after which another one has to come, or that fill a pause."""

FILLERS = frozenset({"um", "uh", "er", "erm", "hm", "hmm", "mm", "mmm", "ah", "eh"})
"""Sounds of somebody who looks for a word."""
_NOT_BACKCHANNELS_ALONE = frozenset({"i", "see"})
_SURE = 0.6
"""Confidence under which a few words over the coach's speech are taken for a noise: hummed and coughed sounds
came out as words of 0.41 and 0.42, the first 0.7 s of spoken sentences as 0.73 and more."""

_SHORT_VOICE_S = 1.0
"""Seconds; hums and coughs are shorter."""
_FASTEST = 5.5
"""Words a second that nobody reaches in a whole short utterance; learners stay below three."""
_QUITE_SURE = 0.8

_INTERRUPTS = frozenset(
    {"wait", "stop", "no", "sorry", "pardon", "excuse", "hello", "question", "repeat", "help"}
)
_WORD = re.compile(r"[a-z][a-z'\-]*")


@dataclass(frozen=True)
class Delays:
    """How long the coach waits after the learner's voice, in seconds."""

    min_delay: float
    max_delay: float

    def options(self) -> EndpointingOptions:
        """As the session takes them."""
        return EndpointingOptions(mode="fixed", min_delay=self.min_delay, max_delay=self.max_delay)


def delays(patience: Patience) -> Delays:
    """The delays in force while nothing is known of the turn; in a pause `agent.endpointing` decides."""
    return Delays(*_DELAYS[patience])


def ends_open(text: str) -> bool:
    """Whether somebody is likely to go on: the last word wants another one, or is a hesitation."""
    words = words_of(text)
    return not words or words[-1] in WANTS_MORE or text.rstrip().endswith(("...", "…"))


def silence_before_help(patience: Patience) -> float:
    """Seconds of quiet on both sides after which the coach helps."""
    return _SILENCE[patience]


@dataclass(frozen=True)
class Waits:
    """What the wanted answer changes in the waiting: how much likelier a pause is no end, as log odds, how
    many times the usual quiet comes before help, and whether a word or two are a whole answer."""

    doubt: float = 0.0
    quiet: float = 1.0
    short: bool = False


_WAITS: dict[str, Waits] = {
    "long": Waits(1.2, 1.3),
    "reason": Waits(0.6, 1.1),
    "list": Waits(0.6, 1.0),
    "question": Waits(0.3, 1.1),
    "fact": Waits(short=True),
    "yes_no": Waits(short=True),
    "choice": Waits(short=True),
}


def waits_for(wants: str | None, support: Support) -> Waits:
    """How to wait in a lesson for an answer of this shape.

    With more support help comes sooner and the turn is taken later; with less, help comes later.
    """
    usual = _WAITS.get(wants or "", Waits())
    if support is Support.MORE:
        return Waits(usual.doubt + 0.4, usual.quiet * 0.8, usual.short)
    return Waits(usual.doubt, usual.quiet * 1.3, usual.short) if support is Support.LESS else usual


def turn_handling(patience: Patience, detector: inference.TurnDetector) -> TurnHandlingOptions:
    """The session's options: end-of-turn detector, pause on voice, early start of the answer."""
    return TurnHandlingOptions(
        turn_detection=detector,
        endpointing=delays(patience).options(),
        interruption={
            "mode": "vad",
            "min_duration": INTERRUPTION_MIN_DURATION,
            "min_words": 0,
            "resume_false_interruption": True,
            "false_interruption_timeout": FALSE_INTERRUPTION_TIMEOUT,
        },
        preemptive_generation={
            "enabled": True,
            "preemptive_tts": True,
            "max_speech_duration": 60.0,
            "max_retries": 6,
        },
    )


def words_of(text: str) -> list[str]:
    """Words in lower case without marks; two texts with the same words are the same utterance."""
    return _WORD.findall(text.lower())


def is_backchannel(text: str, confidence: float, voice_s: float | None = None) -> bool:
    """Whether words said over the coach's speech are a listener's noise and not a wish to speak.

    Holds for listeners' words ("mm-hm", "I see"), and for the few odd words that a recognizer makes of a
    hum or a cough, when it is not sure of them, or nobody could say them so fast, and none of them asks for
    the word. `voice_s` is how long the voice lasted, where that is known: an accent makes a recognizer unsure
    too, but somebody who says three words takes a second for them.
    """
    words = words_of(text)
    if not words:
        return True
    if len(words) > 4:
        return False
    if all(word in BACKCHANNELS for word in words):
        return not set(words) <= _NOT_BACKCHANNELS_ALONE or words == ["i", "see"]
    if _INTERRUPTS.intersection(words):
        return False
    if voice_s is not None and len(words) > _FASTEST * voice_s:
        return confidence < _QUITE_SURE
    spoken = voice_s is not None and voice_s >= _SHORT_VOICE_S and len(words) >= 3
    return confidence < _SURE and not spoken


def waited_maximum(end_of_turn_delay: float | None, max_delay: float) -> bool | None:
    """Whether the answer was held back to the longest delay; None where the delay is not known."""
    if end_of_turn_delay is None:
        return None
    return end_of_turn_delay >= max_delay - 0.02
