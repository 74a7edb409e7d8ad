"""Grammar, vocabulary and coherence from words."""

from dataclasses import replace

import pytest

from api.assessment.judging import clauses, coherence, grammar, vocabulary
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.contract.levels import Level
from tests.unit.api.assessment.speaking import answer, material


def slip(text: str, wrong: str, category: CorrectionCategory = CorrectionCategory.GRAMMAR) -> Correction:
    start = text.index(wrong)
    return Correction(
        start=start,
        end=start + len(wrong),
        original=wrong,
        replacement="x",
        better="x",
        category=category,
        rule="R",
        explanation="",
        severity=Severity.CLEAR,
        confidence=1.0,
    )


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("I have lived here for years.", 1),
        ("I went home because I was tired.", 2),
        ("A big house.", 1),
        ("I think that it is better.", 2),
    ],
)
def test_clauses(sentence: str, count: int) -> None:
    assert clauses.count_clauses(sentence) == count


def test_units_and_subordinate_clauses() -> None:
    assert clauses.units("I went home and I slept, but my brother stayed.") == [
        "I went home",
        "and I slept",
        "but my brother stayed.",
    ]
    assert clauses.count_subordinate("I stayed because it rained, although I know that he waited.") == 3
    assert clauses.count_subordinate("That house is big.") == 0


def test_slips_by_density_and_clean_units() -> None:
    text = "He have a dog. I am happy. She like it. They go home."
    one = replace(
        answer(text), corrections=[slip(text, "have"), slip(text, "like", CorrectionCategory.REGISTER)]
    )
    found = grammar.measure([one])
    assert (found.words, found.units, found.clean_units) == (13, 4, 3)
    assert found.density() == pytest.approx(100 / 13)
    assert found.density(CorrectionCategory.WORD_CHOICE) == 0.0


def test_structures_are_found_once_with_their_level() -> None:
    said = "If I had known it, I would have stayed. I have been there. I was tired because it was late."
    found = grammar.measure([answer(said)])
    assert found.structures[0].level is Level.B2
    assert {used.key for used in found.structures} >= {"unreal_past", "perfect", "because", "condition"}
    assert found.range > grammar.measure([answer("I like my dog. I am happy.")]).range


def test_mtld_rises_with_variety() -> None:
    same = ["the", "dog", "sees", "the", "cat"] * 20
    varied = [f"word{index}" for index in range(100)]
    assert vocabulary.mtld(same) < 10
    assert vocabulary.mtld(varied) == 100
    assert vocabulary.measure([answer("too few words")]).mtld is None


def test_words_count_once_by_base_and_names_have_no_level() -> None:
    found = vocabulary.measure([answer("I know dogs and a dog knew Maria and I have known Berlin")])
    assert {"dog", "know", "and", "i", "a", "have"} <= set(found.types)
    assert found.types["maria"].level is None
    assert vocabulary.measure([answer("um uh dog")]).tokens[0].base == "dog"


def test_higher_words_reach_higher() -> None:
    low = vocabulary.measure(
        [answer("the dog and the cat are in the house with my mother and my father today")]
    )
    high = vocabulary.measure(
        [answer("despite considerable evidence the government was reluctant to abandon its policy")]
    )
    assert high.reach > low.reach
    assert high.share_from("B1") > low.share_from("B1")


def test_overused_words_are_those_of_content() -> None:
    found = vocabulary.measure(
        [answer("my house is a house and that house has a house near the house and the house")]
    )
    assert found.overused == [("house", 6)]


def test_markers_relevance_and_referring() -> None:
    found = coherence.measure(
        material("Last weekend I met a friend. It was fun because we saw a film. However, the film was long.")
    )
    assert [marker.words for marker in found.markers][:1] == ["however"]
    assert {marker.function for marker in found.markers} >= {"contrast", "reason"}
    assert (found.linked, found.linkable) == (2, 2)
    assert set(found.relevance[0].hits) == {"weekend", "friend", "film"}
    assert found.on_task == 1.0


def test_an_answer_that_is_about_something_else_is_not_relevant() -> None:
    found = coherence.measure(
        material("The bank decides on interest rates and prints notes for everybody to use.")
    )
    assert (found.on_task, found.relevance[0].hits) == (0.0, [])
