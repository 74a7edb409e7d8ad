"""A network that lets no call through: the same coach, in writing, over plain HTTPS."""

import re

from playwright.async_api import Browser, WebSocketRoute, expect

from infra.stack.embedded import RunningStack
from tests.e2e.browser import new_page
from tests.e2e.screen import ANSWER_WITHIN_MS, CALL_WITHIN_MS, Screen
from tests.support.records import stored_calls, stored_turns

RECORD_WITHIN_MS = 20_000
SAID = ("Hello, my name is Anna and I like music.", "Yesterday I went to the market with my sister.")


async def refuse(socket: WebSocketRoute) -> None:
    """As a firewall that knows no WebSockets."""
    await socket.close(code=1008)


async def test_a_learner_behind_a_firewall_talks_by_writing(browser: Browser, stack: RunningStack) -> None:
    async with new_page(browser, stack.api_url, speaking=True) as page:
        await page.route_web_socket(re.compile("/rtc"), refuse)
        await page.route(re.compile("/rtc"), lambda route: route.abort())
        screen = Screen(page)
        await screen.sign_up()
        await screen.call_button.click()
        await (
            page.get_by_test_id("problem-voice_blocked")
            .get_by_role("button")
            .first.click(timeout=CALL_WITHIN_MS)
        )
        await screen.in_call()
        await expect(screen.captions("coach").first).to_contain_text(
            re.compile(r"\bAI\b"), timeout=CALL_WITHIN_MS
        )
        for number, text in enumerate(SAID, start=1):
            answers = await screen.captions("coach").count()
            await page.get_by_test_id("message-box").fill(text)
            await page.keyboard.press("Enter")
            await expect(screen.captions("learner")).to_have_count(number)
            await expect(screen.captions("coach").nth(answers)).to_be_visible(timeout=ANSWER_WITHIN_MS)
        await screen.hang_up()
        await page.get_by_test_id("transcript-link").click(timeout=RECORD_WITHIN_MS)
        turns = page.get_by_test_id("turns").locator("li[data-role=learner]")
        await expect(turns).to_have_count(2, timeout=RECORD_WITHIN_MS)

    [call] = await stored_calls(stack.database_url, screen.email)
    stored = await stored_turns(stack.database_url, call["id"])
    typed = [turn for turn in stored if turn.role == "learner"]
    assert [turn.text for turn in typed] == list(SAID)
    assert {turn.input_kind for turn in typed} == {"text"}
    assert sum(turn.role == "coach" for turn in stored) >= 3
