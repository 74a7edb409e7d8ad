"""LiveKit's own way to a token: `TokenSource.endpoint` of livekit-client as published, on the real API."""

from playwright.async_api import Page

from infra.stack.settings import PROJECT_ROOT
from tests.e2e.browser import SCRIPTS
from tests.e2e.screen import Screen

LIVEKIT_CLIENT = PROJECT_ROOT / "frontend/node_modules/livekit-client/dist/livekit-client.umd.js"


async def test_an_unmodified_livekit_client_joins_by_the_token_endpoint(page: Page) -> None:
    screen = Screen(page)
    await screen.sign_up()
    me = await page.evaluate("fetch('/api/v1/users/me').then((answer) => answer.json())")
    await page.evaluate(LIVEKIT_CLIENT.read_text())

    seen = await page.evaluate((SCRIPTS / "token_source.js").read_text().partition("\n")[2])

    assert seen["state"] == "connected"
    assert seen["identity"] == f"learner-{me['id']}"
    assert seen["agentKind"], "no coach came into the room"
    assert seen["refusal"] is not None, "the endpoint let the client choose who it is"
