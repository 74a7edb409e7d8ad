"""What the API answers in the scenes: one learner, her calls, and one call word for word."""

from typing import Any

from tests.e2e.answers_report import MEMORY, report

Answers = dict[str, dict[str, Any] | None]
"""By `METHOD /path`; `None` never comes."""

SESSION_ID = "00000000-0000-0000-0000-00000000000a"
CALL_ID = "00000000-0000-0000-0000-0000000000c1"


def refusal(status: int, code: str, **headers: str) -> dict[str, Any]:
    """An error envelope."""
    error = {"code": code, "message": code, "request_id": "req-7f3a"}
    return {"status": status, "body": {"error": error}, "headers": headers}


def user(locale: str) -> dict[str, Any]:
    """The learner."""
    return {
        "id": "00000000-0000-0000-0000-000000000001",
        "email": "maya@example.com",
        "display_name": "Maya",
        "role": "learner",
        "locale": locale,
        "level": "A2",
        "native_language": None,
        "organisation_id": "00000000-0000-0000-0000-000000000002",
        "created_at": "2026-11-01T10:00:00Z",
        "email_verified": True,
        "pending_email": None,
        "birth_year": 1990,
        "age_needed": False,
        "ai_disclosure_needed": False,
        "consent": "not_needed",
    }


def session(open_call: str | None = None) -> dict[str, Any]:
    """Her session, with a call open or none."""
    opened = None if open_call is None else {"id": open_call, "started_at": "2026-11-20T17:00:00Z"}
    return {
        "id": SESSION_ID,
        "mode": "conversation",
        "summary": "",
        "last_activity_at": None,
        "call_count": 3,
        "open_call": opened,
        "created_at": "2026-11-01T10:00:00Z",
    }


def call(number: int, *, day: int, minutes: int | None, turns: int, words: str) -> dict[str, Any]:
    """A call of November 2026; still open where `minutes` is None."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000c{number}",
        "session_id": SESSION_ID,
        "channel": "phone" if number == 3 else "web",
        "state": "open" if minutes is None else "closed",
        "started_at": f"2026-11-{day:02}T17:00:00Z",
        "ended_at": None if minutes is None else f"2026-11-{day:02}T17:{minutes:02}:00Z",
        "close_reason": None if minutes is None else "learner_left",
        "turn_count": turns,
        "first_words": words,
    }


CALLS = [
    call(1, day=20, minutes=None, turns=4, words="I went to the market with my sister yesterday."),
    call(
        2,
        day=18,
        minutes=11,
        turns=26,
        words="Every morning I take the bus to my work, and it is always late.",
    ),
    call(3, day=15, minutes=9, turns=19, words="Hello. Can we speak about food?"),
    call(4, day=11, minutes=0, turns=0, words=""),
]


def turn(position: int, role: str, text: str, **more: Any) -> dict[str, Any]:
    """One turn, nine seconds after the one before it."""
    second = 4 + 9 * position
    return {
        "id": f"00000000-0000-0000-0000-0000000000{position:02}",
        "item_id": f"i{position}",
        "position": position,
        "role": role,
        "text": text,
        "input_kind": "voice",
        "interrupted": False,
        "started_at": f"2026-11-20T17:00:{second:02}Z",
        "ended_at": f"2026-11-20T17:00:{second + 4:02}Z",
        "words": [],
        "timings": {},
        "prompt_hash": None,
        "llm": None,
        **more,
    }


def word(text: str, confidence: float) -> dict[str, Any]:
    """One recognised word."""
    return {"word": text, "start": 0.0, "end": 0.4, "confidence": confidence}


TURNS = [
    turn(0, "coach", "Hello Maya, I am Avaaz, an AI coach. What did you do yesterday?"),
    turn(
        1,
        "learner",
        "I went to the market with my sister and we bought plums.",
        words=[word("plums", 0.3)],
    ),
    turn(2, "coach", "Plums, lovely. And what are you going to", interrupted=True),
    turn(3, "learner", "We make a cake.", input_kind="text"),
    turn(4, "coach", "So you are going to make a cake. Who is it for?"),
]


def correction(number: int, turn_id: str, text: str, **more: Any) -> dict[str, Any]:
    """What was found in a turn."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000e{number}",
        "turn_id": turn_id,
        "start": 0,
        "end": len(text),
        "original": text,
        "category": "grammar",
        "rule": "TEST",
        "severity": "clear",
        "confidence": 0.9,
        "by_model": False,
        "hidden_at": None,
        "hidden_as": None,
        **more,
    }


CORRECTIONS = [
    correction(
        1,
        TURNS[3]["id"],
        "make",
        replacement="are going to make",
        better="We are going to make a cake.",
        explanation="A plan takes “going to”.",
    ),
    correction(
        2,
        TURNS[3]["id"],
        "cake",
        replacement="pie",
        better="We make a pie.",
        explanation="With plums it is a pie.",
        category="word_choice",
        hidden_at="2026-11-20T17:30:00Z",
        hidden_as="learner",
    ),
]


def corrections(*items: dict[str, Any]) -> dict[str, Any]:
    """The corrections of a call."""
    return {"body": {"items": list(items), "checked_turns": 2}}


CONSENT = {
    "version": "2026-11",
    "asked": True,
    "granted": False,
    "adult_needed": False,
    "granted_at": None,
    "withdrawn_at": "2026-11-19T09:00:00Z",
    "recordings": 0,
}
"""To recording: refused."""

ONBOARDING: dict[str, Any] = {
    "done": False,
    "native_language": None,
    "goal_kind": None,
    "goal": None,
    "correction_style": "recast",
    "level": "A2",
    "level_source": None,
}
PREFERENCES: dict[str, Any] = {
    "correction_style": "recast",
    "patience": "balanced",
    "greeting_verbosity": "normal",
    "voice": None,
    "translation": False,
    "retention_days": None,
    "voices": [],
}


def signed_in(locale: str) -> Answers:
    """A learner with past calls and none open."""
    return {
        "GET /users/me": {"body": user(locale)},
        "GET /users/me/preferences": {"body": PREFERENCES},
        "GET /users/me/onboarding": {"body": ONBOARDING},
        "GET /users/me/level": {"body": {"level": "A2", "source": None, "history": []}},
        "GET /users/me/memory": {"body": MEMORY},
        "GET /users/me/recording-consent": {"body": CONSENT},
        **{f"GET /calls/{one['id']}/recording": {"body": {"state": "none"}} for one in CALLS},
        f"GET /calls/{CALL_ID}/report": {"body": report(CALL_ID)},
        **{f"GET /calls/{one['id']}/corrections": corrections() for one in CALLS},
        f"GET /calls/{CALL_ID}/corrections": corrections(*CORRECTIONS),
        "GET /sessions/default": {"body": session()},
        "POST /sessions/default/token": {
            "status": 201,
            "body": {"server_url": "ws://127.0.0.1:1", "participant_token": "token"},
        },
        f"GET /sessions/{SESSION_ID}/calls": {"body": {"items": CALLS, "next_cursor": "more"}},
        "GET /users/me/listening": {"body": {"allowed": False, "since": None}},
        "GET /users/me/news": {"body": {"new_comments": 0, "open_assignments": 0, "due_reviews": 0}},
        "GET /users/me/comments": {"body": {"items": [], "next_cursor": None}},
        "GET /users/me/assignments": {"body": {"items": [], "next_cursor": None}},
        **{f"GET /users/me/calls/{one['id']}/comments": {"body": {"items": []}} for one in CALLS},
        f"GET /calls/{CALL_ID}": {"body": CALLS[0]},
        f"GET /calls/{CALL_ID}/turns": {"body": {"items": TURNS, "next_cursor": None}},
        **anonymous(),
    }


def anonymous() -> Answers:
    """A stranger before a local installation."""
    accounts = [
        {"role": "learner", "email": "learner@example.com", "password": "Speak-easy-1"},
        {"role": "instructor", "email": "instructor@example.com", "password": "Teach-well-1"},
        {"role": "admin", "email": "admin@example.com", "password": "Manage-well-1"},
    ]
    config = {"version": "0.1.0", "embedded": True, "demo_accounts": accounts, "coach": "guided"}
    return {"GET /config": {"body": {**config, "sign_in_providers": []}}}
