"""The main job in a browser: sign up, talk, interrupt, reload, hang up, read it all again."""

import re
from pathlib import Path

import numpy as np
from playwright.async_api import Page, Playwright, expect

from infra.bench.audio import RATE, Samples
from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.e2e.browser import fake_microphone, launch, new_page
from tests.e2e.screen import CALL_WITHIN_MS, Screen, as_wav
from tests.support.records import stored_calls, stored_turns

RECORD_WITHIN_MS = 20_000
REPORT_WITHIN_MS = 60_000


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


async def test_a_learner_talks_interrupts_reloads_and_finds_the_transcript(
    page: Page, stack: RunningStack, voices: list[Utterance]
) -> None:
    screen = Screen(page)
    await screen.sign_up()
    await screen.start_call()
    assert re.search(r"\bAI\b", await screen.captions("coach").first.inner_text())
    for utterance in voices[:3]:
        await screen.say_and_hear(utterance)
    assert await screen.captions("learner").count() >= 3
    assert await screen.captions("coach").count() >= 4

    ended = await screen.say(voices[3])
    await screen.hears_after(ended)
    interrupted = await screen.now()
    await screen.say(voices[4])
    await page.wait_for_function("since => __ear.firstSoundAfter(since) !== null", arg=interrupted)
    await screen.quiet()

    await page.reload()
    await screen.in_call()
    await screen.quiet()
    await screen.say_and_hear(voices[5])
    await screen.hang_up()

    await page.get_by_test_id("transcript-link").click(timeout=RECORD_WITHIN_MS)
    turns = page.get_by_test_id("turns")
    await expect(turns.locator("li[data-role=learner]").first).to_be_visible(timeout=RECORD_WITHIN_MS)

    calls = await stored_calls(stack.database_url, screen.email)
    assert len(calls) == 1, "a reload must not open another call"
    stored = await stored_turns(stack.database_url, calls[0]["id"])
    said = " ".join(turn.text for turn in stored if turn.role == "learner")
    meant = set().union(*(words_of(one.text) for one in voices[:6]))
    assert len(words_of(said) & meant) >= 0.6 * len(meant)
    assert any(turn.interrupted for turn in stored if turn.role == "coach")
    shown = " ".join(await turns.locator("li").all_inner_texts())
    assert all(turn.text in shown for turn in stored if turn.role == "learner")
    assert [turn.position for turn in stored] == sorted({turn.position for turn in stored})

    await expect(page.get_by_test_id("report-ready")).to_be_visible(timeout=REPORT_WITHIN_MS)
    await page.goto("/account/conversation")
    await expect(page.get_by_test_id("memory").locator("li").first).to_be_visible(timeout=REPORT_WITHIN_MS)


async def test_three_turns_through_the_browsers_own_microphone_device(
    playwright: Playwright, chromium: str, stack: RunningStack, voices: list[Utterance], tmp_path: Path
) -> None:
    recording = tmp_path / "microphone.wav"
    recording.write_bytes(as_wav(with_pauses([one.samples for one in voices[9:12]])))
    browser = await launch(playwright, chromium, fake_microphone(recording))
    try:
        async with new_page(browser, stack.api_url) as page:
            screen = Screen(page)
            await screen.sign_up()
            since = await screen.now()
            await screen.call_button.click()
            await screen.in_call()
            await screen.hears_after(since)
            await expect(screen.captions("learner").nth(2)).to_be_visible(timeout=90_000)
            await expect(screen.captions("coach").nth(3)).to_be_visible(timeout=CALL_WITHIN_MS)
            await screen.quiet()
            await screen.hang_up()
            heard = " ".join(await screen.captions("learner").all_inner_texts())
    finally:
        await browser.close()
    meant = set().union(*(words_of(one.text) for one in voices[9:12]))
    assert len(words_of(heard) & meant) >= 0.6 * len(meant)


def with_pauses(utterances: list[Samples], pause_s: float = 14.0, tail_s: float = 60.0) -> Samples:
    """Utterances with room for an answer before each, and so long a silence that the loop does not matter."""
    pieces: list[Samples] = []
    for samples in utterances:
        pieces += [np.zeros(int(RATE * pause_s), np.float32), samples]
    return np.concatenate([*pieces, np.zeros(int(RATE * tail_s), np.float32)])
