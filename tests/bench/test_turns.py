"""`avaaz bench turns`: annotation, decisions on traces made by hand, scores, fits. No model is asked."""

import json
from pathlib import Path

import numpy as np
import pytest

from agent.endpointing import Weights
from agent.smart_turn import STATES, Heard
from infra.bench.audio import AudioFileError
from infra.bench.turns import corpus
from infra.bench.turns.audio import QUIET, RATE, Samples, cough, levels, mixed, narrow, silences, speech_level
from infra.bench.turns.bench import point
from infra.bench.turns.corpus import Recording
from infra.bench.turns.fitting import TONE, CrossValidated, by_speaker, described, fit, folds, regression
from infra.bench.turns.planting import CONJUNCTIONS, FILLERS, KINDS, Recipe, Spoken, build, gaps
from infra.bench.turns.plot import svg
from infra.bench.turns.policies import Answer, fixed, our_reaction, ours, stock, stock_reaction
from infra.bench.turns.scoring import PolicyFigures, interval, median_delay
from infra.bench.turns.speech_server import HeardWord
from infra.bench.turns.trace import Stretch, Trace
from infra.bench.turns.turns import Kind, Overlap, Silence, Sound, Turn
from infra.bench.turns.weights import FILE, written

NOTHING = np.zeros(0, np.float32)


def tone(seconds: float, level: float = 0.3) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 200 * times)).astype(np.float32)


def words(*lengths: float) -> tuple[Samples, list[HeardWord]]:
    """A recording of tones with dips of 40 ms between them."""
    parts, heard, at = [], [], 0.0
    for index, length in enumerate(lengths):
        parts += [tone(length), np.zeros(round(0.04 * RATE), np.float32)]
        heard.append(HeardWord(f"word{index}", at, at + length))
        at += length + 0.04
    return np.concatenate(parts[:-1]), heard


def recording(*lengths: float) -> tuple[Recording, list[HeardWord]]:
    samples, heard = words(*lengths)
    return Recording("r", "s", samples, "words"), heard


SPOKEN = Spoken({text: tone(0.3) for text in (*CONJUNCTIONS, *FILLERS)})


def built(kind: Kind, seed: int = 1) -> Turn:
    said = [recording(0.4, 0.4, 0.4, 0.5), recording(0.5, 0.4)]
    return build(Recipe("item", "learners", kind, "clean"), said, SPOKEN, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_every_silence_is_annotated_and_only_the_last_is_the_end(kind: Kind) -> None:
    for seed in range(5):
        turn = built(kind, seed)
        assert turn.kind == kind
        assert any(pause.planted for pause in turn.pauses) is (kind != "whole")
        assert all(0.1 <= pause.end - pause.start <= 4.1 for pause in turn.pauses)
        heard = levels(turn.samples)
        for silence in turn.silences:
            assert heard[round(silence.start * 100) + 1 : round(silence.end * 100) - 1].max() < QUIET
        assert heard[round(turn.ends * 100) - 3] > QUIET


def test_a_planted_pause_has_its_length() -> None:
    turn = built("inside")
    (planted,) = [pause for pause in turn.pauses if pause.planted]
    assert 0.3 <= planted.end - planted.start <= 4.1


def test_pauses_stand_between_words_only() -> None:
    samples, heard = words(0.4, 0.4, 0.5)
    assert gaps(samples, heard) == pytest.approx([0.42, 0.86], abs=0.03)
    assert gaps(tone(1.3), heard) == []


def test_where_no_pause_fits_it_comes_after_the_sentence() -> None:
    whole = Recording("r", "s", tone(1.3), "words")
    heard = [HeardWord("a", 0.0, 0.6), HeardWord("b", 0.6, 1.3)]
    turn = build(
        Recipe("item", "learners", "inside", "clean"),
        [(whole, heard), recording(0.5, 0.5)],
        SPOKEN,
        np.random.default_rng(1),
    )
    assert turn.kind == "between"


def test_noise_is_as_loud_as_it_says() -> None:
    speech = tone(2.0)
    hiss = np.random.default_rng(1).normal(0, 1, len(speech)).astype(np.float32)
    added = mixed(speech, hiss, 10.0) - speech
    assert 20 * np.log10(speech_level(speech) / np.sqrt(np.square(added).mean())) == pytest.approx(
        10, abs=0.5
    )
    assert np.abs(np.fft.rfft(narrow(hiss))[: len(hiss) // RATE * 250]).max() < 1e-2
    assert silences(cough(np.random.default_rng(1)))


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError):
        corpus.learners(tmp_path)


def stretch(stops: float, probability: float = 0.5, text: str = "words.") -> Stretch:
    return Stretch(
        begins=stops - 0.9, lasted=0.9, stops=stops, noticed=stops + 0.25, probability=probability,
        text=text, confidence=0.9,
    )  # fmt: skip


def hesitant(
    speaker: str = "s", *, pause: float = 1.0, sounds: tuple[float, float] = (0.2, 0.8)
) -> tuple[Turn, Trace]:
    """A turn that stops at 1 s, goes on after the pause, and ends a second later."""
    ends = 2.0 + pause
    turn = Turn(
        "t", speaker, "learners", "inside", "clean", NOTHING,
        (Silence(1.0, 1.0 + pause, planted=True), Silence(ends, ends + 5.0, planted=False)),
    )  # fmt: skip
    texts = ("I went to the", "I went to the market yesterday afternoon.")
    heard = [
        stretch(1.0, sounds[0], texts[0]),
        Stretch(**{**stretch(ends, sounds[1], texts[1]).model_dump(), "begins": 1.06 + pause}),
    ]
    return turn, Trace(ours=heard, stock=heard)


def test_a_policy_that_waits_less_than_the_pause_cuts() -> None:
    (quick,) = by_speaker([hesitant()], fixed(0.8))
    (slow,) = by_speaker([hesitant()], fixed(1.5))
    assert quick.cut
    assert not slow.cut
    assert quick.delay == pytest.approx(0.8)
    assert slow.delay == pytest.approx(1.5)


def test_no_policy_answers_before_it_can_know() -> None:
    (answer,) = by_speaker([hesitant()], fixed(0.0))
    assert answer.delay == pytest.approx(0.32)


def test_the_stock_policy_goes_by_its_threshold() -> None:
    assert not by_speaker([hesitant()], stock())[0].cut
    assert by_speaker([hesitant(sounds=(0.5, 0.8))], stock())[0].cut


def test_ours_waits_where_the_words_want_more() -> None:
    (answer,) = by_speaker([hesitant()], ours())
    assert not answer.cut
    assert answer.delay < 0.5


def test_a_turn_that_nobody_notices_costs_the_whole_listening_time() -> None:
    turn, trace = hesitant()
    trace.ours[1].noticed = float("inf")
    (answer,) = by_speaker([(turn, trace)], fixed(1.5))
    assert not answer.answered
    assert answer.delay == pytest.approx(5.0)


def test_words_are_needed_for_an_answer() -> None:
    turn, trace = hesitant()
    trace.ours[0].text = ""
    assert not by_speaker([(turn, trace)], fixed(0.3))[0].cut


def overlap(sound: Sound, trace_text: str, *, lasted: float = 0.5, confidence: float = 0.9) -> bool:
    """Whether our policy is wrong about it."""
    item = Overlap("o", "s", sound, NOTHING, 0.5, 1.0)
    heard = Stretch(
        begins=0.6, lasted=lasted, stops=1.0, noticed=1.25, text=trace_text, confidence=confidence
    )
    return our_reaction(item, Trace(ours=[heard], stock=[heard])).wrong


def test_noises_let_the_coach_go_on_and_words_stop_it() -> None:
    assert not overlap("cough", "", confidence=0.0)
    assert not overlap("mm-hm", "Mm-hm.")
    assert not overlap("word", "Wait.")
    assert overlap("sentence", "Okay.")
    silent = Trace(ours=[], stock=[])
    assert not our_reaction(Overlap("o", "s", "cough", NOTHING, 0.5, 1.0), silent).wrong
    assert our_reaction(Overlap("o", "s", "word", NOTHING, 0.5, 1.0), silent).wrong
    assert not stock_reaction(Overlap("o", "s", "cough", NOTHING, 0.5, 1.0), silent).wrong


def test_figures_count_cuts_and_delays() -> None:
    pairs = [hesitant(f"s{index}", pause=0.5 + 0.1 * index) for index in range(10)]
    found = PolicyFigures.of(by_speaker(pairs, fixed(0.97)), [])
    assert found.false_cutoff_rate == pytest.approx(0.5)
    assert found.false_cutoff_per_pause == pytest.approx(0.5)
    assert found.added_delay_ms.p50 == pytest.approx(970, abs=1)
    assert found.false_cutoff_interval is not None
    low, high = found.false_cutoff_interval
    assert low < 0.5 < high
    assert found.by_kind == {"inside": 0.5}
    assert found.false_barge_in_rate is None


def test_an_interval_needs_more_than_one_speaker() -> None:
    assert interval(by_speaker([hesitant()], fixed(0.8)), median_delay) is None


def test_a_regression_finds_what_tells() -> None:
    random = np.random.default_rng(3)
    seen = random.integers(0, 2, (400, 2)).astype(float)
    over = np.array([random.random() < (0.8 if tells else 0.2) for tells, _ in seen], float)
    always, (tells, nothing) = regression(seen, over, np.ones(2))
    assert tells == pytest.approx(2.8, abs=0.7)
    assert abs(nothing) < 0.6
    assert always == pytest.approx(-1.4, abs=0.5)
    _, (held, _) = regression(seen, over, np.array([1_000.0, 1.0]))
    assert 0 < held < tells / 2


def test_nobody_is_judged_by_weights_that_know_them() -> None:
    pairs = [hesitant(f"s{index}") for index in range(12)]
    for training, test in folds(pairs):
        assert not {t.speaker for t, _ in training} & {t.speaker for t, _ in test}
    assert sum(len(test) for _, test in folds(pairs)) == len(pairs)


def test_a_fit_learns_to_wait_and_what_pauses_are_like() -> None:
    pairs = [hesitant(f"s{index}", pause=1.0) for index in range(20)]
    fitted = fit(pairs, Weights.shipped())
    assert fitted.terms["sound"] > 0
    assert fitted.pause_median_s == pytest.approx(1.06, abs=0.01)
    assert not any(one.cut for one in CrossValidated.of(pairs, Weights.shipped()).answers(0.0))
    left_out = fit(pairs, Weights.shipped(), frozenset({"sound"}))
    assert "sound" not in left_out.terms


def listened(speaker: str, random: np.random.Generator) -> tuple[Turn, Trace]:
    """A turn in which one of the second model's states tells the end, and another how long the turn is."""
    turn, trace = hesitant(speaker)
    for index, stretch in enumerate(trace.ours):
        states = random.normal(0, 0.1, STATES).astype(np.float32)
        lasted = float(random.uniform(1.0, 3.0))
        states[0] += 6 * index - 3
        states[1] = 10 * lasted
        stretch.heard = Heard(0.5, states, lasted)
        stretch.text, stretch.probability = "and" if random.random() < 0.5 else "words", 0.5
    return turn, trace


def test_what_the_second_model_heard_counts_beside_the_length() -> None:
    random = np.random.default_rng(4)
    pairs = [listened(f"s{index}", random) for index in range(30)]
    tone = fit(pairs, Weights.shipped()).tone
    sure = np.zeros(STATES, np.float32)
    sure[0] = 3.0
    assert tone.of(Heard(0.5, sure, 2.0)) > tone.of(Heard(0.5, -sure, 2.0)) + 0.1
    long = np.zeros(STATES, np.float32)
    long[1] = 20.0
    same = tone.of(Heard(0.5, 0 * long, 2.0))
    assert tone.of(Heard(0.5, long, 2.0)) == pytest.approx(same, abs=1e-3)
    assert not fit(pairs, Weights.shipped(), frozenset({TONE})).tone.states.any()


def test_a_fit_is_written_as_it_is_read() -> None:
    random = np.random.default_rng(4)
    fitted = fit([listened(f"s{index}", random) for index in range(12)], Weights.shipped())
    held = json.loads(FILE.read_text("utf-8"))
    again = Weights.parse(json.loads(written({**held, **described(fitted)})))
    assert again.terms == fitted.terms
    assert again.tone.states == pytest.approx(fitted.tone.states, abs=1e-5)
    assert again.cost == fitted.cost


def test_a_point_of_the_curve() -> None:
    answers = [Answer(turn, (1.5,)) for turn, _ in [hesitant()]]
    delay, cut = point(answers)
    assert cut == pytest.approx(1.0)
    assert delay == pytest.approx(5_000)


def test_the_curve_is_a_picture_that_names_its_policies() -> None:
    drawn = svg({"ours & theirs": [(400.0, 0.5), (9_000.0, 0.1)]})
    assert "ours &amp; theirs" in drawn
    assert drawn.count("<circle") == 1
