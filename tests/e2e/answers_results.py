"""What the API answers about results of mock exams: one that is ready, its marks, how marks agree."""

from typing import Any

from tests.e2e.answers import Answers
from tests.e2e.answers_lessons import DOCTOR
from tests.e2e.answers_review import LEARNER_ID, RECORDING, paged, teacher

ATTEMPT_ID = "00000000-0000-0000-0000-00000000ea01"
HEARD_ID = "00000000-0000-0000-0000-00000000ca11"
AT = f"/exams/attempts/{ATTEMPT_ID}"
SAT_AT = "2026-11-20T17:00:00Z"


def place(number: int, quote: str, says: str, *, helps: bool, at: float | None = None) -> dict[str, Any]:
    """A place that a score rests on."""
    return {
        "turn_id": f"00000000-0000-0000-0000-0000000000{number:02}",
        "call_id": HEARD_ID,
        "start_s": at,
        "end_s": None if at is None else at + 3.4,
        "quote": quote,
        "says": says,
        "helps": helps,
    }


def dimension(name: str, score: float | None, confidence: float = 0.0, **more: Any) -> dict[str, Any]:
    """One of the five."""
    level = None if score is None else ("A1", "A2", "B1", "B2")[min(3, int(score) - 1)]
    return {
        "dimension": name,
        "score": score,
        "confidence": confidence,
        "level": level,
        "refused": None,
        "reasons": [],
        "evidence": [],
        "measures": [],
        **more,
    }


def measure(name: str, value: float, unit: str = "") -> dict[str, Any]:
    """A figure."""
    return {"name": name, "value": value, "unit": unit}


FLUENCY = dimension(
    "fluency",
    3.2,
    0.82,
    reasons=[
        "You speak at a good speed: 3.6 syllables a second.",
        "You pause in the middle of a thought 11 times a minute.",
    ],
    evidence=[
        place(1, "so I decided to take the earlier train", "You spoke 8 words here without a pause.",
              helps=True, at=41.2),
        place(3, "because the … the … the weather", "You paused for 1.4 seconds in the middle of a thought.",
              helps=False, at=73.9),
    ],
    measures=[
        measure("articulation_rate", 3.61, "syllables/s"),
        measure("mean_run", 6.2, "syllables"),
        measure("pauses_within", 11.0, "1/min"),
        measure("phonation_ratio", 0.66),
    ],
)  # fmt: skip
SCORES = [
    FLUENCY,
    dimension("pronunciation", 2.8, 0.55),
    dimension("grammar", 2.6, 0.78),
    dimension("vocabulary", 3.1, 0.71),
    dimension("coherence", 3.4, 0.66),
]
PLAIN: dict[str, Any] = {
    "attempt_id": ATTEMPT_ID,
    "state": "scoring",
    "scored_at": None,
    "version": "",
    "band_table": "",
    "dimensions": [],
    "level": None,
    "level_confidence": 0.0,
    "target_level": "B2",
    "refused": None,
    "flags": [],
    "notes": [],
    "readiness": [],
    "phones": [],
    "improvement": None,
    "practise": [],
    "sound": "none",
    "review": None,
}


def criterion(one: dict[str, Any]) -> dict[str, Any]:
    """How one of the five stands against the target level."""
    score = one["score"]
    ready = None if score is None else score >= 3.0
    return {
        "dimension": one["dimension"],
        "ready": ready,
        "score": score,
        "needed": 3.0,
        "says": "You have reached what B1 asks for here." if ready else "You are 0.4 points away from B1.",
    }


READY = {
    **PLAIN,
    "state": "ready",
    "scored_at": "2026-11-20T17:13:05Z",
    "version": "judging-1",
    "band_table": "bands-1",
    "dimensions": SCORES,
    "level": "B1",
    "level_confidence": 0.68,
    "target_level": "B1",
    "flags": ["memorised"],
    "notes": ["What was recited was left out."],
    "readiness": [criterion(one) for one in SCORES],
    "phones": [
        {"phone": "TH", "count": 14, "score": 0.46, "words": ["think", "three", "thing"]},
        {"phone": "IH0", "count": 31, "score": 0.58, "words": ["decided", "it"]},
    ],
    "improvement": {
        "turn_id": None,
        "said": "I like my job because is interesting and I learn many thing.",
        "better": "What I enjoy about my job is how much I learn, because no two days are alike.",
    },
    "practise": [
        {
            "dimension": "grammar",
            "says": "You made this slip 3 times: “because is” should be “because it is”.",
            "lesson_ids": [DOCTOR["id"]],
        },
        {"dimension": "fluency", "says": "Say a whole thought, then pause.", "lesson_ids": []},
        {
            "dimension": "pronunciation",
            "says": "Practise the sound TH, as in: think, three.",
            "lesson_ids": [],
        },
    ],
    "sound": "kept",
}  # fmt: skip
REFUSED = {
    **PLAIN,
    "state": "ready",
    "refused": "too_little",
    "dimensions": [
        dimension(
            one["dimension"], None, refused="too_little", reasons=["Nothing, or next to nothing, was said."]
        )
        for one in SCORES
    ],
    "flags": ["silent_part"],
}


def mark(number: int, name: str, score: float | None, reason: str, **more: Any) -> dict[str, Any]:
    """What Tom gave."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000d{number}",
        "dimension": name,
        "score": score,
        "reason": reason,
        "version": 1,
        "author_id": "00000000-0000-0000-0000-000000000009",
        "author_name": "Tom",
        "mine": False,
        "counts": True,
        "blind": True,
        "machine_score": 3.2,
        "created_at": "2026-11-21T09:10:00Z",
        **more,
    }


MARKS = [
    mark(1, "fluency", 3.0, "She stops to look for words.", counts=False),
    mark(2, "fluency", 3.6, "Heard again: the pauses are between thoughts.", version=2),
]


def marks(*items: dict[str, Any], teaching: bool = False) -> dict[str, Any]:
    """The marks of the attempt, as Maya or her instructor gets them."""
    return {
        "attempt_id": ATTEMPT_ID,
        "title": "Mock exam, A2 to B1",
        "target_level": "B1",
        "sat_at": SAT_AT,
        "learner_id": LEARNER_ID,
        "learner_name": "Maya",
        "mine": not teaching,
        "may_mark": teaching,
        "items": [{**one, "mine": teaching} for one in items],
    }


def sitting(number: int, day: int, scores: tuple[float | None, ...], level: str | None) -> dict[str, Any]:
    """One of her exams, in a list."""
    names = [one["dimension"] for one in SCORES]
    return {
        "attempt_id": ATTEMPT_ID[:-1] + str(number),
        "title": "Mock exam, A2 to B1",
        "target_level": "B1",
        "taken_at": f"2026-11-{day:02}T17:00:00Z",
        "state": "ready",
        "scored_at": f"2026-11-{day:02}T17:14:00Z",
        "version": "judging-1",
        "band_table": "bands-1",
        "scores": dict(zip(names, scores, strict=True)),
        "level": level,
        "refused": None,
        "flags": [],
        "review_asked_at": None,
    }


SITTINGS = (
    sitting(1, 20, (3.2, 2.8, 2.6, 3.1, 3.4), "B1"),
    sitting(2, 12, (2.7, None, 2.6, 2.8, 2.9), "A2"),
    sitting(3, 3, (2.3, 2.2, 2.1, 2.6, 2.8), "A2"),
)


def agreement(name: str, marks: int, **more: Any) -> dict[str, Any]:
    """How far machine and people agree on one of the five."""
    told = marks >= 10
    return {
        "dimension": name,
        "marks": marks,
        "blind_marks": marks // 2,
        "learners": marks // 3,
        "qwk": 0.71 if told else None,
        "mean_difference": 0.24 if told else None,
        "lower_limit": -0.81 if told else None,
        "upper_limit": 1.29 if told else None,
        "same_band": 0.58 if told else None,
        "adjacent_band": 0.97 if told else None,
        "pairs": [{"machine": machine, "person": person, "count": count} for machine, person, count in PAIRS]
        if told
        else [],
        "withheld": not told,
        **more,
    }


PAIRS = (
    (1.4, 1.5, 1), (1.9, 1.5, 2), (2.2, 2.0, 3), (2.6, 3.0, 1), (2.8, 2.5, 4), (3.1, 3.0, 5), (3.3, 2.5, 1),
    (3.4, 3.5, 2), (3.9, 3.5, 2), (4.2, 4.5, 1), (4.6, 4.0, 1),
)  # fmt: skip
CALIBRATION = {
    "fewest_marks": 10,
    "fewest_learners": 5,
    "dimensions": [
        agreement("fluency", 23),
        agreement("pronunciation", 7),
        agreement("grammar", 23, mean_difference=-0.31, lower_limit=-1.2, upper_limit=0.58),
        agreement("vocabulary", 18, qwk=None),
        agreement("coherence", 0),
    ],
    "versions": ["judging-1"],
}
DOUBLE = {
    "attempt_id": ATTEMPT_ID,
    "learner_id": LEARNER_ID,
    "learner_name": "Maya",
    "title": "Mock exam, A2 to B1",
    "sat_at": SAT_AT,
    "marked_at": "2026-11-21T09:20:00Z",
    "people": 1,
    "marks": [
        {"dimension": "fluency", "machine": 3.2, "person": 3.6},
        {"dimension": "grammar", "machine": 2.6, "person": 2.5},
    ],
}


def result(assessment: dict[str, Any], *given: dict[str, Any], teaching: bool = False) -> Answers:
    """A result, with what people gave it."""
    return {
        **({"GET /users/me": {"body": teacher()}} if teaching else {}),
        f"GET {AT}/assessment": {"body": assessment},
        f"GET {AT}/marks": {"body": marks(*given, teaching=teaching)},
        "GET /assessments": paged(*(SITTINGS if assessment is READY else ())),
        f"GET /review/learners/{LEARNER_ID}/assessments": paged(*SITTINGS),
        f"GET /calls/{HEARD_ID}/recording": {"body": {**RECORDING, "duration_s": 128.0}},
    }
