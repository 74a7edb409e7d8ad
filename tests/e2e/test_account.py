"""An account in a browser's hands, over the whole stack: profile, keys, devices, password, and its end."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Page, expect

from infra.stack.embedded import RunningStack
from tests.e2e.screen import PASSWORD, Screen

V1 = "/api/v1"
NEW_PASSWORD = "Speak-Louder-43!"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
WITHIN_MS = 30_000


@pytest.fixture
async def phone(stack: RunningStack) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser of the same person."""
    async with httpx.AsyncClient(base_url=stack.api_url, headers={"User-Agent": PHONE}) as client:
        yield client


async def entered(client: httpx.AsyncClient, email: str, password: str) -> int:
    """Sign in; the status of the answer."""
    answer = await client.post(f"{V1}/auth/login", json={"email": email, "password": password})
    return answer.status_code


async def turn_to(page: Page, name: str) -> None:
    """Go to one of the account's pages by its link."""
    await page.get_by_test_id("account-nav").get_by_role("link", name=name).click()


async def test_account_is_kept_and_ended_by_its_owner(
    page: Page, stack: RunningStack, phone: httpx.AsyncClient
) -> None:
    screen = Screen(page)
    await screen.sign_up("Anna")
    await rename(page)
    secret = await make_key(page)
    await use_key(stack, secret)
    await sign_phone_out(page, phone, screen.email)
    await change_password(page, phone, screen.email)
    await delete_account(page)
    assert await entered(phone, screen.email, NEW_PASSWORD) == 401
    assert await asked_with(stack, secret) == 401


async def rename(page: Page) -> None:
    """The name is changed on the profile, and the menu knows it."""
    await page.get_by_role("button", name="Settings and account").click()
    await page.get_by_role("link", name="Your account").click()
    await page.get_by_label("Your name").fill("Anna Rose")
    await page.get_by_role("combobox", name="Your first language").fill("farsi")
    await page.get_by_role("option", name="Persian").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible(timeout=WITHIN_MS)
    await page.reload()
    await expect(page.get_by_label("Your name")).to_have_value("Anna Rose", timeout=WITHIN_MS)
    await expect(page.get_by_role("combobox")).to_have_value("Persian")
    await expect(page.get_by_text("Signed in as Anna Rose")).to_have_count(1)


async def make_key(page: Page) -> str:
    """A key that may read; its secret as it is shown."""
    await turn_to(page, "Software")
    await page.get_by_role("button", name="Make a key").click()
    await page.get_by_label("Name", exact=True).fill("Notebook")
    await page.get_by_role("button", name="Make a key").click()
    secret = page.get_by_test_id("secret")
    await expect(secret).to_have_text(re.compile("^avz_"), timeout=WITHIN_MS)
    return await secret.inner_text()


async def asked_with(stack: RunningStack, secret: str, method: str = "GET", path: str = "") -> int:
    """Ask for the session with a key; the status of the answer."""
    async with httpx.AsyncClient(base_url=stack.api_url) as program:
        answer = await program.request(
            method, f"{V1}/sessions/default{path}", headers={"Authorization": f"Bearer {secret}"}
        )
    return answer.status_code


async def use_key(stack: RunningStack, secret: str) -> None:
    """The key reads, and no more than that."""
    assert await asked_with(stack, secret) == 200
    assert await asked_with(stack, secret, "POST", "/token") == 403


async def sign_phone_out(page: Page, phone: httpx.AsyncClient, email: str) -> None:
    """A second browser is listed by its name, and signed out."""
    assert await entered(phone, email, PASSWORD) == 204
    await turn_to(page, "Security")
    devices = page.get_by_test_id("devices").get_by_role("listitem")
    await expect(devices).to_have_count(2, timeout=WITHIN_MS)
    await expect(devices.filter(has_text="This one")).to_have_count(1)
    await devices.get_by_role("button", name="Sign out Firefox on Android").click()
    await page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    await expect(devices).to_have_count(1, timeout=WITHIN_MS)
    assert (await phone.get(f"{V1}/users/me")).status_code == 401


async def change_password(page: Page, phone: httpx.AsyncClient, email: str) -> None:
    """From then on the old password opens nothing."""
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_label("Your present password").fill(PASSWORD)
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Use this password").click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible(timeout=WITHIN_MS)
    phone.cookies.clear()
    assert await entered(phone, email, PASSWORD) == 401
    assert await entered(phone, email, NEW_PASSWORD) == 204


async def delete_account(page: Page) -> None:
    """The password is asked, and a word says that it is done."""
    await turn_to(page, "Privacy")
    await page.get_by_role("button", name="Delete my account").click()
    await page.get_by_label("Your present password").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Delete everything").click()
    await expect(page.get_by_test_id("account-deleted")).to_be_visible(timeout=WITHIN_MS)
    assert page.url.endswith("/welcome")
