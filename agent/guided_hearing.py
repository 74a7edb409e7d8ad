"""Understanding a learner's words without a model: plain text, intents, tone and words worth remembering."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.guided_content import Content, Tone, compiled

MAX_HEARD = 600
"""Characters of a learner's turn that are looked at; the rest of a very long turn changes nothing."""

_CONTRACTIONS = (
    (r"\b(can)(?:'t|not)\b", r"\1 not"),
    (r"\bwon't\b", "will not"),
    (r"\b(do|does|did|is|are|was|were|have|has|had|could|would|should)n'?t\b", r"\1 not"),
    (r"\b(i)'?m\b", r"\1 am"),
    (r"\b(you|we|they)'re\b", r"\1 are"),
    (r"\b(i|you|we|they)'ve\b", r"\1 have"),
    (r"\b(he|she|it|that|there|what|where|who|how|name)'s\b", r"\1 is"),
    (r"\b(i|you|he|she|we|they|it)'ll\b", r"\1 will"),
    (r"\b(i|you|he|she|we|they)'d like\b", r"\1 would like"),
    (r"\blet's\b", "let us"),
    (r"\b(?:gonna)\b", "going to"),
    (r"\b(?:dont)\b", "do not"),
    (r"\b(?:wanna)\b", "want to"),
)
_FILLERS = re.compile(r"\b(?:u+h+m*|u+m+|e+r+m*|hmm+|mhm)\b")
_ORDER = (
    "distress", "rude", "goodbye", "order", "meaning", "translate", "slower", "repeat", "confused",
    "no_questions",
    "change", "check", "continue", "dont_know", "wait", "praise", "told", "thanks", "hello", "sensitive",
)  # fmt: skip


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, without punctuation and fillers, contractions written out, at most `MAX_HEARD`
    characters."""
    return plain_whole(text[:MAX_HEARD])


@lru_cache(maxsize=4096)
def plain_whole(text: str) -> str:
    """The same of a text of any length."""
    said = text.lower().replace("’", "'").replace("`", "'")
    for pattern, replacement in _CONTRACTIONS:
        said = re.sub(pattern, replacement, said)
    said = _FILLERS.sub(" ", said)
    return " ".join(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", said))


@dataclass(frozen=True)
class Heard:
    """What one turn of the learner's amounts to."""

    text: str
    """As it came."""
    plain: str
    """The answer in plain text, without a question that was put back ("and you?")."""
    intent: str
    """One of the intents of `dialogue.yaml`, `answer`, `question` or `noise`."""
    tone: Tone
    """How an acknowledgement of it should sound."""
    and_you: bool
    """Whether the learner put the question back."""
    echoes: tuple[tuple[str, str], ...]
    """(kind, word) of the lexicon's words in it, in order."""
    negated: bool

    def slot(self, kind: str) -> str | None:
        """The first word of this kind that was heard."""
        return next((word for found, word in self.echoes if found == kind), None)


class Hearing:
    """Turns a learner's text into `Heard`; pure and cached by text."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._manners = content.manners
        kinds = content.lexicon.kinds
        self._kinds = {kind: compiled(entry.words) for kind, entry in kinds.items()}
        self.heard = lru_cache(maxsize=2048)(self._heard)

    def matches(self, intent: str, said: str) -> re.Match[str] | None:
        """Where plain text shows this intent."""
        return compiled(self._manners.intents[intent]).search(said)

    def _heard(self, text: str) -> Heard:
        whole = plain(text)
        said, and_you = self._without_and_you(whole)
        tone = self._tone(said)
        return Heard(
            text=text,
            plain=said,
            intent=self._intent(text, said, and_you=and_you),
            tone=tone,
            and_you=and_you,
            echoes=self._echoes(said),
            negated=bool(compiled("not|no|never|nothing|without|hate").search(said)),
        )

    def _without_and_you(self, whole: str) -> tuple[str, bool]:
        found = self.matches("and_you", whole)
        if found is None:
            return whole, False
        return whole[: found.start()].strip(), True

    def _intent(self, text: str, said: str, *, and_you: bool) -> str:
        if not said:
            return "question" if and_you else ("repeat" if "?" in text else "noise")
        for intent in _ORDER:
            if self.matches(intent, said):
                return intent
        if self._is_question(text, said):
            return "question"
        if _is_foreign(text) or self.matches("foreign", said):
            return "foreign"
        return "answer" if re.search(r"[a-z]{2}|\d|\bi\b", said) else "noise"

    def _is_question(self, text: str, said: str) -> bool:
        if self.matches("question", said):
            return True
        last = re.split(r"[.!?,;]\s+", text.strip().rstrip("?! ."))[-1]
        return text.strip().endswith("?") and bool(self.matches("question", plain(last)))

    def _tone(self, said: str) -> Tone:
        tones = self._manners.tones
        if compiled(tones["grave"]).search(said):
            return "grave"
        if compiled(tones["mild"]).search(said):
            return (
                "neutral"
                if compiled("not (?:so |very |too )?(?:bad|difficult|hard|expensive|boring|tired)").search(
                    said
                )
                else "mild"
            )
        good = compiled(tones["warm"]).search(said)
        if good and not compiled("not|no|never|but").search(said):
            return "warm"
        return "neutral"

    def _echoes(self, said: str) -> tuple[tuple[str, str], ...]:
        found = [
            (match.start(), -len(match.group()), kind, match.group())
            for kind, pattern in self._kinds.items()
            for match in pattern.finditer(said)
        ]
        return tuple((kind, word) for _, _, kind, word in sorted(found))


def _is_foreign(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(letter < "\u0250" for letter in letters)
    return len(letters) >= 2 and latin * 2 < len(letters)
