"""The policy of taking turns."""

import itertools

import pytest

from agent.turn_detector import PolicyDetector
from agent.turn_taking import (
    delays,
    is_backchannel,
    silence_before_help,
    turn_handling,
    waited_maximum,
)
from api.contract.calls import Patience


def test_more_patience_never_waits_less() -> None:
    for less, more in itertools.pairwise([Patience.QUICK, Patience.BALANCED, Patience.PATIENT]):
        assert delays(less).max_delay < delays(more).max_delay
        assert delays(less).min_delay <= delays(more).min_delay
        assert silence_before_help(less) < silence_before_help(more)


def test_detector_and_interruption_never_leave_the_machine() -> None:
    options = turn_handling(Patience.BALANCED, PolicyDetector(lambda _: True))
    assert options["interruption"]["mode"] == "vad"
    assert getattr(options["turn_detection"], "model", "") == "turn-detector-v1-mini"


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Mm-hm.", 0.9),
        ("mhm", 0.9),
        ("Okay, yeah.", 0.95),
        ("I see.", 0.9),
        ("", 0.0),
        ("You", 0.4),
        ("Hmm.", 0.5),
        ("Is on come,", 0.42),
        ("Lumham", 0.41),
    ],
)
def test_noises_of_a_listener(text: str, confidence: float) -> None:
    assert is_backchannel(text, confidence)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Wait.", 0.9),
        ("Stop, please.", 0.5),
        ("You", 0.95),
        ("No.", 0.9),
        ("I", 0.9),
        ("Yes, I think so too.", 0.9),
    ],
)
def test_words_of_a_speaker(text: str, confidence: float) -> None:
    assert not is_backchannel(text, confidence)


def test_a_held_back_turn_is_told_from_a_quick_one() -> None:
    assert waited_maximum(1.2, 1.2) is True
    assert waited_maximum(0.4, 1.2) is False
    assert waited_maximum(None, 1.2) is None


def test_an_accent_is_no_noise_when_somebody_speaks_for_a_second() -> None:
    assert is_backchannel("Mike love garden.", 0.5)
    assert not is_backchannel("Mike love garden.", 0.5, 2.1)
    assert is_backchannel("You", 0.5, 2.1)
    assert is_backchannel("And then make sense.", 0.71, 0.67)
    assert not is_backchannel("No, wait.", 0.5, 0.3)
