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
        said=lambda: "I went there with my",
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


async def test_a_pause_is_waited_for_as_the_policy_says(session: FakeSession, floor: Floor) -> None:
    session.agent_state = "listening"
    assert floor.fell_silent(0.9)
    sure = floor.in_force.max_delay
    assert floor.fell_silent(0.05)
    assert sure < floor.in_force.max_delay <= floor.longest
    assert floor.in_force.min_delay <= floor.in_force.max_delay


async def test_a_noise_over_the_coach_is_left_to_the_detector_until_words_come(
    session: FakeSession, floor: Floor
) -> None:
    session.learner_speaks()
    assert not floor.fell_silent(0.1)
    assert floor.in_force.max_delay == OVERLAP_MAX_DELAY
    floor.words_came()
    assert floor.in_force == USUAL
    assert floor.fell_silent(0.1)


async def test_the_learners_own_pauses_are_remembered(session: FakeSession, floor: Floor) -> None:
    session.agent_state = "listening"
    session.emit("user_state_changed", UserStateChangedEvent(old_state="speaking", new_state="listening"))
    session.learner_speaks()
    assert floor.pauses.count == 1
    session.emit("user_state_changed", UserStateChangedEvent(old_state="speaking", new_state="listening"))
    floor.learner_spoke()
    session.learner_speaks()
    assert floor.pauses.count == 1
    assert floor.pauses.turns == 1


async def test_a_text_that_is_not_there_yet_is_asked_for_at_once(session: FakeSession) -> None:
    heard = ""
    floor = Floor(
        cast("AgentSession[None]", session),
        patience=Patience.BALANCED,
        level=Level.B1,
        on_silence=lambda _: None,
        said=lambda: heard,
    )
    session.agent_state = "listening"
    assert floor.fell_silent(0.05)
    at_once = floor.in_force.max_delay
    heard = "I went there with my"
    assert floor.fell_silent(0.05)
    assert at_once < floor.in_force.max_delay


async def test_the_learner_sees_that_a_longer_pause_is_waited_out(session: FakeSession) -> None:
    shown: list[bool] = []
    words = "I went there because"
    floor = Floor(
        cast("AgentSession[None]", session),
        patience=Patience.BALANCED,
        level=Level.B1,
        on_silence=lambda _: None,
        on_waiting=shown.append,
        said=lambda: words,
    )
    session.agent_state = "listening"
    floor.fell_silent(0.1)
    floor.fell_silent(0.1)
    assert shown == [True]
    session.learner_speaks()
    assert shown == [True, False]
    floor.fell_silent(0.1)
    floor.learner_spoke()
    assert shown == [True, False, True, False]
    words = "I went there with my sister."
    floor.fell_silent(0.95)
    assert len(shown) == 4


async def test_a_typed_turn_says_nothing_of_pauses(session: FakeSession, floor: Floor) -> None:
    session.agent_state = "listening"
    floor.learner_spoke()
    floor.learner_spoke(typed=True)
    assert floor.pauses.turns == 1
    assert floor.pauses.count == 0
