"""Everything here breaks something in the middle of a real call: marker `faults`.

One stack for the folder, with a failing-on-demand vendor before each of its speech and language servers.
Parts are killed last (files run in the order of their names), so that nothing else runs on a stack that has
just healed.
"""

import contextlib
import itertools
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from infra.bench.account import Account
from infra.bench.room_client import RoomClient
from infra.bench.slow_llm import SlowLlm
from infra.stack.embedded import RunningStack, running_stack
from tests.support.collector import Collector, collecting
from tests.support.faulty_vendor import Fault, FaultyVendor
from tests.support.lesson import Lesson, until_async
from tests.support.ports import free_port
from tests.support.record import OutboxKeeper, delivered, rows_of_room

BRIEF_ANSWERS = (
    "I see. What else?",
    "Good to know. And then?",
    "That is nice. Who was there?",
    "Well said. Where was it?",
    "Thank you. Tell me more.",
    "I understand. Why is that?",
)
"""Short to listen to: most of the time here goes into hearing answers to their end."""
HERE = Path(__file__).resolve().parent
FIGURES = pytest.StashKey[list[str]]()


class BriefLlm(SlowLlm):
    """A language model of few words."""

    def __init__(self) -> None:
        super().__init__(first_token_s=0.1)
        self._short = itertools.cycle(BRIEF_ANSWERS)


@dataclass(frozen=True)
class Bench:
    """The stack under test and all that watches it."""

    stack: RunningStack
    vendors: dict[str, FaultyVendor]
    keeper: OutboxKeeper
    account: Account
    """The learner of most lessons, signed in."""
    collector: Collector
    """Takes the spans of all parts."""
    secrets: list[str] = field(default_factory=list)
    """Strings that no log may hold."""

    @contextlib.asynccontextmanager
    async def lesson(self, account: Account | None = None) -> AsyncIterator[Lesson]:
        """A call, past its greeting; hung up at the end."""
        learner = account or self.account
        assert await until_async(lambda: all_closed(learner), limit=30.0), "the last call stays open"
        lesson = Lesson(RoomClient(learner))
        try:
            await lesson.begin()
            yield lesson
        except AssertionError as failure:
            failure.add_note(lesson.story())
            raise
        finally:
            await lesson.client.hang_up()

    @contextlib.asynccontextmanager
    async def stranger(self) -> AsyncIterator[Account]:
        """Another learner, signed in."""
        async with Account(self.stack.api_url) as account:
            await account.sign_up()
            self.secrets.extend([account.email, account.password])
            yield account

    async def check_record(self, lesson: Lesson, *, limit: float = 30.0) -> int:
        """Every committed turn is in Postgres exactly once and in order; the learner reads the same.

        Returns how many turns there are.
        """
        rows = await delivered(self.stack, self.keeper, lesson.room, limit=limit)
        committed = self.keeper.committed(lesson.room)
        assert committed, "nothing was committed"
        assert len({turn.item_id for turn in committed}) == len(committed)
        assert rows == committed
        [call_id] = {str(one.opened.call_id) for one in self.keeper.segments(lesson.room) if one.opened}
        shown = await lesson.account.turns(call_id)
        assert [turn["item_id"] for turn in shown] == [turn.item_id for turn in committed]
        assert rows == await rows_of_room(self.stack, lesson.room), "the record still changes"
        return len(rows)

    def trace(self, lesson: Lesson) -> dict[str, set[str]]:
        """Names of the spans in the trace of the call's first job, by service."""
        call = self.keeper.segments(lesson.room)[0].call
        assert call is not None
        found: dict[str, set[str]] = {}
        for sent in self.collector.spans():
            if sent.trace == call.correlation_id:
                found.setdefault(sent.service, set()).add(sent.span.name)
        return found


async def all_closed(account: Account) -> bool:
    """Whether a learner has no open call."""
    return all(call["state"] == "closed" for call in await account.calls())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.faults)


def pytest_configure(config: pytest.Config) -> None:
    """Leave out a complaint of the room library about a handle that went with the room it was of."""
    config.addinivalue_line(
        "filterwarnings",
        "ignore:Exception ignored in. <function FfiHandle.__del__:pytest.PytestUnraisableExceptionWarning",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what happened in its call."""
    report = yield
    lesson = getattr(item, "funcargs", {}).get("lesson")
    if report.failed and isinstance(lesson, Lesson):
        report.sections.append(("the call as the learner saw it", lesson.story()))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was measured on the way."""
    lines = config.stash.get(FIGURES, [])
    if lines:
        terminalreporter.section("what the learner noticed of each fault")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the summary."""
    return pytestconfig.stash.setdefault(FIGURES, [])


@pytest_asyncio.fixture(scope="session")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """The stack, its vendors behind proxies that pass everything on; its logs outlive it."""
    models_port = free_port()
    speech = f"http://127.0.0.1:{models_port}"
    async with contextlib.AsyncExitStack() as stack:
        collector = stack.enter_context(collecting())
        chat = await stack.enter_async_context(BriefLlm().running())
        upstreams = {"stt": speech, "tts": speech, "llm": chat.url.removesuffix("/v1")}
        vendors = {
            kind: await stack.enter_async_context(FaultyVendor(upstream).running())
            for kind, upstream in upstreams.items()
        }
        running = await stack.enter_async_context(
            running_stack(
                tmp_path_factory.mktemp("stack"),
                settings_overrides={"MODELS_PORT": models_port},
                agents=2,
                env={
                    "STT_URL": vendors["stt"].url,
                    "TTS_URL": f"{vendors['tts'].url}/v1",
                    "LLM_URL": f"{vendors['llm'].url}/v1",
                    "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
                },
            )
        )
        keeper = await stack.enter_async_context(OutboxKeeper(running.home).watching())
        account = await stack.enter_async_context(Account(running.api_url))
        await account.sign_up()
        secrets = [*_own_secrets(running), account.email, account.password]
        yield Bench(running, vendors, keeper, account, collector, secrets)


@pytest_asyncio.fixture(autouse=True)
async def all_well(bench: Bench) -> AsyncIterator[None]:
    """Vendors work before and after each test."""
    yield
    for vendor in bench.vendors.values():
        await vendor.set(Fault.PASS)


def _own_secrets(stack: RunningStack) -> list[str]:
    return [value for name, value in stack.plan.credentials.model_dump().items() if name != "livekit_api_key"]
