"""Settings of the local stack: where it keeps its files, its ports, which parts are given by address."""

from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from infra.configuration import FileSettings, SecretFileError
from infra.stack.errors import StackError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds `pyproject.toml`, where the parts are started."""

ENV_FILE = Path(".env")
"""Read from the working directory; the process environment wins over it."""

Port = Annotated[int, Field(ge=1, le=65_535)]


class StackSettings(FileSettings):
    """Everything `avaaz up` may be told. Names of the environment are the fields' names in capitals."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    avaaz_home: Path = Path(".avaaz")
    avaaz_bin: Path | None = None
    """Folder of built programs; `AVAAZ_HOME/bin` when not given."""
    frontend_dist: Path | None = None
    """Built web application; when not given it is built in `frontend/dist`."""

    api_port: Port = 8000
    postgres_port: Port = 5499
    models_port: Port = 8790
    livekit_port: Port = 7880
    livekit_tcp_port: Port = 7881
    livekit_udp_ports: str = "50000-50200"
    livekit_turn_port: Port = 3478
    livekit_relay_ports: str = "50300-50400"
    livekit_log_level: Literal["debug", "info", "warn", "error"] = "error"
    """Below `error` the LiveKit server writes refused tokens, whole, into its log."""
    agent_port: Port = 8081
    agent_metrics_port: Port = 9102
    agent_workers: int = Field(default=2, ge=1, le=2)
    """Two, so that the other one takes a call over when one dies."""
    agent_second_port: Port = 8082
    agent_second_metrics_port: Port = 9105
    shipper_metrics_port: Port = 9103
    worker_metrics_port: Port = 9104

    database_url: str | None = None
    migrations_database_url: str | None = None
    livekit_url: str | None = None
    public_livekit_url: str | None = None
    stt_url: str | None = None
    tts_url: str | None = None
    embeddings_url: str | None = None
    grammar_url: str | None = None
    models_url: str | None = None

    secret_key: str | None = None
    agent_service_key: str | None = None
    livekit_api_key: str | None = None
    livekit_api_secret: str | None = None

    @field_validator("livekit_udp_ports", "livekit_relay_ports")
    @classmethod
    def _is_range(cls, value: str) -> str:
        first, last = port_range(value)
        if not 1 <= first <= last <= 65_535:
            raise ValueError("must be FIRST-LAST, two port numbers in rising order, as in 50000-50200")
        return value

    @field_validator("avaaz_home", "avaaz_bin", "frontend_dist")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value is not None else None

    @model_validator(mode="after")
    def _livekit_has_keys(self) -> "StackSettings":
        if self.livekit_url and not (self.livekit_api_key and self.livekit_api_secret):
            raise ValueError("LIVEKIT_URL is given: LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed too")
        return self

    @property
    def bin_dir(self) -> Path:
        """Where built programs are kept, by version."""
        return self.avaaz_bin or self.avaaz_home / "bin"

    @property
    def address(self) -> str:
        """Where people open the product."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def own_database(self) -> bool:
        """Whether the stack starts Postgres itself."""
        return self.database_url is None

    @property
    def own_livekit(self) -> bool:
        """Whether the stack starts the LiveKit server itself."""
        return self.livekit_url is None

    @property
    def own_models(self) -> bool:
        """Whether anything still needs the local model server."""
        return not all((self.stt_url, self.tts_url, self.embeddings_url, self.grammar_url))


def port_range(value: str) -> tuple[int, int]:
    """First and last port of `FIRST-LAST`.

    Raises:
        ValueError: the text has another form.
    """
    first, separator, last = value.partition("-")
    if not (separator and first.strip().isdigit() and last.strip().isdigit()):
        raise ValueError("must be FIRST-LAST, as in 50000-50200")
    return int(first), int(last)


def read_env_file(path: Path | None) -> dict[str, str]:
    """What an environment file sets; empty when there is none."""
    if path is None or not path.is_file():
        return {}
    return {name: value for name, value in dotenv_values(path).items() if value}


def load_settings(env_file: Path | None = ENV_FILE, **overrides: object) -> StackSettings:
    """Settings from `overrides`, the environment, and the environment file, in this order.

    Raises:
        StackError: a value is not valid; names the setting.
    """
    try:
        return StackSettings(_env_file=env_file, **overrides)  # type: ignore[arg-type]
    except SecretFileError as error:
        raise StackError(str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() + ": " if first["loc"] else ""
        raise StackError(
            f"A setting is not valid. {name}{first['msg'].removeprefix('Value error, ')}"
        ) from error
