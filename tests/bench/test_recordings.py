"""The recordings that come with the project, and the reading of learners' folders."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from infra.bench.audio import AUDIBLE, FRAME, PEAK, AudioFileError, load, seconds, trimmed
from infra.bench.recordings import FOLDER, clear_voices, learners, noise


def test_thirty_distinct_utterances_in_two_voices() -> None:
    spoken = clear_voices()
    assert len({one.text for one in spoken}) >= 30
    assert {one.name.rpartition("-")[2] for one in spoken} == {"anna.ogg", "marco.ogg"}
    assert all(1.0 <= seconds(one.samples) <= 5.0 for one in spoken)


def test_every_utterance_ends_with_its_last_sound() -> None:
    for one in clear_voices():
        assert float(np.sqrt(np.square(one.samples[-FRAME:]).mean())) > AUDIBLE
        assert len(one.word_ends) == len(one.text.split())
        assert list(one.word_ends) == sorted(one.word_ends)
        assert one.word_ends[-1] == pytest.approx(seconds(one.samples), abs=0.15)


def test_noises_are_short() -> None:
    assert all(seconds(noise(name)) < 1.0 for name in ("cough", "cough-once", "mm-hm-anna", "mm-hm-marco"))


def test_recordings_stay_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.ogg")) <= 2_000_000


def test_trimming_leaves_the_audible_part_at_the_common_peak() -> None:
    quiet = np.zeros(FRAME * 20, np.float32)
    loud = np.sin(np.arange(FRAME * 10) / 5).astype(np.float32) * 0.01
    part = trimmed(np.concatenate([quiet, loud, quiet]))
    assert len(part) == FRAME * 10
    assert float(np.abs(part).max()) == pytest.approx(PEAK, abs=0.01)


def test_silence_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(4_800, np.float32), 48_000)
    with pytest.raises(AudioFileError, match=r"silent\.wav"):
        load(tmp_path / "silent.wav")


def test_no_audio_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not audio")
    with pytest.raises(AudioFileError, match=r"text\.wav"):
        load(tmp_path / "text.wav")


def write_learners(folder: Path, rows: list[tuple[str, int, float]]) -> None:
    lines = []
    for index, (speaker, age, length_s) in enumerate(rows):
        name = f"{index}.flac"
        samples = np.random.default_rng(index).normal(0, 0.2, int(16_000 * length_s)).clip(-1, 1)
        soundfile.write(folder / name, samples, 16_000)
        lines.append(
            json.dumps({"id": str(index), "speaker": speaker, "age": age, "text": "A", "audio": name})
        )
    (folder / "utterances.jsonl").write_text("\n".join(lines))


def test_learners_are_adults_each_speaker_in_turn(tmp_path: Path) -> None:
    rows = [("a", 30, 2.0), ("a", 30, 2.0), ("b", 9, 2.0), ("c", 40, 0.4), ("d", 20, 3.0)]
    write_learners(tmp_path, rows)
    assert [one.name for one in learners(tmp_path, 2)] == ["0", "4"]
    assert [one.name for one in learners(tmp_path, 9)] == ["0", "4", "1"]


def test_folder_without_learners_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="no learners' recordings"):
        learners(tmp_path, 3)
    write_learners(tmp_path, [("b", 9, 2.0)])
    with pytest.raises(AudioFileError, match="no adult's utterance"):
        learners(tmp_path, 3)
