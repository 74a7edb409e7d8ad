"""The supervisor over small programs: order, healing, giving up, stopping with nothing left."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from infra.stack import runner as runner_module
from infra.stack.errors import AlreadyRunningError, PartFailedError, StackError
from infra.stack.part import Part, PortUse
from infra.stack.process import marked, started_at
from infra.stack.state import RunFolder, State
from tests.stack.programs import (
    BREEDING,
    SLEEP,
    STUBBORN,
    is_ready,
    program,
    record,
    said,
    supervised,
    supervisor,
    until,
)


def write_line(home: Path, word: str) -> str:
    return f"open({str(home / 'order')!r}, 'a').write({word!r} + '\\n')"


async def test_parts_start_after_those_they_need(tmp_path: Path) -> None:
    last = program("last", write_line(tmp_path, "last"), after=["middle"], once=True)
    middle = program("middle", write_line(tmp_path, "middle"), after=["first"], once=True)
    first = program("first", "import time; time.sleep(0.3); " + write_line(tmp_path, "first"), once=True)
    async with supervised(tmp_path, last, middle, first):
        assert (tmp_path / "order").read_text().split() == ["first", "middle", "last"]
        assert record(tmp_path, "last").state is State.DONE


async def test_a_killed_part_is_started_again_and_its_children_go(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("breeder", BREEDING)):
        await until(lambda: bool(said(tmp_path, "breeder").strip()))
        child = int(said(tmp_path, "breeder").split()[0])
        pid = record(tmp_path, "breeder").pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: is_ready(tmp_path, "breeder", not_pid=pid))
        assert record(tmp_path, "breeder").restarts == 1
        assert started_at(child) is None


async def test_a_part_that_keeps_dying_is_given_up_and_the_others_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner_module, "LONGEST_PAUSE_S", 0.05)
    dying = program(
        "dying", "import sys, time; print('no luck', file=sys.stderr); time.sleep(0.5); sys.exit(3)"
    )
    async with supervised(tmp_path, dying, program("steady", SLEEP)):
        await until(lambda: record(tmp_path, "dying").state is State.FAILED)
        assert record(tmp_path, "steady").alive
    shown = capsys.readouterr().out
    assert "dying died 6 times within a minute and is given up (ended with status 3)" in shown
    assert "no luck" in shown


async def test_a_step_that_fails_ends_the_start_with_its_last_lines(tmp_path: Path) -> None:
    failing = program("migrate", "import sys; print('column missing'); sys.exit(2)", once=True)
    bystander = program("bystander", SLEEP)
    running = supervisor(tmp_path, [bystander, failing])
    with pytest.raises(PartFailedError, match=r"migrate failed \(exit status 2\)[\s\S]*column missing"):
        await running.run()
    assert list(marked(running.run_id)) == []


async def test_a_program_that_does_not_exist_is_named(tmp_path: Path) -> None:
    missing = Part(name="ghost", title="Ghost", command=[str(tmp_path / "no-such-program")])
    with pytest.raises(PartFailedError, match=r"Ghost cannot be started.*no-such-program"):
        await supervisor(tmp_path, [missing]).run()


async def test_a_part_that_is_never_ready_ends_the_start(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    slow = program("slow", SLEEP, ready=never, ready_within_s=1.0)
    running = supervisor(tmp_path, [slow])
    with pytest.raises(PartFailedError, match="slow was not ready within 1 s"):
        await running.run()
    assert list(marked(running.run_id)) == []


async def test_stopping_kills_what_does_not_listen_and_what_left_the_group(tmp_path: Path) -> None:
    deaf = program("deaf", STUBBORN, grace_s=0.3)
    breeder = program("breeder", BREEDING)
    async with supervised(tmp_path, deaf, breeder) as running:
        await until(lambda: bool(said(tmp_path, "breeder").strip()) and "deaf" in said(tmp_path, "deaf"))
        assert len(list(marked(running.run_id))) == 3
    assert list(marked(running.run_id)) == []
    assert RunFolder(tmp_path).read_parts() == []


async def test_parts_stop_in_their_order(tmp_path: Path) -> None:
    def noting(name: str) -> str:
        return (
            "import signal, sys, time\n"
            f"def end(*_):\n    {write_line(tmp_path, name)}\n    sys.exit(0)\n"
            "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\ntime.sleep(600)"
        )

    async with supervised(
        tmp_path, program("database", noting("database"), stop_order=9), program("agent", noting("agent"))
    ):
        await until(lambda: "up" in said(tmp_path, "database") and "up" in said(tmp_path, "agent"))
    assert (tmp_path / "order").read_text().split() == ["agent", "database"]


async def test_a_second_run_of_the_same_home_is_refused(tmp_path: Path) -> None:
    async with supervised(tmp_path, program("steady", SLEEP)):
        pid = record(tmp_path, "steady").pid
        with pytest.raises(AlreadyRunningError, match="runs already"):
            await supervisor(tmp_path, [program("steady", SLEEP)]).run()
        assert record(tmp_path, "steady").pid == pid


async def test_a_taken_port_names_its_setting_and_starts_nothing(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    part = program("api", SLEEP, ports=[PortUse(port, "API_PORT")])
    running = supervisor(tmp_path, [part])
    async with server:
        with pytest.raises(
            StackError, match=rf"Port {port} is in use.*\(API_PORT\). Set API_PORT to another"
        ):
            await running.run()
    assert list(marked(running.run_id)) == []


async def test_a_part_given_by_address_is_not_started(tmp_path: Path) -> None:
    given = Part(name="postgres", title="Postgres", command=["/nonexistent"], given="DATABASE_URL")
    async with supervised(tmp_path, given, program("api", SLEEP, after=["postgres"])):
        assert record(tmp_path, "postgres").state is State.GIVEN
        assert record(tmp_path, "postgres").pid is None
        assert record(tmp_path, "api").alive


async def test_a_late_part_holds_nobody_up_and_is_kept_alive(tmp_path: Path) -> None:
    ready = asyncio.Event()

    async def when_asked() -> bool:
        return ready.is_set()

    late = program("late", SLEEP, ready=when_asked, late=True)
    async with supervised(tmp_path, late, program("first", SLEEP)):
        await until(lambda: record(tmp_path, "late").state is State.STARTING)
        stack = RunFolder(tmp_path).read_stack()
        assert stack is not None
        assert stack.ready
        ready.set()
        await until(lambda: is_ready(tmp_path, "late"))
        pid = record(tmp_path, "late").pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: is_ready(tmp_path, "late", not_pid=pid))


async def test_a_late_part_that_fails_leaves_the_others_running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = Part(name="late", title="Ghost", command=[str(tmp_path / "no-such-program")], late=True)
    async with supervised(tmp_path, missing, program("first", SLEEP)):
        await until(lambda: record(tmp_path, "late").state is State.FAILED)
        assert record(tmp_path, "first").alive
    assert "Ghost cannot be started" in capsys.readouterr().out


async def test_stop_while_a_late_part_starts_leaves_nothing(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    late = program("late", SLEEP, ready=never, late=True)
    async with supervised(tmp_path, late) as running:
        await until(lambda: record(tmp_path, "late").alive)
    assert list(marked(running.run_id)) == []


async def test_what_a_part_says_is_shown_and_not_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (
        "import sys; print('Mail: \\x1b[2J#token=abc', flush=True); print('x' * 200_000, flush=True);"
        f"print('last', flush=True); print('noted', file=sys.stderr, flush=True); {SLEEP}"
    )
    shown: list[str] = []

    def arrived() -> bool:
        shown.append(capsys.readouterr().out)
        return "last" in "".join(shown)

    async with supervised(tmp_path, program("worker", source, speaks=True)):
        await until(arrived)
        await until(lambda: "noted" in said(tmp_path, "worker"))
    assert "Mail:  [2J#token=abc" in "".join(shown)
    assert said(tmp_path, "worker") == "noted\n"


async def test_stop_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    running = supervisor(tmp_path, [program("slow", SLEEP, ready=never)])
    task = asyncio.create_task(running.run())
    await until(lambda: bool(RunFolder(tmp_path).read_parts()) and record(tmp_path, "slow").alive)
    running.stop()
    await task
    assert list(marked(running.run_id)) == []
