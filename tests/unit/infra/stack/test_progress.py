"""What is printed where there is no terminal."""

import pytest

from infra.stack.progress import NOTE_EVERY_S, PlainProgress
from infra.stack.state import State


def test_a_part_that_says_much_is_heard_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = 100.0
    progress = PlainProgress(clock=lambda: now)
    for note in ("downloading a", "downloading b", "compiling a"):
        progress.update("livekit", "LiveKit server", State.PREPARING, note)
    now += NOTE_EVERY_S
    progress.update("livekit", "LiveKit server", State.PREPARING, "compiling b")
    progress.update("livekit", "LiveKit server", State.READY)
    assert capsys.readouterr().out.splitlines() == [
        "[   0.0 s] LiveKit server: preparing (downloading a)",
        "[  10.0 s] LiveKit server: preparing (compiling b)",
        "[  10.0 s] LiveKit server: ready",
    ]
