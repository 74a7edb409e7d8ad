"""What the API answers on the instructor's pages: a class, a learner of it, and one call read together."""

import struct
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.answers import CALLS, CORRECTIONS, TURNS, Answers, corrections, user, word
from tests.e2e.answers_lessons import ALL, DOES, LIST, MARKET, attempt, lessons

LEARNER_ID = "00000000-0000-0000-0000-000000000001"
REVIEWED_ID = CALLS[1]["id"]
REVIEWED = {**CALLS[0], "id": REVIEWED_ID, "state": "closed", "ended_at": "2026-11-20T17:00:50Z"}
PROGRAM_ID = "00000000-0000-0000-0000-0000000000b1"
HOSTILE = '<img src=x onerror="document.title=1"><b>Bold</b> & "quoted"'
LONG_NAME = "Maximiliana-Alexandra von Hohenstein y Gutiérrez de la Concha"
DAYS = 86_400


def ago(seconds: float) -> str:
    """A moment before now, and a little."""
    return (datetime.now(UTC) - timedelta(seconds=seconds + 20)).isoformat()


def day(ahead: int) -> str:
    """A day from today on."""
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def learner(number: int, name: str, **more: Any) -> dict[str, Any]:
    """A learner of the list."""
    return {
        "id": f"00000000-0000-0000-0000-00000000000{number}",
        "name": name,
        "email": f"learner{number}@example.com",
        "level": ("A2", "B1", "B2")[number % 3],
        "last_activity_at": ago(number * 2.3 * DAYS),
        "calls": 3 * number,
        "minutes_spoken": 14.5 * number,
        "weeks": [6.0, 11.5, 4.0, 2.5 * number],
        "trend_minutes": 4.5 * (3 - number),
        "open_flags": 0,
        "new_answers": 0,
        "next_due": None,
        **more,
    }


LEARNERS = (
    learner(1, "Maya", open_flags=2, new_answers=1, next_due=day(3)),
    learner(2, "Rui Costa"),
    learner(3, LONG_NAME, next_due=day(-2)),
    learner(4, HOSTILE, open_flags=1),
    learner(5, "سارا", email="learner5@a-school-with-a-rather-long-name.example.com"),
    learner(6, "learner6@example.com", last_activity_at=None, calls=0, minutes_spoken=0.0, weeks=[0, 0, 0, 0],
            trend_minutes=0.0),
)  # fmt: skip
SILENT = tuple({**one, "last_activity_at": None, "weeks": [0, 0, 0, 0], "calls": 0} for one in LEARNERS[:2])


def learners(*rows: dict[str, Any], more: str | None = None) -> Answers:
    """The list."""
    page = {"items": list(rows), "total": len(rows), "next_cursor": more}
    return {"GET /review/learners": {"body": page}}


def programs(*names: str) -> Answers:
    """The programs that the instructor teaches."""
    items = [
        {
            "id": PROGRAM_ID.replace("b1", f"b{place}"),
            "name": name,
            "description": "",
            "archived": False,
            "learners": 6,
            "instructors": 1,
            "created_at": "2026-09-01T10:00:00Z",
        }
        for place, name in enumerate(names, 1)
    ]
    return {"GET /programs": {"body": {"items": items}}}


def comment(number: int, text: str, **more: Any) -> dict[str, Any]:
    """A comment on the reviewed call."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000e{number}",
        "call_id": REVIEWED_ID,
        "turn_id": TURNS[1]["id"],
        "parent_id": None,
        "span_start": None,
        "span_end": None,
        "text": text,
        "version": 1,
        "author_id": LEARNER_ID,
        "author_name": "Tom",
        "by_learner": False,
        "mine": True,
        "new": False,
        "created_at": ago(3 * 3_600),
        "updated_at": ago(3 * 3_600),
        **more,
    }


COMMENTS = (
    comment(1, "A lively call. Next time, try to ask the coach something too.", turn_id=None, new=True),
    comment(2, "Very good: the past of 'buy'.", span_start=43, span_end=49),
    comment(3, "Thank you! I always say 'buyed'.", parent_id="00000000-0000-0000-0000-0000000000e2",
            by_learner=True, mine=False, new=True, author_name="Maya", created_at=ago(1_800)),
    comment(4, HOSTILE, turn_id=TURNS[3]["id"], mine=False, author_name="Cora", version=2),
)  # fmt: skip


def flag(number: int, kind: str, turn: int | None, **more: Any) -> dict[str, Any]:
    """A flag on the reviewed call."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000f{number}",
        "call_id": REVIEWED_ID,
        "turn_id": None if turn is None else TURNS[turn]["id"],
        "kind": kind,
        "note": "",
        "author_name": "Cora",
        "resolved_at": None,
        "version": 1,
        "created_at": ago(4 * 3_600),
        **more,
    }


FLAGS = (
    flag(1, "misheard", 1, note="She said 'plums', the text is right by luck."),
    flag(2, "technical", None, resolved_at=ago(600)),
)
BOOKMARKS = (
    {
        "id": "00000000-0000-0000-0000-0000000000a7",
        "call_id": REVIEWED_ID,
        "turn_id": TURNS[4]["id"],
        "created_at": ago(60),
    },
)
TIMED = [
    {**TURNS[0], "llm": "guided", "timings": {"tts_first_byte": 212.0}},
    {
        **TURNS[1],
        "words": [word(one, 0.3 if one == "plums" else 0.9) for one in TURNS[1]["text"].strip(".").split()],
        "timings": {"end_of_turn_delay": 480.2, "transcription_delay": 140.0},
    },
    {**TURNS[2], "llm": "guided", "timings": {"llm_first_token": 95.0, "voice_to_voice": 930.4}},
    *TURNS[3:],
]


def review(**more: Any) -> dict[str, Any]:
    """A call as an instructor gets it."""
    return {
        "call": REVIEWED,
        "learner_id": LEARNER_ID,
        "learner_name": "Maya",
        "comments": list(COMMENTS),
        "flags": list(FLAGS),
        "bookmarks": list(BOOKMARKS),
        **more,
    }


def assignment(number: int, title: str, **more: Any) -> dict[str, Any]:
    """An assignment of Maya's."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000d{number}",
        "learner_id": LEARNER_ID,
        "author_name": "Tom",
        "mine": True,
        "title": title,
        "body": "",
        "lesson_id": None,
        "lesson_title": None,
        "due_on": None,
        "done_at": None,
        "version": 1,
        "created_at": ago(number * DAYS),
        **more,
    }


ASSIGNMENTS = (
    assignment(1, "Talk about your last holiday", due_on=day(3), body="Two minutes.\nUse the past tense."),
    assignment(2, MARKET["title"], due_on=day(-4), lesson_id=MARKET["id"], lesson_title=MARKET["title"]),
    assignment(3, "Introduce your family", done_at=ago(2 * DAYS), mine=False, author_name="Cora"),
    assignment(4, HOSTILE, body=HOSTILE),
)


def figures(spoken: float) -> dict[str, Any]:
    """How a learner stands."""
    start = datetime(2026, 9, 7, tzinfo=UTC).date()
    weeks = [
        {
            "week": (start + timedelta(days=7 * number)).isoformat(),
            "calls": number % 4,
            "minutes_spoken": round(spoken * (number % 5) / 20, 1),
            "words_per_minute": None,
            "share_of_talk": None,
        }
        for number in range(12)
    ]
    return {
        "calls": 23 if spoken else 0,
        "turns": 240,
        "minutes_spoken": spoken,
        "words_per_minute": 92.4 if spoken else None,
        "share_of_talk": 0.43 if spoken else None,
        "last_activity_at": ago(DAYS) if spoken else None,
        "week_minutes": 12.5,
        "month_minutes": 47.0 if spoken else 0.0,
        "trend": 0.2,
        "streak": {"days": 4 if spoken else 0, "longest": 9, "today": True, "forgiven": []},
        "weeks": weeks,
        "days": [],
    }


def silence(seconds: int) -> str:
    """A recording in which nothing is to be heard, as an address of its own."""
    samples = bytes([128]) * 1_000 * seconds
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVEfmt ", 16, 1, 1, 1_000, 1_000,
                       1, 8, b"data", len(samples))  # fmt: skip
    return "data:audio/wav;base64," + b64encode(head + samples).decode()


RECORDING = {
    "state": "ready",
    "started_at": "2026-11-20T17:00:01Z",
    "duration_s": 50.0,
    "size_bytes": 50_000,
    "url": silence(50),
    "expires_at": ago(-900),
    "peaks": {
        "learner": [0 if n % 20 < 9 else 60 + n * 37 % 150 for n in range(200)],
        "coach": [0 if n % 20 >= 9 else 40 + n * 53 % 170 for n in range(200)],
    },
}


def paged(*rows: dict[str, Any]) -> dict[str, Any]:
    """One page of a list."""
    return {"body": {"items": list(rows), "next_cursor": None}}


def listed_call(number: int, **more: Any) -> dict[str, Any]:
    """A call of the learner's page."""
    counts = {"comment_count": 0, "new_answers": 0, "open_flags": 0, "bookmarked": False}
    return {"call": CALLS[number], **counts, **more}


def teacher(locale: str = "und") -> dict[str, Any]:
    """The instructor."""
    return {**user(locale), "display_name": "Tom", "email": "tom@example.com", "role": "instructor"}


PROFILE = {
    "learner": LEARNERS[0],
    "native_language": "fa",
    "joined_at": "2026-09-03T10:00:00Z",
    "programs": [{"id": PROGRAM_ID, "name": "Evening class"}],
}
SCHOOL: Answers = {
    "GET /users/me": {"body": teacher()},
    **programs("Evening class", "Morning class"),
    **learners(*LEARNERS, more="more"),
    f"GET /review/learners/{LEARNER_ID}": {"body": PROFILE},
    f"GET /analytics/learners/{LEARNER_ID}": {"body": figures(131.5)},
    f"GET /review/learners/{LEARNER_ID}/calls": paged(
        listed_call(0, open_flags=1),
        listed_call(1, comment_count=4, new_answers=1, bookmarked=True),
        listed_call(2),
        listed_call(3),
    ),
    f"GET /review/learners/{LEARNER_ID}/assignments": paged(*ASSIGNMENTS),
    f"GET /review/learners/{LEARNER_ID}/assessments": paged(),
    f"GET /review/learners/{LEARNER_ID}/extra-time": {"body": {"extra_time_percent": 25}},
    f"GET /review/learners/{LEARNER_ID}/lessons": paged(attempt("completed"), attempt("left")),
    f"GET /review/learners/{LEARNER_ID}/objectives": {"body": {"items": DOES}},
    LIST: lessons(*ALL),
    f"GET /review/calls/{REVIEWED_ID}": {"body": review()},
    f"GET /review/calls/{REVIEWED_ID}/turns": {"body": {"items": TIMED, "next_cursor": None}},
    f"GET /review/calls/{REVIEWED_ID}/corrections": corrections(*CORRECTIONS),
    f"POST /review/calls/{REVIEWED_ID}/answers/read": {"status": 204},
    f"GET /calls/{REVIEWED_ID}/recording": {"body": RECORDING},
    "GET /review/bookmarks": paged(
        {**BOOKMARKS[0], "learner_id": LEARNER_ID, "learner_name": "Maya",
         "call_started_at": CALLS[1]["started_at"], "words": TURNS[4]["text"]},
        {**BOOKMARKS[0], "id": "00000000-0000-0000-0000-0000000000a8", "turn_id": None,
         "learner_id": LEARNER_ID, "learner_name": HOSTILE, "call_started_at": CALLS[1]["started_at"],
         "words": ""},
    ),
}  # fmt: skip
"""An instructor with a class, and everything that can be asked about Maya."""
