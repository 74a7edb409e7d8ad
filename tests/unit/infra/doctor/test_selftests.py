"""What the parts' own self-tests say of settings that cannot work."""

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from agent import selftest as agent_selftest
from agent.settings import AgentSettings
from api import selftest as api_selftest
from api.settings import Settings
from infra.findings import Finding, State


def of(findings: list[Finding], area: str) -> Finding:
    """The first finding of an area."""
    return next(finding for finding in findings if finding.area == area)


def api_settings(**values: object) -> Settings:
    """Settings of an API whose database is not there."""
    return Settings(
        database_url="postgresql://api:x@127.0.0.1:9/avaaz",
        secret_key=SecretStr("s" * 40),
        agent_service_key=SecretStr("a" * 20),
        livekit_api_key="key",
        livekit_api_secret=SecretStr("l" * 40),
        **values,  # type: ignore[arg-type]
    )


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where something else answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_a_missing_key_is_named() -> None:
    findings = await agent_selftest.examine(AgentSettings(stt_provider="local", tts_provider="openai"))
    assert of(findings, "TTS").state is State.FAILED
    assert "OPENAI_API_KEY" in of(findings, "TTS").said
    assert of(findings, "STT").state is State.SKIPPED
    assert of(findings, "LLM").name == "guided"


async def test_a_model_that_does_not_answer_is_named() -> None:
    configured = AgentSettings(tts_provider="openai", llm_url="http://127.0.0.1:9/v1")
    found = of(await agent_selftest.examine(configured), "LLM")
    assert found.state is State.FAILED
    assert "LLM_URL" in found.mend


async def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    found = of(await api_selftest.examine(api_settings()), "Postgres")
    assert found.state is State.FAILED
    assert "DATABASE_URL" in found.mend
    assert "api:x" not in found.model_dump_json()


async def test_a_mail_server_that_is_not_there_is_named(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = api_settings(smtp_host="127.0.0.1", smtp_port=9)
    assert of(await api_selftest.examine(nobody), "Mail").state is State.FAILED
    monkeypatch.setattr(api_selftest, "WITHIN_S", 0.2)
    other = api_settings(smtp_host="127.0.0.1", smtp_port=silent)
    assert of(await api_selftest.examine(other), "Mail").state is State.FAILED
    assert of(await api_selftest.examine(api_settings()), "Mail").state is State.SKIPPED
