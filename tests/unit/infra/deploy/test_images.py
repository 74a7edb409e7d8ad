"""The Dockerfile: hadolint finds nothing, and each image holds the folders and packages that it needs."""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.composed import ROOT

DOCKERFILE = ROOT / "infra" / "docker" / "Dockerfile"
OURS = ("agent", "api", "infra", "migrations", "prompts")
ENTRIES = {
    "api": "api.__main__ api.main api.worker api.migrate api.seed api.admin api.selftest",
    "agent": "agent.__main__ agent.main agent.job agent.preload agent.shipper agent.selftest",
    "models": "infra.models.__main__ infra.models.app infra.models.tts_process",
    "tools": "infra.stack.cli infra.backup.cli api.migrate",
}
"""Modules that each image's processes begin with."""
EXTRAS = {"tools": ("api", "stack")}
"""Of an image that has not the one of its own name."""
ENVIRONMENT = {
    "LIVEKIT_URL": "ws://127.0.0.1:1",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "s" * 32,
    "AGENT_SERVICE_KEY": "a" * 16,
    "SECRET_KEY": "k" * 32,
}
IMPORT = f"""
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
for name, module in sys.modules.items():
    if name.split(".")[0] in {OURS!r} and getattr(module, "__file__", None):
        print(module.__file__)
"""


@dataclass
class Stage:
    """One stage of the Dockerfile."""

    base: str
    lines: list[str] = field(default_factory=list)

    def instructions(self, name: str) -> list[str]:
        """The arguments of every instruction of that name."""
        return [line.split(maxsplit=1)[1] for line in self.lines if line.startswith(f"{name} ")]


def stages() -> dict[str, Stage]:
    text = DOCKERFILE.read_text("utf-8").replace("\\\n", " ")
    found: dict[str, Stage] = {}
    current = Stage("")
    for line in text.splitlines():
        if begun := re.match(r"FROM (\S+) AS (\S+)", line):
            current = found[begun[2]] = Stage(begun[1])
        elif line.strip() and not line.startswith("#"):
            current.lines.append(line.strip())
    return found


STAGES = stages()


def copied(target: str, folder: Path) -> None:
    """Lay out what the build stage of an image copies from the tree."""
    for copy in STAGES[f"{target}-build"].instructions("COPY"):
        *sources, destination = copy.split()
        for origin in (path for source in sources for path in sorted(ROOT.glob(source))):
            aim = folder / destination / ("" if origin.is_dir() else origin.name)
            if origin.is_dir():
                shutil.copytree(origin, aim, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                aim.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin, aim)


def locked(target: str) -> set[str]:
    """Distributions that the lock gives an image."""
    extras = [word for name in EXTRAS.get(target, (target,)) for word in ("--extra", name)]
    command = ["uv", "export", "--frozen", "--no-dev", *extras, "--no-hashes", "--no-emit-project"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", answer.stdout, re.MULTILINE)
    return {normal(name) for name in names}


def imported_by(path: Path) -> set[str]:
    """The top-level modules that a file of ours imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_hadolint_finds_nothing() -> None:
    program = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run(
        [str(program), "--failure-threshold", "style", str(DOCKERFILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("target", ["api", "agent", "models", "web"])
def test_image_runs_without_root_and_tells_its_health(target: str) -> None:
    stage = STAGES[target]
    assert stage.instructions("USER") == ["10001:10001"]
    assert len(stage.instructions("HEALTHCHECK")) == 1
    assert not any("apt-get" in line or "uv sync" in line for line in stage.lines), "built in another stage"


def test_tools_run_without_root_for_one_command_at_a_time() -> None:
    stage = STAGES["tools"]
    assert stage.instructions("USER") == ["10001:10001"]
    assert stage.instructions("ENTRYPOINT") == ['["avaaz"]']
    assert stage.instructions("HEALTHCHECK") == []
    assert [line for line in STAGES["tools-packages"].lines if "--extra api --extra stack" in line]


def test_backup_in_its_image_finds_its_secrets_and_its_programs(tmp_path: Path) -> None:
    """As compose starts it, but for the database, which is not there: so far it comes, and says so."""
    app, secrets, backups = tmp_path / "app", tmp_path / "secrets", tmp_path / "backups"
    copied("tools", app)
    secrets.mkdir()
    backups.mkdir()
    given = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/avaaz"}
    given["MIGRATIONS_DATABASE_URL"] = given["DATABASE_URL"]
    for name, value in given.items():
        (secrets / name).write_text(value + "\n")
    environment = {f"{name}_FILE": str(secrets / name) for name in given}
    environment |= {"AVAAZ_HOME": str(tmp_path / "home"), "OBJECTS_DIR": str(tmp_path / "objects")}
    answer = subprocess.run(
        [sys.executable, "-m", "infra.stack.cli", "backup", str(backups), "--keep", "14"],
        cwd=app,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(app), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "psql ended with status 2" in answer.stderr
    assert "Connection refused" in answer.stderr
    assert list(backups.iterdir()) == []


def test_bases_are_pinned_by_version() -> None:
    bases = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", DOCKERFILE.read_text("utf-8"), re.MULTILINE))
    assert len(bases) == 4
    for base in bases.values():
        assert re.search(r":\d+\.?\d*", base), base
    named = {stage.base for stage in STAGES.values()} - set(STAGES)
    assert named == {f"${{{name}}}" for name in bases}


def test_python_is_the_one_that_the_tests_run_on() -> None:
    declared = re.search(r"PYTHON_IMAGE=python:(\d+\.\d+)-", DOCKERFILE.read_text("utf-8"))
    assert declared
    assert declared[1] == "3.11"


@pytest.mark.parametrize("target", ENTRIES)
def test_image_holds_the_folders_and_packages_that_its_processes_import(target: str, tmp_path: Path) -> None:
    copied(target, tmp_path)
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT, *ENTRIES[target].split()],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    modules = answer.stdout.splitlines()
    assert [path for path in modules if not path.startswith(str(tmp_path))] == [], "the image lacks these"
    owners, allowed = packages_distributions(), locked(target)
    missing = {
        name
        for path in modules
        for name in imported_by(Path(path))
        if name in owners and not {normal(owner) for owner in owners[name]} & allowed
    }
    assert missing - set(OURS) == set(), "the extra lacks the packages of these modules"


def test_builder_receives_every_file_that_is_copied_and_no_secret() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    admitted = {rule[1:] for rule in rules if rule.startswith("!")}
    assert "*" in rules
    sources = {
        source
        for stage in STAGES.values()
        for copy in stage.instructions("COPY")
        if not copy.startswith("--from")
        for source in copy.split()[:-1]
    }
    for source in sources:
        ancestors = {source, *(str(parent) for parent in Path(source).parents)}
        assert ancestors & admitted, f"{source} is not sent to the builder"
        assert list(ROOT.glob(source))
    assert "**/.env*" in rules
    assert "secrets" not in admitted
