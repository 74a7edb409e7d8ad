"""What the API answers about reports and the coach's memory."""

from typing import Any

CLOSED_ID = "00000000-0000-0000-0000-0000000000c2"


def report(call_id: str, state: str = "ready", **more: Any) -> dict[str, Any]:
    """The report on a call."""
    ready = state == "ready"
    return {
        "call_id": call_id,
        "state": state,
        "reason": None,
        "content": CONTENT if ready else None,
        "prompt_hash": "c0ffee" if ready else None,
        "written_by": "rules" if ready else None,
        "written_at": "2026-11-20T17:12:00Z" if ready else None,
        **more,
    }


CONTENT: dict[str, Any] = {
    "talked_about": ["food", "family and home"],
    "went_well": [
        {
            "text": "Your longest answer had 21 words.",
            "quote": "Every morning I take the bus to my work, and it is always late, but I read there.",
            "turn_id": "00000000-0000-0000-0000-000000000001",
        },
        {"text": "12 of your 14 sentences had nothing to correct.", "quote": None, "turn_id": None},
        {"text": "You did 61% of the talking.", "quote": None, "turn_id": None},
    ],
    "work_on": [
        {
            "quote": "My sister cook dinner and we buyed plums.",
            "better": "My sister cooks dinner and we bought plums.",
            "why": "Use the irregular form “bought”.",
            "turn_id": "00000000-0000-0000-0000-000000000001",
        },
        {
            "quote": "I am agree with he.",
            "better": "I agree with him.",
            "why": None,
            "turn_id": "00000000-0000-0000-0000-000000000003",
        },
    ],
    "practise_next": [
        "Say each corrected sentence aloud, then tell the coach something new in the same form.",
        "Talk about food once more, and add one thing that you did not say today.",
    ],
    "time": {
        "call_seconds": 662.0,
        "learner_seconds": 281.5,
        "coach_seconds": 180.0,
        "learner_share": 0.61,
        "learner_words": 412,
        "learner_turns": 13,
    },
    "checked": True,
}
HOSTILE: dict[str, Any] = {
    **CONTENT,
    "talked_about": ["<b>plums</b>", "x" * 80],
    "work_on": [
        {**CONTENT["work_on"][0], "quote": "<img src=x onerror=alert(1)> " + "w" * 120, "better": "w" * 200}
    ],
}


def fact(number: int, kind: str, text: str, quote: str) -> dict[str, Any]:
    """One thing that is remembered."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000f{number}",
        "kind": kind,
        "text": text,
        "quote": quote,
        "call_id": CLOSED_ID,
        "turn_id": f"00000000-0000-0000-0000-00000000000{number}",
        "said_at": f"2026-11-{20 - number:02}T17:00:00Z",
    }


MEMORY: dict[str, Any] = {
    "items": [
        fact(1, "plan", "has an exam next week", "I am nervous, I have an exam next week."),
        fact(2, "family", "has a dog called Rex", "My sister cook dinner and I have a dog called Rex."),
        fact(3, "home", "lives in Lima", "My name is Maya and I live in Lima."),
        fact(4, "work", "works as a nurse", "I work as a nurse and every morning I take the bus to my work."),
    ],
    "summary": "The learner has an exam next week; has a dog called Rex; lives in Lima.\n"
    "2026-11-18: Talked about food, family and home.",
}
