"""The secrets that the installation's script makes are those that the parts accept."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from agent.settings import AgentSettings
from api.settings import DatabaseSettings, Settings
from infra.configuration import FileSettings, load_or_exit
from tests.support.composed import ENVIRONMENTS, ROOT, composed, environment_file, services

SCRIPT = ROOT / "infra" / "docker" / "make-secrets.sh"
PROCESSES = (("api", Settings), ("jobs", Settings), ("migrate", DatabaseSettings), ("agent", AgentSettings))


def make(folder: Path) -> str:
    answer = subprocess.run(["sh", str(SCRIPT), str(folder)], capture_output=True, text=True, check=True)
    return answer.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation") / "secrets"
    make(folder)
    return folder


def test_every_secret_of_the_compose_file_is_made_and_no_other(made: Path) -> None:
    named = {
        Path(secret["file"]).name for secret in composed(environment_file("production"))["secrets"].values()
    }
    read_by_compose = {"api.env", "agent.env"}
    assert {path.name for path in made.iterdir()} == named | read_by_compose


def test_folder_is_closed_and_livekits_keys_are_readable_by_their_owner_alone(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    for name in ("livekit_keys", "sip", "api.env", "agent.env"):
        assert stat.S_IMODE((made / name).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((made / "secret_key").stat().st_mode) == 0o444


def test_second_run_changes_nothing(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    assert "made" not in make(made)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_livekit_and_its_gateway_hold_the_same_secret(made: Path) -> None:
    secret = (made / "livekit_api_secret").read_text()
    assert yaml.safe_load((made / "livekit_keys").read_text()) == {"avaaz": secret}
    assert yaml.safe_load((made / "sip").read_text())["api_secret"] == secret
    assert len(secret) == 64


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(("service", "settings"), PROCESSES)
def test_process_starts_with_them_and_the_environments_file(
    monkeypatch: pytest.MonkeyPatch,
    made: Path,
    environment: str,
    service: str,
    settings: type[FileSettings],
) -> None:
    given = environment_file(environment)
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in {**given, **services(given)[service]["environment"]}.items():
        monkeypatch.setenv(name, str(value).replace("/run/secrets/", f"{made}/"))
    loaded = load_or_exit(settings)
    if isinstance(loaded, Settings):
        assert loaded.secure_cookies
        assert loaded.browser_livekit_url == f"wss://rtc.{given['AVAAZ_DOMAIN']}"
        assert loaded.secret_key.get_secret_value() == (made / "secret_key").read_text()
        assert "@postgres:5432/avaaz" in loaded.database_url
    if isinstance(loaded, DatabaseSettings):
        assert loaded.migrations_database_url == (made / "migrations_database_url").read_text()
        assert (made / "postgres_password").read_text() in loaded.migrations_database_url
    if isinstance(loaded, AgentSettings):
        assert loaded.agent_service_key.get_secret_value() == (made / "agent_service_key").read_text()
