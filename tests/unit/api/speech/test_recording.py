"""What is taken for a recording."""

import io
import wave

import pytest

from api.errors import InvalidError
from api.speech.recording import check_recording


def wav(seconds: float, *, rate: int = 16_000, channels: int = 1, width: int = 2) -> bytes:
    """Silence of that shape."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(int(seconds * rate) * channels * width))
    return held.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(InvalidError) as refused:
        check_recording(data)
    return refused.value.code


def test_half_a_minute_is_taken_and_its_length_told() -> None:
    assert check_recording(wav(30)) == 30
    assert check_recording(wav(1.5, rate=48_000)) == 1.5


def test_longer_ones_are_not() -> None:
    assert code_of(wav(30.5)) == "recording_too_long"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"\x00" * 2_000,
        wav(0.05),
        wav(1, channels=2),
        wav(1, width=1),
        wav(1, rate=11_025),
        wav(1)[:30],
        b"OggS" + bytes(500),
    ],
)
def test_other_things_are_no_recording(data: bytes) -> None:
    assert code_of(data) == "recording_invalid"


def test_a_header_that_lies_about_the_length_is_not_believed() -> None:
    told = bytearray(wav(40))
    told[40:44] = (16_000).to_bytes(4, "little")
    assert check_recording(bytes(told)) == 0.5
