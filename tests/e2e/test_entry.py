"""From a new account to a new password, by the mails that the product really wrote."""

import email
import email.policy
import re
from pathlib import Path

from playwright.async_api import Page, expect

from infra.stack.embedded import RunningStack
from tests.e2e.screen import PASSWORD, Screen
from tests.support.lesson import until

NEW_PASSWORD = "Another-Word-77!"
MAILED_WITHIN_S = 60.0
SHOWN_WITHIN_MS = 30_000


def _links(folder: Path, recipient: str, page: str) -> list[str]:
    """Addresses on this origin that mails to somebody lead to."""
    found: list[str] = []
    for file in sorted(folder.glob("*.eml")):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        if recipient in str(mail["To"]) and body is not None:
            found += re.findall(rf"/{page}#token=[\w-]{{54}}", str(body.get_content()))
    return found


async def mailed_link(stack: RunningStack, recipient: str, page: str) -> str:
    """Waits for the mail that leads to a page; returns its path and fragment."""
    came = await until(lambda: _links(stack.home / "mail", recipient, page), limit=MAILED_WITHIN_S)
    assert came, f"no mail that leads to /{page}"
    return _links(stack.home / "mail", recipient, page)[-1]


async def test_account_is_made_confirmed_and_its_password_replaced_by_mail(
    page: Page, stack: RunningStack
) -> None:
    screen = Screen(page)
    await screen.sign_up()
    reminder = page.get_by_test_id("reminder-email")
    await expect(reminder).to_be_visible(timeout=SHOWN_WITHIN_MS)

    await page.goto(await mailed_link(stack, screen.email, "verify"))
    await expect(page.get_by_test_id("verified")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await expect(page).to_have_url(f"{stack.api_url}/verify")
    await page.get_by_test_id("verified").click()
    await expect(screen.call_button).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await expect(reminder).to_have_count(0)

    await page.goto("/sign-in")
    await page.get_by_role("link", name="Forgot your password?").click()
    await page.get_by_label("E-mail").fill(screen.email)
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_test_id("forgot-sent")).to_be_visible(timeout=SHOWN_WITHIN_MS)

    reset = await mailed_link(stack, screen.email, "reset")
    await page.goto(reset)
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    await expect(page).to_have_url(f"{stack.api_url}/reset")
    await page.get_by_role("button", name="Keep this password").click()
    await page.get_by_test_id("reset-done").click(timeout=SHOWN_WITHIN_MS)

    await sign_in(page, screen.email, PASSWORD)
    await expect(page.get_by_test_id("auth-error")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await sign_in(page, screen.email, NEW_PASSWORD)
    await expect(screen.call_button).to_be_visible(timeout=SHOWN_WITHIN_MS)

    await page.goto(reset)
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Keep this password").click()
    await expect(page.get_by_test_id("link-broken")).to_be_visible(timeout=SHOWN_WITHIN_MS)


async def sign_in(page: Page, address: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(address)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def test_young_learner_talks_once_a_guardian_has_agreed(page: Page, stack: RunningStack) -> None:
    screen = Screen(page)
    guardian = f"parent-{screen.email}"
    await screen.fill_sign_up(year="2015")
    await page.get_by_label("E-mail address of your parent or guardian").fill(guardian)
    await page.get_by_role("button", name="Ask for consent").click()
    await expect(page.get_by_test_id("guardian-waiting")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.get_by_role("button", name="Not now: look around first").click()
    await screen.call_button.click(timeout=SHOWN_WITHIN_MS)
    await expect(page.get_by_test_id("problem-consent_needed")).to_be_visible(timeout=SHOWN_WITHIN_MS)

    await page.goto(await mailed_link(stack, guardian, "consent"))
    await page.get_by_role("button", name="I agree", exact=True).click()
    await expect(page.get_by_test_id("consent-granted")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.goto("/")
    await expect(screen.call_button).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await screen.call_button.click()
    await screen.in_call()
    await screen.hang_up()
