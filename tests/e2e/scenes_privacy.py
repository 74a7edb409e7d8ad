"""The page on privacy for everybody, and what the account's own page lets one decide about one's data."""

from typing import Any

from playwright.async_api import Page

from tests.e2e.answers import CALL_ID, CALLS, SESSION_ID, Answers, refusal, signed_in
from tests.e2e.answers_account import ago, ahead, items
from tests.e2e.scene import Scene
from tests.e2e.scenes_account import CONFIRM, press, scene

CLOSED_ID = CALLS[1]["id"]


def copy(number: int, state: str, **more: Any) -> dict[str, Any]:
    """A copy of everything."""
    ready = state == "ready"
    return {
        "id": f"00000000-0000-0000-0000-00000000ab{number:02}",
        "state": state,
        "progress": 100 if ready else 40,
        "size_bytes": 18_400_000 if ready else None,
        "created_at": ago(hours=5 * number),
        "ready_at": ago(hours=5 * number) if ready else None,
        "expires_at": ahead(days=6) if ready else None,
        **more,
    }


def sighting(number: int, action: str, role: str, name: str | None, **more: Any) -> dict[str, Any]:
    """Something that somebody else saw, or decided."""
    return {
        "id": f"00000000-0000-0000-0000-00000000ac{number:02}",
        "at": f"2026-11-{20 - number:02}T10:{number:02}:00Z",
        "action": action,
        "actor_id": f"00000000-0000-0000-0000-00000000ad{number:02}",
        "actor_name": name,
        "actor_role": role,
        "learner_id": "00000000-0000-0000-0000-000000000001",
        "learner_name": "Maya",
        "subject_kind": "call",
        "subject_id": CALL_ID,
        "organisation_id": "00000000-0000-0000-0000-000000000002",
        "organisation_name": "Riverside Language School",
        "correlation_id": "req-7f3a",
        "details": {},
        **more,
    }


def retention(own: int | None, *, transcripts: int | None = None) -> dict[str, Any]:
    """How long calls are kept."""
    return {
        "own_days": own,
        "organisation_recording_days": transcripts,
        "organisation_transcript_days": transcripts,
        "recording_days": own,
        "transcript_days": own,
    }


DELETED = (
    {
        "id": "00000000-0000-0000-0000-0000000000c7",
        "session_id": SESSION_ID,
        "started_at": "2026-11-12T17:00:00Z",
        "ended_at": "2026-11-12T17:12:00Z",
        "turn_count": 31,
        "deleted_at": ago(days=1),
        "final_at": ahead(days=6),
    },
)
SIGHTINGS = (
    sighting(1, "call.heard", "instructor", "Rosa Lind"),
    sighting(2, "call.read", "instructor", "Rosa Lind"),
    sighting(3, "learner.seen", "admin", "Omar"),
    sighting(4, "call.read", "instructor", None),
)
FULL: Answers = {
    "GET /users/me/exports": items(copy(1, "ready")),
    "GET /users/me/deleted-calls": items(*DELETED),
    "GET /users/me/audit": {"body": {"items": list(SIGHTINGS), "next_cursor": "more"}},
    "GET /users/me/retention": {"body": retention(90, transcripts=60)},
    "POST /users/me/exports": refusal(409, "export_under_way"),
}
MAKING: Answers = {"GET /users/me/exports": items(copy(1, "making"))}
FAILED: Answers = {"GET /users/me/exports": items(copy(1, "failed"))}
LISTS = ("exports", "deleted-calls", "audit", "retention")
LOADING: Answers = {f"GET /users/me/{name}": None for name in LISTS}
UNREADABLE: Answers = {f"GET /users/me/{name}": refusal(422, "invalid") for name in LISTS}


async def keep_less(page: Page) -> None:
    """Chooses the shortest time for which calls are kept."""
    await page.get_by_test_id("retention").get_by_role("radio").nth(3).click()


PRIVACY_PAGES: tuple[Scene, ...] = (
    Scene("privacy-notice", "[data-testid=notice]", "/privacy", known=False, tall=2_600),
    Scene("privacy-notice-signed-in", "[data-testid=notice]", "/privacy"),
    scene("privacy", "data", shows="[data-testid=sightings]", answers=FULL, tall=3_400),
    scene("privacy", "making", shows="[data-testid=making]", answers={**FULL, **MAKING}),
    scene("privacy", "copy-failed", shows="#copy [role=alert]", answers={**FULL, **FAILED}),
    scene(
        "privacy",
        "copy-refused",
        shows="#copy [role=alert]",
        answers=FULL,
        act=press("[data-testid=ask-copy]"),
    ),
    scene("privacy", "shorter", shows=CONFIRM, answers=FULL, act=keep_less),
    scene("privacy", "loading", shows="#copy [data-testid=loading]", answers=LOADING),
    scene("privacy", "unreadable", shows="#copy [data-testid=failure]", answers=UNREADABLE),
    Scene(
        "transcript-delete",
        CONFIRM,
        f"/calls/{CLOSED_ID}",
        answers={
            **{
                path.replace(CALL_ID, CLOSED_ID): told
                for path, told in signed_in("en").items()
                if CALL_ID in path
            },
            f"GET /calls/{CLOSED_ID}": {"body": CALLS[1]},
        },
        act=press("[data-testid=delete-call]"),
    ),
)
