"""The agent without a server: marker `agent`; tests that use real sound carry `voice` besides."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.contract.calls import OpenCall, Role, TurnRecord

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.agent)


def turn(number: int, text: str = "Hello there.", role: Role = Role.LEARNER) -> TurnRecord:
    """A small turn."""
    now = datetime.now(UTC)
    return TurnRecord(
        item_id=f"item_{number}", position=number, role=role, text=text, started_at=now, ended_at=now
    )


def opening(room: str = "room-1", job: str = "job-1") -> OpenCall:
    """The request that opens a room's call."""
    return OpenCall(room=room, job_id=job)
