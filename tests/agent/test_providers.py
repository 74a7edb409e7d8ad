"""The table of providers: every row builds an instance of a stock plugin, and wrong settings say what is
wrong."""

import pytest
from livekit.agents import llm, stt, tts
from pydantic import SecretStr

from agent import providers
from agent.apologies import Apologies, ApologyTTS
from agent.guards import GuardedLLM, GuardedTTS
from agent.providers import TABLE, Provider, ProviderError
from agent.settings import AgentSettings

KEYED = AgentSettings(
    deepgram_api_key=SecretStr("d"), openai_api_key=SecretStr("o"), llm_url="http://127.0.0.1:1/v1"
)
KINDS = {"stt": stt.STT, "llm": llm.LLM, "tts": tts.TTS}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.kind}-{row.name}")
def test_every_row_builds_a_stock_plugin(row: Provider) -> None:
    built = providers.build(row.kind, row.name, KEYED)
    assert isinstance(built, KINDS[row.kind])
    assert type(built).__module__.startswith("livekit.plugins.")


@pytest.mark.parametrize("row", [row for row in TABLE if row.key_setting], ids=lambda row: row.name)
def test_a_missing_key_names_the_setting(row: Provider) -> None:
    assert row.key_setting is not None
    with pytest.raises(ProviderError, match=row.key_setting.upper()):
        providers.build(row.kind, row.name, AgentSettings())


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ProviderError, match="openai-compatible"):
        providers.build("llm", "nobody", KEYED)


def test_a_row_more_is_a_provider_more() -> None:
    made = object()
    table = (*TABLE, Provider("llm", "another", lambda *_: made))
    assert providers.build("llm", "another", KEYED, table) is made


def test_local_recognizer_is_the_deepgram_plugin_at_our_address_with_finalize() -> None:
    recognizer = providers.build("stt", "local", AgentSettings(stt_url="http://127.0.0.1:8790/"))
    assert recognizer._opts.endpoint_url == "http://127.0.0.1:8790/v1/listen"
    assert recognizer.capabilities.manual_flush


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("nova", ["joe", "nova"]), ("mia", ["mia", "joe"]), ("nobody", ["joe", "joe"]), (None, ["joe", "joe"])],
)
def test_a_learners_voice_reaches_the_synthesizers_that_know_it(
    wanted: str | None, spoken: list[str]
) -> None:
    settings = KEYED.model_copy(update={"tts_provider": "local, openai", "tts_voices": "joe, mia"})
    voice = providers.build_voice(settings, ApologyTTS(Apologies(KEYED.apologies, voice="joe")))
    providers.choose_voice(voice, settings, wanted)
    guarded = [one for one in voice._tts_instances if isinstance(one, GuardedTTS)]
    assert [one.inner._opts.voice for one in guarded] == spoken  # type: ignore[attr-defined]


def test_the_chains_end_in_guided_and_in_the_apology(tmp_path: object) -> None:
    last = ApologyTTS(Apologies(KEYED.apologies, voice="joe"))
    voice = providers.build_voice(KEYED, last)
    assert isinstance(voice._tts_instances[0], GuardedTTS)
    assert voice._tts_instances[-1] is last
    settings = KEYED.model_copy(update={"llm_provider": "openai, openai-compatible, guided"})
    models = providers.build_models(settings)
    assert [type(model) for model in models] == [GuardedLLM, GuardedLLM]
    guided = GuardedLLM(models[0], first_token=1, stall=1)
    assert providers.build_llm(models, guided)._llm_instances[-1] is guided


def test_without_a_model_guided_answers_alone() -> None:
    assert AgentSettings(llm_url="", llm_provider="").llm_rows == []
    assert AgentSettings(llm_provider="guided").llm_rows == []
    assert AgentSettings(llm_url="http://127.0.0.1:1/v1").llm_rows == ["openai-compatible"]
