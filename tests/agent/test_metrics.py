"""What the agent's figures say: of all job processes together, and of the outbox."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry, multiprocess

from agent import metrics
from agent.outbox import OpenedLine, OutboxWriter, TurnLine
from agent.shipper import Shipper
from agent.shipper_metrics import serving
from tests.agent.conftest import turn
from tests.agent.fake_api import FakeApi

A_JOB = """
from datetime import UTC, datetime
from agent.metrics import count_turn
from api.contract.calls import Role, StageTimings, TurnRecord

now = datetime.now(UTC)
for number, timings in enumerate((
    {"end_of_turn_delay": 310.0, "transcription_delay": 190.0, "retrieval": 4.0},
    {"llm_first_token": 120.0, "tts_first_byte": 140.0, "voice_to_voice": 640.0},
    {},
)):
    role = Role.COACH if number else Role.LEARNER
    count_turn(TurnRecord(item_id=f"i{number}", position=number, role=role, text="Hello.", started_at=now,
                          ended_at=now, timings=StageTimings(**timings), llm="guided"))
"""


def test_turns_of_all_job_processes_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", A_JOB], check=True, env=environment)
    assert len(list(tmp_path.glob("histogram_*.db"))) == 2
    check_two_turns(tmp_path)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for _ in range(2):
        metrics.fold()
        assert [path.name for path in tmp_path.glob("histogram_*.db")] == ["histogram_0.db"]
        check_two_turns(tmp_path)


def test_a_job_that_goes_on_keeps_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    own = tmp_path / f"histogram_{os.getpid()}.db"
    own.write_bytes(b"")
    metrics.fold()
    assert own.exists()


def check_two_turns(folder: Path) -> None:
    """What is shown of two jobs' turns."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    voice = "avaaz_agent_voice_to_voice_seconds"
    assert value(f"{voice}_count", answered_by="guided") == 2
    assert value(f"{voice}_bucket", answered_by="guided", le="0.5") == 0
    assert value(f"{voice}_bucket", answered_by="guided", le="0.65") == 2
    for stage in ("end_of_turn", "stt", "retrieval", "llm_first_token", "tts_first_byte"):
        assert value("avaaz_agent_stage_seconds_count", stage=stage) == 2, stage


async def figures(shipper: Shipper) -> dict[str, float]:
    """The shipper's figures as Prometheus reads them."""
    async with (
        serving(shipper.metrics, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        assert (await http.get("/health")).json() == {"status": "ok"}
        lines = (await http.get("/metrics")).text.splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return {name.removeprefix("avaaz_outbox_"): float(value) for name, value in pairs}


async def test_outbox_that_waits_is_seen(tmp_path: Path) -> None:
    api = FakeApi(down=True)
    shipper = Shipper(tmp_path, api.client())
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(OpenedLine(call_id=api.rooms.setdefault("room-1", uuid4()), grant="grant"))
        writer.append(TurnLine(turn=turn(0)))
        await shipper.pass_once()
        waits = await figures(shipper)
        assert (waits["waiting_segments"], waits["delivery_failures_total"]) == (1, 1)
        assert waits["oldest_age_seconds"] > 0
        api.down = False
        shipper._seen[writer.path].not_before = 0.0
        await shipper.pass_once()
    done = await figures(shipper)
    assert (done["waiting_segments"], done["oldest_age_seconds"]) == (0, 0)
    assert (done["turns_delivered_total"], done["lost_jobs_total"]) == (1, 0)
    await shipper.pass_once()
    assert (await figures(shipper))["lost_jobs_total"] == 1, "it ended without closing its call"


async def test_dead_letters_are_counted(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(OpenedLine(call_id=api.rooms.setdefault("room-1", uuid4()), grant="forged"))
        writer.append(TurnLine(turn=turn(0)))
    shipper = Shipper(tmp_path, api.client())
    await shipper.pass_once()
    found = await figures(shipper)
    assert (found["dead_letters"], found["waiting_segments"]) == (1, 0)
