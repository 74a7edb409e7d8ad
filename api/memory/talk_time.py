"""Who spoke how long in a call."""

from collections.abc import Sequence

from api.analytics.models import CallFigures
from api.analytics.speech import share_of_talk
from api.memory.said import Said, words_of
from api.memory.schemas import TalkTime


def talk_time(turns: Sequence[Said], figures: CallFigures) -> TalkTime:
    """The call's figures, which every page shows alike, and how much the learner said, typed words included.

    Typed turns take no time; pauses within an utterance are part of it.
    """
    own = [turn for turn in turns if turn.by_learner]
    return TalkTime(
        call_seconds=round((figures.ended_at - figures.started_at).total_seconds(), 1),
        learner_seconds=round(figures.spoken_ms / 1000, 1),
        coach_seconds=round(figures.coach_ms / 1000, 1),
        learner_share=share_of_talk(figures.spoken_ms, figures.coach_ms),
        learner_words=sum(len(words_of(turn.text)) for turn in own),
        learner_turns=len(own),
    )
