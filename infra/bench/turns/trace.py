"""What a call would know of an item at each moment, computed once: voice, end-of-turn probability, words.

Voice comes from the detectors that calls use, the probability from the packaged end-of-turn model when a
session asks for it (`livekit.agents.voice.audio_recognition`), and words from the model server at the ends of
speech. Nothing depends on the clock, so an item takes less time than it sounds.
"""

from collections.abc import Sequence

import numpy as np
from livekit import rtc
from livekit.agents import inference, vad
from livekit.local_inference import EOT
from pydantic import BaseModel, ConfigDict, Field

from agent import providers
from agent.smart_turn import Heard
from infra.bench.turns.audio import RATE, Samples, to_pcm
from infra.bench.turns.speech_server import SpeechServer

PREDICTS_AFTER_S = 0.2
"""Silence from which a session asks the end-of-turn model."""
MODEL_HEARS_S = 1.2
"""Seconds of sound that the session keeps for it."""
_WINDOW = RATE // 50


class Stretch(BaseModel):
    """One stretch of voice and what was known when it was over; seconds from the item's start."""

    begins: float
    """When the detector said that voice begins."""
    lasted: float
    """Seconds of voice by the detector's own count."""
    stops: float
    """The last moment with voice, from which a session counts its delay."""
    noticed: float
    """When the detector said that voice is over; infinite where it never did."""
    probability: float | None = None
    """That the turn is over, by the end-of-turn model; None where it was not asked."""
    text: str = ""
    """Words of this stretch."""
    confidence: float = 0.0
    heard: Heard | None = Field(default=None, exclude=True)
    """What the second end-of-turn model made of the turn then; computed and kept apart."""

    model_config = ConfigDict(arbitrary_types_allowed=True)


class Trace(BaseModel):
    """Everything that policies decide on."""

    ours: list[Stretch]
    """By the detector as calls use it, with words."""
    stock: list[Stretch]
    """By LiveKit's own detector with its default settings; words are taken from `ours`."""


class Tracer:
    """Computes traces; one at a time."""

    def __init__(self, server: SpeechServer) -> None:
        self._server = server
        self._ours = providers.build_vad()
        self._stock = inference.VAD()
        self._model = EOT()

    async def trace(self, samples: Samples) -> Trace:
        """The trace of one item."""
        ours = await self._stretches(self._ours, samples)
        stock = await self._stretches(self._stock, samples)
        await self._listen(samples, ours)
        return Trace(ours=ours, stock=stock)

    async def _stretches(self, detector: vad.VAD, samples: Samples) -> list[Stretch]:
        found: list[Stretch] = []
        asked: float | None = None
        speaking = False
        for event in await _events(detector, samples):
            now = event.samples_index / RATE
            if event.type is vad.VADEventType.START_OF_SPEECH:
                speaking, asked = True, None
                found.append(
                    Stretch(begins=now, lasted=event.speech_duration, stops=now, noticed=float("inf"))
                )
            elif event.type is vad.VADEventType.INFERENCE_DONE and speaking:
                if event.raw_accumulated_speech > 0:
                    asked = None
                    found[-1].lasted = event.speech_duration
                elif event.raw_accumulated_silence >= PREDICTS_AFTER_S and asked is None:
                    asked = now
            elif event.type is vad.VADEventType.END_OF_SPEECH:
                speaking = False
                found[-1].noticed = now
                found[-1].stops = now - event.silence_duration
                found[-1].probability = self._probability(samples, asked or now)
        return found

    def _probability(self, samples: Samples, until: float) -> float:
        end = round(until * RATE)
        heard = samples[max(0, end - round(MODEL_HEARS_S * RATE)) : end]
        return float(self._model.predict(np.frombuffer(to_pcm(heard), np.int16)))

    async def _listen(self, samples: Samples, stretches: Sequence[Stretch]) -> None:
        """Give each stretch its words; the recognizer is asked when a session would ask it."""
        live = await self._server.listen()
        try:
            sent = 0
            for stretch in stretches:
                if stretch.noticed == float("inf"):
                    break
                until = round(stretch.noticed * RATE)
                for at in range(sent, until, 10 * _WINDOW):
                    await live.hear(samples[at : min(at + 10 * _WINDOW, until)])
                sent = until
                heard = await live.settle()
                stretch.text, stretch.confidence = heard.text, heard.confidence
        finally:
            await live.aclose()


async def _events(detector: vad.VAD, samples: Samples) -> list[vad.VADEvent]:
    pcm = to_pcm(samples)
    stream = detector.stream()
    try:
        for at in range(0, len(pcm) - 2 * _WINDOW + 1, 2 * _WINDOW):
            stream.push_frame(rtc.AudioFrame(pcm[at : at + 2 * _WINDOW], RATE, 1, _WINDOW))
        stream.end_input()
        return [event async for event in stream]
    finally:
        await stream.aclose()
