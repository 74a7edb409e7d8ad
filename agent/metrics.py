"""Prometheus figures of calls, counted in job processes and shown together at AGENT_METRICS_PORT.

Every figure has a label, so that its file in PROMETHEUS_MULTIPROC_DIR is made when it is first counted and
not when this is imported: the framework empties the folder in between.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import Counter, Histogram
from prometheus_client.mmap_dict import MmapedDict

from api.contract.calls import Role, TurnRecord

_KINDS = ("counter", "histogram")
_folding = threading.Lock()
_Values: Any = MmapedDict  # a library without types
_SECONDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)

VOICE_TO_VOICE = Histogram(
    "avaaz_agent_voice_to_voice_seconds",
    "End of the learner's speech to the first sound of the answer, as the agent can measure it",
    ["answered_by"],
    buckets=_SECONDS,
)
STAGES = Histogram("avaaz_agent_stage_seconds", "Time in each stage of a turn", ["stage"], buckets=_SECONDS)
FILTERED = Counter(
    "avaaz_agent_filtered_sentences",
    "Sentences of the coach's that were not for the learner, by whom the filter is for and by theme",
    ["audience", "theme"],
)
STAGE_NAMES = {
    "end_of_turn": "end_of_turn_delay",
    "stt": "transcription_delay",
    "retrieval": "retrieval",
    "llm_first_token": "llm_first_token",
    "tts_first_byte": "tts_first_byte",
}
"""Stages by their label, and where a turn's timings have them."""


def count_turn(turn: TurnRecord) -> None:
    """Count the timings of a turn that was committed."""
    for stage, name in STAGE_NAMES.items():
        if (milliseconds := getattr(turn.timings, name)) is not None:
            STAGES.labels(stage=stage).observe(milliseconds / 1_000)
    if turn.role is Role.COACH and turn.timings.voice_to_voice is not None:
        answered_by = "guided" if turn.llm in {None, "guided"} else "language_model"
        VOICE_TO_VOICE.labels(answered_by=answered_by).observe(turn.timings.voice_to_voice / 1_000)


def fold() -> None:
    """Add up the files of job processes that have ended in one file, so that there are no more of them with
    every call; nothing without PROMETHEUS_MULTIPROC_DIR."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder or not _folding.acquire(blocking=False):
        return
    try:
        for kind in _KINDS:
            for path in Path(folder).glob(f"{kind}_[1-9]*.db"):
                if not _lives(int(path.stem.rpartition("_")[2])):
                    _add_up(path, path.with_name(f"{kind}_0.db"))
    finally:
        _folding.release()


def _add_up(ended: Path, sums: Path) -> None:
    values = list(_Values.read_all_values_from_file(str(ended)))
    total = _Values(str(sums))
    for key, value, timestamp, _ in values:
        total.write_value(key, total.read_value(key)[0] + value, timestamp)
    total.close()
    ended.unlink()


def _lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
