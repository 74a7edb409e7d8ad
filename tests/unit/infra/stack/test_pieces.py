"""Settings, secrets, logs, records and the LiveKit configuration."""

import os
import stat
from pathlib import Path

import pytest
import yaml

from infra.stack.cli import app
from infra.stack.credentials import Credentials, load_credentials
from infra.stack.errors import AlreadyRunningError, StackError
from infra.stack.files import rotate, tail, write_private
from infra.stack.frontend import is_stale, needs_packages
from infra.stack.livekit import pinned_version, write_config
from infra.stack.process import is_same, started_at
from infra.stack.settings import load_settings, port_range, read_env_file
from infra.stack.state import PartRecord, RunFolder, State


def test_a_bad_port_is_named() -> None:
    with pytest.raises(StackError, match="API_PORT"):
        load_settings(None, api_port=70_000)


@pytest.mark.parametrize("value", ["", "50000", "a-b", "50200-50000", "0-10", "50000-70000"])
def test_a_bad_port_range_is_named(value: str) -> None:
    with pytest.raises(StackError, match="LIVEKIT_UDP_PORTS"):
        load_settings(None, livekit_udp_ports=value)


def test_a_port_range_has_two_ends() -> None:
    assert port_range("50000-50200") == (50_000, 50_200)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings"
    file.write_text("API_PORT=18001\nPOSTGRES_PORT=18002\n# a comment\nOPENAI_API_KEY=k\nEMPTY=\n")
    monkeypatch.setenv("API_PORT", "18003")
    settings = load_settings(file)
    assert (settings.api_port, settings.postgres_port) == (18_003, 18_002)
    assert read_env_file(file) == {"API_PORT": "18001", "POSTGRES_PORT": "18002", "OPENAI_API_KEY": "k"}


def test_an_empty_address_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert load_settings(None).own_database


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    first = load_credentials(tmp_path)
    path = tmp_path / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert load_credentials(tmp_path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = list(first.model_dump().values())
    assert len(set(values)) == len(values)


def test_secrets_that_an_older_release_did_not_have_are_added(tmp_path: Path) -> None:
    write_private(tmp_path / "secrets.json", '{"secret_key": "kept"}')
    made = load_credentials(tmp_path)
    assert made.secret_key == "kept"
    assert load_credentials(tmp_path) == made


def test_a_long_log_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    with path.open("ab", buffering=0) as writer:
        for number in range(4):
            writer.write(f"round {number}\n".encode() * 100)
            rotate(path, limit_bytes=500, kept=2)
        writer.write(b"after\n")
    assert path.read_text() == "after\n"
    assert (tmp_path / "api.log.1").read_text().endswith("round 3\n")
    assert (tmp_path / "api.log.2").read_text().endswith("round 2\n")
    assert not (tmp_path / "api.log.3").exists()
    assert (tmp_path / "api.log.1").stat().st_size <= 500


def test_a_short_log_stays(tmp_path: Path) -> None:
    path = tmp_path / "api.log"
    path.write_text("one\ntwo\nthree\n")
    rotate(path, limit_bytes=500, kept=2)
    assert tail(path, 2) == ["two", "three"]
    assert tail(tmp_path / "missing.log") == []


def test_a_pid_is_believed_only_with_its_start() -> None:
    began = started_at(os.getpid())
    assert is_same(os.getpid(), began)
    assert not is_same(os.getpid(), (began or 0) - 10)
    assert not is_same(None, began)


def test_the_lock_is_held_by_one(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert not folder.is_locked()
    with folder.lock():
        assert folder.is_locked()
        with pytest.raises(AlreadyRunningError), RunFolder(tmp_path).lock():
            pass
    assert not folder.is_locked()


def test_records_are_read_back_and_forgotten(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    record = PartRecord(name="api", state=State.READY, pid=1, began=2.0, ports=[8000], restarts=3, note="n")
    folder.write_part(record)
    folder.write_stack("run", "http://127.0.0.1:8000", ready=True)
    (tmp_path / "run" / "parts" / "broken.json").write_text("{")
    assert folder.read_parts() == [record]
    stack = folder.read_stack()
    assert stack is not None
    assert stack.alive
    folder.clear()
    assert folder.read_parts() == []
    assert folder.read_stack() is None


def test_the_livekit_configuration_stays_on_this_machine(tmp_path: Path) -> None:
    settings = load_settings(None, avaaz_home=tmp_path, livekit_port=17_880, api_port=18_000)
    credentials = Credentials()
    path = write_config(settings, credentials)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    config = yaml.safe_load(path.read_text())
    assert config["port"] == 17_880
    assert config["bind_addresses"] == config["turn"]["bind_addresses"] == ["127.0.0.1"]
    assert config["rtc"]["interfaces"] == {"includes": ["lo"]}
    assert config["rtc"]["use_external_ip"] is False
    assert config["keys"] == {credentials.livekit_api_key: credentials.livekit_api_secret}
    assert config["webhook"]["urls"] == ["http://127.0.0.1:18000/livekit/webhook"]
    assert config["webhook"]["api_key"] == credentials.livekit_api_key


def test_the_pinned_livekit_version_is_read_from_the_module() -> None:
    assert pinned_version().split(".")[:2] == ["1", "13"]


def test_the_web_application_is_built_again_when_a_source_is_newer(tmp_path: Path) -> None:
    source, built = tmp_path / "src" / "main.tsx", tmp_path / "dist" / "index.html"
    for path in (source, built, tmp_path / "node_modules" / "x" / "index.js"):
        path.parent.mkdir(parents=True)
        path.touch()
    os.utime(source, (1_000, 1_000))
    os.utime(built, (2_000, 2_000))
    assert not is_stale(tmp_path)
    os.utime(source, (3_000, 3_000))
    assert is_stale(tmp_path)
    built.unlink()
    assert is_stale(tmp_path)


def test_packages_are_installed_again_when_the_lock_is_newer(tmp_path: Path) -> None:
    lock, installed = tmp_path / "package-lock.json", tmp_path / "node_modules" / ".package-lock.json"
    lock.touch()
    assert needs_packages(tmp_path)
    installed.parent.mkdir()
    installed.touch()
    os.utime(lock, (1_000, 1_000))
    assert not needs_packages(tmp_path)


def test_commands_of_other_folders_are_listed_without_being_imported() -> None:
    import sys  # noqa: PLC0415 - looked at after the command line was built

    import typer  # noqa: PLC0415

    group = typer.main.get_command(app)
    context = typer.Context(group)
    assert {"up", "down", "status", "build", "bench"} <= set(group.list_commands(context))  # type: ignore[attr-defined]
    sys.modules.pop("infra.bench.cli", None)
    assert group.get_command(context, "bench") is not None  # type: ignore[attr-defined]
    assert "infra.bench.cli" not in sys.modules
