"""Recording: the question before the first call, the light in one, the player, the choice under privacy."""

from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.answers import CALL_ID, CONSENT, Answers, refusal
from tests.e2e.answers_review import RECORDING
from tests.e2e.scene import Act, Scene, nothing
from tests.e2e.scenes_privacy import FULL

ASKED = "/users/me/recording-consent"
READY_MS = 60_000
UNASKED = {**CONSENT, "asked": False, "withdrawn_at": None}
AGREED = {
    **CONSENT,
    "granted": True,
    "granted_at": "2026-11-20T16:00:00Z",
    "withdrawn_at": None,
    "recordings": 3,
}
HEARD = f"GET /calls/{CALL_ID}/recording"
PAGE = f"/calls/{CALL_ID}"
PRIVACY = "/account/privacy"


def answering(consent: dict[str, Any], then: dict[str, Any] | None = None) -> Answers:
    """How it stands with the consent, and how it does after an answer."""
    answers: Answers = {f"GET {ASKED}": {"body": consent}}
    if then is not None:
        answers[f"PUT {ASKED}"] = {"body": then}
    return answers


async def _say_yes(page: Page) -> None:
    await page.get_by_test_id("recording-yes").click(timeout=READY_MS)


async def _ask_to_erase(page: Page) -> None:
    await page.get_by_test_id("erase-recordings").click(timeout=READY_MS)


def in_call(recording: str, then: Act = nothing) -> Act:
    """In a call whose coach says this of its recording."""

    async def act(page: Page) -> None:
        await page.get_by_test_id("call-button").click()
        await expect(page.get_by_test_id("call-button")).to_have_attribute(
            "data-phase", "in_call", timeout=READY_MS
        )
        await page.evaluate(f'() => window.__room.coach("listening", "guided", "{recording}")')
        await then(page)

    return act


async def _play_third(page: Page) -> None:
    await page.get_by_test_id("play-turn").nth(2).click(timeout=READY_MS)


RECORDING_PAGES: tuple[Scene, ...] = (
    Scene("recording-question", "[data-testid=recording-question]", answers=answering(UNASKED)),
    Scene(
        "recording-answered",
        "[data-testid=recording-answered]",
        answers=answering(UNASKED, AGREED),
        act=_say_yes,
    ),
    Scene(
        "recording-unanswered",
        "[data-testid=recording-question] [role=alert]",
        answers=answering(UNASKED) | {f"PUT {ASKED}": refusal(503, "unavailable")},
        act=_say_yes,
    ),
    Scene("recording-light", "[data-recording=on]", act=in_call("on")),
    Scene("recording-stopped", "[data-recording=stopped]", act=in_call("stopped")),
    Scene(
        "player",
        "[data-state=ready]",
        PAGE,
        answers={HEARD: {"body": RECORDING}},
        act=_play_third,
        tall=1_500,
    ),
    Scene(
        "player-processing",
        "[data-state=processing]",
        PAGE,
        answers={HEARD: {"body": {**RECORDING, "state": "processing"}}},
        tall=1_300,
    ),
    Scene(
        "player-erased",
        "[data-state=erased]",
        PAGE,
        answers={HEARD: {"body": {**RECORDING, "state": "erased"}}},
        tall=1_300,
    ),
    Scene("player-failed", "[data-testid=failure]", PAGE, answers={HEARD: refusal(422, "x")}, tall=1_500),
    Scene("recording-on", "[data-granted=true]", PRIVACY, answers=FULL | answering(AGREED), tall=3_400),
    Scene(
        "recording-adult",
        "[data-testid=recording-consent]",
        PRIVACY,
        answers=FULL | answering({**UNASKED, "adult_needed": True}),
        tall=3_400,
    ),
    Scene("recording-erase", "dialog[open]", PRIVACY, answers=FULL | answering(AGREED), act=_ask_to_erase),
)
