"""The set of sentences, its frozen third, and how corrections are counted."""

import json
from pathlib import Path

import pytest

from infra.bench.corrections.bench import corrected, figures
from infra.bench.corrections.sentences import (
    FROZEN_HASH,
    OWN,
    BadDataError,
    Sentence,
    frozen_hash,
    plain,
    read,
)


def test_the_frozen_third_is_what_it_was() -> None:
    lines = OWN.read_text("utf-8").splitlines()
    assert frozen_hash(lines) == FROZEN_HASH.read_text("utf-8").strip()


def test_the_set_is_large_and_each_sentence_is_there_once() -> None:
    sentences = read(OWN)
    wrong = [one for one in sentences if one.corrected is not None]
    assert len(wrong) >= 300
    assert len(sentences) - len(wrong) >= 300
    assert len({one.text for one in sentences}) == len(sentences)
    frozen = sum(one.is_frozen for one in sentences)
    assert 0.28 < frozen / len(sentences) < 0.39
    assert sum(one.is_good(one.text) for one in wrong) <= 1, (
        "what is wrong by an apostrophe alone is not counted"
    )


def sentence(text: str, corrected_to: str | None = None, *accepted: str) -> Sentence:
    """One sentence."""
    return Sentence(text=text, corrected=corrected_to, accepted=accepted)


def test_figures() -> None:
    wrong, missed, worse = (
        sentence("She go.", "She goes."),
        sentence("He go.", "He goes."),
        sentence("I is", "I am"),
    )
    right, alarm = sentence("We go."), sentence("They go.")
    found = figures(
        [(wrong, "she goes"), (missed, "He go!"), (worse, "I are"), (right, "We go"), (alarm, "They goes.")]
    )
    assert (found.n, found.wrong, found.changed) == (5, 3, 3)
    assert found.precision == pytest.approx(1 / 3, abs=1e-3)
    assert found.recall == pytest.approx(1 / 3, abs=1e-3)
    assert found.false_alarms_per_100 == 50


def test_figures_of_nothing_are_none() -> None:
    found = figures([(sentence("We go."), "We go.")])
    assert (found.precision, found.recall, found.false_alarms_per_100) == (None, None, 0)
    assert figures([]).false_alarms_per_100 is None


def test_a_good_version_is_good_whatever_its_case_and_marks() -> None:
    one = sentence("i has a car", "I have a car.", "I've got a car.")
    assert one.is_good("I HAVE, a car!")
    assert one.is_good("I’ve got a car")
    assert not one.is_good("I have car")
    assert plain("‘Well,’ she  said: don’t!") == "well she said don't"


def test_matches_count_utf16_units() -> None:
    text = "😀 she go, 😀 he go"
    matches = [
        {"offset": 17, "length": 2, "replacements": [{"value": "goes"}, {"value": "went"}]},
        {"offset": 7, "length": 2, "replacements": [{"value": "goes"}]},
        {"offset": 0, "length": 2, "replacements": []},
    ]
    assert corrected(text, matches) == "😀 she goes, 😀 he goes"


@pytest.mark.parametrize(
    "content", ["", "\n\n", "no JSON", json.dumps({"text": "x"}), json.dumps({"text": ""})]
)
def test_a_file_without_sentences_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(BadDataError, match=r"data\.jsonl"):
        read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="cannot be read"):
        read(tmp_path / "none.jsonl")


def test_unknown_members_are_let_be_and_accepted_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text(json.dumps({"text": "She go.", "corrected": "She goes.", "level": "A1"}) + "\n", "utf-8")
    assert read(file) == [sentence("She go.", "She goes.")]
