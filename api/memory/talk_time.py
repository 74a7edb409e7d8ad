"""Who spoke how long in a call."""

from collections.abc import Sequence
from datetime import datetime

from api.memory.said import Said, words_of
from api.memory.schemas import TalkTime


def talk_time(turns: Sequence[Said], started_at: datetime, ended_at: datetime) -> TalkTime:
    """Measured from the recognizer's word times for the learner, from the speech's own times for the coach.

    Typed turns take no time; pauses within an utterance are part of it.
    """
    learner = sum(_seconds(turn) for turn in turns if turn.by_learner and turn.spoken)
    coach = sum(_seconds(turn) for turn in turns if not turn.by_learner)
    own = [turn for turn in turns if turn.by_learner]
    return TalkTime(
        call_seconds=round(max(0.0, (ended_at - started_at).total_seconds()), 1),
        learner_seconds=round(learner, 1),
        coach_seconds=round(coach, 1),
        learner_share=round(learner / (learner + coach), 3) if learner + coach > 0 else None,
        learner_words=sum(len(words_of(turn.text)) for turn in own),
        learner_turns=len(own),
    )


def _seconds(turn: Said) -> float:
    if turn.words:
        spans = [(float(word["start"]), float(word["end"])) for word in turn.words]
        return max(0.0, max(end for _, end in spans) - min(start for start, _ in spans))
    return max(0.0, (turn.ended_at - turn.started_at).total_seconds())
