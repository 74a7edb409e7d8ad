"""Which words were heard, and a checker's answer as corrections."""

from typing import Any

import pytest

from api.contract.checking import better_sentence, corrections_of, request_form, sentence_around
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.corrections.hearing import placed, was_heard


def words(*pairs: tuple[str, float]) -> list[dict[str, Any]]:
    """Recognized words with their confidences."""
    return [{"word": word, "start": 0.0, "end": 0.1, "confidence": sure} for word, sure in pairs]


def correction(start: int, end: int) -> Correction:
    """One at a place."""
    return Correction(
        start=start,
        end=end,
        original="x",
        replacement="y",
        better="y",
        category=CorrectionCategory.GRAMMAR,
        rule="R",
        explanation="",
        severity=Severity.CLEAR,
        confidence=0.9,
    )


def test_a_word_is_found_where_it_is_said() -> None:
    text = "Go, go home. I go."
    found = placed(text, words(("go", 1), ("go", 1), ("home.", 1), ("I", 1), ("go", 1)))
    assert [text[start:end] for start, end in found] == ["Go", "go", "home", "I", "go"]
    assert found[4][0] == 15


def test_a_word_that_reads_otherwise_takes_the_stretch_between() -> None:
    text = "I have 20 cats."
    found = placed(text, words(("I", 1), ("have", 1), ("twenty", 0.2), ("cats", 1)))
    start, end = found[2]
    assert text[start:end].strip() == "20"
    assert not was_heard(correction(7, 9), text, words(("I", 1), ("have", 1), ("twenty", 0.2), ("cats", 1)))


@pytest.mark.parametrize(("sure", "heard"), [(0.59, False), (0.6, True)])
def test_unsure_words_are_not_blamed(sure: float, heard: bool) -> None:
    text = "she go home"
    said = words(("she", 0.1), ("go", sure), ("home", 0.1))
    assert was_heard(correction(4, 6), text, said) is heard


def test_what_was_typed_is_sure() -> None:
    assert was_heard(correction(0, 3), "she go", [])


def match(offset: int, length: int, *values: str, category: str = "GRAMMAR", **rule: Any) -> dict[str, Any]:
    """One as LanguageTool sends it."""
    return {
        "message": "Say `this`.",
        "offset": offset,
        "length": length,
        "replacements": [{"value": value} for value in values],
        "rule": {"id": "R1", "category": {"id": category}, **rule},
    }


def test_matches_become_corrections_without_overlaps() -> None:
    text = "😀 She go. He go home."
    found = corrections_of(
        text,
        [
            match(14, 2, "goes", severity="obscuring", confidence=0.95),
            match(7, 2, "goes", "went"),
            match(7, 2, "walks"),
            match(17, 4, "x", category="STYLE"),
            match(3, 3),
        ],
        spoken=True,
    )
    assert [(one.start, one.original, one.replacement) for one in found] == [
        (6, "go", "goes"),
        (13, "go", "goes"),
    ]
    assert [one.better for one in found] == ["😀 She goes.", "He goes home."]
    assert (found[1].severity, found[1].confidence) == (Severity.OBSCURING, 0.95)
    assert (found[0].severity, found[0].confidence) == (Severity.CLEAR, 0.7)
    assert found[0].explanation == "Say “this”."


def test_spelling_counts_in_typed_words_alone() -> None:
    typo = [match(0, 3, "The", category="TYPOS")]
    assert corrections_of("Teh cat", typo, spoken=True) == []
    assert len(corrections_of("Teh cat", typo, spoken=False)) == 1
    assert "medium" in request_form("x", spoken=True)
    assert "medium" not in request_form("x", spoken=False)


@pytest.mark.parametrize(
    "broken", [[{}], [match(0, 1, "x") | {"offset": "here"}], [{**match(0, 1), "rule": None}]]
)
def test_a_strange_answer_is_refused(broken: list[dict[str, Any]]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        corrections_of("text", broken, spoken=True)


def test_sentences() -> None:
    text = "One. Two go! Three"
    assert [text[slice(*sentence_around(text, at))] for at in (0, 6, 14)] == ["One.", "Two go!", "Three"]
    assert better_sentence(text, 9, [(9, 11, "went"), (0, 3, "x")]) == "Two went!"
