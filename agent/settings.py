"""The agent's settings: environment variables, read and checked once at start."""

from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from infra.configuration import FileSettings, load_or_exit

EMBEDDED_MODELS = "http://127.0.0.1:8790"


class AgentSettings(FileSettings):
    """What the worker and the shipper need to know; the names are those of `.env.example`.

    Times are seconds. Provider settings name rows of `agent.providers.TABLE`; a comma-separated list is
    an order of fallback.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    avaaz_home: Path = Path(".avaaz")
    api_url: str = "http://127.0.0.1:8000"
    agent_service_key: SecretStr = SecretStr("")

    agent_host: str = "127.0.0.1"
    agent_port: int = 8081
    agent_metrics_port: int = 9102
    shipper_metrics_port: int = 9103
    agent_max_calls: int = Field(default=4, ge=1)
    agent_idle_processes: int = Field(default=1, ge=0)
    agent_drain_timeout: int = Field(default=600, ge=0)
    log_level: str = "INFO"

    stt_provider: str = "local"
    llm_provider: str = ""
    tts_provider: str = "local"
    stt_url: str = EMBEDDED_MODELS
    tts_url: str = f"{EMBEDDED_MODELS}/v1"
    llm_url: str = ""
    grammar_url: str = f"{EMBEDDED_MODELS}/v2"
    stt_model: str = "nova-3"
    llm_model: str = "gpt-4o-mini"
    tts_model: str = "tts-1"
    tts_voice: str = "joe"
    tts_voices: str = ""
    deepgram_api_key: SecretStr = SecretStr("")
    openai_api_key: SecretStr = SecretStr("")
    llm_api_key: SecretStr = SecretStr("")

    llm_first_token_timeout: float = Field(default=1.8, gt=0)
    llm_stall_timeout: float = Field(default=2.0, gt=0)
    tts_first_byte_timeout: float = Field(default=1.8, gt=0)
    tts_stall_timeout: float = Field(default=1.5, gt=0)
    stt_answer_timeout: float = Field(default=2.0, gt=0)
    retrieval_timeout: float = Field(default=0.15, gt=0)
    open_call_timeout: float = Field(default=3.0, gt=0)

    @field_validator("api_url", "stt_url", "tts_url", "llm_url", "grammar_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def outbox(self) -> Path:
        """Folder in which turns wait until the API has them."""
        return self.avaaz_home / "outbox"

    @property
    def apologies(self) -> Path:
        """Folder of the spoken apologies that must work while the synthesizer does not."""
        return self.avaaz_home / "cache" / "apologies"

    @property
    def registered_file(self) -> Path:
        """Where a worker notes its process id once LiveKit gives it jobs; the stack waits for it.

        Workers of one machine differ by their ports.
        """
        return self.avaaz_home / "run" / f"agent-registered-{self.agent_port}"

    @property
    def llm_rows(self) -> list[str]:
        """Names of the language models in order; empty when `guided` alone answers."""
        if not self.llm_provider:
            return ["openai-compatible"] if self.llm_url else []
        return [name for name in _names(self.llm_provider) if name != "guided"]

    @property
    def stt_rows(self) -> list[str]:
        """Names of the recognizers in order."""
        return _names(self.stt_provider)

    @property
    def tts_rows(self) -> list[str]:
        """Names of the synthesizers in order."""
        return _names(self.tts_provider)


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


@cache
def settings() -> AgentSettings:
    """The settings of this process."""
    return load_or_exit(AgentSettings)
