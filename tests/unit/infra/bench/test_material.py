"""The material of `avaaz bench retrieval`: every question has its section, and what hides it is no answer."""

import random

from infra.bench.material import DUPLICATES, duplicate, hiding, load, markdown


def test_every_question_has_a_section_that_holds_its_fact() -> None:
    material = load()
    assert len(material.questions) == 200
    assert len({question.section for question in material.questions}) == 200
    for question in material.questions:
        assert any(fact in question.section.lower() for fact in question.facts), question.text
    assert len(material.absent) == 60
    assert not any(question.facts for question in material.absent)


def test_what_is_generated_is_the_same_each_time_and_never_the_right_section() -> None:
    material = load()
    first, second = (list(hiding(material, 3_000)) for _ in range(2))
    assert first == second
    texts = [section.text for _, part in first for section in part]
    assert len(texts) == 3_000
    assert not set(texts) & {question.section for question in material.questions}
    assert len(material.questions) * DUPLICATES >= 500


def test_a_near_duplicate_keeps_the_words_and_changes_the_facts() -> None:
    section = load().documents["Harbour Library handbook"][0]
    other = duplicate(section, random.Random(1))
    assert other.text != section.text
    assert "Harbour Library" not in other.text
    assert len(set(other.text.split()) & set(section.text.split())) > 15


def test_a_document_is_markdown() -> None:
    [title, *_] = load().documents
    assert markdown(title, load().documents[title]).startswith(f"# {title}\n\n## ")
