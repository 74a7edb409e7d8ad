"""Trouble with ear, voice or model during a call: the learner is told in plain words, and the lesson
goes on."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from livekit.agents import AgentSession, ErrorEvent, UserTranscriptionTimeoutEvent, llm, stt, tts
from livekit.agents.llm import AvailabilityChangedEvent as ModelChanged
from livekit.agents.tts import AvailabilityChangedEvent as VoiceChanged

from agent.apologies import Apologies, ApologyTTS, phrase
from agent.hearing import Hearing
from agent.notices import Screen
from api.contract.room import ATTRIBUTE_ANSWERED_BY
from infra import telemetry

log = telemetry.get_logger(__name__)

REPEAT_AFTER_S = 20.0
SHORTEST_UTTERANCE_S = 0.5
"""A sound shorter than this that gave no words is a noise, and nobody apologises for it."""
EAR_TROUBLE_AFTER_S = 0.9
"""The first reconnections are half a second apart: the third failure in a row is told."""
EAR_HEALED_AFTER_S = 8.0


class Senses:
    """Watches the recognizer, the synthesizer and the language models of one call."""

    def __init__(
        self,
        session: AgentSession[None],
        *,
        screen: Screen,
        apologies: Apologies,
        hearing: Hearing,
        reconnect: Callable[[], None],
    ) -> None:
        self._session = session
        self._screen = screen
        self._apologies = apologies
        self._hearing = hearing
        self._reconnect = reconnect
        self._last_said: dict[str, float] = {}
        self._ear_failed_first = self._ear_failed_last = float("-inf")
        self._texts_seen = 0
        self._unheard = 0
        session.on("error", self._error)
        session.on("user_transcription_timeout", self._unheard_speech)

    def watch_voice(self, voice: tts.FallbackAdapter, last_resort: ApologyTTS) -> Callable[[], None]:
        """Tell the learner when the voice fails, each time anew. Answers a function that ends the watch."""

        def changed(event: VoiceChanged) -> None:
            log.warning("synthesizer", model=event.tts.model, available=event.available)
            if event.available:
                self._over("speech_unavailable")
                last_resort.over()
            else:
                self._notice("speech_unavailable")

        voice.on("tts_availability_changed", changed)
        return lambda: voice.off("tts_availability_changed", changed)

    def watch_models(self, chain: llm.FallbackAdapter, models: Sequence[llm.LLM[Any]]) -> Callable[[], None]:
        """Tell the learner when a language model fails, and show who answers. Answers the end of the
        watch."""

        def changed(event: ModelChanged) -> None:
            log.warning("language model", model=event.llm.model, available=event.available)
            answered_by = "language_model" if event.available else "guided"
            self._screen.attributes({ATTRIBUTE_ANSWERED_BY: answered_by})
            if event.available:
                self._over("model_unavailable")
            else:
                self._notice("model_unavailable")

        def cut() -> None:
            log.warning("language model stopped in the middle of an answer")
            self._notice("model_unavailable")

        chain.on("llm_availability_changed", changed)
        for model in models:
            model.on("answer_cut", cut)

        def end() -> None:
            for model in models:
                model.off("answer_cut", cut)

        return end

    def apologise(self, name: str) -> None:
        """Say an apology from disk, whatever the synthesizer does; at most once in a while."""
        now = time.monotonic()
        if now - self._last_said.get(name, float("-inf")) < REPEAT_AFTER_S:
            return
        self._last_said[name] = now
        self._session.say(phrase(name), audio=self._apologies.frames(name))

    def _notice(self, code: str) -> None:
        now = time.monotonic()
        if now - self._last_said.get(f"notice {code}", float("-inf")) >= REPEAT_AFTER_S:
            self._last_said[f"notice {code}"] = now
            self._screen.notice(code)

    def _over(self, code: str) -> None:
        """What the notice told is over: if it comes again, it is news."""
        self._last_said.pop(f"notice {code}", None)

    def _error(self, event: ErrorEvent) -> None:
        if isinstance(event.source, stt.STT):
            self._ear_failed()  # `agent.ear` logs it, once
            return
        log.warning("provider error", source=type(event.source).__name__, error=_name(event.error))
        if isinstance(event.source, llm.LLM):
            self.apologise("went_wrong")

    def _ear_failed(self) -> None:
        """A failure that a reconnection heals at once is not worth a word; one that repeats is."""
        now = time.monotonic()
        healed = self._texts_seen != self._hearing.texts or now - self._ear_failed_last > EAR_HEALED_AFTER_S
        self._ear_failed_last = now
        self._texts_seen = self._hearing.texts
        if healed:
            self._ear_failed_first = now
        elif now - self._ear_failed_first >= EAR_TROUBLE_AFTER_S:
            self._cannot_hear()

    def _cannot_hear(self) -> None:
        self._notice("hearing_unavailable")
        self.apologise("hearing_unavailable")

    def _unheard_speech(self, event: UserTranscriptionTimeoutEvent) -> None:
        if event.speech_duration < SHORTEST_UTTERANCE_S or self._hearing.take_swallowed():
            return
        self._unheard = self._unheard + 1 if self._texts_seen == self._hearing.texts else 1
        self._texts_seen = self._hearing.texts
        self._reconnect()
        if self._unheard >= 2:
            self._cannot_hear()
        else:
            self.apologise("not_caught")


def _name(error: object) -> str:
    return type(getattr(error, "error", error)).__name__
