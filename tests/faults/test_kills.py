"""A part is killed (SIGKILL, its whole group) in the middle of a call: the stack heals, no turn is lost.

Each call ends with the record's proof: what the outbox took is in Postgres exactly once and in order.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from livekit import api as lkapi

from agent import outbox
from api.contract.room import AGENT_NAME
from infra.bench.room_client import RoomClient
from infra.stack.embedded import RunningStack
from infra.stack.plan import SECOND_AGENT
from infra.stack.process import PART_MARK, marked
from infra.stack.state import RunFolder, State
from tests.faults.conftest import Bench
from tests.support.lesson import Lesson, line, until
from tests.support.record import rows_of_room
from tests.support.recordings import agree, distances, recording_of

WORKERS = ("agent", SECOND_AGENT)
HEALED_WITHIN_S = 60.0
BACK_WITHIN_S = 90.0
AGENT_KILLS = 2
NEAR_S = 1.0
"""Between a turn's time and its voice in the recording, on a machine that was just busy with healing."""


def kill(stack: RunningStack, name: str) -> int:
    """Kills a part with all the processes of its group. Returns the pid of the first."""
    pid = stack.part(name).pid
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)
    return pid


@asynccontextmanager
async def frozen(stack: RunningStack, name: str) -> AsyncIterator[None]:
    """Within the block a part does nothing at all."""
    pid = stack.part(name).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True)
class Killed:
    """What was killed, and when."""

    moment: float
    pids: dict[str, int]
    """By part."""

    async def healed(self, stack: RunningStack) -> None:
        """Waits until all of it runs again."""
        for name, pid in self.pids.items():
            await stack.wait_ready(name, not_pid=pid, seconds=HEALED_WITHIN_S)


async def kill_while_speaking(
    bench: Bench, lesson: Lesson, *names: str, then: Callable[[], Awaitable[object]] | None = None
) -> Killed:
    """Kills parts in the middle of the learner's sentence, and does what comes `then`."""
    await lesson.silence()
    begun = asyncio.Event()
    saying = asyncio.create_task(lesson.client.say(lesson.next_utterance(), begun=begun))
    await begun.wait()
    await asyncio.sleep(0.7)
    killed = Killed(time.monotonic(), {name: kill(bench.stack, name) for name in names})
    if then is not None:
        await then()
    await saying
    return killed


def worker_of(bench: Bench, room: str) -> str:
    """The part whose worker holds the call of a room: one of its processes writes the call's segment."""
    folder = bench.stack.home / "outbox"
    [segment] = [
        path
        for path in outbox.segments(folder)
        if outbox.writer_lives(path) and (call := outbox.read(path).call) and call.open.room == room
    ]
    run = RunFolder(bench.stack.home).read_stack()
    assert run is not None
    [writer] = [
        process
        for process in marked(run.run_id)
        if str(segment) in [file.path for file in process.open_files()]
    ]
    return writer.environ()[PART_MARK]


async def coach_is_back(
    lesson: Lesson, since: float, gone: asyncio.Task[float | None], figures: list[str], name: str
) -> None:
    """The learner's screen lost the dead coach; another worker carries the call on and says so."""
    left = await gone
    assert left is not None, "the dead coach stays on the screen"
    assert await until(lambda: lesson.noticed("coach_resumed", since), limit=BACK_WITHIN_S), "not told"
    notice = next(one for one in lesson.client.received.notices if one.at >= since)
    heard = await lesson.client.first_sound_after(notice.at, limit=15.0)
    assert heard is not None, "the coach came back without a word"
    figures.append(
        f"{name:<42} coach gone after {left - since:5.2f} s   resumed after {notice.at - since:5.2f} s"
        f"   spoke after {heard - since:5.2f} s"
    )


def watch_coach_go(lesson: Lesson) -> asyncio.Task[float | None]:
    """When the coach that is there now is in the room no more; None where it stays."""

    async def look() -> float | None:
        gone = await until(lambda: not lesson.client.agent_attributes, limit=BACK_WITHIN_S)
        return time.monotonic() if gone else None

    return asyncio.create_task(look())


@pytest_asyncio.fixture(scope="module")
async def lesson(bench: Bench) -> AsyncIterator[Lesson]:
    """One recorded call that outlives every part."""
    await agree(bench.account)
    async with bench.lesson() as lesson:
        yield lesson


async def test_second_coach_leaves_the_room_to_the_first(bench: Bench, lesson: Lesson) -> None:
    """A dispatch too many does no harm: one call, one coach."""
    await lesson.turn()
    [coach] = lesson.client._room.remote_participants
    address = bench.stack.livekit_url.replace("ws://", "http://")
    async with lkapi.LiveKitAPI(address, bench.stack.livekit_key, bench.stack.livekit_secret) as livekit:
        request = lkapi.CreateAgentDispatchRequest(agent_name=AGENT_NAME, room=lesson.room)
        await livekit.agent_dispatch.create_dispatch(request)
    left = "another coach is in the room"

    def said() -> bool:
        return any(left in "".join(bench.stack.log(name, 200)) for name in WORKERS)

    assert await until(said, limit=BACK_WITHIN_S)
    await lesson.turn()
    assert list(lesson.client._room.remote_participants) == [coach]
    assert len([one for one in bench.keeper.segments(lesson.room) if one.opened]) == 1


async def test_agent_killed(bench: Bench, lesson: Lesson, figures: list[str]) -> None:
    """The worker of the call, while turns are committed and not yet on their way; then all workers at once.

    The first time the other worker takes the call over, the second time one that is started again. What the
    API, the first job and the job worker did for the call is one trace.
    """
    await lesson.turn()
    async with AsyncExitStack() as holding:
        await holding.enter_async_context(frozen(bench.stack, "shipper"))
        await lesson.turn()
        before = len(bench.keeper.committed(lesson.room))
        assert before > len(await rows_of_room(bench.stack, lesson.room)), "the turns are delivered already"
        gone = watch_coach_go(lesson)
        holder = worker_of(bench, lesson.room)
        killed = await kill_while_speaking(bench, lesson, holder, then=holding.aclose)
        assert len(bench.keeper.committed(lesson.room)) >= before
        await coach_is_back(lesson, killed.moment, gone, figures, "agent killed, turns still in the outbox")
        assert worker_of(bench, lesson.room) != holder
    await lesson.turn()
    await killed.healed(bench.stack)
    gone = watch_coach_go(lesson)
    killed = await kill_while_speaking(bench, lesson, *WORKERS)
    await coach_is_back(lesson, killed.moment, gone, figures, "all agent workers killed")
    await killed.healed(bench.stack)
    await lesson.turn()
    assert await bench.check_record(lesson) >= before + 4
    assert len([one for one in bench.keeper.segments(lesson.room) if one.opened]) == 3, "one coach at a time"
    everybody = {"avaaz-api", "avaaz-agent", "avaaz-worker"}
    assert await until(lambda: everybody <= set(bench.trace(lesson)), limit=30.0), bench.trace(lesson)


async def test_api_database_and_models_killed(bench: Bench, lesson: Lesson, figures: list[str]) -> None:
    """One after the other in one call, which goes on."""
    before = len(bench.keeper.committed(lesson.room))
    await lesson.turn()
    for name in ("api", "postgres"):
        killed = await kill_while_speaking(bench, lesson, name)
        await killed.healed(bench.stack)
        answer = await lesson.turn()
        figures.append(f"{name + ' killed':<42} the call went on; next answer {answer:.2f} s after speech")
    await lesson.silence()
    since = time.monotonic()
    old = kill(bench.stack, "models")
    spoken = await lesson.say()
    told = await lesson.told(since, ("hearing_unavailable", "speech_unavailable"))
    figures.append(line("model server killed (from the kill on)", told))
    assert told.sound is not None, "no apology was heard"
    assert told.notice is not None, "the learner was not told"
    assert spoken.ended > since
    await bench.stack.wait_ready("models", not_pid=old, seconds=HEALED_WITHIN_S)
    await lesson.recover()
    assert await bench.check_record(lesson) >= before + 8


async def test_livekit_killed(bench: Bench, lesson: Lesson, figures: list[str]) -> None:
    """The learner's connection comes back by itself, or a new one leads into the same call."""
    before = len(bench.keeper.committed(lesson.room))
    await lesson.turn()
    killed = await kill_while_speaking(bench, lesson, "livekit")
    await killed.healed(bench.stack)
    since = killed.moment
    heard = await lesson.client.first_sound_after(since + 3.0, limit=30.0)
    by_itself = heard is not None
    if heard is None:
        await lesson.client.leave()
        lesson.client = RoomClient(lesson.account)
        await lesson.client.join()
        assert lesson.client.room_name == lesson.room, "the call did not resume"
        heard = await lesson.client.first_sound_after(lesson.client.pressed, limit=BACK_WITHIN_S)
    assert heard is not None, "the coach did not come back"
    way = "by itself" if by_itself else "after joining again"
    figures.append(f"{'LiveKit killed':<42} the coach was heard again {way}, {heard - since:.1f} s later")
    await lesson.turn()
    assert await bench.check_record(lesson) >= before + 4


async def test_recording_has_outlived_the_kills(bench: Bench, lesson: Lesson) -> None:
    """What was said before them and after them is heard in the one recording of the call.

    Lost are at most the seconds before a kill that were not on the disk yet.
    """
    await lesson.client.hang_up()
    rows = await rows_of_room(bench.stack, lesson.room)
    call = (await lesson.account.calls())[0]
    recording = await recording_of(lesson.account, call["id"])
    assert recording["state"] == "ready", recording
    spoken = [turn for turn in await lesson.account.turns(call["id"]) if turn["role"] == "learner"]
    assert len(spoken) < len(rows)
    off = await distances(bench.stack.api_url, recording, spoken)
    found = [distance is not None and abs(distance) < NEAR_S for distance in off]
    assert found[0], off
    assert found[-1], off
    assert found.count(False) <= AGENT_KILLS + 1, off


@pytest.fixture(autouse=True)
def healed(bench: Bench) -> None:
    """A test begins with every part running."""
    for name in (*WORKERS, "api", "worker", "models", "livekit", "postgres", "shipper"):
        assert bench.stack.part(name).state is State.READY, name
