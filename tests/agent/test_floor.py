"""Who has the floor when a learner makes a sound over the coach's speech."""

from typing import Any, cast

import pytest
from livekit import rtc
from livekit.agents import AgentFalseInterruptionEvent, AgentSession, UserStateChangedEvent

from agent.floor import Floor
from agent.turn_taking import OVERLAP_MAX_DELAY, delays
from api.contract.calls import Patience
from api.contract.levels import Level

USUAL = delays(Patience.BALANCED)


class FakeSession(rtc.EventEmitter[str]):
    """States that a test sets, events that it sends."""

    def __init__(self) -> None:
        super().__init__()
        self.agent_state = "speaking"
        self.user_state = "listening"

    def update_options(self, **_: Any) -> None:
        """The floor keeps what it set in `in_force`."""

    def learner_speaks(self) -> None:
        """Voice begins."""
        self.user_state = "speaking"
        self.emit(
            "user_state_changed",
            UserStateChangedEvent(old_state="listening", new_state="speaking"),
        )


@pytest.fixture
async def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
async def floor(session: FakeSession) -> Floor:
    return Floor(
        cast("AgentSession[None]", session),
        patience=Patience.BALANCED,
        level=Level.B1,
        on_silence=lambda _: None,
    )


async def test_a_sound_over_the_coach_is_decided_on_quickly(session: FakeSession, floor: Floor) -> None:
    session.learner_speaks()
    assert floor.overlapping
    assert floor.in_force.max_delay == OVERLAP_MAX_DELAY


async def test_late_words_of_a_noise_are_still_over_the_coachs_speech(
    session: FakeSession, floor: Floor
) -> None:
    session.learner_speaks()
    session.emit("agent_false_interruption", AgentFalseInterruptionEvent(resumed=True))
    assert floor.overlapping
    assert floor.in_force == USUAL


async def test_overlap_ends_with_the_speech_that_it_was_over(session: FakeSession, floor: Floor) -> None:
    session.learner_speaks()
    session.emit("agent_false_interruption", AgentFalseInterruptionEvent(resumed=False))
    assert not floor.overlapping
    session.learner_speaks()
    session.emit("agent_false_interruption", AgentFalseInterruptionEvent(resumed=True))
    floor.settle()
    assert not floor.overlapping
