"""What the API answers on the pages of administration: an installation with something on every page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.answers import Answers, refusal
from tests.e2e.answers_account import account, ago

ORGANISATION_ID = "00000000-0000-0000-0000-0000000000b1"
LETTER_ID = "00000000-0000-0000-0000-0000000000ce"
ROOT = "GET /admin"


def page(*rows: dict[str, Any], further: bool = False) -> dict[str, Any]:
    """A page of a list."""
    return {"body": {"items": list(rows), "next_cursor": "more" if further else None}}


def person(number: int, name: str, email: str, **more: Any) -> dict[str, Any]:
    """An account."""
    place = {
        "organisation_id": ORGANISATION_ID,
        "organisation_name": "Lakeside Language School",
        "kind": "school",
        "role": "learner",
    }
    return {
        "id": f"00000000-0000-0000-0000-00000000010{number}",
        "email": email,
        "display_name": name,
        "created_at": ago(days=40),
        "last_login_at": ago(hours=5),
        "is_active": True,
        "email_verified": True,
        "is_operator": False,
        "places": [place],
        **more,
    }


PEOPLE = (
    person(1, "Olga Petrova", "olga@example.com", is_operator=True, last_login_at=ago(minutes=9)),
    person(2, "Maya", "maya@example.com", email_verified=False),
    person(
        3,
        "Bartholomew Featherstonehaugh-Cholmondeley",
        "bartholomew.featherstonehaugh-cholmondeley@correspondence.example.com",
        is_active=False,
        last_login_at=None,
    ),
)


def organisation(number: int, name: str, **more: Any) -> dict[str, Any]:
    """A school."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000b{number}",
        "name": name,
        "kind": "school",
        "created_at": ago(days=90),
        "suspended_at": None,
        "suspension_reason": None,
        "members": 212,
        "calls_last_30_days": 1834,
        "last_call_at": ago(minutes=20),
        **more,
    }


ORGANISATIONS = (
    organisation(1, "Lakeside Language School"),
    organisation(
        2,
        "Harbour Evening Classes",
        members=1,
        calls_last_30_days=0,
        last_call_at=None,
        suspended_at=ago(days=3),
        suspension_reason="The school year has ended; it goes on in September.",
    ),
)
HEALTH = {
    "state": "degraded",
    "dependencies": {
        "postgres": {"state": "ok", "ms": 1.8, "reason": None},
        "livekit": {"state": "ok", "ms": 6.2, "reason": None},
        "stt": {"state": "ok", "ms": 4.1, "reason": None},
        "tts": {"state": "ok", "ms": 3.9, "reason": None},
        "llm": {"state": "down", "ms": 2000.0, "reason": "ConnectTimeout"},
        "grammar": {"state": "ok", "ms": 5.0, "reason": None},
    },
    "mail": {"goes_to": "smtp", "waiting": 2, "given_up": 1},
    "disk": {"state": "degraded", "free_bytes": 4_200_000_000, "total_bytes": 64_000_000_000},
    "open_calls": 3,
    "maximum_calls": 4,
    "providers": [
        {"part": "stt", "name": "local", "model": None},
        {"part": "llm", "name": "openai-compatible", "model": "qwen3:8b"},
        {"part": "tts", "name": "local", "model": None},
    ],
    "versions": {"product": "0.1.0", "python": "3.13.5", "postgres": "18.0"},
    "started_at": ago(days=2),
}


def days(busy: bool) -> list[dict[str, Any]]:
    """Thirty days of calls."""
    today = datetime.now(UTC).date()
    return [
        {
            "day": (today - timedelta(days=29 - number)).isoformat(),
            "calls": (number * 7) % 23 if busy else 0,
            "minutes": float((number * 61) % 190) if busy else 0.0,
        }
        for number in range(30)
    ]


STATISTICS: dict[str, Any] = {
    "accounts": 412,
    "active_accounts": 409,
    "seen_last_30_days": 288,
    "organisations": {"schools": 2, "personal": 412, "suspended": 1},
    "open_calls": 3,
    "days": days(busy=True),
    "stages": [
        {"stage": "end_of_turn", "turns": 930, "median_ms": 310, "p95_ms": 620},
        {"stage": "llm_first_token", "turns": 912, "median_ms": 420, "p95_ms": 1180},
        {"stage": "tts_first_byte", "turns": 912, "median_ms": 160, "p95_ms": 340},
    ],
}


def setting(key: str, kind: str, value: Any, effective: Any, *, own: bool = True) -> dict[str, Any]:
    """A setting."""
    return {
        "key": key,
        "kind": kind,
        "description": key,
        "per_organisation": own,
        "default": None if kind == "number" else True,
        "value": value,
        "installation_value": effective,
        "effective": effective,
    }


SETTINGS = (
    setting("sign_up_open", "switch", value=False, effective=False, own=False),
    setting("recordings", "switch", value=None, effective=True),
    setting("listening_in", "switch", value=None, effective=True),
    setting("api_keys", "switch", value=True, effective=False),
    setting("maximum_calls", "number", value=40, effective=40),
)
JOBS = {
    "states": [
        {"job": "mail.send", "state": "retrying", "count": 2, "oldest_at": ago(minutes=4)},
        {"job": "mail.send", "state": "done", "count": 61, "oldest_at": ago(hours=23)},
        {"job": "memory.report", "state": "queued", "count": 3, "oldest_at": ago(minutes=1)},
        {"job": "memory.report", "state": "running", "count": 1, "oldest_at": ago(minutes=1)},
        {"job": "memory.report", "state": "dead", "count": 1, "oldest_at": ago(hours=7)},
    ],
    "waiting": [],
}
DEAD = (
    {
        "id": LETTER_ID,
        "job": "memory.report",
        "attempts": 3,
        "error": "TimeoutError",
        "correlation_id": "req-1f8c2b",
        "created_at": ago(hours=7),
        "retriable": True,
    },
    {
        "id": "00000000-0000-0000-0000-0000000000cf",
        "job": "identity.recover",
        "attempts": 3,
        "error": "OperationalError",
        "correlation_id": None,
        "created_at": ago(days=2),
        "retriable": False,
    },
)
CALM = {"on": False, "since": None, "until": None, "message": "", "open_calls": 3}
PAUSED = {
    "on": True,
    "since": "2026-11-20T18:00:00Z",
    "until": "2026-11-20T18:30:00Z",
    "message": "We move to a larger server.",
    "open_calls": 1,
}


def event(number: int, action: str, **more: Any) -> dict[str, Any]:
    """A line of the audit log."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000a{number}",
        "at": f"2026-11-20T1{number}:05:00Z",
        "action": action,
        "actor_id": "00000000-0000-0000-0000-000000000101",
        "actor_name": "Olga Petrova",
        "actor_role": "operator",
        "learner_id": None,
        "learner_name": None,
        "subject_kind": None,
        "subject_id": None,
        "organisation_id": ORGANISATION_ID,
        "organisation_name": "Lakeside Language School",
        "correlation_id": "req-1f8c2b",
        "details": {},
        **more,
    }


EVENTS = (
    event(4, "setting.changed", details={"setting": "listening_in", "value": False, "installation": False}),
    event(3, "call.heard", actor_name="Ines Duarte", actor_role="instructor", learner_name="Maya"),
    event(2, "account.changed", actor_name=None, learner_name="Maya", details={"change": "deactivated"}),
    event(1, "call.deleted", actor_id=None, actor_name=None, actor_role="system"),
)
OPERATOR: Answers = {"GET /users/me": {"body": account(display_name="Olga Petrova", operator=True)}}
FULL: Answers = {
    **OPERATOR,
    f"{ROOT}/health": {"body": HEALTH},
    f"{ROOT}/statistics": {"body": STATISTICS},
    f"{ROOT}/users": page(*PEOPLE, further=True),
    f"{ROOT}/organisations": page(*ORGANISATIONS),
    f"{ROOT}/settings": {"body": {"organisation_id": None, "items": list(SETTINGS)}},
    f"{ROOT}/jobs": {"body": JOBS},
    f"{ROOT}/jobs/dead": page(*DEAD),
    f"{ROOT}/maintenance": {"body": CALM},
    f"{ROOT}/audit": page(*EVENTS),
    "PUT /admin/settings/sign_up_open": {"status": 204},
    "PUT /admin/users/00000000-0000-0000-0000-000000000102/role": refusal(409, "last_admin"),
    f"POST /admin/jobs/dead/{LETTER_ID}/retry": {"status": 204},
}
"""An operator, and something on every page."""
EMPTY: Answers = {
    f"{ROOT}/statistics": {"body": {**STATISTICS, "days": days(busy=False), "stages": []}},
    f"{ROOT}/users": page(),
    f"{ROOT}/organisations": page(),
    f"{ROOT}/jobs": {"body": {"states": [], "waiting": []}},
    f"{ROOT}/jobs/dead": page(),
    f"{ROOT}/audit": page(),
}
"""The same pages with nothing on them yet."""
SCHOOL: Answers = {
    "GET /users/me": {"body": account(display_name="Ada", role="admin")},
    f"{ROOT}/statistics": {"body": {**STATISTICS, "organisations": None, "open_calls": None}},
    f"{ROOT}/settings": {
        "body": {"organisation_id": ORGANISATION_ID, "items": list(SETTINGS[1:])},
    },
}
"""An administrator of one school."""
