"""How word errors, intervals and kept slips are counted."""

import json
from pathlib import Path

import pytest

from infra.bench.stt.figures import Count, rate, relative
from infra.bench.stt.material import DISTRACTORS, BadCorpusError, Expectations, utterances
from infra.bench.stt.slips import Slip, fate, slips
from infra.bench.stt.wording import content_words, errors, words


def slip(said: str, repaired: str) -> Slip:
    return Slip(audio="none", voice="nobody", said=said, repaired=repaired)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It's half-past TWO!", "it's half past two"),
        ("Room 8062, in 1995.", "room eight zero six two in nineteen ninety five"),
        ("I am 25 and 007.", "i am twenty five and zero zero seven"),
        ("don’t", "don't"),
        ("...", ""),
    ],
)
def test_one_normalisation(text: str, plain: str) -> None:
    assert words(text) == plain.split()


@pytest.mark.parametrize(
    ("heard", "count"),
    [("a b c", 0), ("a c", 1), ("a x c", 1), ("a b c d", 1), ("", 3), ("x y z w", 4)],
)
def test_word_errors(heard: str, count: int) -> None:
    assert errors(["a", "b", "c"], heard.split()) == count


def test_a_rate_is_of_all_words_and_its_interval_is_over_speakers() -> None:
    found = rate([Count("one", 1, 10), Count("one", 2, 10), Count("two", 6, 10)])
    assert found.value == 0.3
    assert found.low == pytest.approx(0.15)
    assert found.high == pytest.approx(0.6)
    assert found.n == 30
    assert rate([]).value is None


def test_how_far_below_is_counted_on_the_same_utterances() -> None:
    old = [Count("one", 10, 20), Count("two", 10, 20)]
    assert relative([Count("one", 5, 20), Count("two", 10, 20)], old).value == 0.25


@pytest.mark.parametrize(
    ("said", "repaired", "heard", "expected"),
    [
        ("She go to school.", "She goes to school.", "she go to school", "kept"),
        ("She go to school.", "She goes to school.", "she goes to school", "repaired"),
        ("She go to school.", "She goes to school.", "she got a school", "lost"),
        ("I have dog and two cats.", "I have a dog and two cats.", "I have dog in two cats", "kept"),
        ("I have dog and two cats.", "I have a dog and two cats.", "I have a dog", "repaired"),
        ("Is a good idea.", "It is a good idea.", "It is a good idea", "repaired"),
        ("If I will come, I will call.", "If I come, I will call.", "If I come, I will call", "repaired"),
        ("I can to swim.", "I can swim.", "I can to swing", "kept"),
    ],
)
def test_what_became_of_a_slip(said: str, repaired: str, heard: str, expected: str) -> None:
    assert fate(slip(said, repaired), heard) == expected


def test_our_own_slips_are_recorded_and_told_apart() -> None:
    recorded = slips()
    assert len(recorded) == 120
    assert len({one.said for one in recorded}) == 120
    assert len({one.voice for one in recorded}) >= 6
    for one in recorded:
        assert one.path.is_file()
        assert fate(one, one.said) == "kept"
        assert fate(one, one.repaired) == "repaired"


def corpus(folder: Path, count: int) -> Path:
    rows = [
        {
            "id": f"{number:03d}",
            "speaker": f"s{number % 3}",
            "age": 9 if number % 2 else 40,
            "text": f"{'abc'[number % 3]}{'q' * (number // 3 + 1)} IS NICE",
            "audio": "none.flac",
        }
        for number in range(count)
    ]
    (folder / "utterances.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_each_speakers_first_utterance_comes_before_anyones_second(tmp_path: Path) -> None:
    spoken = utterances(corpus(tmp_path, 9), 4)
    assert [one.speaker for one in spoken] == ["s0", "s1", "s2", "s0"]
    assert {one.group for one in spoken} == {"adults", "children"}


def test_a_folder_without_utterances_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCorpusError):
        utterances(tmp_path, None)
    (tmp_path / "utterances.jsonl").write_text("{}\n")
    with pytest.raises(BadCorpusError):
        utterances(tmp_path, None)


def test_expected_words_are_hidden_among_others_and_a_wrong_list_has_none(tmp_path: Path) -> None:
    spoken = utterances(corpus(tmp_path, 78), None)
    expected = Expectations(spoken)
    own = content_words(spoken[0].text)
    right, wrong = expected.right(spoken[0]), expected.wrong(spoken[0])
    assert set(own) <= set(right)
    assert len(right) - len(own) == DISTRACTORS
    assert not set(own) & set(wrong)
    assert len(wrong) == len(right)
    assert right == Expectations(spoken).right(spoken[0])
    assert right[: len(own)] != own
