"""What is found of how a text was said: the answer of `POST /v1/pronunciation`."""

from pydantic import BaseModel


class JudgedPhone(BaseModel):
    """A phone that was meant: seconds from the start of the audio, and 0 (wrong or missing) to 1 (right)."""

    phone: str
    start: float
    end: float
    score: float


class JudgedWord(BaseModel):
    """A word as written; its score is the mean of its phones'."""

    word: str
    start: float
    end: float
    score: float
    phones: list[JudgedPhone]


class Judged(BaseModel):
    """A whole answer: `score` is the mean of all phones, `aligned` the share in a plausible place."""

    text: str
    duration: float
    score: float
    aligned: float
    version: str
    words: list[JudgedWord]
