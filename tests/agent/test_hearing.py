"""Between recognizer and session: early starts, words for the record, noises that stop nothing."""

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import stt
from livekit.agents.types import TimedString

from agent.hearing import Hearing

FINAL = stt.SpeechEventType.FINAL_TRANSCRIPT
INTERIM = stt.SpeechEventType.INTERIM_TRANSCRIPT
EARLY = stt.SpeechEventType.PREFLIGHT_TRANSCRIPT


def event(kind: stt.SpeechEventType, text: str, confidence: float = 0.9) -> stt.SpeechEvent:
    words = [TimedString(word, start_time=1.0, end_time=1.2, confidence=0.7) for word in text.split()]
    data = stt.SpeechData(language="en", text=text, confidence=confidence, words=words)  # type: ignore[arg-type]
    return stt.SpeechEvent(type=kind, alternatives=[data])


def frames(hearing: Hearing, level: float, milliseconds: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(milliseconds // 20):
        samples = (rng.normal(0, level, 480)).astype(np.int16)
        hearing.quiet.observe(rtc.AudioFrame(samples.tobytes(), 24_000, 1, 480))


def kinds(hearing: Hearing, *events: stt.SpeechEvent) -> list[stt.SpeechEventType]:
    return [passed.type for one in events for passed in hearing.process(one)]


def test_a_text_that_grows_while_the_learner_speaks_starts_nothing() -> None:
    hearing = Hearing(lambda: False)
    frames(hearing, 3_000, 1_000)
    assert kinds(hearing, event(INTERIM, "I like"), event(INTERIM, "I like coffee")) == [INTERIM, INTERIM]


def test_the_same_words_twice_start_the_answer_once() -> None:
    hearing = Hearing(lambda: False)
    frames(hearing, 3_000, 1_000)
    seen = kinds(
        hearing,
        event(INTERIM, "I like coffee"),
        event(INTERIM, "I like coffee."),
        event(INTERIM, "I like coffee"),
    )
    assert seen == [INTERIM, EARLY, INTERIM]


def test_a_text_that_comes_into_quiet_starts_the_answer() -> None:
    hearing = Hearing(lambda: False)
    frames(hearing, 3_000, 1_000)
    frames(hearing, 20, 80)
    assert kinds(hearing, event(INTERIM, "I like coffee")) == [EARLY]


def test_forty_milliseconds_are_not_quiet_yet() -> None:
    hearing = Hearing(lambda: False)
    frames(hearing, 3_000, 1_000)
    frames(hearing, 20, 40)
    assert not hearing.quiet.now()


def test_after_a_final_text_the_next_stretch_starts_anew() -> None:
    hearing = Hearing(lambda: False)
    frames(hearing, 3_000, 500)
    frames(hearing, 20, 80)
    seen = kinds(hearing, event(INTERIM, "Yes"), event(FINAL, "Yes."), event(INTERIM, "Yes"))
    assert seen == [EARLY, FINAL, EARLY]


def test_words_of_final_texts_are_kept_for_the_turn_and_given_once() -> None:
    hearing = Hearing(lambda: False)
    kinds(hearing, event(INTERIM, "not these"), event(FINAL, "I like"), event(FINAL, "coffee."))
    assert [word.word for word in hearing.take_words()] == ["I", "like", "coffee."]
    assert hearing.take_words() == []


@pytest.mark.parametrize("kind", [INTERIM, FINAL])
def test_a_listeners_noise_over_the_coach_is_kept_back(kind: stt.SpeechEventType) -> None:
    hearing = Hearing(lambda: True)
    assert kinds(hearing, event(kind, "Mm-hm.")) == []
    assert hearing.take_swallowed() == 1
    assert hearing.take_words() == []


def test_the_same_noise_is_an_answer_when_the_coach_is_silent() -> None:
    assert kinds(Hearing(lambda: False), event(FINAL, "Okay.")) == [FINAL]


def test_a_wish_to_speak_over_the_coach_is_passed_on() -> None:
    hearing = Hearing(lambda: True)
    assert kinds(hearing, event(INTERIM, "Yeah"), event(INTERIM, "Yeah but I think")) == [INTERIM]
