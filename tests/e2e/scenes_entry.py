"""Signing up, signing in, mailed links, age and consent: every page, and every state of it."""

from playwright.async_api import Page

from tests.e2e.answers import Answers, anonymous, refusal, user
from tests.e2e.scene import Act, Scene, nothing

TOKEN = "#token=" + "a" * 54
GOOD_PASSWORD = "Speak-easy-9"
LONG_ADDRESS = "maya.with.a.rather.long.name@students.university.example.com"

PROVIDERS = [
    {"name": "google", "title": "Google"},
    {"name": "microsoft", "title": "Microsoft"},
    {"name": "facebook", "title": "Facebook"},
    {"name": "openid", "title": "Campus"},
]
OAUTH_CODES = (
    "oauth_refused",
    "oauth_state",
    "oauth_unavailable",
    "oauth_failed",
    "oauth_no_email",
    "oauth_address_taken",
    "oauth_confirm_first",
    "oauth_password_changed",
    "oauth_account_closed",
)


def providers() -> Answers:
    """A deployment with every provider, and no demonstration accounts."""
    config = {"version": "0.1.0", "embedded": False, "demo_accounts": [], "coach": "guided"}
    return {"GET /config": {"body": {**config, "sign_in_providers": PROVIDERS}}}


def me(**more: object) -> Answers:
    """The learner, otherwise than usual; in which language she reads is the browser's matter."""
    return {"GET /users/me": {"body": {**user("und"), **more}}}


def fill(**values: str) -> Act:
    """Writes into fields by their names, and sends the form."""

    async def act(page: Page) -> None:
        for name, value in values.items():
            await page.locator(f"input[name={name.replace('_', '-')}]").fill(value)
        await page.locator("form button[type=submit]").first.click()

    return act


async def _sign_up(page: Page) -> None:
    await page.locator("input[name=agreed]").check()
    await page.locator("details").evaluate("details => { details.open = true; }")
    await fill(email="maya@example.com", new_password=GOOD_PASSWORD, birth_year="1990")(page)


async def _type_password(page: Page) -> None:
    await page.locator("input[name=email]").fill("maya@example.com")
    await page.locator("input[name=new-password]").fill("maya9")


async def _answer(page: Page, number: int) -> None:
    await page.locator("[data-testid=decision] button").nth(number).click()


async def _grant(page: Page) -> None:
    await _answer(page, 0)


async def _refuse(page: Page) -> None:
    await _answer(page, 1)


async def _withdraw(page: Page) -> None:
    await page.locator("[data-testid=consent-granted] button").first.click()


async def _press_first(page: Page) -> None:
    await page.locator("main button.bg-primary").first.click()


async def _resend(page: Page) -> None:
    await page.locator("[data-testid=reminder-email] button").first.click()


async def _ask_again(page: Page) -> None:
    await page.locator("[data-testid=guardian-waiting] summary").click()


def stranger(
    name: str,
    shows: str,
    path: str,
    *,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page as somebody sees it who is not signed in."""
    return Scene(name, shows, path, known=False, answers=answers or {}, act=act, tall=tall)


def sign_up(name: str, shows: str, act: Act, answers: Answers | None = None) -> Scene:
    """The form for a new account in a state."""
    return stranger(f"sign-up-{name}", shows, "/sign-up", act=act, answers=answers, tall=1_250)


def consent(name: str, shows: str, *, granted: bool = False, act: Act = nothing) -> Scene:
    """The guardian's page in a state."""
    answers: Answers = {
        "POST /consent/look": {"body": {"learner": "Maya", "granted": granted}},
        "POST /consent": {"status": 204},
    }
    return stranger(f"consent-{name}", shows, f"/consent{TOKEN}", answers=answers, act=act, tall=1_300)


def dead(page: str, request: str, act: Act = nothing) -> Scene:
    """A page whose link does not work any more."""
    answers: Answers = {request: refusal(422, "link_invalid")}
    name = f"{page}-link-invalid"
    return stranger(name, "[data-testid=link-broken]", f"/{page}{TOKEN}", answers=answers, act=act)


SENT: Answers = {"POST /auth/forgot-password": {"status": 202}}
RESET: Answers = {"POST /auth/reset-password": {"status": 204}}
RESENT: Answers = {"POST /auth/verify/resend": {"status": 202}}
UNVERIFIED = me(email_verified=False)
ASKED: Answers = {**me(consent="asked"), "POST /users/me/guardian": {"status": 202}}
UNANSWERED = me(age_needed=True, birth_year=None, ai_disclosure_needed=True)
LOCKED: Answers = {"POST /auth/login": refusal(429, "account_locked", **{"Retry-After": "840"})}
HASTY: Answers = {"POST /auth/login": refusal(429, "rate_limited", **{"Retry-After": "20"})}
TAKEN: Answers = {"POST /auth/register": refusal(409, "email_taken")}
_SIGN_IN = fill(email="maya@example.com", password="wrong")

SIGNING = (
    stranger("sign-in-providers", "[data-testid=providers]", "/sign-in", answers=providers(), tall=950),
    stranger("sign-in-locked", "[data-testid=auth-error]", "/sign-in", answers=LOCKED, act=_SIGN_IN),
    stranger("sign-in-hasty", "[data-testid=auth-error]", "/sign-in", answers=HASTY, act=_SIGN_IN),
    *(
        stranger(
            f"sign-in-{code.replace('_', '-')}",
            f"[data-testid={code}]",
            f"/sign-in?error={code}&provider=google",
            answers=providers(),
        )
        for code in OAUTH_CODES
    ),
    sign_up("password", "[data-rule=notEmail]", _type_password),
    sign_up("taken", "[data-testid=auth-error]", _sign_up, {**providers(), **TAKEN}),
    stranger("forgot", "form", "/forgot"),
    stranger("forgot-incomplete", "[aria-invalid=true]", "/forgot", act=fill(email="maya")),
    stranger(
        "forgot-sent",
        "[data-testid=local-mail]",
        "/forgot",
        answers={**SENT, **anonymous()},
        act=fill(email=LONG_ADDRESS),
    ),
    stranger("reset", "[data-testid=password-rules]", f"/reset{TOKEN}"),
    stranger("reset-weak", "[aria-invalid=true]", f"/reset{TOKEN}", act=fill(new_password="speak")),
    stranger(
        "reset-done",
        "[data-testid=reset-done]",
        f"/reset{TOKEN}",
        answers=RESET,
        act=fill(new_password=GOOD_PASSWORD),
    ),
    dead("reset", "POST /auth/reset-password", fill(new_password=GOOD_PASSWORD)),
)

LINKS = (
    stranger("verify", "[data-testid=loading]", f"/verify{TOKEN}", answers={"POST /auth/verify": None}),
    stranger(
        "verify-done",
        "[data-testid=verified]",
        f"/verify{TOKEN}",
        answers={"POST /auth/verify": {"status": 204}},
    ),
    stranger(
        "verify-failed",
        "[data-testid=failure]",
        f"/verify{TOKEN}",
        answers={"POST /auth/verify": refusal(403, "forbidden")},
    ),
    dead("verify", "POST /auth/verify"),
    Scene(
        "verify-resend",
        "[data-testid=link-broken] button",
        "/verify",
        answers=me(email_verified=False, email=LONG_ADDRESS),
    ),
    Scene(
        "verify-resent",
        "[data-testid=resent]",
        "/verify",
        answers={**UNVERIFIED, **RESENT},
        act=_press_first,
    ),
    Scene("verify-already", "[data-testid=already-verified]", "/verify"),
    stranger("confirm-email", "main button.bg-primary", f"/confirm-email{TOKEN}"),
    stranger(
        "confirm-email-done",
        "[data-testid=address-changed]",
        f"/confirm-email{TOKEN}",
        answers={"POST /auth/confirm-email": {"status": 204}},
        act=_press_first,
    ),
    stranger(
        "confirm-email-taken",
        "[data-testid=auth-error]",
        f"/confirm-email{TOKEN}",
        answers={"POST /auth/confirm-email": refusal(409, "email_taken")},
        act=_press_first,
    ),
    dead("confirm-email", "POST /auth/confirm-email", _press_first),
    stranger(
        "consent-loading", "[data-testid=loading]", "/consent" + TOKEN, answers={"POST /consent/look": None}
    ),
    consent("question", "[data-testid=decision]"),
    consent("granted", "[data-testid=consent-granted]", act=_grant),
    consent("withdraw", "[data-testid=consent-granted] [role=alert]", granted=True, act=_withdraw),
    consent("refused", "[data-testid=consent-refused]", act=_refuse),
    dead("consent", "POST /consent/look"),
)

AGE = (
    Scene("about-you", "[data-testid=about-you]", "/", answers=UNANSWERED),
    Scene("about-you-incomplete", "[aria-invalid=true]", "/about-you", answers=UNANSWERED, act=fill()),
    Scene("guardian", "input[name=guardian-email]", "/guardian", answers=me(consent="needed")),
    Scene(
        "guardian-own-address",
        "[aria-invalid=true]",
        "/guardian",
        answers=me(consent="needed"),
        act=fill(guardian_email="maya@example.com"),
    ),
    Scene("guardian-waiting", "[data-testid=guardian-waiting]", "/guardian", answers=ASKED, act=_ask_again),
    Scene("guardian-done", "[data-testid=guardian-done]", "/guardian", answers=me(consent="granted")),
    Scene("reminder-email", "[data-testid=reminder-email]", answers=UNVERIFIED),
    Scene(
        "reminder-resent",
        "[data-testid=reminder-email] [role=status]",
        answers={**UNVERIFIED, **RESENT},
        act=_resend,
    ),
    Scene("reminder-consent-needed", "[data-testid=reminder-consent]", answers=me(consent="needed")),
    Scene("reminder-consent-asked", "[data-testid=reminder-consent]", answers=me(consent="asked")),
)

ENTRY_PAGES = (*SIGNING, *LINKS, *AGE)
