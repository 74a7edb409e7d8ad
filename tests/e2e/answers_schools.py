"""What the API answers on the pages about schools: one school with people, programs and invitations."""

from typing import Any

from tests.e2e.answers import Answers, refusal
from tests.e2e.answers_account import FULL, account, ago, ahead, items

SCHOOL_ID = "00000000-0000-0000-0000-000000000003"
HOME_ID = "00000000-0000-0000-0000-000000000002"
TOKEN = "A" * 54
URL = f"https://avaaz.example.com/join#token={TOKEN}"


def organisation(key: str, name: str, kind: str, role: str, *, current: bool, **more: Any) -> dict[str, Any]:
    """An organisation as its member sees it."""
    return {
        "id": key,
        "name": name,
        "kind": kind,
        "role": role,
        "joined_at": ago(days=30),
        "current": current,
        "programs": [],
        **more,
    }


def part(number: int, name: str, role: str = "learner") -> dict[str, Any]:
    """A program that somebody takes part in."""
    return {"id": f"00000000-0000-0000-0000-0000000000b{number}", "name": name, "role": role}


EVENING, WEEKEND = part(1, "B1, evenings"), part(2, "Exam course, weekends")


def program(of: dict[str, Any], learners: int, instructors: int, **more: Any) -> dict[str, Any]:
    """A program as administrators see it."""
    return {
        "id": of["id"],
        "name": of["name"],
        "description": "",
        "archived": False,
        "learners": learners,
        "instructors": instructors,
        "created_at": ago(days=80),
        **more,
    }


PROGRAMS = (
    program(EVENING, 18, 2, description="Tuesdays and Thursdays.\nSpeaking about everyday matters."),
    program(WEEKEND, 1, 1),
    program(part(3, "Summer course 2025"), 24, 0, archived=True),
)


def member(number: int, name: str, role: str, consent: str, *programs: dict[str, Any]) -> dict[str, Any]:
    """Somebody of the school."""
    return {
        "id": f"00000000-0000-0000-0000-00000000000{number}",
        "display_name": name,
        "email": f"{(name or 'somebody.with.a.very.long.address').split()[0].lower()}@example.com",
        "role": role,
        "joined_at": ago(days=number),
        "programs": list(programs),
        "consent": consent,
    }


MEMBERS = (
    member(4, "Teo", "learner", "needed", EVENING),
    member(5, "Lucía Fernández de la Vega", "learner", "asked", EVENING, WEEKEND),
    member(6, "", "learner", "granted"),
    member(7, "Tom Okafor", "instructor", "not_needed", {**EVENING, "role": "instructor"}),
    member(1, "Maya", "admin", "not_needed"),
)


def invitation(number: int, state: str, **more: Any) -> dict[str, Any]:
    """An invitation as administrators see it."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000c{number}",
        "email": None,
        "url": URL,
        "role": "learner",
        "program_id": None,
        "program": None,
        "state": state,
        "uses": 3,
        "max_uses": 30,
        "expires_at": ahead(days=12),
        "created_at": ago(days=2),
        **more,
    }


LINK = invitation(1, "open", program="B1, evenings")
LETTER = {"url": None, "uses": 0, "max_uses": 1}
INVITATIONS = (
    LINK,
    invitation(2, "open", email="sofia.martinez@example.com", role="instructor", **LETTER),
    invitation(3, "used", email="tom@example.com", **{**LETTER, "uses": 1}),
    invitation(4, "expired", expires_at=ago(days=1)),
)

OVERVIEW: dict[str, Any] = {
    "id": SCHOOL_ID,
    "name": "North Street School of Languages",
    "kind": "school",
    "created_at": ago(days=90),
    "learners": 19,
    "instructors": 3,
    "admins": 1,
    "programs": 3,
}

HOME = organisation(HOME_ID, "Personal", "personal", "learner", current=False)
MINE = (
    HOME,
    organisation(SCHOOL_ID, OVERVIEW["name"], "school", "admin", current=True, programs=[EVENING]),
    organisation(
        "00000000-0000-0000-0000-000000000009", "South Bank College", "school", "learner", current=False
    ),
)

SCHOOL: Answers = {
    **FULL,
    "GET /users/me": {"body": account(role="admin", organisation_id=SCHOOL_ID)},
    "GET /users/me/organisations": items(*MINE),
    "PUT /users/me/organisation": {"status": 204},
    "GET /organisation": {"body": OVERVIEW},
    "PATCH /organisation": {"body": OVERVIEW},
    "GET /programs": items(*PROGRAMS),
    "GET /members": {"body": {"items": list(MEMBERS), "next_cursor": "more", "total": 23}},
    "GET /invitations": items(*INVITATIONS),
    "GET /school/retention": {
        "body": {
            "recording_days": 180,
            "transcript_days": None,
            "installation_recording_days": None,
            "installation_transcript_days": None,
        }
    },
    "POST /invitations/links": {"status": 201, "body": LINK},
    "POST /invitations/mails": {"status": 201, "body": {"items": list(INVITATIONS[1:2])}},
    "POST /organisations": refusal(409, "too_many_organisations"),
    "POST /programs": refusal(409, "program_exists"),
    f"PATCH /members/{MEMBERS[4]['id']}": refusal(409, "last_admin"),
}
"""A school with something in every list, and its administrator."""

BARE: Answers = {
    **SCHOOL,
    "GET /organisation": {"body": {**OVERVIEW, "learners": 0, "instructors": 0, "programs": 0}},
    "GET /users/me/organisations": items({**HOME, "current": True}),
    "GET /programs": items(),
    "GET /members": {"body": {"items": [MEMBERS[4]], "next_cursor": None, "total": 1}},
    "GET /invitations": items(),
}
"""A school that was just made."""


def preview(state: str = "open", **more: Any) -> Answers:
    """What an invitation is about."""
    body = {
        "state": state,
        "organisation": OVERVIEW["name"],
        "program": "B1, evenings",
        "role": "learner",
        "email_hint": None,
        **more,
    }
    return {"POST /invitations/look": {"body": body}}
