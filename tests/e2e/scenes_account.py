"""The account's pages: every page, and every state that a learner can bring them into."""

from playwright.async_api import Page

from tests.e2e.answers import Answers, refusal
from tests.e2e.answers_account import BARE, FULL, account
from tests.e2e.scene import Act, Scene, nothing

PAGES = {
    "profile": "/account",
    "conversation": "/account/conversation",
    "security": "/account/security",
    "privacy": "/account/privacy",
    "programs": "/account/programs",
}


def scene(
    page: str,
    state: str = "",
    *,
    shows: str = "main h1",
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page of the account in a state."""
    name = f"account-{page}-{state}".rstrip("-")
    asked = {**FULL, **(answers or {})}
    return Scene(name, shows, PAGES[page], answers=asked, act=act, tall=tall)


def me(**more: object) -> Answers:
    """Her account, otherwise than usual."""
    return {"GET /users/me": {"body": account(**more)}}


def press(selector: str) -> Act:
    """Presses the first such control."""

    async def act(page: Page) -> None:
        await page.locator(selector).first.click()

    return act


def in_turn(*acts: Act) -> Act:
    """One thing after the other."""

    async def act(page: Page) -> None:
        for one in acts:
            await one(page)

    return act


def write(selector: str, text: str) -> Act:
    """Types into a box."""

    async def act(page: Page) -> None:
        await page.locator(selector).fill(text)

    return act


CHANGE = "#{} > button"
ROW = "[data-testid={}] li:nth-child({}) button"
SEND = "form button[type=submit]"
CONFIRM = "[data-testid=confirm]"
NEW_NAME = write("#about-you input[name=name]", "Maya Rose")
UNTOLD = me(email_verified=False, birth_year=None, age_needed=True, ai_disclosure_needed=True)

ACCOUNT_PAGES = (
    scene("profile", shows="[data-testid=level]", tall=1_500),
    scene("profile", "saved", shows="[data-testid=done] svg", act=in_turn(NEW_NAME, press(SEND)), tall=1_500),
    scene(
        "profile",
        "refused",
        shows="[data-testid=refusal]",
        answers={"PATCH /users/me": refusal(422, "validation_error")},
        act=in_turn(NEW_NAME, press(SEND)),
        tall=1_500,
    ),
    scene(
        "profile",
        "language",
        shows="[role=option]",
        act=in_turn(press("[role=combobox]"), write("[role=combobox]", "por")),
        tall=1_500,
    ),
    scene(
        "profile",
        "language-unknown",
        shows="[aria-expanded=true]",
        act=in_turn(press("[role=combobox]"), write("[role=combobox]", "klingon")),
        tall=1_500,
    ),
    scene("conversation", shows="[data-testid=greeting]"),
    scene(
        "conversation",
        "saved",
        shows="[data-testid=done] svg",
        act=press("[data-testid=greeting] input"),
    ),
    scene(
        "conversation", "loading", shows="[data-testid=loading]", answers={"GET /users/me/preferences": None}
    ),
    scene(
        "conversation",
        "failed",
        shows="[data-testid=failure]",
        answers={"GET /users/me/preferences": refusal(422, "invalid")},
    ),
    scene("security", shows="[data-testid=devices]", tall=1_900),
    scene(
        "security",
        "bare",
        shows="[data-testid=devices]",
        answers={**BARE, **me(email_verified=False)},
        tall=1_900,
    ),
    scene(
        "security",
        "pending",
        shows="[data-testid=pending-email]",
        answers=me(pending_email="maya.rose@example.com"),
    ),
    scene(
        "security",
        "email-refused",
        shows="[data-testid=refusal]",
        act=in_turn(
            press(CHANGE.format("email")),
            write("input[name=email]", "maya.rose@example.com"),
            write("input[name=password]", "Speak-easy-9"),
            press(SEND),
        ),
        tall=1_200,
    ),
    scene(
        "security",
        "password",
        shows="[data-rule=upper][data-kept=true]",
        act=in_turn(press(CHANGE.format("password")), write("input[name=new-password]", "Maya"), press(SEND)),
        tall=1_400,
    ),
    scene(
        "security",
        "password-changed",
        shows="#password [data-testid=done] svg",
        act=in_turn(
            press(CHANGE.format("password")),
            write("input[name=current-password]", "Speak-easy-9"),
            write("input[name=new-password]", "Talk-Freely-7"),
            press(SEND),
        ),
        tall=1_400,
    ),
    scene("security", "device-ends", shows=CONFIRM, act=press(ROW.format("devices", 2))),
    scene(
        "security",
        "device-ended",
        shows="#devices [data-testid=done] svg",
        act=in_turn(press(ROW.format("devices", 2)), press(CONFIRM)),
        tall=1_900,
    ),
    scene("security", "unlinks", shows=CONFIRM, act=press(ROW.format("providers", 1))),
    scene(
        "security",
        "loading",
        shows="[data-testid=loading]",
        answers={"GET /users/me/devices": None},
        tall=1_900,
    ),
    scene(
        "security",
        "failed",
        shows="[data-testid=failure]",
        answers={"GET /users/me/devices": refusal(422, "invalid")},
        tall=1_900,
    ),
    scene("privacy", shows="[data-testid=consent]", tall=1_900),
    scene("privacy", "untold", shows="[data-testid=consent]", answers=UNTOLD),
    *(
        scene(
            "privacy",
            f"consent-{state}",
            shows=f"[data-consent={state}]",
            answers=me(birth_year=2013, consent=state),
        )
        for state in ("needed", "asked", "granted")
    ),
    scene("privacy", "delete", shows=CONFIRM, act=press(CHANGE.format("delete"))),
    scene(
        "privacy",
        "delete-refused",
        shows="[data-testid=refusal]",
        act=in_turn(press(CHANGE.format("delete")), write("dialog input", "wrong"), press(CONFIRM)),
    ),
    scene("programs", shows="[data-testid=keys]"),
    scene("programs", "bare", answers=BARE),
    scene(
        "programs",
        "new-key",
        shows="[role=alert]",
        act=in_turn(press(CHANGE.format("keys")), press("[data-testid=scopes] input"), press(SEND)),
        tall=1_200,
    ),
    scene(
        "programs",
        "secret",
        shows="[data-testid=secret]",
        act=in_turn(press(CHANGE.format("keys")), write("form input[maxlength]", "Notebook"), press(SEND)),
        tall=1_200,
    ),
)
