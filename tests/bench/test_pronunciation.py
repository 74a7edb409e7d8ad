"""`avaaz bench pronunciation --cross-validate` over a small folder of its own, and folders that are none."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from infra.bench.pronunciation.bench import PronunciationBench
from infra.models.pronunciation import fit
from infra.models.pronunciation.alignment import CLASSES, PAUSE
from infra.models.pronunciation.corpus import Utterance
from infra.models.pronunciation.trees import Growth
from infra.stack.errors import StackError

RATE = 16_000


class Silent:
    """A reporter that counts."""

    def __init__(self) -> None:
        self.steps = 0

    def begin(self, what: str, steps: int) -> None:
        """A piece of work begins."""

    def step(self) -> None:
        """One step."""
        self.steps += 1


def _folder(path: Path, speakers: int, each: int = 6) -> Path:
    """Utterances of eight phones, each scored 2 or 0. The sound is silence: nothing here hears it."""
    (path / "audio").mkdir(parents=True)
    draw = np.random.default_rng(0)
    lines = []
    for speaker in range(speakers):
        for at in range(each):
            name = f"{speaker}-{at}"
            soundfile.write(path / "audio" / f"{name}.wav", np.zeros(RATE), RATE)
            lines.append(
                {
                    "id": name,
                    "speaker": f"{speaker}",
                    "age": 8 if speaker % 2 else 30,
                    "text": "SEE ME TEA ME",
                    "phones": ["S", "IY", "M", "IY", "T", "IY", "M", "IY"],
                    "phone_scores": [2.0 if draw.uniform() > 0.3 else 0.0 for _ in range(8)],
                    "audio": f"audio/{name}.wav",
                }
            )
    (path / "utterances.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return path


def _heard(utterances: list[Utterance], step: Callable[[], None]) -> list[fit.Heard]:
    """States in which each class is a place of its own; a phone scored 0 lies where another does."""
    draw = np.random.default_rng(1)
    found = []
    for one in utterances:
        phones, _ = one.flat
        said = np.where(one.scores > 0.5, phones, (phones + 7) % PAUSE)
        labels = np.array([*[PAUSE] * 3, *np.repeat(said, 5), *[PAUSE] * 3])
        states = np.eye(CLASSES, 48)[labels] * 4 + draw.normal(0, 1, (len(labels), 48))
        found.append(fit.Heard(one, states.astype(np.float16), labels != PAUSE))
        step()
    return found


async def test_folds_of_speakers_are_judged_and_told_by_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "hear", _heard)
    monkeypatch.setattr(fit, "Growth", lambda: Growth(trees=20, fewest=5))
    reporter = Silent()
    bench = PronunciationBench(_folder(tmp_path / "data", 12), reporter, cross_validate=True)
    found = await bench.run()
    assert (found.n_utterances, found.n_phones, found.n_not_judged) == (72, 576, 0)
    assert found.rtf > 0
    assert set(found.by_age) == {"adults", "children"}
    assert found.by_age["children"].n_utterances == 36
    assert "speakers" in found.fitted
    assert found.phone_pcc is not None
    assert found.phone_pcc > 0.6
    assert reporter.steps == 72 + 5


@pytest.mark.parametrize("spoil", ["missing", "no json", "scores"])
async def test_a_folder_that_is_none_is_told_so(tmp_path: Path, spoil: str) -> None:
    folder = tmp_path
    if spoil != "missing":
        folder = _folder(tmp_path / "data", 2, 1)
        lines = (folder / "utterances.jsonl").read_text().splitlines()
        lines[1] = (
            "{" if spoil == "no json" else lines[1].replace('"phone_scores": [', '"phone_scores": [2.0, ')
        )
        (folder / "utterances.jsonl").write_text("\n".join(lines))
    with pytest.raises(StackError, match="no scored utterances"):
        await PronunciationBench(folder, Silent()).run()


async def test_too_few_speakers_to_fold_are_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "hear", _heard)
    with pytest.raises(StackError, match="too few"):
        await PronunciationBench(_folder(tmp_path / "data", 3), Silent(), cross_validate=True).run()
