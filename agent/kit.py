"""What a job process has ready before a call comes: models built, apologies at hand."""

from dataclasses import dataclass
from typing import Any

from livekit.agents import llm, stt, tts, vad

from agent import providers
from agent.apologies import Apologies, ApologyTTS
from agent.guided import Guided
from agent.settings import AgentSettings
from agent.smart_turn import SmartTurn, shared
from api.contract.levels import Level


@dataclass
class Kit:
    """The parts of a call that take time to build and know nothing of the learner."""

    settings: AgentSettings
    vad: vad.VAD
    stt: stt.STT[Any]
    voice: tts.FallbackAdapter
    """The synthesizers in order; `tts` gives them sentences."""
    tts: tts.TTS[Any]
    models: list[llm.LLM[Any]]
    apologies: Apologies
    last_voice: ApologyTTS
    second: SmartTurn | None
    """The second end-of-turn model; None where its package is not installed."""


def build_kit(settings: AgentSettings) -> Kit:
    """Build everything; raises `ProviderError` when settings name what cannot be used."""
    for level in Level:
        Guided(level=level)  # reads and checks the content, which is kept for the process
    apologies = Apologies(settings.apologies, voice=settings.tts_voice)
    last_voice = ApologyTTS(apologies)
    detector = providers.build_vad()
    voice = providers.build_voice(settings, last_voice)
    return Kit(
        settings=settings,
        vad=detector,
        stt=providers.build_stt(settings, detector),
        voice=voice,
        tts=providers.build_tts(voice),
        models=providers.build_models(settings),
        apologies=apologies,
        last_voice=last_voice,
        second=shared(),
    )
