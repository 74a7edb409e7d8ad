"""How a text was said: the right words score well, others are refused, bad requests are told why."""

import io
import itertools
import json
import socket
import time
import wave

import httpx
import numpy as np
import pytest

from api.contract.pronunciation import PATH, CannotJudge, Pronounced
from tests.models.server import RATE, Server, say

SENTENCE = "Yesterday I went to the market and bought some fresh apples."
OTHER = "Could you please tell me where the nearest station is?"
PLACES = 8
PATIENCE_S = 120.0
"""The first request loads the models."""


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm)
    return file.getvalue()


def _asked(server: Server, audio: bytes, **fields: str) -> httpx.Response:
    files = {"file": ("turn.wav", audio, "audio/wav")}
    return httpx.post(f"{server.url}{PATH}", data=fields, files=files, timeout=PATIENCE_S)


def _judged(server: Server, text: str, **fields: str) -> Pronounced:
    answer = _asked(server, _wav(say(SENTENCE)), text=text, **fields).raise_for_status()
    return Pronounced.model_validate(answer.json())


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["error"]["code"])


@pytest.fixture(scope="module")
def judged(server: Server) -> Pronounced:
    """The sentence that was said, judged."""
    return _judged(server, SENTENCE)


def test_a_clear_voice_that_says_the_text_scores_well(judged: Pronounced) -> None:
    assert judged.score > 0.8
    assert judged.aligned > 0.9
    assert [word.word for word in judged.words] == SENTENCE.split()
    assert [phone.phone for phone in judged.words[2].phones] == ["W", "EH", "N", "T"]


def test_scores_add_up_and_phones_follow_each_other(judged: Pronounced) -> None:
    phones = [phone for word in judged.words for phone in word.phones]
    assert judged.score == pytest.approx(np.mean([phone.score for phone in phones]), abs=2e-3)
    for word in judged.words:
        assert word.score == pytest.approx(np.mean([phone.score for phone in word.phones]), abs=2e-3)
        assert (word.start, word.end) == (word.phones[0].start, word.phones[-1].end)
    assert all(phone.start < phone.end for phone in phones)
    assert all(one.end <= other.start for one, other in itertools.pairwise(phones))
    assert phones[-1].end <= judged.duration


def test_the_same_again_gives_the_same(server: Server, judged: Pronounced) -> None:
    assert _judged(server, SENTENCE) == judged
    assert len(judged.version) == 16


def test_one_wrong_word_scores_below_its_neighbours(server: Server, judged: Pronounced) -> None:
    wrong = _judged(server, SENTENCE.replace("market", "umbrella"))
    assert wrong.words[5].word == "umbrella"
    assert wrong.words[5].score < judged.words[5].score - 0.2
    assert wrong.words[9].score > wrong.words[5].score


def test_a_text_that_was_not_said_is_refused(server: Server) -> None:
    answer = _asked(server, _wav(say(SENTENCE)), text=OTHER)
    assert _code(answer) == (422, CannotJudge.NOT_ALIGNED)


def test_word_times_bind_the_phones(server: Server, judged: Pronounced) -> None:
    times = [{"word": word.word, "start": word.start, "end": word.end} for word in judged.words]
    assert _judged(server, SENTENCE, words=json.dumps(times)) == judged


def test_phones_that_were_meant_replace_the_dictionary_s(server: Server) -> None:
    heard = _judged(server, "Yesterday", phones="Y EH S T ER D EY2")
    assert [phone.phone for phone in heard.words[0].phones] == ["Y", "EH", "S", "T", "ER", "D", "EY"]


@pytest.mark.parametrize("level", [0.0, 0.02])
def test_silence_and_noise_are_refused(server: Server, level: float) -> None:
    noise = np.random.default_rng(1).normal(0, level * 32_767, 2 * RATE).astype("<i2").tobytes()
    assert _code(_asked(server, _wav(noise), text="Good morning.")) == (422, CannotJudge.NO_SPEECH)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "x " * 4_000}, "text"),
        ({"text": "你好"}, "text"),
        ({"text": "Hello", "phones": "HH QQ"}, "phones"),
        ({"text": "Hello", "words": "[["}, "words"),
        ({"text": "Hello", "words": '[{"word": "Goodbye", "start": 0, "end": 1}]'}, "words"),
        ({"text": "Hello", "words": '[{"word": "Hello", "start": NaN, "end": 1}]'}, "words"),
    ],
)
def test_a_request_that_makes_no_sense_is_told_so(server: Server, fields: dict[str, str], param: str) -> None:
    answer = _asked(server, _wav(say(SENTENCE)), **fields)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize(
    ("audio", "status", "code"),
    [
        (b"", 400, "invalid_request"),
        (b"no audio at all", 400, "invalid_audio"),
        (_wav(b"\0\0" * 16), 422, "no_speech"),
        (_wav(b"\0\0" * (RATE * 61)), 413, "audio_too_long"),
        (b"\0" * 4_100_000, 413, "too_large"),
    ],
)
def test_bad_audio_is_told_so(server: Server, audio: bytes, status: int, code: str) -> None:
    assert _code(_asked(server, audio, text="Hello")) == (status, code)


def test_more_at_once_than_there_are_places_are_refused(server: Server) -> None:
    address = httpx.URL(server.url)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {address.host}\r\nContent-Length: 1000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    waiting = [socket.create_connection((address.host, address.port or 80)) for _ in range(PLACES)]
    try:
        for one in waiting:
            one.sendall(head.encode())
        refused = _until(server, 503)
        assert refused.json()["error"]["code"] == "busy"
        assert refused.headers["Retry-After"]
    finally:
        for one in waiting:
            one.close()
    assert _until(server, 400).json()["error"]["param"] == "text"


def _until(server: Server, status: int) -> httpx.Response:
    """The first answer of this status to a request without a text."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = _asked(server, b"none")
        if answer.status_code == status:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"no answer of status {status}")
