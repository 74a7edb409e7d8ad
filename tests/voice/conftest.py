"""Spoken calls through the whole stack, without a browser: marker `voice`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.bench.account import Account
from infra.bench.recordings import Utterance, clear_voices
from infra.bench.voice import NO_MODEL
from infra.stack.embedded import RunningStack, running_stack

HERE = Path(__file__).resolve().parent
STACK_START_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker; the first test also waits for the stack."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.voice)
            item.add_marker(pytest.mark.timeout(STACK_START_S))


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[RunningStack]:
    """One stack for all calls, the packaged models only."""
    async with running_stack(env=NO_MODEL) as running:
        yield running


@pytest.fixture(scope="session")
def voices() -> list[Utterance]:
    """Clear voices."""
    return clear_voices()


@pytest.fixture
async def account(stack: RunningStack) -> AsyncIterator[Account]:
    """A learner who has just signed up."""
    async with Account(stack.api_url) as learner:
        await learner.sign_up()
        yield learner
