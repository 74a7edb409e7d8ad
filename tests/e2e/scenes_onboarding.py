"""The first questions after signing up, and the level that was found with its reasons."""

from typing import Any

from tests.e2e.answers import Answers
from tests.e2e.scene import Scene

PLACEMENT_ID = "00000000-0000-0000-0000-0000000000f1"
REASONS: list[dict[str, Any]] = [
    {
        "measure": "length",
        "level": "B1",
        "value": 26.5,
        "found": [],
        "quote": "On Saturday I slept late because I had worked all week, and then we watched a film that "
        "was funny.",
    },
    {
        "measure": "structures",
        "level": "B1",
        "value": 6,
        "found": ["condition", "would", "relative", "past"],
        "quote": "If I lived in a city, I would miss my garden.",
    },
    {
        "measure": "vocabulary",
        "level": "A2",
        "value": 5,
        "found": ["garden", "concert", "opinion", "hospital"],
        "quote": "I could go to concerts more often.",
    },
    {"measure": "tempo", "level": "B1", "value": 88, "found": [], "quote": None},
]
JUDGED: Answers = {
    f"GET /users/me/placements/{PLACEMENT_ID}": {
        "body": {
            "id": PLACEMENT_ID,
            "kind": "spoken",
            "state": "scored",
            "level": "B1",
            "reasons": REASONS,
            "words": 118,
            "tasks": [],
            "created_at": "2026-11-20T10:00:00Z",
            "finished_at": "2026-11-20T10:04:00Z",
        }
    }
}

BEGINNING = (
    Scene("begin-you", "[data-testid=begin-you]", "/begin", tall=1_250),
    Scene("begin-level", "[data-testid=begin-level]", "/begin?step=level"),
    Scene(
        "begin-result",
        "[data-testid=reasons]",
        f"/begin?placement={PLACEMENT_ID}",
        answers=JUDGED,
        tall=1_400,
    ),
)
