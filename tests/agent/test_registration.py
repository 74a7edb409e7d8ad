"""A worker that LiveKit has registered says so, to the stack and to the API."""

import os
from pathlib import Path

import pytest

from agent import registration
from agent.registration import Registration
from agent.settings import AgentSettings
from tests.agent.fake_api import FakeApi


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another at once."""
    monkeypatch.setattr(registration, "PAUSES_S", (0.0, 0.0, 0.0))


def registered(home: Path, api: FakeApi) -> Registration:
    return Registration(AgentSettings(avaaz_home=home), api.client)


async def test_stack_and_api_are_told(tmp_path: Path) -> None:
    api = FakeApi()
    worker = registered(tmp_path, api)
    worker.note("worker id", "server info")
    assert worker.telling is not None
    await worker.telling
    assert (tmp_path / "run" / "agent-registered-8081").read_text() == str(os.getpid())
    assert api.ready == 1


async def test_api_that_is_away_is_asked_again(tmp_path: Path) -> None:
    api = FakeApi(lose_answers=2)
    await registered(tmp_path, api).tell()
    assert api.ready == 3


async def test_api_that_stays_away_or_refuses_harms_no_worker(tmp_path: Path) -> None:
    away, refusing = FakeApi(down=True), FakeApi(service_key="another key")
    for api in (away, refusing):
        await registered(tmp_path, api).tell()
        assert api.ready == 0
