"""Deploying a version: only tags on main, kept where healthy, taken back where not. Docker is a stand-in."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.composed import ROOT

ENV_FILE = ".env.production"
DOCKER = """#!/bin/sh
echo "$AVAAZ_VERSION: $*" >> "$CALLS"
case "$*" in
*" up "*) case " $SICK " in *" $AVAAZ_VERSION "*) exit 1 ;; esac ;;
esac
"""
CURL = """#!/bin/sh
echo "curl $*" >> "$CALLS"
case " $MUTE " in *" $(git describe --tags --exact-match) "*) exit 22 ;; esac
"""


class Installation:
    """A clone on a server, with stand-ins for docker and curl."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.calls = folder / "server", folder / "calls"
        origin, programs = folder / "origin", folder / "bin"
        programs.mkdir()
        for name, text in {"docker": DOCKER, "curl": CURL}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "CALLS": str(self.calls),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self.calls.touch()
        self._git(folder, "init", "--quiet", "--initial-branch=main", str(origin))
        script = origin / "infra" / "docker" / "deploy.sh"
        script.parent.mkdir(parents=True)
        script.write_text((ROOT / "infra" / "docker" / "deploy.sh").read_text())
        self._git(origin, "add", ".")
        for tag in ("v1", "v2"):
            self._commit(origin, tag)
        self._git(origin, "checkout", "--quiet", "-b", "aside")
        self._commit(origin, "v3-aside")
        self._git(origin, "checkout", "--quiet", "main")
        self._git(folder, "clone", "--quiet", str(origin), str(self.tree))
        self.settings()

    def _commit(self, tree: Path, tag: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        self._git(tree, *identity, "commit", "--quiet", "--allow-empty", "-m", tag)
        self._git(tree, "tag", tag)

    def _git(self, where: Path, *words: str) -> str:
        answer = subprocess.run(
            ["git", *words], cwd=where, env=self.environment, capture_output=True, text=True, check=True
        )
        return answer.stdout.strip()

    def settings(self, images: str = "avaaz") -> None:
        """Write the environment's file."""
        text = f"AVAAZ_DOMAIN=coach.example.org\nAVAAZ_TLS=internal\nAVAAZ_IMAGES={images}\n"
        (self.tree / ENV_FILE).write_text(text)

    def deploy(self, tag: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script as an operator does."""
        self.calls.write_text("")
        return subprocess.run(
            ["sh", "infra/docker/deploy.sh", tag, ENV_FILE],
            cwd=self.tree,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def said_to_docker(self) -> list[str]:
        """What docker was asked, with the version it was asked for."""
        lines = self.calls.read_text().splitlines()
        return [line.replace(f"compose --env-file {ENV_FILE} ", "") for line in lines if "compose" in line]

    @property
    def running(self) -> str:
        """The version that the installation believes it runs."""
        path = self.tree / ".deployed"
        return path.read_text().strip() if path.exists() else ""

    @property
    def checked_out(self) -> str:
        """The tag of the tree."""
        return self._git(self.tree, "describe", "--tags", "--exact-match")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.mark.parametrize(
    ("tag", "said"),
    [("main", "not a version"), ("v9", "there is no tag v9"), ("v3-aside", "is not on origin/main")],
)
def test_what_is_no_version_on_main_is_refused_before_anything_changes(
    installation: Installation, tag: str, said: str
) -> None:
    answer = installation.deploy(tag)
    assert answer.returncode != 0
    assert said in answer.stderr
    assert installation.said_to_docker == []


def test_missing_environment_file_is_named(installation: Installation) -> None:
    (installation.tree / ENV_FILE).unlink()
    answer = installation.deploy("v1")
    assert answer.returncode != 0
    assert f"copy {ENV_FILE}.example" in answer.stderr


def test_healthy_version_is_kept(installation: Installation) -> None:
    assert installation.deploy("v1").returncode == 0
    assert installation.deploy("v2").returncode == 0
    assert installation.running == installation.checked_out == "v2"
    assert installation.said_to_docker == [
        "v2: build --quiet",
        "v2: up --detach --wait --wait-timeout 300 --remove-orphans",
    ]


def test_images_of_a_registry_are_pulled_and_not_built(installation: Installation) -> None:
    installation.settings(images="registry.example.org/avaaz")
    assert installation.deploy("v1").returncode == 0
    assert installation.said_to_docker[0] == "v1: pull --quiet"


@pytest.mark.parametrize("fault", ["SICK", "MUTE"], ids=["a part is unhealthy", "the edge does not answer"])
def test_sick_version_makes_way_for_the_one_before(installation: Installation, fault: str) -> None:
    assert installation.deploy("v1").returncode == 0
    answer = installation.deploy("v2", **{fault: "v2"})
    assert answer.returncode != 0
    assert "v1 is back" in answer.stderr
    assert installation.running == installation.checked_out == "v1"
    assert installation.said_to_docker[-1].startswith("v1: up ")


def test_first_version_that_is_sick_leaves_nothing_to_go_back_to(installation: Installation) -> None:
    answer = installation.deploy("v1", SICK="v1")
    assert answer.returncode != 0
    assert "no version to go back to" in answer.stderr
    assert installation.running == ""


def test_two_sick_versions_point_to_the_runbook(installation: Installation) -> None:
    assert installation.deploy("v1").returncode == 0
    answer = installation.deploy("v2", SICK="v1 v2")
    assert answer.returncode != 0
    assert "docs/operations.md" in answer.stderr
