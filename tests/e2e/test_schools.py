"""From a new school to a learner in it, by the invitation that the product really mailed."""

from playwright.async_api import Browser, Page, expect

from infra.stack.embedded import RunningStack
from tests.e2e.browser import new_page
from tests.e2e.screen import Screen
from tests.e2e.test_entry import SHOWN_WITHIN_MS, mailed_link

SCHOOL = "North Street School"
PROGRAM = "B1, evenings"


async def test_a_learner_comes_into_a_school_by_mail(
    page: Page, browser: Browser, stack: RunningStack
) -> None:
    lead = Screen(page)
    await lead.sign_up("Ada")
    await page.goto(await mailed_link(stack, lead.email, "verify"))
    await expect(page.get_by_test_id("verified")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await make_school(page)
    async with new_page(browser, stack.api_url) as other:
        newcomer = Screen(other)
        await invite(page, newcomer.email)
        await other.goto(await mailed_link(stack, newcomer.email, "join"))
        await come_in(newcomer, stack)
    await page.get_by_role("link", name="People").click()
    row = page.get_by_test_id("members").get_by_role("listitem").filter(has_text=newcomer.email)
    await expect(row.first).to_contain_text(PROGRAM, timeout=SHOWN_WITHIN_MS)
    await expect(page.get_by_test_id("member-count")).to_have_text("2 people")


async def make_school(page: Page) -> None:
    """Makes a school with a program, and arrives at it."""
    await page.goto("/account/schools")
    await page.get_by_role("button", name="Create a school").click()
    await page.get_by_label("Name of the school").fill(SCHOOL)
    await page.get_by_role("button", name="Create it").click()
    await expect(page.get_by_role("heading", name=SCHOOL)).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.get_by_role("button", name="New program").click()
    await page.get_by_label("Name of the program").fill(PROGRAM)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_test_id("programs")).to_contain_text(PROGRAM, timeout=SHOWN_WITHIN_MS)


async def invite(page: Page, email: str) -> None:
    """Invites somebody into the program by mail."""
    await page.get_by_role("link", name="Invitations").click()
    form = page.get_by_test_id("mail-form")
    await form.get_by_label("E-mail addresses").fill(email)
    await form.get_by_label("Into a program").select_option(PROGRAM)
    await form.get_by_role("button", name="Send invitations").click()
    await expect(form).to_contain_text("1 invitation is on its way.", timeout=SHOWN_WITHIN_MS)


async def come_in(newcomer: Screen, stack: RunningStack) -> None:
    """Signs up because of the invitation, confirms the address, and finds the invitation where it was."""
    page = newcomer.page
    await page.get_by_role("link", name="Create an account").click()
    await newcomer.send_sign_up("Mia")
    accept = page.get_by_role("button", name="Accept the invitation")
    await accept.click(timeout=SHOWN_WITHIN_MS)
    await expect(page.get_by_test_id("confirm-first")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.goto(await mailed_link(stack, newcomer.email, "verify"))
    await expect(page.get_by_test_id("verified")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.goto("/join")
    await accept.click(timeout=SHOWN_WITHIN_MS)
    await expect(page.get_by_test_id("joined")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    await page.get_by_role("link", name="Go and talk").click()
    await expect(newcomer.call_button).to_be_visible(timeout=SHOWN_WITHIN_MS)
