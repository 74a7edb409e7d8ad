"""The table of providers. A provider is a row; the code around it is the same for all.

Model objects are built from instances and never from model names given to LiveKit, so that nothing is
asked of LiveKit's own gateway. Build them in the job process before a call comes: some constructors
block for 100 ms.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from livekit.agents import llm, stt, tts, vad
from livekit.plugins import deepgram, openai, silero

from agent.apologies import ApologyTTS
from agent.guards import GuardedLLM, GuardedTTS
from agent.sentences import EagerSentences
from agent.settings import AgentSettings
from agent.turn_taking import VAD_ACTIVATION, VAD_DEACTIVATION, VAD_MIN_SILENCE
from agent.voice import Voice
from api.contract.voices import voices_of

Kind = Literal["stt", "llm", "tts"]
MAX_REPLY_TOKENS = 150
TEMPERATURE = 0.7


class ProviderError(ValueError):
    """A provider that settings name cannot be used: there is no such row, or its key or address is
    missing."""


@dataclass(frozen=True)
class Provider:
    """One row: which kind, its name in settings, how it is built, and which setting holds its key."""

    kind: Kind
    name: str
    build: Callable[[AgentSettings, str], Any]
    key_setting: str | None = None
    """Name of the settings field with the key; None where no key is needed."""
    local: bool = False
    """True when it is asked at an address of our own."""


def _deepgram(base: Callable[[AgentSettings], str]) -> Callable[[AgentSettings, str], stt.STT[Any]]:
    def build(settings: AgentSettings, key: str) -> stt.STT[Any]:
        recognizer = deepgram.STT(
            base_url=f"{base(settings)}/v1/listen",
            api_key=key,
            model=settings.stt_model,
            language="en-US",
            endpointing_ms=0,
            punctuate=True,
            filler_words=True,
        )
        recognizer.capabilities.manual_flush = True  # else Finalize is never sent
        return recognizer

    return build


def _openai_llm(base: Callable[[AgentSettings], str]) -> Callable[[AgentSettings, str], llm.LLM[Any]]:
    def build(settings: AgentSettings, key: str) -> llm.LLM[Any]:
        address = base(settings)
        if not address:
            raise ProviderError("LLM_URL is not set")
        return openai.LLM(
            model=settings.llm_model,
            base_url=address,
            api_key=key,
            temperature=TEMPERATURE,
            max_completion_tokens=MAX_REPLY_TOKENS,
        )

    return build


def _openai_tts(base: Callable[[AgentSettings], str]) -> Callable[[AgentSettings, str], tts.TTS[Any]]:
    def build(settings: AgentSettings, key: str) -> tts.TTS[Any]:
        return openai.TTS(
            model=settings.tts_model,
            voice=settings.tts_voice,
            base_url=base(settings),
            api_key=key,
            response_format="pcm",
        )

    return build


OPENAI = "https://api.openai.com/v1"
TABLE: tuple[Provider, ...] = (
    Provider("stt", "local", _deepgram(lambda s: s.stt_url), local=True),
    Provider("stt", "deepgram", _deepgram(lambda _: "https://api.deepgram.com"), "deepgram_api_key"),
    Provider("llm", "openai", _openai_llm(lambda _: OPENAI), "openai_api_key"),
    Provider("llm", "openai-compatible", _openai_llm(lambda s: s.llm_url), local=True),
    Provider("tts", "local", _openai_tts(lambda s: s.tts_url), local=True),
    Provider("tts", "openai", _openai_tts(lambda _: OPENAI), "openai_api_key"),
)


def find(kind: Kind, name: str, table: Iterable[Provider] = TABLE) -> Provider:
    """The row of that name; `ProviderError` names the ones there are."""
    rows = [row for row in table if row.kind == kind]
    for row in rows:
        if row.name == name:
            return row
    known = ", ".join(row.name for row in rows)
    raise ProviderError(f"{kind.upper()}_PROVIDER: there is no {name!r}; known are {known}")


def build(kind: Kind, name: str, settings: AgentSettings, table: Iterable[Provider] = TABLE) -> Any:
    """The plugin object of a row; `ProviderError` when its key is missing."""
    row = find(kind, name, table)
    if row.key_setting is None:
        return row.build(
            settings, settings.llm_api_key.get_secret_value() or "local" if kind == "llm" else "local"
        )
    key = getattr(settings, row.key_setting).get_secret_value()
    if not key:
        raise ProviderError(f"{row.key_setting.upper()} is not set, and {name!r} needs it")
    return row.build(settings, key)


def build_vad() -> vad.VAD:
    """Voice activity detection, weights from the package."""
    return silero.VAD.load(
        min_silence_duration=VAD_MIN_SILENCE,
        activation_threshold=VAD_ACTIVATION,
        deactivation_threshold=VAD_DEACTIVATION,
    )


def build_stt(settings: AgentSettings, detector: vad.VAD) -> stt.STT[Any]:
    """The recognizer; several rows become a fallback chain."""
    chain = [build("stt", name, settings) for name in settings.stt_rows]
    return chain[0] if len(chain) == 1 else stt.FallbackAdapter(chain, vad=detector, attempt_timeout=3.0)


def build_voice(settings: AgentSettings, last_resort: ApologyTTS) -> Voice:
    """The synthesizers in order, each with its limits, and the spoken apology at the end."""
    chain: list[tts.TTS[Any]] = [
        GuardedTTS(
            build("tts", name, settings),
            first_byte=settings.tts_first_byte_timeout,
            stall=settings.tts_stall_timeout,
        )
        for name in settings.tts_rows
    ]
    return Voice([*chain, last_resort])


def choose_voice(voice: tts.FallbackAdapter, settings: AgentSettings, wanted: str | None) -> None:
    """Let the call's synthesizers speak with the voice that the learner chose, each that knows it."""
    if wanted is None:
        return
    guarded = [one for one in voice._tts_instances if isinstance(one, GuardedTTS)]
    for name, one in zip(settings.tts_rows, guarded, strict=True):
        if isinstance(one.inner, openai.TTS) and wanted in voices_of(name, settings.tts_voices):
            one.inner.update_options(voice=wanted)


def build_tts(voice: tts.FallbackAdapter) -> tts.TTS[Any]:
    """The session's synthesizer: gives each sentence to the voice as soon as it is whole."""
    return tts.StreamAdapter(tts=voice, sentence_tokenizer=EagerSentences())


def build_models(settings: AgentSettings) -> list[llm.LLM[Any]]:
    """The configured language models, each with its limits; empty when `guided` alone answers."""
    return [
        GuardedLLM(
            build("llm", name, settings),
            first_token=settings.llm_first_token_timeout,
            stall=settings.llm_stall_timeout,
        )
        for name in settings.llm_rows
    ]


def build_llm(models: list[llm.LLM[Any]], guided: llm.LLM[Any]) -> llm.FallbackAdapter:
    """The chain that always ends in `guided`."""
    return llm.FallbackAdapter([*models, guided], attempt_timeout=10.0, max_retry_per_llm=0)
