"""The outbox: what was synchronised survives a torn write, a killed writer and a second job."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent import outbox
from agent.outbox import CallLine, OutboxWriter, TurnLine
from tests.agent.conftest import opening, turn


def test_reads_back_what_was_written_in_order(tmp_path: Path) -> None:
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(CallLine(open=opening()))
        for number in range(3):
            writer.append(TurnLine(turn=turn(number)))
        segment = outbox.read(writer.path)
    assert segment.call is not None
    assert segment.call.open.room == "room-1"
    assert [kept.item_id for kept in segment.turns] == ["item_0", "item_1", "item_2"]
    assert segment.damaged == 0


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_left_out_and_the_rest_stands(tmp_path: Path, cut: int) -> None:
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(TurnLine(turn=turn(0)))
        writer.append(TurnLine(turn=turn(1)))
        path = writer.path
    path.write_bytes(path.read_bytes()[:-cut])
    assert [kept.item_id for kept in outbox.read(path).turns] == ["item_0"]


def test_a_writer_that_comes_back_after_a_torn_write_starts_a_line_of_its_own(tmp_path: Path) -> None:
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(TurnLine(turn=turn(0)))
        path = writer.path
    with path.open("ab") as file:
        file.write(b"deadbeef {half a li")
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(TurnLine(turn=turn(1)))
    segment = outbox.read(path)
    assert [kept.item_id for kept in segment.turns] == ["item_0", "item_1"]
    assert segment.damaged == 0


def test_a_line_with_a_wrong_checksum_is_counted_and_not_believed(tmp_path: Path) -> None:
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(TurnLine(turn=turn(0, "I like tea.")))
        writer.append(TurnLine(turn=turn(1)))
        path = writer.path
    path.write_bytes(path.read_bytes().replace(b"like tea", b"hate tea"))
    segment = outbox.read(path)
    assert [kept.item_id for kept in segment.turns] == ["item_1"]
    assert segment.damaged == 1


def test_what_a_killed_job_had_synchronised_is_there_and_its_death_is_noticed(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from agent.outbox import OutboxWriter, TurnLine
from tests.agent.conftest import turn
writer = OutboxWriter(Path(sys.argv[1]), "job-1")
for number in range(2):
    writer.append(TurnLine(turn=turn(number)))
print("synchronised", flush=True)
sys.stdin.readline()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"synchronised\n"
    (path,) = outbox.segments(tmp_path)
    assert outbox.writer_lives(path)
    process.kill()
    process.communicate()
    assert not outbox.writer_lives(path)
    assert [kept.item_id for kept in outbox.read(path).turns] == ["item_0", "item_1"]


def test_a_job_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    with OutboxWriter(tmp_path / "outbox", "../../evil") as writer:
        assert writer.path.parent == tmp_path / "outbox"
