"""The Caddyfile, LiveKit's configuration and the workflows, each read by the program that it is for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.stack.livekit import built_binary, pinned_version
from infra.stack.settings import load_settings
from tests.support.composed import ROOT, environment_file, services

CADDYFILE = ROOT / "Caddyfile"
WORKFLOWS = sorted((ROOT / ".gitea" / "workflows").glob("*.yml"))


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize("tls", ["internal", "operations@example.org"])
def test_caddy_accepts_the_caddyfile_with_what_compose_gives_it(tmp_path: Path, tls: str) -> None:
    given = {**environment_file("production"), "AVAAZ_TLS": tls}
    answer = subprocess.run(
        [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
        env={**services(given)["caddy"]["environment"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "Valid configuration" in answer.stdout + answer.stderr


def test_caddyfile_is_in_its_one_form() -> None:
    answer = subprocess.run(
        [program("caddy"), "fmt", "--diff", str(CADDYFILE)], capture_output=True, text=True, check=False
    )
    changed = [line for line in answer.stdout.splitlines() if line.startswith(("+", "-"))]
    assert changed == []


def test_caddyfile_names_only_variables_that_have_a_default_or_that_compose_gives() -> None:
    given = services(environment_file("production"))["caddy"]["environment"]
    for name, default in re.findall(r"\{\$(\w+)(:[^}]*)?\}", CADDYFILE.read_text("utf-8")):
        assert default or name in given, name


@pytest.mark.parametrize("redis", ["", "redis:6379"])
def test_livekit_accepts_its_configuration(tmp_path: Path, redis: str) -> None:
    server = built_binary(load_settings(None))
    if not server.exists():
        pytest.skip("LiveKit is given on PATH, in a version of its own")
    given = {
        **environment_file("production"),
        "LIVEKIT_USE_STUN": "false",
        "AVAAZ_PUBLIC_IP": "192.0.2.1",
        "LIVEKIT_REDIS": redis,
    }
    keys = tmp_path / "keys"
    keys.write_text(f"avaaz: {'s' * 64}\n")
    keys.chmod(0o400)
    answer = subprocess.run(
        [str(server), "--key-file", str(keys), "ports"],
        env=services(given)["livekit"]["environment"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = answer.stdout + answer.stderr
    for port in ("7880", "7881", "3478", "60000-60100"):
        assert port in said, said
    assert "could not" not in said


def test_livekit_image_is_the_version_that_the_tests_run() -> None:
    image = services(environment_file("production"))["livekit"]["image"]
    assert image == f"livekit/livekit-server:v{pinned_version()}"


def test_caddy_image_is_the_version_that_the_tests_run() -> None:
    answer = subprocess.run([program("caddy"), "version"], capture_output=True, text=True, check=True)
    version = answer.stdout.split()[0].removeprefix("v")
    dockerfile = (ROOT / "infra" / "docker" / "Dockerfile").read_text("utf-8")
    assert f"ARG CADDY_IMAGE=caddy:{version}-alpine" in dockerfile


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_fits_the_schema(path: Path) -> None:
    answer = subprocess.run(
        [program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


def test_workflows_call_the_targets_that_developers_call() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    called = set()
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            for step in job["steps"]:
                called |= set(
                    re.findall(r"make (?:-C \S+ (?:\S+ }}\" )?)?([a-z][a-z0-9-]*)", step.get("run", ""))
                )
    assert called == {"install", "lint", "audit", "coverage", "test", "images", "deploy"}
    assert called <= targets


def test_production_follows_staging_which_follows_the_checks() -> None:
    deploy = yaml.safe_load((ROOT / ".gitea" / "workflows" / "deploy.yml").read_text("utf-8"))
    # YAML 1.1 reads the key `on` as true.
    assert deploy[True] == {"push": {"tags": ["v*"]}}
    assert deploy["jobs"]["staging"]["needs"] == "checks"
    assert deploy["jobs"]["production"]["needs"] == "staging"
    assert any("origin/main" in step.get("run", "") for step in deploy["jobs"]["checks"]["steps"])
