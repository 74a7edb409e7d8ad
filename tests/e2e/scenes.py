"""Every screen and every state that a learner can come to, and how to come there."""

from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from tests.e2e.answers import CALL_ID, SESSION_ID, Answers, anonymous, refusal, session, signed_in
from tests.e2e.gallery import as_json
from tests.e2e.scene import Act, Scene, nothing
from tests.e2e.scenes_account import ACCOUNT_PAGES
from tests.e2e.scenes_administration import ADMINISTRATION_PAGES
from tests.e2e.scenes_authoring import AUTHORING_PAGES
from tests.e2e.scenes_entry import ENTRY_PAGES
from tests.e2e.scenes_exams import EXAM_PAGES
from tests.e2e.scenes_knowledge import KNOWLEDGE_PAGES
from tests.e2e.scenes_lesson import LESSON_CALL
from tests.e2e.scenes_lessons import LESSON_PAGES
from tests.e2e.scenes_onboarding import BEGINNING
from tests.e2e.scenes_practice import PRACTICE_PAGES
from tests.e2e.scenes_privacy import PRIVACY_PAGES
from tests.e2e.scenes_progress import PROGRESS_PAGES
from tests.e2e.scenes_recording import RECORDING_PAGES
from tests.e2e.scenes_report import REPORT_PAGES
from tests.e2e.scenes_results import RESULT_PAGES
from tests.e2e.scenes_review import REVIEW_PAGES
from tests.e2e.scenes_schools import SCHOOL_PAGES
from tests.e2e.scenes_sitting import SITTING

LONGER_THAN_A_COACH_MAY_TAKE_MS = 6_000
READY_MS = 60_000
OPEN_CALL: Answers = {"GET /sessions/default": {"body": session(CALL_ID)}}


def room(*lines: str) -> str:
    """Script in which the room of the call says these things, one after the other."""
    return "() => { const room = window.__room; " + " ".join(f"room.{line};" for line in lines) + " }"


TALK = (
    'says("a", false, "Hello Maya, I am Avaaz, an AI coach. What did you do yesterday?")',
    'says("b", true, "I went to the market with my sister and we buyed plums.")',
    'says("c", false, "You bought plums, lovely. What are you going to make with them?")',
)


async def press(page: Page) -> None:
    """Presses the one large button."""
    await page.get_by_test_id("call-button").click()


async def join(page: Page) -> None:
    """Starts a call; the coach is not there yet."""
    await press(page)
    await expect(page.get_by_test_id("call-button")).to_have_attribute(
        "data-phase", "in_call", timeout=READY_MS
    )


def call(*lines: str, activity: str = "listening", then: Act = nothing) -> Act:
    """Starts a call with the coach there, some words said, and then these things."""

    async def act(page: Page) -> None:
        await join(page)
        await page.evaluate(room(f'coach("{activity}")', *TALK, *lines))
        await then(page)

    return act


async def _late(page: Page) -> None:
    await join(page)
    await page.clock.fast_forward(LONGER_THAN_A_COACH_MAY_TAKE_MS)


async def _lost(page: Page) -> None:
    await call("events.onAgent(null)")(page)
    await page.clock.fast_forward(LONGER_THAN_A_COACH_MAY_TAKE_MS)


async def _open_corrections(page: Page) -> None:
    await page.get_by_test_id("turn-corrections").locator("summary").click()


async def _hang_up(page: Page) -> None:
    await page.evaluate("answers => Object.assign(window.__answers, answers)", OPEN_CALL)
    await press(page)


async def _offline(page: Page) -> None:
    await page.evaluate(
        "Object.defineProperty(navigator, 'onLine', { value: false });"
        "window.dispatchEvent(new Event('offline'))"
    )


async def _cut_off(page: Page) -> None:
    """Everything has come; from now on nothing does."""
    await expect(page.get_by_test_id("calls")).to_be_visible(timeout=READY_MS)
    await page.wait_for_load_state("networkidle")
    await _offline(page)


async def _start_offline(page: Page) -> None:
    await _offline(page)
    await press(page)


def write(text: str, *, send: bool = True) -> Act:
    """Types to the coach."""

    async def act(page: Page) -> None:
        box = page.get_by_test_id("message-box")
        await box.fill(text)
        if send:
            await box.press("Enter")

    return act


async def _type_instead(page: Page) -> None:
    await press(page)
    await page.locator("[data-testid=problem-no_microphone] button").nth(1).click()
    await expect(page.get_by_test_id("call-button")).to_have_attribute(
        "data-phase", "in_call", timeout=READY_MS
    )
    await page.evaluate(room('coach("listening", "guided")', *TALK[:1]))
    await write("I went to the market.")(page)


async def _submit(page: Page) -> None:
    await page.locator("form button[type=submit]").click()


async def _sign_in(page: Page) -> None:
    await page.locator("input[name=email]").fill("maya@example.com")
    await page.locator("input[name=password]").fill("Speak-easy-9")
    await _submit(page)


async def _open_menu(page: Page) -> None:
    await page.get_by_test_id("settings").first.click()


NOTICES = (
    "coach_resumed",
    "speech_unavailable",
    "hearing_unavailable",
    "model_unavailable",
    "message_refused",
    "time_limit",
    "record_delayed",
)


def microphone(error: str) -> str:
    """A microphone that cannot be opened, by the name of the browser's error."""
    return f"window.__microphone_refuses = {as_json(error)};"


def barred(problem: str, *, before: str = "", token: dict[str, Any] | None = None, act: Act = press) -> Scene:
    """A call that cannot start."""
    answers: Answers = {} if token is None else {"POST /sessions/default/token": token}
    return Scene(
        name=f"problem-{problem.replace('_', '-')}",
        shows=f"[data-testid=problem-{problem}]",
        before=before,
        answers=answers,
        act=act,
    )


NO_CALLS: Answers = {f"GET /sessions/{SESSION_ID}/calls": {"body": {"items": [], "next_cursor": None}}}
LOADING: Answers = {f"GET /sessions/{SESSION_ID}/calls": None}
UNREADABLE: Answers = {f"GET /sessions/{SESSION_ID}/calls": refusal(422, "invalid")}

GET_USER_MEDIA = "navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{}'); }};"


async def _device(page: Page) -> None:
    await page.get_by_test_id("device-open").click()
    await expect(page.get_by_test_id("device-picker")).to_be_visible(timeout=READY_MS)
    await expect(page.locator("[data-heard=true]")).to_be_visible(timeout=READY_MS)


async def _recorded(page: Page) -> None:
    await _device(page)
    await page.get_by_test_id("device-record").click()
    await expect(page.locator("[data-recording=true]")).to_be_visible(timeout=READY_MS)
    await page.get_by_test_id("device-record").click()


def no_device(problem: str, before: str) -> Scene:
    """A microphone check that cannot start."""
    name = f"device-{problem.replace('_', '-')}"

    async def act(page: Page) -> None:
        await page.get_by_test_id("device-open").click()

    return Scene(name, f"[data-testid=device-{problem}]", "/device", before=before, act=act, known=False)


OPEN_TO_ALL = (
    Scene("welcome", "[data-testid=demo]", "/", known=False, tall=1_900),
    Scene("help", "main h2", "/help", known=False, tall=1_900),
    Scene("help-signed-in", "main h2", "/help"),
    Scene("device", "[data-testid=device-open]", "/device", known=False),
    Scene("device-heard", "[data-testid=device-record]", "/device", act=_device),
    Scene("device-recorded", "[data-testid=device-playback]", "/device", known=False, act=_recorded),
    no_device("permission_denied", GET_USER_MEDIA.format("NotAllowedError")),
    no_device("no_microphone", GET_USER_MEDIA.format("NotFoundError")),
    no_device("microphone_busy", GET_USER_MEDIA.format("NotReadableError")),
    no_device("insecure_origin", "Object.defineProperty(window, 'isSecureContext', { value: false });"),
)

ACCOUNT = (
    Scene("sign-in", "form", "/sign-in", known=False),
    Scene(
        "sign-in-refused",
        "[data-testid=auth-error]",
        "/sign-in?expired=true",
        known=False,
        answers={"POST /auth/login": refusal(401, "wrong_credentials")},
        act=_sign_in,
    ),
    Scene("sign-up", "[data-testid=ai-disclosure]", "/sign-up", known=False),
    Scene("sign-up-incomplete", "[aria-invalid=true]", "/sign-up", known=False, act=_submit),
)

TALKING = (
    Scene("talk", "[data-testid=patience]"),
    Scene("talk-open-call", "[data-testid=call-button]", answers=OPEN_CALL),
    Scene("talk-menu", "[data-testid=settings-panel]", act=_open_menu),
    Scene("call-connecting", "[data-phase=connecting]", before="window.__connects = false;", act=press),
    Scene("call-awaiting-coach", "[data-presence=awaited]", act=join),
    Scene("call-listening", "[data-activity=listening]", act=call('says("d", true, "I think a", false)')),
    Scene("call-thinking", "[data-activity=thinking]", act=call(activity="thinking")),
    Scene("call-speaking", "[data-activity=speaking]", act=call(activity="speaking")),
    Scene(
        "call-muted", "[aria-pressed=true]", act=call(then=lambda page: page.get_by_test_id("mute").click())
    ),
    Scene(
        "call-typing",
        "[data-testid=answered-by-guided]",
        before=microphone("NotFoundError"),
        act=_type_instead,
    ),
    Scene(
        "call-message-failed",
        "[data-delivery=failed]",
        before="window.__sends = false;",
        act=call(then=write("A cake for my father.")),
    ),
    Scene("call-message-too-long", "form [role=alert]", act=call(then=write("word " * 1_700, send=False))),
    Scene("call-coach-late", "[data-testid=coach-late]", act=_late, clock=True),
    Scene("call-coach-lost", "[data-testid=coach-lost]", act=_lost, clock=True),
    Scene("call-sound-blocked", "[data-testid=sound-blocked]", act=call("events.onSoundBlocked(true)")),
    Scene("call-reconnecting", "[data-testid=reconnecting]", act=call("events.onReconnecting(true)")),
    Scene(
        "call-network-lost",
        "[data-testid=reconnecting]",
        act=call("events.onReconnecting(true)", then=_offline),
    ),
    *(
        Scene(f"notice-{code.replace('_', '-')}", f"[data-notice={code}]", act=call(f'notices("{code}")'))
        for code in NOTICES
    ),
    Scene(
        "notices-three",
        "[data-notice=record_delayed]",
        act=call(*(f'notices("{one}")' for one in NOTICES[4:])),
    ),
    Scene("call-listened", "[data-testid=listened]", act=call("listened(true)")),
    Scene("call-ended", "[data-testid=transcript-link]", act=call(then=_hang_up)),
    Scene(
        "call-ended-by-coach", "[data-testid=call-ended]", act=call('events.onDisconnected("ended_by_coach")')
    ),
)

PROBLEMS = (
    barred("no_microphone", before=microphone("NotFoundError")),
    barred("permission_denied", before=microphone("NotAllowedError")),
    barred("microphone_busy", before=microphone("NotReadableError")),
    barred("insecure_origin", before="Object.defineProperty(window, 'isSecureContext', { value: false });"),
    barred("offline", act=_start_offline),
    barred("server_full", token=refusal(503, "server_full", **{"Retry-After": "20"})),
    barred("rate_limited", token=refusal(429, "rate_limited", **{"Retry-After": "60"})),
    barred("server", token=refusal(500, "internal_error")),
    barred("session_expired", token=refusal(401, "unauthenticated")),
    barred("consent_needed", token=refusal(403, "consent_needed")),
    barred("email_unverified", token=refusal(403, "email_unverified")),
    barred("age_needed", token=refusal(403, "age_needed")),
    barred("voice_blocked", before="window.__connects = 'refused';"),
    barred("other_tab", act=call('events.onDisconnected("other_tab")')),
)

RECORD = (
    Scene("history", "[data-testid=calls]", "/history"),
    Scene("history-empty", "main h2", "/history", answers=NO_CALLS),
    Scene("history-loading", "[data-testid=loading]", "/history", answers=LOADING),
    Scene("history-failed", "[data-testid=failure]", "/history", answers=UNREADABLE),
    Scene("transcript", "[data-testid=correction]", f"/calls/{CALL_ID}", act=_open_corrections),
    Scene(
        "transcript-missing",
        "main h1",
        "/calls/00000000-0000-0000-0000-0000000000ff",
        answers={"GET /calls/00000000-0000-0000-0000-0000000000ff": refusal(404, "not_found")},
    ),
    Scene("not-found", "main h1", "/nowhere"),
)

SILENT: Answers = {"GET /config": None}
"""What the page asks to find out whether the server is back."""

DEVICE = (
    Scene("offline", "[data-testid=offline]", "/history", answers=SILENT, act=_cut_off),
    Scene(
        "cookies-off",
        "[data-testid=cookies-off]",
        "/sign-in",
        known=False,
        before="Object.defineProperty(Navigator.prototype, 'cookieEnabled', { value: false });",
    ),
)

SCENES: tuple[Scene, ...] = (
    *OPEN_TO_ALL,
    *ACCOUNT,
    *TALKING,
    *PROBLEMS,
    *RECORD,
    *DEVICE,
    *ACCOUNT_PAGES,
    *KNOWLEDGE_PAGES,
    *ENTRY_PAGES,
    *REVIEW_PAGES,
    *RESULT_PAGES,
    *ADMINISTRATION_PAGES,
    *AUTHORING_PAGES,
    *BEGINNING,
    *PRIVACY_PAGES,
    *LESSON_PAGES,
    *EXAM_PAGES,
    *PROGRESS_PAGES,
    *PRACTICE_PAGES,
    *RECORDING_PAGES,
    *LESSON_CALL,
    *SITTING,
    *REPORT_PAGES,
    *SCHOOL_PAGES,
)


async def stage(visitor: BrowserContext, scene: Scene, locale: str) -> Page:
    """Opens a page and leads it to the scene."""
    page = await visitor.new_page()
    answers = {**(signed_in(locale) if scene.known else anonymous()), **scene.answers}
    known = as_json("1" if scene.known else None)
    given = f"window.__known = {known}; window.__answers = {as_json(answers)};"
    await page.add_init_script(f"{given} {scene.before}")
    if scene.clock:
        await page.clock.install()
    await page.goto(scene.path)
    await scene.act(page)
    await expect(page.locator(scene.shows).first).to_be_visible(timeout=READY_MS)
    return page
