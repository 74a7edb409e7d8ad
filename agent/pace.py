"""How fast the coach speaks: by the learner's level and support in a lesson, and slower when asked."""

from livekit.agents import tts
from livekit.plugins import openai

from agent.guards import GuardedTTS
from api.contract.lessons import Support
from api.contract.levels import Level

_LEVEL: dict[Level, float] = {Level.A1: 0.9, Level.A2: 0.95}
"""Rates in a lesson; free talk is at the customary rate, for which the frequent phrases are kept as sound."""
_SUPPORT: dict[Support, float] = {Support.MORE: 0.93}
_SLOWED = (1.0, 0.85, 0.75)
_SLOWEST = 0.7


def rate_of(level: Level, support: Support, slowed: int, *, in_lesson: bool) -> float:
    """The speaking rate, 1.0 being the voice's own. `slowed` counts how often it was asked for."""
    rate = _SLOWED[min(slowed, len(_SLOWED) - 1)]
    if in_lesson:
        rate *= _LEVEL.get(level, 1.0) * _SUPPORT.get(support, 1.0)
    return round(max(_SLOWEST, rate), 2)


class Pace:
    """Sets the rate of a call's synthesizers, those that take one."""

    def __init__(self, voice: tts.FallbackAdapter, level: Level) -> None:
        self._voice = voice
        self._level = level
        self._support = Support.USUAL
        self._in_lesson = False
        self.slowed = 0
        self.rate = 1.0
        self._apply()

    def slower(self) -> None:
        """Asked for: slower from now on."""
        self.slowed += 1
        self._apply()

    def lesson(self, support: Support, *, running: bool) -> None:
        """A lesson runs with this support, or runs no more."""
        self._support = support
        self._in_lesson = running
        self._apply()

    def _apply(self) -> None:
        self.rate = rate_of(self._level, self._support, self.slowed, in_lesson=self._in_lesson)
        for one in self._voice._tts_instances:
            inner = one.inner if isinstance(one, GuardedTTS) else one
            if isinstance(inner, openai.TTS):
                inner.update_options(speed=self.rate)
