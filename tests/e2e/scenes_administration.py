"""The pages of administration, and what people read while no call may begin."""

from playwright.async_api import Page, expect

from tests.e2e.answers import Answers, refusal
from tests.e2e.answers_account import account
from tests.e2e.answers_administration import EMPTY, FULL, PAUSED, ROOT, SCHOOL
from tests.e2e.scene import Act, Scene, nothing
from tests.e2e.scenes_account import CONFIRM, in_turn, press, write

PAGES = {
    "overview": "/admin",
    "people": "/admin/people",
    "organisations": "/admin/organisations",
    "jobs": "/admin/jobs",
    "settings": "/admin/settings",
    "maintenance": "/admin/maintenance",
    "audit": "/admin/audit",
}
LISTS = {
    "overview": "/statistics",
    "people": "/users",
    "organisations": "/organisations",
    "jobs": "/jobs",
    "settings": "/settings",
    "maintenance": "/maintenance",
    "audit": "/audit",
}


def scene(
    page: str,
    state: str = "",
    *,
    shows: str,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = 1_500,
) -> Scene:
    """A page of administration in a state."""
    name = f"administration-{page}-{state}".rstrip("-")
    return Scene(name, shows, PAGES[page], answers={**FULL, **(answers or {})}, act=act, tall=tall)


def choose_role(role: str) -> Act:
    """Chooses another role for the person who is open."""

    async def act(page: Page) -> None:
        await page.locator("[data-testid=role]").select_option(role)

    return act


async def call(page: Page) -> None:
    """Presses the one large button."""
    await expect(page.get_by_test_id("call-button")).to_be_visible()
    await page.get_by_test_id("call-button").click()


PERSON = "[data-testid=people] li:nth-child(2) button"
SUSPEND = "[data-testid=organisations] li:nth-child(1) button"
PAUSE: Answers = {
    "POST /sessions/default/token": refusal(503, "maintenance", **{"Retry-After": "600"}),
    "GET /config": {
        "body": {
            "version": "0.1.0",
            "embedded": False,
            "demo_accounts": [],
            "coach": "guided",
            "sign_in_providers": [],
            "maintenance": {"until": PAUSED["until"], "message": PAUSED["message"]},
        }
    },
}
SUSPENDED: Answers = {
    "GET /users/me": {"body": account(organisation_suspended="The school year has ended.")},
    "GET /sessions/default": refusal(403, "organisation_suspended"),
}

ADMINISTRATION_PAGES = (
    scene("overview", shows="[data-testid=stages]", tall=1_900),
    scene("overview", "empty", shows="[data-testid=figures]", answers=EMPTY, tall=1_900),
    scene("overview", "school", shows="[data-testid=figures]", answers=SCHOOL),
    scene("people", shows="[data-testid=people]"),
    scene("people", "open", shows="[data-testid=person]", act=press(PERSON)),
    scene(
        "people",
        "role-refused",
        shows="dialog [data-testid=refusal]",
        act=in_turn(press(PERSON), choose_role("admin"), press(CONFIRM)),
    ),
    scene(
        "people",
        "erase",
        shows="dialog input",
        act=in_turn(press(PERSON), press("[data-testid=person] > button")),
    ),
    scene("organisations", shows="[data-testid=organisations]"),
    scene(
        "organisations",
        "no-reason",
        shows="dialog [aria-invalid]",
        act=in_turn(press(SUSPEND), press(CONFIRM)),
    ),
    scene("jobs", shows="[data-testid=dead]"),
    scene(
        "jobs",
        "retried",
        shows="[data-testid=done] svg",
        act=press("[data-testid=dead] li:first-child button"),
    ),
    scene("settings", shows="[data-testid=settings-list]", tall=1_700),
    scene("settings", "school", shows="[data-testid=settings-list]", answers=SCHOOL, tall=1_500),
    scene(
        "settings",
        "asked",
        shows=CONFIRM,
        act=press("[data-testid=setting-sign_up_open] label:nth-child(2) input"),
    ),
    scene("maintenance", shows="[data-testid=maintenance-off]"),
    scene(
        "maintenance",
        "on",
        shows="[data-testid=maintenance-on]",
        answers={f"{ROOT}/maintenance": {"body": PAUSED}},
    ),
    scene(
        "maintenance",
        "wrong",
        shows="[aria-invalid]",
        act=in_turn(
            write("input[name=minutes]", "soon"), press("[data-testid=maintenance-off] ~ div button")
        ),
    ),
    scene("audit", shows="[data-testid=events]"),
    *(
        scene(page, "empty", shows="main h1", answers=EMPTY)
        for page in ("people", "organisations", "jobs", "audit")
    ),
    *(
        scene(page, "loading", shows="[data-testid=loading]", answers={f"{ROOT}{LISTS[page]}": None})
        for page in ("overview", "people")
    ),
    *(
        scene(
            page,
            "failed",
            shows="[data-testid=failure]",
            answers={f"{ROOT}{LISTS[page]}": refusal(403, "forbidden")},
        )
        for page in ("overview", "settings")
    ),
    Scene("administration-refused", "main h1", "/admin"),
    Scene("problem-maintenance", "[data-testid=problem-maintenance]", answers=PAUSE, act=call),
    Scene(
        "problem-organisation-suspended", "[data-testid=problem-organisation_suspended]", answers=SUSPENDED
    ),
)
