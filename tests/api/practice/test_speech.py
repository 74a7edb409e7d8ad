"""Saying an answer and hearing it: what is sent to the speech servers, and what is never kept."""

import httpx
import pytest
from fastapi import FastAPI

from api.rate_limit import Rate
from tests.api.conftest import error_of
from tests.api.practice.conftest import GO, V1, Clock, Practice, Vendor
from tests.unit.api.speech.test_recording import wav

WAV = {"Content-Type": "audio/wav"}


async def path_of_item(practice: Practice, clock: Clock) -> str:
    await practice.slipped(await practice.call("She go"), GO)
    clock.move(days=1)
    (item,) = await practice.due()
    return f"{V1}/reviews/{item['id']}"


@pytest.mark.parametrize(
    ("heard", "verdict", "missing"),
    [
        ("She goes to school.", "match", []),
        ("she go to school", "close", ["goes"]),
        ("", "different", ["She", "goes", "to", "school."]),
    ],
)
async def test_a_recording_is_heard_beside_the_answer(  # noqa: PLR0917 - fixtures
    practice: Practice, clock: Clock, vendor: Vendor, heard: str, verdict: str, missing: list[str]
) -> None:
    path, recording = await path_of_item(practice, clock), wav(1)
    vendor.heard = heard
    answer = await practice.learner.client.post(f"{path}/said", content=recording, headers=WAV)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["heard"], said["verdict"]) == (heard, verdict)
    assert [word["text"] for word in said["words"] if not word["said"]] == missing
    assert vendor.recordings == [recording]
    typed = await practice.learner.client.post(f"{path}/typed", json={"text": heard or "x"})
    assert typed.json()["verdict"] == verdict


async def test_other_things_than_a_recording_are_refused(
    practice: Practice, clock: Clock, vendor: Vendor
) -> None:
    path = await path_of_item(practice, clock)
    for content, code in ((b"", "recording_invalid"), (wav(31), "recording_too_long")):
        refused = await practice.learner.client.post(f"{path}/said", content=content, headers=WAV)
        assert (refused.status_code, error_of(refused)) == (422, code)
    huge = await practice.learner.client.post(f"{path}/said", content=bytes(2_000_000), headers=WAV)
    assert huge.status_code == 413
    assert vendor.recordings == []


async def test_speech_that_is_down_is_said_so(
    practice: Practice, clock: Clock, vendor: Vendor, app: FastAPI
) -> None:
    path = await path_of_item(practice, clock)
    vendor.status = 500
    heard = await practice.learner.client.post(f"{path}/said", content=wav(1), headers=WAV)
    said = await practice.learner.client.post(f"{V1}/speech", json={"text": "Hello"})
    app.state.speech.recognizer = app.state.speech.synthesizer = None
    none = await practice.learner.client.post(f"{path}/said", content=wav(1), headers=WAV)
    for answer in (heard, said, none):
        assert (answer.status_code, error_of(answer)) == (503, "speech_unavailable")


async def test_a_sentence_is_said_once_and_at_hand_then(
    anonymous: httpx.AsyncClient, practice: Practice, vendor: Vendor, app: FastAPI
) -> None:
    assert (await anonymous.post(f"{V1}/speech", json={"text": "Hello"})).status_code == 401
    client = practice.learner.client
    for _twice in range(2):
        answer = await client.post(f"{V1}/speech", json={"text": "She goes to school."})
        assert answer.headers["content-type"] == "audio/mpeg"
        assert answer.content == b"mp3 She goes to school."
    assert [one["response_format"] for one in vendor.said] == ["mp3"]
    for text in ("", "x" * 301, "a\x00b"):
        assert (await client.post(f"{V1}/speech", json={"text": text})).status_code == 422
    app.state.rates.__dict__["speech"] = Rate("1/minute")
    codes = [(await client.post(f"{V1}/speech", json={"text": "Hi"})).status_code for _twice in range(2)]
    assert codes == [200, 429]
