"""Word times against the voice's own durations: alignment is near the truth and nearer than the estimate."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from infra.models.aligner import Aligner
from infra.models.pronounce import Pronunciations
from infra.models.stt import RATE, Audio
from infra.models.vad import stretches
from infra.models.words import Word, spread
from infra.models.worker import Abort

ROOT = Path(__file__).parents[2]
SENTENCES = """\
Yesterday I went to the market and bought some fresh apples.
My sister works as a nurse in a small hospital near the sea.
We usually have breakfast together, but on Sundays I sleep late.
He told me that the meeting was cancelled because of the snow.
I have never been to Portugal, although my best friend lives there.
Could you please tell me where the nearest station is?
She likes reading books, playing tennis, and cooking with her children.
It was raining, so we stayed at home and watched an old film.
When I was young, my grandmother taught me how to swim.
They want to move to a bigger flat before the summer."""

Truth = list[tuple[str, Audio, list[tuple[float, float]]]]


@pytest.fixture(scope="module")
def truth() -> Truth:
    """Sentences whose words the voice marked one by one."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("piper_truth.py"))],
        input=SENTENCES.encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    found: Truth = []
    for line in done.stdout.splitlines():
        item = json.loads(line)
        pcm = np.frombuffer(base64.b64decode(item["pcm"]), "<i2").astype(np.float32) / np.float32(32768)
        # The phonemizer joins some function words: such a sentence has no exact truth.
        if len(item["words"]) == len(item["text"].split()):
            found.append((item["text"], np.pad(pcm, RATE // 4), [(a, b) for a, b in item["words"]]))
    return found


def errors(timed: list[list[Word]], truth: Truth) -> Audio:
    """Distances in milliseconds of word starts and ends from the truth."""
    return np.array(
        [
            1000 * abs(found - exact)
            for words, (_, _, spans) in zip(timed, truth, strict=True)
            for word, span in zip(words, spans, strict=True)
            for found, exact in ((word.start - 0.25, span[0]), (word.end - 0.25, span[1]))
        ],
        np.float32,
    )


def _estimated(audio: Audio, words: list[Word]) -> list[Word]:
    stretch = stretches(audio)[0]
    return [word.shifted(stretch.start / RATE) for word in spread(words, stretch.voice)]


def test_alignment_is_near_the_truth(truth: Truth, record_property: Callable[[str, object], None]) -> None:
    aligner = Aligner(Pronunciations())
    assert len(truth) >= 5
    spoken = [[Word(text, 1.0) for text in sentence.split()] for sentence, _, _ in truth]
    pairs = list(zip(truth, spoken, strict=True))
    aligned = errors([aligner.align(audio, words, Abort()) for (_, audio, _), words in pairs], truth)
    estimated = errors([_estimated(audio, words) for (_, audio, _), words in pairs], truth)
    figures = (
        f"{len(aligned)} boundaries in {len(truth)} sentences, ms: "
        f"aligned median {np.median(aligned):.0f} p90 {np.percentile(aligned, 90):.0f}, "
        f"estimated median {np.median(estimated):.0f} p90 {np.percentile(estimated, 90):.0f}"
    )
    assert np.median(aligned) <= 50, figures
    assert np.percentile(aligned, 90) <= 120, figures
    assert np.median(aligned) < 0.75 * np.median(estimated), figures
    record_property("word_times", figures)
