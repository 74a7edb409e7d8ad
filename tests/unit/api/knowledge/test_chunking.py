"""Cutting documents into passages."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from api.knowledge.chunking import Sizes, cut, tokens_of
from api.knowledge.parsing import Page

SIZES = Sizes(full=40, overlap=12)


def test_headings_part_and_name_passages() -> None:
    text = "# Guide\n\nWelcome.\n\n## Trams\n\nThey are **red**.\n\n## Museums\n\nSee [this](http://x)."
    assert [(one.heading, one.text) for one in cut([Page(None, text)], SIZES)] == [
        ("Guide", "Welcome."),
        ("Guide › Trams", "They are red."),
        ("Guide › Museums", "See this."),
    ]


def test_a_heading_with_nothing_under_it_is_text() -> None:
    pages = [Page(1, "## The red tram"), Page(2, "## The museum\n\nIt opens at ten.")]
    assert [(one.page, one.heading, one.text) for one in cut(pages, SIZES)] == [
        (1, "", "The red tram"),
        (2, "The museum", "It opens at ten."),
    ]


def test_rows_of_a_table_tell_something_by_themselves() -> None:
    table = "| word | meaning |\n| --- | --- |\n| tram | a bus on rails |\n| ferry | a boat |\n"
    [passage] = cut([Page(None, table)], SIZES)
    assert passage.text == "word: tram; meaning: a bus on rails.\nword: ferry; meaning: a boat."


def test_long_texts_overlap_by_whole_sentences() -> None:
    sentences = [f"Sentence number {number} is about trams." for number in range(20)]
    passages = cut([Page(None, " ".join(sentences))], SIZES)
    assert len(passages) > 3
    for one, following in pairwise(passages):
        assert one.text.endswith(following.text.split(".")[0] + ".")
    assert " ".join(sentences)[-30:] == passages[-1].text[-30:]


def test_a_passage_knows_the_page_it_begins_on() -> None:
    pages = [
        Page(number, f"Page {number} speaks of something else entirely, at length. " * 5) for number in (1, 2)
    ]
    assert cut(pages, SIZES)[0].page == 1
    assert {one.page for one in cut(pages, SIZES)} == {1, 2}


def test_an_endless_word_is_cut() -> None:
    passages = cut([Page(None, "x" * 100_000)], SIZES)
    assert sum(len(one.text.replace(" ", "").replace("\n", "")) for one in passages) >= 100_000
    assert max(len(one.text) for one in passages) < 20_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=400), max_size=4))
def test_whatever_the_text_every_passage_fits(texts: list[str]) -> None:
    for passage in cut([Page(None, text) for text in texts], SIZES):
        assert passage.text.strip()
        assert passage.tokens == tokens_of(passage.text)
        assert passage.tokens <= SIZES.full + SIZES.overlap + 10
