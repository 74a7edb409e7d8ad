"""Results of mock exams: worked out, refused, ready, marked by an instructor; machine and people together."""

from playwright.async_api import Page

from tests.e2e.answers import Answers
from tests.e2e.answers_lessons import DETAIL, DOCTOR
from tests.e2e.answers_results import AT, CALIBRATION, DOUBLE, MARKS, PLAIN, READY, REFUSED, SITTINGS, result
from tests.e2e.answers_review import LEARNER_ID, SCHOOL, paged
from tests.e2e.scene import Scene

WHOLE: Answers = {**result(READY, *MARKS), f"GET /lessons/{DOCTOR['id']}": {"body": DETAIL}}
ASKED = {
    **SITTINGS[1],
    "learner_id": LEARNER_ID,
    "learner_name": "Maya",
    "review_note": "My microphone fell down in the second part.",
}


async def _open_fluency(page: Page) -> None:
    """What fluency rests on, with a place of it heard."""
    await page.get_by_test_id("dial-fluency").click()
    await page.get_by_test_id("measures").locator("summary").click()
    await page.get_by_test_id("hear-evidence").first.wait_for()


async def _give(page: Page) -> None:
    """A mark being given, without a reason."""
    await page.get_by_test_id("mark-grammar").get_by_role("button").click()
    await page.get_by_test_id("mark-form").locator("button[type=submit]").click()


RESULT_PAGES: tuple[Scene, ...] = (
    Scene("result-scoring", "[data-testid=scoring]", AT, answers=result(PLAIN)),
    Scene("result-refused", "[data-testid=refused]", AT, answers=result(REFUSED), tall=1_500),
    Scene("result", "[data-testid=evidence]", AT, answers=WHOLE, act=_open_fluency, tall=4_200),
    Scene(
        "result-marking",
        "[data-testid=mark-form]",
        AT,
        answers={**SCHOOL, **WHOLE, **result(READY, MARKS[1], teaching=True)},
        act=_give,
        tall=2_600,
    ),
    Scene(
        "calibration",
        "[data-testid=double-marked]",
        "/review/calibration",
        answers={
            **SCHOOL,
            "GET /calibration": {"body": CALIBRATION},
            "GET /calibration/attempts": paged(DOUBLE),
            "GET /review/assessments": paged(ASKED),
        },
        tall=2_200,
    ),
    Scene("help-scores", "main h2", "/help/scores", known=False, tall=1_900),
)
