"""The real parts, started by `avaaz up` in a home of their own."""

import asyncio
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from infra.bench.account import Account
from infra.stack.checks import is_free
from infra.stack.embedded import RunningStack, running_stack
from infra.stack.process import marked
from infra.stack.state import RunFolder, State
from tests.support.terminal import avaaz, settings_of

SUPERVISED = ("postgres", "livekit", "models", "api", "worker", "agent", "shipper")
EVERYTHING_ELSE = ("migrate", "seed", "frontend", "models", "api", "worker", "agent", "shipper")
"""Left out where only Postgres and LiveKit are needed."""


def run_id(stack: RunningStack) -> str:
    """The mark of this run's processes."""
    record = RunFolder(stack.home).read_stack()
    assert record is not None
    return record.run_id


@contextmanager
def nothing_left(stack: RunningStack) -> Iterator[None]:
    """After the block no process of the stack lives and every port is free."""
    mark = run_id(stack)
    pids = [stack.part(name).pid for name in SUPERVISED if name in {part.name for part in stack.plan.parts}]
    yield
    assert list(marked(mark)) == []
    assert [pid for pid in pids if pid and _is_alive(pid)] == []
    assert [use for part in stack.plan.parts for use in part.ports if not is_free(use)] == []


def _is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def ended(pid: int) -> None:
    """Waits until a process is gone."""
    while _is_alive(pid):  # noqa: ASYNC110 - its end sends no event here
        await asyncio.sleep(0.05)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stack() -> AsyncIterator[RunningStack]:
    """Everything but the web application."""
    async with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One AVAAZ_HOME for all starts of Postgres and LiveKit alone, so that the cluster is made once."""
    with tempfile.TemporaryDirectory(prefix="avaaz-") as folder:
        yield Path(folder)


async def test_it_answers_and_names_its_parts(stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=stack.api_url) as client:
        assert (await client.get("/health/ready")).status_code == 200
    for name in SUPERVISED:
        assert stack.part(name).state is State.READY
    assert stack.part("migrate").state is stack.part("seed").state is State.DONE


async def test_demo_accounts_can_sign_in(stack: RunningStack) -> None:
    async with httpx.AsyncClient(base_url=f"{stack.api_url}/api/v1") as client:
        for email, password in (
            ("learner@example.com", "Speak-easy-1"),
            ("instructor@example.com", "Teach-well-1"),
            ("admin@example.com", "Manage-well-1"),
        ):
            answer = await client.post("/auth/login", json={"email": email, "password": password})
            assert answer.status_code == 204


async def test_an_operator_works_beside_the_running_stack(stack: RunningStack, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("Manage-well-2\n", encoding="utf-8")

    async def run(*words: str) -> subprocess.CompletedProcess[str]:
        return await avaaz(settings_of(stack), *words)

    given, unknown, seeded, made = await asyncio.gather(
        run("admin", "set-role", "instructor@example.com", "admin"),
        run("admin", "set-role", "nobody@example.com", "admin"),
        run("seed"),
        run("admin", "create", "boss@example.com", "--operator", "--password-file", str(password)),
    )
    assert given.stdout == "The role is now admin.\n"
    assert unknown.returncode == 1
    assert "There is no account" in unknown.stderr
    assert seeded.returncode == 0
    assert made.stdout.startswith("Made: operator")
    async with httpx.AsyncClient(base_url=f"{stack.api_url}/api/v1") as client:
        sign_in = {"email": "boss@example.com", "password": "Manage-well-2"}
        assert (await client.post("/auth/login", json=sign_in)).status_code == 204
        assert (await client.get("/admin/health")).status_code == 200


async def test_a_mailed_link_is_shown_on_the_console_and_not_logged(stack: RunningStack) -> None:
    console = stack.home / "up.log"
    async with Account(stack.api_url) as account:
        await account.sign_up()
    async with asyncio.timeout(60):
        while not (link := re.search(r"Mail: .*#token=(\S+)", console.read_text())):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert len(link[1]) > 20
    assert not [log.name for log in (stack.home / "logs").iterdir() if link[1] in log.read_text()]


async def test_status_as_json(stack: RunningStack) -> None:
    done = await avaaz(settings_of(stack), "status", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["ready"]
    parts = {part["name"]: part for part in found["parts"]}
    for name in SUPERVISED:
        part = parts[name]
        assert part["state"] == "ready"
        assert part["pid"] == stack.part(name).pid
        assert part["pss_mb"] > 1
        assert part["uptime_s"] > 0
    assert parts["api"]["ports"] == [stack.settings.api_port]


async def test_the_doctor_finds_nothing_to_mend(stack: RunningStack) -> None:
    examined = await avaaz(settings_of(stack), "doctor", "--json")
    found = {(one["area"], one["name"]): one for one in json.loads(examined.stdout)}
    assert [one for one in found.values() if one["state"] == "failed"] == []
    assert examined.returncode == 0
    tried = [
        ("LiveKit", "audio"),
        ("STT", "local"),
        ("TTS", "local"),
        ("Postgres", "schema"),
        ("API", "ready"),
    ]
    assert [found[name]["state"] for name in tried] == ["ok"] * len(tried)
    assert found["LiveKit", "audio"]["figures"]["heard_after_ms"] > 0


async def test_a_second_up_says_what_runs_and_harms_nothing(stack: RunningStack) -> None:
    before = {name: stack.part(name).pid for name in SUPERVISED}
    done = await avaaz(settings_of(stack), "up")
    assert done.returncode == 0
    assert "runs already" in done.stdout
    assert "postgres" in done.stdout
    assert {name: stack.part(name).pid for name in SUPERVISED} == before


@pytest.mark.parametrize("name", SUPERVISED)
async def test_a_killed_part_heals(stack: RunningStack, name: str) -> None:
    restarts = stack.part(name).restarts
    pid = stack.kill(name)
    healed = await stack.wait_ready(name, not_pid=pid)
    assert healed.restarts > restarts
    async with httpx.AsyncClient(base_url=stack.api_url) as client, asyncio.timeout(60):
        while (await client.get("/health/ready")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_ctrl_c_stops_everything_within_ten_seconds(stack: RunningStack) -> None:
    with nothing_left(stack):
        os.kill(stack.pid, signal.SIGINT)
        async with asyncio.timeout(10):
            await ended(stack.pid)


async def test_down_from_another_terminal(home: Path) -> None:
    async with running_stack(home, without=EVERYTHING_ELSE) as running:
        with nothing_left(running):
            done = await avaaz(settings_of(running), "down")
            assert done.stdout == "Stopped.\n"
        assert (await avaaz(settings_of(running), "status")).returncode == 3
        assert "Nothing runs" in (await avaaz(settings_of(running), "down")).stdout
        assert "Nothing runs" in (await avaaz(settings_of(running), "seed")).stderr


async def test_what_a_killed_up_left_is_cleared_by_the_next_one(home: Path) -> None:
    async with running_stack(home, without=EVERYTHING_ELSE) as first:
        old = run_id(first)
        os.kill(first.pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            await ended(first.pid)
        async with running_stack(home, env=settings_of(first), without=EVERYTHING_ELSE) as second:
            assert list(marked(old)) == []
            assert run_id(second) != old
            assert second.part("postgres").state is second.part("livekit").state is State.READY


async def test_what_a_killed_up_left_is_cleared_by_down(home: Path) -> None:
    async with running_stack(home, without=EVERYTHING_ELSE) as running:
        with nothing_left(running):
            os.kill(running.pid, signal.SIGKILL)
            async with asyncio.timeout(10):
                await ended(running.pid)
            assert (await avaaz(settings_of(running), "down")).returncode == 0


async def test_a_taken_port_names_its_setting_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    async with running_stack(home, without=EVERYTHING_ELSE) as running:
        taken = running.settings.postgres_port
        other = {"AVAAZ_HOME": str(tmp_path), "POSTGRES_PORT": str(taken)}
        done = await avaaz(other, "up", "--without", "livekit")
        assert done.returncode == 1
        assert f"Port {taken} is in use" in done.stderr
        assert "Set POSTGRES_PORT to another port." in done.stderr
        assert RunFolder(tmp_path).read_parts() == []


async def test_parts_given_by_address_are_not_started(home: Path) -> None:
    async with running_stack(home, without=EVERYTHING_ELSE) as running:
        given = {
            "LIVEKIT_URL": running.livekit_url,
            "LIVEKIT_API_KEY": running.livekit_key,
            "LIVEKIT_API_SECRET": running.livekit_secret,
            "DATABASE_URL": running.env["DATABASE_URL"],
            "STT_URL": "http://127.0.0.1:9",
            "TTS_URL": "http://127.0.0.1:9/v1",
            "EMBEDDINGS_URL": "http://127.0.0.1:9/v1",
            "GRAMMAR_URL": "http://127.0.0.1:9/v2",
        }
        without = ("frontend", "api", "worker", "agent", "shipper")
        async with running_stack(env=given, without=without) as other:
            for name in ("postgres", "livekit", "models"):
                assert other.part(name).state is State.GIVEN
                assert other.part(name).pid is None
            assert other.livekit_url == running.livekit_url
