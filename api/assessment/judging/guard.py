"""What is no answer: words to the examiner, texts known by heart, the task read aloud, one sentence over and
over, what is no English. It is taken out before anything is measured, and the person who looks is told.

Whatever a learner says is data: nothing here or later acts on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from api.assessment.judging.coherence import relevance
from api.assessment.judging.judgement import Phrase
from api.assessment.judging.rules import instructing, rules, words_for
from api.assessment.judging.speech import Answer, Heard, HeardWord, Material
from api.assessment.judging.vocabulary import measure
from api.contract.assessment import FlagCode, RefusalCode
from api.contract.corrections import Correction
from api.corrections.hearing import placed
from api.memory.said import sentences, squeezed, words_of

BY_HEART: Final = 12
"""Words in a row of a text that is known by heart, or was said in an earlier attempt."""
READ_ALOUD: Final = 8
"""Words in a row of the task or of what the examiner said."""
AGAIN: Final = 2
"""A sentence counts so often; said more often, the rest is no answer."""
OFF_TOPIC_WORDS: Final = 40
"""An answer of so many words without a word of the task's list is off its topic."""
UNSURE: Final = 0.45
"""Mean confidence of the recognizer below which an answer was not understood as English."""
LEAST_COMMON: Final = 0.22
"""Share of the commonest words below which a text of 15 words and more is no English that is spoken."""
LEAST_KNOWN: Final = 0.6
MOST_LEFT_OUT: Final = 0.5
"""Where more of the words than this are no answer, the attempt is not judged."""


@dataclass(frozen=True)
class Guarded:
    """What is left to judge, and what was left out."""

    material: Material
    flags: list[FlagCode]
    notes: list[Phrase]
    refused: RefusalCode | None


def guard(material: Material) -> Guarded:
    """Take out what is no answer."""
    flags: list[FlagCode] = []
    notes: list[Phrase] = []
    said = sum(answer.word_count for answer in material.answers)
    cut = _Cutter(material)
    answers = [rest for answer in material.answers if (rest := cut.answer(answer)).word_count]
    foreign = [answer for answer in answers if _is_foreign(answer)]
    not_english = sum(answer.word_count for answer in foreign)
    answers = [answer for answer in answers if answer not in foreign]
    answers, strayed = _on_topic(replace(material, answers=answers))
    for flag, phrase, happened in (
        (FlagCode.INSTRUCTS_EXAMINER, "instructs", cut.instructs),
        (FlagCode.MEMORISED, "memorised", cut.by_heart),
        (FlagCode.OFF_TOPIC, "off_topic", strayed),
    ):
        if happened:
            flags.append(flag)
            notes.append(Phrase(name=f"left_out_{phrase}"))
    if not_english:
        notes.append(Phrase(name="left_out_not_english"))
    if _silent_part(material):
        flags.append(FlagCode.SILENT_PART)
        notes.append(Phrase(name="silent_part"))
    left = replace(material, answers=answers)
    return Guarded(left, flags, notes, _refusal(said, not_english, sum(a.word_count for a in answers)))


def _refusal(said: int, not_english: int, left: int) -> RefusalCode | None:
    if not said or left >= (1 - MOST_LEFT_OUT) * said:
        return None
    return RefusalCode.OTHER_LANGUAGE if 2 * not_english > said - left else RefusalCode.NOT_LEARNERS_WORDS


def _silent_part(material: Material) -> bool:
    """Whether the learner said nothing to speak of in a whole scored part."""
    return any(
        part.scored and sum(answer.word_count for answer in material.of_part(part.key)) < 3
        for part in material.parts
    )


def _is_foreign(answer: Answer) -> bool:
    """Whether an answer was not understood, or is no English: words that nobody strings together."""
    words = [word for word in answer.heard.words if word.bare]
    if len(words) < 4:
        return False
    if sum(word.confidence for word in words) / len(words) < UNSURE:
        return True
    plain = words_of(answer.heard.text)
    if len(plain) < 15:
        return False
    common = sum(word in words_for("common") for word in plain) / len(plain)
    return common < LEAST_COMMON or measure([answer]).known_share < LEAST_KNOWN


def _on_topic(material: Material) -> tuple[list[Answer], bool]:
    """The answers of parts whose task they belong to, and whether some did not."""
    left: list[Answer] = []
    strayed = False
    for part in material.parts:
        answers = material.of_part(part.key)
        found = relevance(part, answers)
        if found.words >= OFF_TOPIC_WORDS and not found.hits:
            strayed = True
        else:
            left += answers
    order = {answer.turn_id: index for index, answer in enumerate(material.answers)}
    return sorted(left, key=lambda answer: order[answer.turn_id]), strayed


class _Cutter:
    """Takes sentences that are no answer out of answers, one after the other."""

    def __init__(self, material: Material) -> None:
        self.instructs = False
        self.by_heart = False
        self._told = {
            part.key: _grams([part.said_to, *_task_texts(part.task)], READ_ALOUD) for part in material.parts
        }
        self._known = _by_heart() | _grams(material.earlier, BY_HEART)
        self._times: dict[str, int] = {}

    def answer(self, answer: Answer) -> Answer:
        """What is left of an answer; its corrections stay with the sentences that they are of."""
        at, kept = 0, list[tuple[int, int]]()
        text = answer.heard.text
        plain = squeezed(text)
        recited = _holds(plain, self._known, BY_HEART)
        self.by_heart = self.by_heart or recited
        for sentence in sentences(text):
            begin = text.find(sentence, at)
            at = begin + len(sentence)
            if not self._is_none(sentence, answer.part, recited=recited):
                kept.append((begin, at))
        return answer if len(kept) == len(sentences(text)) else _left(answer, kept)

    def _is_none(self, sentence: str, part: str, *, recited: bool) -> bool:
        plain = squeezed(sentence)
        if instructing().search(plain):
            self.instructs = True
            return True
        if recited or _holds(plain, self._told[part], READ_ALOUD):
            return True
        self._times[plain] = self._times.get(plain, 0) + 1
        return self._times[plain] > AGAIN and len(plain.split()) > 2


def _left(answer: Answer, kept: Sequence[tuple[int, int]]) -> Answer:
    """An answer with only these stretches of its text, its words and corrections."""
    heard = answer.heard
    places = placed(heard.text, [{"word": word.text} for word in heard.words])
    words = [w for w, (start, _) in zip(heard.words, places, strict=True) if _inside(start, kept)]
    text, moved = "", list[Correction]()
    for begin, end in kept:
        shift = len(text) + bool(text) - begin
        text = f"{text} {heard.text[begin:end]}".strip()
        moved += [
            one.model_copy(update={"start": one.start + shift, "end": one.end + shift})
            for one in answer.corrections
            if begin <= one.start and one.end <= end
        ]
    return replace(answer, heard=_with(heard, text, words), corrections=moved)


def _with(heard: Heard, text: str, words: list[HeardWord]) -> Heard:
    spans = {(word.start, word.end) for word in words}
    pronounced = heard.pronounced
    if pronounced is not None and words:
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        pronounced = [word for word in pronounced if first <= word.start <= last]
    return heard.model_copy(update={"text": text, "words": words, "pronounced": pronounced})


def _inside(place: int, kept: Sequence[tuple[int, int]]) -> bool:
    return any(begin <= place < end for begin, end in kept)


def _task_texts(task: object) -> list[str]:
    names = ("title", "instructions", "begin", "questions", "prompts", "points", "opinions")
    found: list[str] = []
    for name in names:
        value = getattr(task, name)
        found += [value] if isinstance(value, str) else list(value)
    return found


@cache
def _by_heart() -> frozenset[str]:
    return _grams(rules().known_by_heart, BY_HEART)


def _grams(texts: Iterable[str], size: int) -> frozenset[str]:
    """All runs of so many words of some texts."""
    found: set[str] = set()
    for text in texts:
        words = squeezed(text).split()
        found.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return frozenset(found)


def _holds(plain: str, grams: frozenset[str], size: int) -> bool:
    words = plain.split()
    runs = {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
    return bool(runs & grams)
