"""Secrets by file, and what a process says whose settings are wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.settings import AgentSettings
from api.settings import Settings
from infra.configuration import EXIT_CONFIGURATION, LARGEST_SECRET, export_secret_files, load_or_exit

SECRET = "s" * 32
COMPLETE = {
    "SECRET_KEY": SECRET,
    "AGENT_SERVICE_KEY": "a" * 16,
    "LIVEKIT_API_KEY": "devkey",
    "LIVEKIT_API_SECRET": "l" * 32,
}


@pytest.fixture(autouse=True)
def only_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.endswith("_FILE") or name in COMPLETE:
            monkeypatch.delenv(name)


def complete(monkeypatch: pytest.MonkeyPatch, *, without: str = "") -> None:
    for name, value in COMPLETE.items():
        if name != without:
            monkeypatch.setenv(name, value)


def holding(folder: Path, content: bytes) -> str:
    path = folder / "secret"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_secret_comes_from_a_file_without_its_line_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: bytes
) -> None:
    complete(monkeypatch, without="SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", holding(tmp_path, b"f" * 40 + end))
    assert load_or_exit(Settings).secret_key.get_secret_value() == "f" * 40


def test_environment_wins_over_the_file_unless_it_is_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    complete(monkeypatch)
    monkeypatch.setenv("SECRET_KEY_FILE", holding(tmp_path, b"f" * 40))
    assert load_or_exit(Settings).secret_key.get_secret_value() == SECRET
    monkeypatch.setenv("SECRET_KEY", "")
    assert load_or_exit(Settings).secret_key.get_secret_value() == "f" * 40


def test_a_name_of_several_is_read_by_file_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    complete(monkeypatch)
    monkeypatch.delenv("MAX_CALLS", raising=False)
    monkeypatch.delenv("AGENT_MAX_CALLS", raising=False)
    monkeypatch.setenv("AGENT_MAX_CALLS_FILE", holding(tmp_path, b"7\n"))
    assert load_or_exit(Settings).max_calls == 7


def test_exams_are_shortened_in_the_embedded_stack_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(monkeypatch)
    monkeypatch.setenv("EXAM_TIME_SCALE", "0.1")
    monkeypatch.setenv("AVAAZ_EMBEDDED", "1")
    assert load_or_exit(Settings).exam_time_scale == 0.1
    monkeypatch.setenv("AVAAZ_EMBEDDED", "0")
    with pytest.raises(SystemExit):
        load_or_exit(Settings)
    assert "EXAM_TIME_SCALE" in capsys.readouterr().err
    monkeypatch.delenv("EXAM_TIME_SCALE")
    assert load_or_exit(Settings).exam_time_scale == 1.0


def test_agent_reads_its_keys_by_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEEPGRAM_API_KEY_FILE", holding(tmp_path, b"from-a-file\n"))
    assert load_or_exit(AgentSettings).deepgram_api_key.get_secret_value() == "from-a-file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe\x00", "holds no text"),
        (b"x" * (LARGEST_SECRET + 1), "is larger than"),
    ],
)
def test_unusable_file_ends_the_process_naming_it(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    said: str,
) -> None:
    complete(monkeypatch, without="SECRET_KEY")
    path = str(tmp_path / "none") if content is None else holding(tmp_path, content)
    monkeypatch.setenv("SECRET_KEY_FILE", path)
    with pytest.raises(SystemExit) as ended:
        load_or_exit(Settings)
    assert ended.value.code == EXIT_CONFIGURATION
    message = capsys.readouterr().err
    assert message.startswith(f"avaaz cannot start: SECRET_KEY_FILE: {path} ")
    assert said in message
    assert message.count("\n") == 1


def test_several_faults_make_one_line_without_a_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(monkeypatch, without="AGENT_SERVICE_KEY")
    monkeypatch.setenv("SECRET_KEY", "too-short-a-secret")
    with pytest.raises(SystemExit):
        load_or_exit(Settings)
    message = capsys.readouterr().err
    assert "AGENT_SERVICE_KEY is missing" in message
    assert "SECRET_KEY is malformed" in message
    assert "too-short-a-secret" not in message
    assert message.count("\n") == 1


def test_file_reaches_libraries_that_read_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVEKIT_API_SECRET_FILE", holding(tmp_path, b"by-file\n"))
    monkeypatch.setenv("LIVEKIT_API_SECRET", "")
    export_secret_files(["LIVEKIT_API_SECRET", "LIVEKIT_API_KEY"])
    assert os.environ["LIVEKIT_API_SECRET"] == "by-file"
    assert "LIVEKIT_API_KEY" not in os.environ


@pytest.mark.parametrize(
    ("module", "missing"),
    [("api", "SECRET_KEY"), ("api.worker", "SECRET_KEY"), ("api.migrate", "MIGRATIONS_DATABASE_URL")],
)
def test_process_without_its_secret_says_so_and_fails(module: str, missing: str) -> None:
    environment = {name: value for name, value in COMPLETE.items() if name != missing}
    environment["PATH"] = os.environ["PATH"]
    ended = subprocess.run(
        [sys.executable, "-m", module],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == EXIT_CONFIGURATION
    assert ended.stderr.startswith(f"avaaz cannot start: {missing} is missing. ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (
            ["agent"],
            "LIVEKIT_URL and LIVEKIT_API_KEY and LIVEKIT_API_SECRET and AGENT_SERVICE_KEY",
        ),
        (["agent.shipper"], "AGENT_SERVICE_KEY"),
    ],
)
def test_agent_without_its_secrets_says_so_and_fails(command: list[str], missing: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode != 0
    assert f"avaaz cannot start: {missing} missing." in ended.stderr
