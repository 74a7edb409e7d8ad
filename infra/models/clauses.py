"""Texts into clauses to synthesize one by one: a short first one for an early first sound, then sentences."""

import re

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+[\"'”’)\]]*|$)\s*")
_COMMA = re.compile(r"[,;:–—]\s+")
_JOINT = re.compile(r"\s(?=(?:and|but|because|so|when|which|that|while|if)\s)", re.IGNORECASE)
_FIRST_WORDS = 3
"""Fewest words of a first clause: one or two alone sound clipped."""
_LONG_WORDS = 9
"""A first sentence with more words is cut."""
_MAX_CHARS = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def normalise(text: str) -> str:
    """The text on one line, without control characters, single-spaced."""
    return " ".join(_CONTROL.sub(" ", text).split())


def clauses(text: str) -> list[str]:
    """The pieces of a text in order; joined by spaces they give it back."""
    sentences = [piece for sentence in _sentences(normalise(text)) for piece in _bounded(sentence)]
    if not sentences:
        return []
    return [*_early(sentences[0]), *sentences[1:]]


def _sentences(text: str) -> list[str]:
    """Sentences; one of a word or two is joined to the next, and 'e.g. 3.5' is not split."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text):
        part = match[0]
        if found and not found[-1].endswith(" "):
            found[-1] += part
        else:
            found.append(part)
    return [sentence.strip() for sentence in found if sentence.strip()]


def _bounded(sentence: str) -> list[str]:
    """A sentence in pieces of at most 300 characters, cut at spaces."""
    pieces = []
    while len(sentence) > _MAX_CHARS:
        cut = sentence.rfind(" ", 0, _MAX_CHARS)
        cut = cut if cut > 0 else _MAX_CHARS
        pieces.append(sentence[:cut])
        sentence = sentence[cut:].strip()
    return [*pieces, sentence] if sentence else pieces


def _early(sentence: str) -> list[str]:
    """Cut the first clause off a long first sentence: at a comma, else before a joining word."""
    if len(sentence.split()) <= _LONG_WORDS:
        return [sentence]
    for pattern in (_COMMA, _JOINT):
        for match in pattern.finditer(sentence):
            first, rest = sentence[: match.end()].strip(), sentence[match.end() :].strip()
            if len(first.split()) >= _FIRST_WORDS and len(rest.split()) >= _FIRST_WORDS:
                return [first, rest]
    return [sentence]
