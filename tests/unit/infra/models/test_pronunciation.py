"""Judging pronunciation without packaged encoders: words, alignment, trees, fitted arrays."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from infra.models.pronounce import Pronunciations
from infra.models.pronunciation import model as fitted
from infra.models.pronunciation.alignment import (
    CLASSES,
    FRAME_S,
    PAUSE,
    Floats,
    TooShortError,
    align,
    as_said,
    flat_phones,
)
from infra.models.pronunciation.corpus import Utterance
from infra.models.pronunciation.encoders import SAMPLES, windows
from infra.models.pronunciation.fit import Heard, cross_validate, fit
from infra.models.pronunciation.meant import INDEX, MeantWord, UnknownPhoneError, meant
from infra.models.pronunciation.model import sureness
from infra.models.pronunciation.trees import Growth, grow
from infra.models.stt import RATE

WORDS = [MeantWord("see", ("S", "IY"), 0), MeantWord("me", ("M", "IY"), 1)]
SMALL = Growth(trees=20, fewest=5)


def _spelled(labels: list[int]) -> Floats:
    """Frames that plainly are of these classes."""
    scores = np.full((len(labels), CLASSES), -5.0, np.float32)
    scores[np.arange(len(labels)), labels] = 0.0
    return scores


@pytest.fixture(scope="module")
def pronunciations() -> Pronunciations:
    return Pronunciations()


def test_words_come_with_phones_and_what_is_not_spoken_falls_out(pronunciations: Pronunciations) -> None:
    words = meant("Hello, — 25 你好 friends!", pronunciations)
    assert [(word.text, word.at) for word in words] == [("Hello,", 0), ("25", 2), ("friends!", 4)]
    assert words[2].phones == ("F", "R", "EH", "N", "D", "Z")
    assert words[1].phones[:3] == ("T", "W", "EH")


def test_given_phones_are_dealt_out_among_the_words(pronunciations: Pronunciations) -> None:
    given = ["K", "EY", "T", "S", "G", "AA", "T", "S", "AH", "M", "G", "R", "EY"]
    words = meant("Kate's got some grey", pronunciations, given)
    assert [word.phones for word in words] == [
        ("K", "EY", "T", "S"),
        ("G", "AA", "T"),
        ("S", "AH", "M"),
        ("G", "R", "EY"),
    ]
    assert [phone for word in words for phone in word.phones] == given


def test_a_phone_that_is_none_is_refused(pronunciations: Pronunciations) -> None:
    with pytest.raises(UnknownPhoneError, match="QQ"):
        meant("hello", pronunciations, ["HH", "QQ"])


def test_phones_are_found_where_they_are_and_pauses_between_words_only() -> None:
    s, iy, m = INDEX["S"], INDEX["IY"], INDEX["M"]
    labels = [PAUSE, s, s, iy, iy, iy, PAUSE, PAUSE, m, iy, iy, PAUSE]
    path = align(_spelled(labels), *flat_phones(WORDS))
    assert path.starts.tolist() == [1, 3, 8, 9]
    assert path.ends.tolist() == [3, 6, 9, 11]
    assert path.labels.tolist() == labels
    assert path.score == 0.0


def test_a_phone_that_is_not_there_still_gets_a_frame() -> None:
    s, iy = INDEX["S"], INDEX["IY"]
    path = align(_spelled([s, s, iy, iy, iy, iy]), *flat_phones(WORDS))
    assert (path.ends > path.starts).all()
    assert path.starts[0] == 0
    assert all(end <= start for end, start in zip(path.ends[:-1], path.starts[1:], strict=True))


def test_given_times_keep_a_word_from_its_like_elsewhere() -> None:
    s, iy, m = INDEX["S"], INDEX["IY"], INDEX["M"]
    labels = [s, iy, *[PAUSE] * 60, m, iy, *[PAUSE] * 60, m, iy, iy, iy]
    free = align(_spelled(labels), *flat_phones(WORDS))
    near = (62 * FRAME_S, 64 * FRAME_S)
    bound = align(_spelled(labels), *flat_phones(WORDS), [(0.0, 0.1), near])
    assert free.starts[2] == 124
    assert bound.starts[2] == 62


def test_more_phones_than_frames_cannot_be_aligned() -> None:
    with pytest.raises(TooShortError):
        align(_spelled([PAUSE, PAUSE]), *flat_phones(WORDS))


@pytest.mark.parametrize("seconds", [0.1, 26.0, 70.0])
def test_a_long_recording_is_cut_into_whole_frames(seconds: float) -> None:
    audio = np.random.default_rng(0).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)
    found = windows(audio)
    assert found[0][0] == 0
    assert found[-1][1] == len(audio)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found))
    assert all(end - begin <= 26 * RATE for begin, end in found)
    assert all(begin % SAMPLES == 0 for begin, _ in found)


def test_a_long_recording_is_cut_where_it_is_quiet() -> None:
    audio = np.full(30 * RATE, 0.1, np.float32)
    audio[20 * RATE : 20 * RATE + RATE // 2] = 0
    assert 20 * RATE <= windows(audio)[0][1] <= 20 * RATE + RATE // 2


def test_trees_learn_a_step_and_an_interaction() -> None:
    draw = np.random.default_rng(3)
    features = draw.uniform(-1, 1, (600, 4)).astype(np.float32)
    targets = ((features[:, 1] > 0) & (features[:, 2] > 0.2)).astype(np.float32)
    forest = grow(features, targets, Growth(trees=80, rate=0.1, fewest=10, columns=1.0), seed=1)
    unseen = draw.uniform(-1, 1, (300, 4)).astype(np.float32)
    truth = (unseen[:, 1] > 0) & (unseen[:, 2] > 0.2)
    assert np.corrcoef(forest.predict(unseen), truth)[0, 1] > 0.9


def _learner(speaker: int, at: int, draw: np.random.Generator) -> Heard:
    """An utterance in a made-up space where each class is a place; a badly said phone sounds like another."""
    names = draw.choice(sorted(INDEX), 8).tolist()
    scores = (draw.uniform(size=8) > 0.3).astype(np.float32)
    said = [
        INDEX[name] if good else (INDEX[name] + 7) % PAUSE for name, good in zip(names, scores, strict=True)
    ]
    labels = [PAUSE] * 3 + [phone for phone in said for _ in range(5)] + [PAUSE] * 3
    states = np.eye(CLASSES, 48)[labels] * 4 + draw.normal(0, 1, (len(labels), 48))
    words = [MeantWord("one", tuple(names[:4]), 0), MeantWord("two", tuple(names[4:]), 1)]
    utterance = Utterance(f"{speaker}-{at}", f"{speaker}", 20, words, scores, Path("none"))
    return Heard(utterance, states.astype(np.float16), np.array(labels) != PAUSE)


def test_a_fitted_model_judges_strangers_and_survives_its_file() -> None:
    draw = np.random.default_rng(5)
    heard = [_learner(speaker, at, draw) for speaker in range(12) for at in range(6)]
    folded = cross_validate(heard, lambda: None, 3, SMALL)
    truth = np.concatenate([one.utterance.scores for one in heard])
    assert np.corrcoef(np.concatenate(folded.scores), truth)[0, 1] > 0.6

    model = fit(heard, SMALL)
    again = fitted.restore(model.save())
    points = model.axes.project(heard[0].states)
    flat = heard[0].utterance.flat
    assert again.score(points, *flat).phones.tolist() == model.score(points, *flat).phones.tolist()
    assert again.least_aligned == pytest.approx(model.least_aligned)


def test_weights_of_another_fit_are_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    with pytest.raises(fitted.WrongWeightsError):
        fitted.load(file)
    file.write_bytes(b"other")
    with pytest.raises(fitted.WrongWeightsError, match="not the one"):
        fitted.load(file)


def test_the_shipped_weights_are_those_of_this_code() -> None:
    assert len(fitted.load().forests) > 0


def test_of_two_ways_to_say_a_word_the_one_that_was_said_counts(pronunciations: Pronunciations) -> None:
    words = meant("I read", pronunciations)
    assert words[1].variants == (("R", "IY", "D"),)
    said = [PAUSE, *(INDEX[name] for name in ("AY", "AY", "R", "IY", "IY", "D")), PAUSE]
    assert [word.phones for word in as_said(_spelled(said), words)] == [("AY",), ("R", "IY", "D")]
    said[4] = said[5] = INDEX["EH"]
    assert as_said(_spelled(said), words)[1].phones == ("R", "EH", "D")


def test_few_phones_are_not_refused_for_one_of_them() -> None:
    assert sureness(0.75, 4) > sureness(0.75, 40)
    assert sureness(0.0, 40) < 0.2
