"""Judgements put together: what expected words are worth, what they never do, how sure a word is."""

import pytest

from infra.models.bias import Keyterm, Substitutes, stems
from infra.models.committee import Balance, Expectation, Verdict, choose, voted
from infra.models.folding import with_named_branches
from infra.models.pronounce import Pronunciations
from infra.models.whisper import mel_filters
from infra.models.words import Word


@pytest.fixture(scope="module")
def pronunciations() -> Pronunciations:
    return Pronunciations()


def expectation(pronunciations: Pronunciations, *words: str) -> Expectation:
    return Expectation([Keyterm(word) for word in words], pronunciations, Balance())


def words(text: str) -> list[Word]:
    return [Word(word, 1.0) for word in text.split()]


def test_the_likeliest_text_of_all_models_together_wins() -> None:
    verdicts = [Verdict("a ship", (-1.0, -9.0, -9.0)), Verdict("a sheep", (-4.0, -2.0, -3.0))]
    assert choose(verdicts, (0.3, 0.3, 0.4), {}).text == "a sheep"
    assert choose(verdicts, (1.0, 0.0, 0.0), {}).text == "a ship"


def test_an_expected_word_is_worth_a_few_nats_and_no_more(pronunciations: Pronunciations) -> None:
    expected = expectation(pronunciations, "mushrooms")
    assert expected.bonus("I like soup.") == 0
    worth = expected.bonus("I like mushrooms.")
    assert 0 < worth <= Balance().expected.most
    assert expected.bonus("Mushrooms, mushrooms!") == worth
    unlikely = [Verdict("I like rooms", (-2.0,) * 3), Verdict("I like mushrooms", (-2.0 - worth - 1,) * 3)]
    bonuses = {one.text: expected.bonus(one.text) for one in unlikely}
    assert choose(unlikely, (0.3, 0.3, 0.4), bonuses).text == "I like rooms"


def test_inflections_are_worth_the_same_so_that_no_slip_is_repaired(pronunciations: Pronunciations) -> None:
    expected = expectation(pronunciations, "goes", "walked", "brothers")
    for said, right in (("he go", "he goes"), ("I walk", "I walked"), ("two brother", "two brothers")):
        assert expected.bonus(said) == expected.bonus(right) > 0
    assert stems("She walks, walked and is walking") == ("she", "walk", "walk", "and", "is", "walk")


def test_a_list_of_which_nothing_was_heard_is_not_believed(pronunciations: Pronunciations) -> None:
    expected = expectation(pronunciations, "river", "boat")
    assert expected.proved("We went by boat.")
    assert not expected.proved("We went by train.")


def test_only_what_sounds_alike_is_proposed_and_no_other_inflection(pronunciations: Pronunciations) -> None:
    substitutes = Substitutes(pronunciations)
    texts = substitutes.texts(words("I want to bye a sheep."), [Keyterm("ship"), Keyterm("umbrella")], 8)
    assert "I want to bye a ship." in texts
    assert not any("umbrella" in text for text in texts)
    found = substitutes.found(words("He walk home."), [Keyterm("walks")])
    assert not [one for one in found if (one.first, one.last) == (1, 1)]


def test_a_word_that_a_model_heard_otherwise_is_less_sure() -> None:
    sure = [[Word("a", 1.0), Word("ship.", 0.8)], [Word("a", 0.8), Word("ship.", 0.6)]]
    article, noun = voted(sure, [["A", "ship"], ["a", "sheep"]])
    assert article.confidence == pytest.approx(0.9)
    assert noun.confidence == pytest.approx(0.7 * 0.8)


def test_branches_are_named_and_the_rest_is_left_as_it_is() -> None:
    branch = b"\x0a\x02op"  # a graph with one node and no name
    attribute = b"\x32" + bytes([len(branch)]) + branch
    node = b"\x2a" + bytes([len(attribute)]) + attribute
    graph = b"\x0a" + bytes([len(node)]) + node + b"\x12\x04main"
    model = b"\x08\x09" + b"\x3a" + bytes([len(graph)]) + graph
    named = with_named_branches(memoryview(model))
    assert named.count(b"\x12\x06branch") == 1
    assert branch + b"\x12\x06branch" in named
    assert named.startswith(b"\x08\x09\x3a")
    assert named.endswith(b"\x12\x04main")


def test_mel_bands_cover_the_spectrum() -> None:
    bands = mel_filters()
    assert bands.shape == (80, 201)
    assert (bands.max(axis=1) > 0).all()
    assert bands.argmax(axis=1).tolist() == sorted(bands.argmax(axis=1).tolist())
