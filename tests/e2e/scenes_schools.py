"""Schools: those that one belongs to, the one that one administers, and the way in by an invitation."""

from playwright.async_api import Page

from tests.e2e.answers import Answers, anonymous, refusal
from tests.e2e.answers_account import account
from tests.e2e.answers_schools import BARE, OVERVIEW, SCHOOL, SCHOOL_ID, TOKEN, preview
from tests.e2e.scene import Act, Scene, nothing
from tests.e2e.scenes_account import CONFIRM, ROW, SEND, in_turn, press, write

MINE = "/account/schools"
JOIN = f"/join#token={TOKEN}"
JOINED = {"organisation_id": SCHOOL_ID, "organisation": OVERVIEW["name"], "program": None}


def scene(
    name: str,
    path: str,
    shows: str,
    *,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page about schools in a state."""
    return Scene(name, shows, path, answers={**SCHOOL, **(answers or {})}, act=act, tall=tall)


def part(
    name: str,
    state: str,
    shows: str,
    *,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page of the school that one administers, in a state."""
    full = f"school-{name}-{state}".rstrip("-")
    return scene(full, f"/school/{name}", shows, answers=answers, act=act, tall=tall)


async def keep_less(page: Page) -> None:
    """Chooses a shorter time for recordings."""
    await page.locator("select[name=recording_days]").select_option("30")
    await page.get_by_test_id("save-policy").click()


def invited(state: str, shows: str, asked: Answers, *, known: bool = True, act: Act = nothing) -> Scene:
    """An invitation, opened."""
    answers = {**(SCHOOL if known else anonymous()), **asked}
    return Scene(f"join-{state}", shows, JOIN, known=known, answers=answers, act=act)


ACCEPT = press("[data-testid=invitation] button")
UNREADABLE = refusal(422, "invalid")
YOUNG: Answers = {"GET /users/me": {"body": account(birth_year=2014, consent="needed")}}

SCHOOL_PAGES = (
    scene("schools", MINE, "[data-testid=schools]", tall=1_000),
    scene("schools-alone", MINE, "[data-testid=schools]", answers=BARE),
    scene("schools-loading", MINE, "[data-testid=loading]", answers={"GET /users/me/organisations": None}),
    scene(
        "schools-failed", MINE, "[data-testid=failure]", answers={"GET /users/me/organisations": UNREADABLE}
    ),
    scene(
        "schools-switched", MINE, "[data-testid=done] svg", act=press(ROW.format("schools", 1)), tall=1_000
    ),
    scene(
        "schools-leave", MINE, CONFIRM, act=press("[data-testid=schools] li:nth-child(3) button:last-child")
    ),
    scene(
        "schools-too-many",
        MINE,
        "[data-testid=refusal]",
        act=in_turn(press("#schools > button"), write("input[name=school]", "One More School"), press(SEND)),
        tall=1_200,
    ),
    part("programs", "", "[data-testid=programs]", tall=1_100),
    part("programs", "empty", "[data-testid=school-counts]", answers=BARE),
    part("programs", "loading", "[data-testid=loading]", answers={"GET /programs": None}),
    part("programs", "failed", "[data-testid=failure]", answers={"GET /programs": UNREADABLE}),
    part(
        "programs",
        "new",
        "[data-testid=refusal]",
        act=in_turn(press("#programs > button"), write("input[name=program]", "B1, evenings"), press(SEND)),
        tall=1_500,
    ),
    part("programs", "delete", CONFIRM, act=press("[data-testid=programs] li button:last-child")),
    part("members", "", "[data-testid=members]", tall=1_500),
    part("members", "empty", "[data-testid=member-count]", answers=BARE),
    part("members", "loading", "[data-testid=loading]", answers={"GET /members": None}),
    part("members", "failed", "[data-testid=failure]", answers={"GET /members": UNREADABLE}),
    part(
        "members",
        "enrol",
        "[data-testid=enrol] select",
        act=press("[data-testid=members] li:nth-child(4) button"),
    ),
    part(
        "members",
        "remove",
        CONFIRM,
        act=press("[data-testid=members] li:nth-child(4) button:last-child"),
    ),
    part("invitations", "", "[data-testid=invitations]", tall=1_700),
    part("invitations", "empty", "[data-testid=mail-form]", answers=BARE, tall=1_200),
    part(
        "invitations",
        "made",
        "[data-testid=new-link]",
        act=press("[data-testid=link-form] button[type=submit]"),
        tall=1_900,
    ),
    part(
        "invitations",
        "wrong",
        "[aria-invalid=true]",
        act=in_turn(
            write("textarea[name=emails]", "sofia@example.com, nobody"),
            press("[data-testid=mail-form] button[type=submit]"),
        ),
        tall=1_700,
    ),
    part(
        "invitations",
        "unconfirmed",
        "[data-testid=refusal]",
        answers={"POST /invitations/mails": refusal(403, "email_unverified")},
        act=in_turn(
            write("textarea[name=emails]", "sofia@example.com"),
            press("[data-testid=mail-form] button[type=submit]"),
        ),
        tall=1_700,
    ),
    part("settings", "", "#end"),
    part(
        "settings", "policy-loading", "#policy [data-testid=loading]", answers={"GET /school/retention": None}
    ),
    part(
        "settings",
        "policy-failed",
        "#policy [data-testid=failure]",
        answers={"GET /school/retention": UNREADABLE},
    ),
    part("settings", "policy-shorter", CONFIRM, act=keep_less),
    part("settings", "delete", CONFIRM, act=in_turn(press("#end > button"), press(CONFIRM))),
    scene(
        "school-not-yours", "/school/programs", "h1", answers={"GET /organisation": refusal(403, "forbidden")}
    ),
    scene("school-loading", "/school/programs", "[data-testid=loading]", answers={"GET /organisation": None}),
    scene(
        "school-failed",
        "/school/programs",
        "[data-testid=failure]",
        answers={"GET /organisation": UNREADABLE},
    ),
    invited("stranger", "[data-testid=invitation]", preview(), known=False),
    invited("used", "[data-testid=invitation-over]", preview("used"), known=False),
    invited("expired", "[data-testid=invitation-over]", preview("expired"), known=False),
    invited("revoked", "[data-testid=invitation-over]", preview("revoked"), known=False),
    invited(
        "broken",
        "[data-testid=invitation-broken]",
        {"POST /invitations/look": refusal(422, "invitation_invalid")},
        known=False,
    ),
    invited("failed", "[data-testid=failure]", {"POST /invitations/look": refusal(429, "rate_limited")}),
    invited("loading", "[data-testid=loading]", {"POST /invitations/look": None}),
    invited("learner", "[data-testid=invitation] button", preview()),
    invited("instructor", "[data-testid=invitation] button", preview(role="instructor", program=None)),
    invited(
        "forwarded",
        "[data-testid=for-another]",
        {
            **preview(email_hint="s…@example.com"),
            "POST /invitations/accept": refusal(403, "invitation_for_another"),
        },
        act=ACCEPT,
    ),
    invited(
        "confirm",
        "[data-testid=confirm-first]",
        {
            **preview(email_hint="m…@example.com"),
            "GET /users/me": {"body": account(email_verified=False)},
            "POST /invitations/accept": refusal(403, "email_unverified"),
        },
        act=ACCEPT,
    ),
    invited(
        "too-late",
        "[data-testid=refusal]",
        {**preview(), "POST /invitations/accept": refusal(409, "invitation_used")},
        act=ACCEPT,
    ),
    invited(
        "in", "[data-waits=false]", {**preview(), "POST /invitations/accept": {"body": JOINED}}, act=ACCEPT
    ),
    invited(
        "in-young",
        "[data-waits=true]",
        {**preview(), **YOUNG, "POST /invitations/accept": {"body": JOINED}},
        act=ACCEPT,
    ),
)
