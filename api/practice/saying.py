"""An answer that was said or typed, as its learner is shown it."""

from api.practice.matching import compared
from api.practice.schemas import Said, SaidWord


def beside(heard: str, answer: str) -> Said:
    """What was heard, beside the answer."""
    found = compared(heard, answer)
    words = [SaidWord(text=text, said=said) for text, said in found.words]
    return Said(heard=heard[:1_000], verdict=found.verdict, words=words)
