"""Spoken calls through the whole stack, without a browser: marker `voice`."""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from infra.bench.account import Account
from infra.stack.embedded import RunningStack
from tests.support.stack_logs import show_last_lines

HERE = Path(__file__).resolve().parent
STACK_START_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker; the first test also waits for the stack."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.voice)
            item.add_marker(pytest.mark.timeout(STACK_START_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the stack wrote last where a test fails."""
    report = yield
    show_last_lines(item, report)
    return report


@pytest.fixture
async def account(stack: RunningStack) -> AsyncIterator[Account]:
    """A learner who has just signed up."""
    async with Account(stack.api_url) as learner:
        await learner.sign_up()
        yield learner
