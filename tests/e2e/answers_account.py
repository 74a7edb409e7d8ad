"""What the API answers on the account's pages: an account with everything that lets somebody in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.answers import PREFERENCES, Answers, refusal, user

DEVICE_ID = "00000000-0000-0000-0000-0000000000d2"
SECRET = "avz_8Jr2vQm4tZ1xW7pLc5nYb0sKd3hUf6gAe9oTiRwX"


def ago(**span: float) -> str:
    """A moment before now; the pages say how long ago it was."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def ahead(**span: float) -> str:
    """A moment after now, and a little, so that whole days stay whole while the page is looked at."""
    return (datetime.now(UTC) + timedelta(minutes=30, **span)).isoformat()


def account(**more: Any) -> dict[str, Any]:
    """The learner as her own pages know her; in which language she reads them is the browser's matter."""
    told = {
        "email_verified": True,
        "pending_email": None,
        "birth_year": 1998,
        "age_needed": False,
        "ai_disclosure_needed": False,
        "consent": "not_needed",
        "native_language": "fa",
    }
    return {**user("und"), **told, **more}


def device(number: int, label: str, seen: str, *, current: bool = False) -> dict[str, Any]:
    """A browser that is signed in."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000d{number}",
        "label": label,
        "created_at": ago(days=9 * number),
        "last_seen_at": seen,
        "current": current,
    }


def key(number: int, name: str, scopes: list[str], ends: str, used: str | None) -> dict[str, Any]:
    """An API key."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000e{number}",
        "name": name,
        "hint": f"avz_{number}fQm",
        "scopes": scopes,
        "created_at": ago(days=40),
        "expires_at": ends,
        "last_used_at": used,
    }


def items(*rows: dict[str, Any]) -> dict[str, Any]:
    """A list as the API gives it."""
    return {"body": {"items": list(rows)}}


DEVICES = (
    device(1, "Firefox on Linux", ago(minutes=2), current=True),
    device(2, "Chrome on Android", ago(hours=5)),
    device(3, "", ago(days=12)),
)
CLIENTS = (
    {
        "id": "00000000-0000-0000-0000-0000000000f1",
        "client_name": "Homework script",
        "created_at": ago(days=3),
        "last_used_at": ago(days=1, hours=1),
        "expires_at": ahead(days=4),
    },
)
PROVIDERS = (
    {
        "id": "00000000-0000-0000-0000-0000000000a1",
        "provider": "google",
        "email": "maya@example.com",
        "created_at": ago(days=100),
        "last_used_at": ago(days=8),
    },
)
KEYS = (
    key(1, "Class dashboard", ["read"], ahead(days=62), ago(hours=3)),
    key(2, "Old export of the whole school year", ["read", "write"], ago(days=2), None),
)
CONFIG = {
    "version": "0.1.0",
    "embedded": True,
    "demo_accounts": [],
    "coach": "guided",
    "sign_in_providers": [
        {"name": "google", "title": "Google"},
        {"name": "microsoft", "title": "Microsoft"},
    ],
}

FULL: Answers = {
    "GET /config": {"body": CONFIG},
    "GET /users/me": {"body": account()},
    "PATCH /users/me": {"body": account(display_name="Maya Rose")},
    "PATCH /users/me/preferences": {"body": {**PREFERENCES, "patience": "patient"}},
    "GET /users/me/devices": items(*DEVICES),
    "GET /auth/oauth/accounts": items(*PROVIDERS),
    "GET /auth/tokens": items(*CLIENTS),
    "GET /api-keys": items(*KEYS),
    "GET /users/me/exports": items(),
    "GET /users/me/deleted-calls": items(),
    "GET /users/me/audit": {"body": {"items": [], "next_cursor": None}},
    "GET /users/me/retention": {
        "body": {
            "own_days": None,
            "organisation_recording_days": None,
            "organisation_transcript_days": None,
            "recording_days": None,
            "transcript_days": None,
        }
    },
    "POST /api-keys": {
        "status": 201,
        "body": {**key(3, "Notebook", ["read"], ahead(days=90), None), "key": SECRET},
    },
    f"DELETE /users/me/devices/{DEVICE_ID}": {"status": 204},
    "DELETE /users/me/email": {"status": 204},
    "POST /users/me/password": {"status": 204},
    "POST /users/me/email": refusal(403, "wrong_password"),
    "POST /users/me/delete": refusal(403, "wrong_password"),
    "POST /auth/forgot-password": {"status": 202},
}
"""An account with something in every list."""

BARE: Answers = {
    **FULL,
    "GET /config": {"body": {**CONFIG, "embedded": False}},
    "GET /auth/oauth/accounts": items(),
    "GET /auth/tokens": items(),
    "GET /api-keys": items(),
}
"""An account with nothing but this browser."""
