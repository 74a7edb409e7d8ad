"""The places that scores rest on, each with the learner's own words and where they are heard."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import Final

from api.analytics.language.levels import LEVELS
from api.assessment.judging.coherence import Coherence
from api.assessment.judging.fluency import Fluency, Pause, Stretch
from api.assessment.judging.grammar import Grammar
from api.assessment.judging.judgement import Phrase, Proof
from api.assessment.judging.pronunciation import Pronunciation, Spoken
from api.assessment.judging.speech import Answer, HeardWord
from api.assessment.judging.vocabulary import Token, Vocabulary
from api.contract.checking import sentence_around
from api.contract.levels import Level
from api.memory.said import words_of

MOST: Final = 12
EACH: Final = 5
QUOTE: Final = 400
AROUND: Final = 4
"""Words on either side of a pause that are quoted."""


def of_fluency(found: Fluency) -> list[Proof]:
    """The longest runs, the longest pauses inside of clauses, hesitations, and words begun anew."""
    proofs = [_run(found)] if found.runs else []
    longest = sorted(found.within, key=lambda one: -one[1].seconds)
    proofs += [_pause(stretch, pause) for stretch, pause in longest[:EACH]]
    for stretch, (start, end) in found.fillers[:3]:
        index = next((i for i, word in enumerate(stretch.words) if word.end >= start), 0)
        proofs.append(_around(stretch, index, Phrase(name="filler"), start, end, helps=False))
    for stretch, index in found.restarts[:2]:
        word = stretch.words[index]
        proofs.append(_around(stretch, index, Phrase(name="restart"), word.start, word.end, helps=False))
    return _some(proofs)


def _run(found: Fluency) -> Proof:
    """The longest stretch of words without a pause."""
    runs: list[tuple[int, Stretch, int, int]] = []
    for stretch in found.stretches:
        cuts = sorted({p.before + 1 for s, p in found.pauses if s is stretch} | {0, len(stretch.words)})
        runs += [(end - start, stretch, start, end) for start, end in pairwise(cuts)]
    count, stretch, start, end = max(runs, key=lambda one: one[0])
    return _quoted(stretch, start, end, Phrase(name="run", values={"words": count}), helps=True)


def _pause(stretch: Stretch, pause: Pause) -> Proof:
    says = Phrase(name="pause_within", values={"seconds": round(pause.seconds, 1)})
    return _around(stretch, pause.before, says, pause.start, pause.end, helps=False)


def _around(stretch: Stretch, index: int, says: Phrase, start: float, end: float, *, helps: bool) -> Proof:
    """A place with a few words on either side; played from a little before to a little after."""
    whose = stretch.whose[index]
    near = [
        i
        for i in range(max(0, index - AROUND + 1), min(len(stretch.words), index + AROUND + 1))
        if stretch.whose[i] == whose
    ]
    words = [stretch.words[i] for i in near]
    answer = stretch.answers[whose]
    shift = answer.began_at - stretch.answers[0].began_at
    first, last = min(start, words[0].start) - shift, max(end, words[-1].end) - shift
    return _proof(answer, " ".join(w.text for w in words), first, last, says, helps=helps)


def _quoted(stretch: Stretch, start: int, end: int, says: Phrase, *, helps: bool) -> Proof:
    whose = stretch.whose[start]
    words = [stretch.words[i] for i in range(start, end) if stretch.whose[i] == whose]
    answer = stretch.answers[whose]
    shift = answer.began_at - stretch.answers[0].began_at
    text = " ".join(word.text for word in words)
    return _proof(answer, text, words[0].start - shift, words[-1].end - shift, says, helps=helps)


def of_grammar(found: Grammar) -> list[Proof]:
    """The highest structures, and the weightiest slips, each with what is right."""
    proofs = [
        _sentence(
            used.answer, used.sentence, Phrase(name="structure", values={"structure": used.key}), helps=True
        )
        for used in found.structures[:4]
    ]
    for slip in sorted(found.slips, key=lambda one: -one.weight)[:8]:
        one = slip.correction
        values = {"better": one.better[:200], "why": one.explanation[:200]}
        quote = _sentence_around(slip.answer.heard.text, one.start)
        proofs.append(_sentence(slip.answer, quote, Phrase(name="slip", values=values), helps=False))
    return _some(proofs)


def of_vocabulary(found: Vocabulary) -> list[Proof]:
    """The words of the highest levels where they were said, and words said over and over."""
    above = [token for token in found.highest[:6] if LEVELS.index(token.level or LEVELS[0]) >= 2]
    proofs = [
        _word_said(token, "word_of_level", helps=bool(above), level=token.level or LEVELS[0])
        for token in above or found.highest[:2]
    ]
    for base, count in found.overused:
        proofs.append(_word_said(found.types[base], "word_overused", helps=False, count=count))
    return _some(proofs)


def _word_said(token: Token, name: str, *, helps: bool, **values: str | int) -> Proof:
    word = token.answer.heard.words[token.index]
    says = Phrase(name=name, values={"word": token.base, **values})
    return _at_words(token.answer, [token.index], says, helps=helps, quote=_near(token.answer, word))


def of_coherence(found: Coherence, answers: Sequence[Answer]) -> list[Proof]:
    """Markers of higher levels, and answers that have little to do with their tasks."""
    proofs = [
        _sentence(
            one.answer,
            one.sentence,
            Phrase(name=f"marker_{one.function}", values={"words": one.words}),
            helps=True,
        )
        for one in found.markers
        if one.level is not Level.A1
    ][:EACH]
    for one in sorted(found.relevance, key=lambda each: each.value):
        theirs = [answer for answer in answers if answer.part == one.part.key]
        longest = max(theirs, key=lambda answer: answer.word_count)
        name = "on_task" if one.value >= 0.75 else "off_task" if one.value < 0.4 else None
        if name is not None and longest.word_count:
            values = {"words": ", ".join(one.hits[:5])}
            says = Phrase(name=name, values=values)
            proofs.append(_sentence(longest, longest.heard.text, says, helps=name == "on_task"))
    return _some(proofs)


def of_pronunciation(found: Pronunciation) -> list[Proof]:
    """The poorest words with the sound that was poorest in each, and long words said well."""
    proofs = []
    for spoken in _distinct(found.worst, 8):
        poorest = min(spoken.word.phones, key=lambda phone: phone.score)
        values = {"word": spoken.word.word, "phone": poorest.phone.rstrip("012")}
        proofs.append(_word(spoken, Phrase(name="word_poor", values=values), helps=False))
    for spoken in _distinct(found.best, 3):
        says = Phrase(name="word_well", values={"word": spoken.word.word})
        proofs.append(_word(spoken, says, helps=True))
    return _some(proofs)


def _distinct(found: Iterable[Spoken], most: int) -> list[Spoken]:
    seen: dict[str, Spoken] = {}
    for spoken in found:
        seen.setdefault(spoken.word.word.lower(), spoken)
    return list(islice(seen.values(), most))


def _word(spoken: Spoken, says: Phrase, *, helps: bool) -> Proof:
    word = spoken.word
    return _proof(spoken.answer, word.word, word.start, word.end, says, helps=helps)


def of_quote(answer: Answer, quote: str, says: Phrase, *, helps: bool) -> Proof:
    """A place that somebody quotes."""
    return _sentence(answer, quote, says, helps=helps)


def _sentence(answer: Answer, quote: str, says: Phrase, *, helps: bool) -> Proof:
    """Some of an answer's words, found again among those that were heard."""
    wanted = words_of(quote)
    heard = [words_of(word.text) for word in answer.heard.words]
    flat = [(part, index) for index, parts in enumerate(heard) for part in parts]
    for at in range(len(flat) - len(wanted) + 1):
        if [part for part, _ in flat[at : at + len(wanted)]] == wanted:
            indices = [index for _, index in flat[at : at + len(wanted)]]
            return _at_words(answer, indices, says, helps=helps, quote=quote)
    return _at_words(answer, range(len(answer.heard.words)), says, helps=helps, quote=quote)


def _at_words(answer: Answer, indices: Sequence[int], says: Phrase, *, helps: bool, quote: str) -> Proof:
    words = [answer.heard.words[index] for index in indices]
    start, end = (words[0].start, words[-1].end) if words else (0.0, 0.0)
    return _proof(answer, quote, start, end, says, helps=helps)


def _near(answer: Answer, word: HeardWord) -> str:
    index = answer.heard.words.index(word)
    near = answer.heard.words[max(0, index - AROUND) : index + AROUND + 1]
    return " ".join(one.text for one in near)


def _sentence_around(text: str, place: int) -> str:
    begin, end = sentence_around(text, place)
    return text[begin:end].strip()


def _proof(answer: Answer, quote: str, start: float, end: float, says: Phrase, *, helps: bool) -> Proof:
    offset = answer.heard.offset_s
    return Proof(
        turn_id=answer.turn_id,
        call_id=answer.call_id,
        start_s=None if offset is None else round(max(0.0, offset + start), 2),
        end_s=None if offset is None else round(max(0.0, offset + end), 2),
        quote=_shortened(quote),
        says=says,
        helps=helps,
    )


def _shortened(quote: str) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= QUOTE else f"{quote[: QUOTE - 1].rstrip()}…"


def _some(proofs: Sequence[Proof]) -> list[Proof]:
    return list(proofs[:MOST])
