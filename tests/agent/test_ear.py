"""A recognizer that fails is asked again with pauses, and the log says it once."""

import logging

import pytest
import structlog
from livekit.agents import APIConnectionError

from agent import ear
from agent.ear import PAUSES_S, Reconnection
from agent.logs import Repetitions


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that was made, none of which is waited for."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("agent.ear.asyncio.sleep", sleep)
    return pauses


async def fail(connection: Reconnection, times: int) -> None:
    for _ in range(times):
        await connection.wait()
        connection.failed(APIConnectionError("500"))


async def test_pauses_grow_up_to_the_last_and_begin_anew_once_it_works(slept: list[float]) -> None:
    connection = Reconnection()
    await fail(connection, len(PAUSES_S) + 3)
    assert slept == [*PAUSES_S, *[PAUSES_S[-1]] * 3]
    slept.clear()
    await connection.wait()
    connection.works()
    await fail(connection, 2)
    assert slept == [PAUSES_S[-1], *PAUSES_S[:2]]


async def test_a_connection_that_lived_was_a_good_one(
    slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = Reconnection()
    await fail(connection, 4)
    await connection.wait()
    monkeypatch.setattr(ear, "WORKED_AFTER_S", -1.0)
    connection.failed(APIConnectionError("lost"))
    assert connection.failures == 1


async def test_one_line_a_change(slept: list[float]) -> None:
    connection = Reconnection()
    with structlog.testing.capture_logs() as lines:
        connection.works()
        await fail(connection, 9)
        connection.works()
        connection.works()
    assert [line["event"] for line in lines] == ["recognizer fails", "recognizer works again"]
    assert lines[0]["error"] == "APIConnectionError"
    assert lines[1]["failures"] == 9


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("STT stream ended on an unrecoverable error, recreating", False),
        ("ignoring text stream with topic '%s', no callback attached", False),
        ("starting worker", True),
    ],
)
def test_what_the_framework_repeats_is_left_out(message: str, written: bool) -> None:
    record = logging.LogRecord("livekit.agents", logging.WARNING, __file__, 1, message, ("x",), None)
    assert Repetitions().filter(record) is written
