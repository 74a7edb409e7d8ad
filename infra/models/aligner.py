"""Word times by forced alignment: what was recognised is laid over the audio by an acoustic phone model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pocketsphinx import Decoder

from infra.models.pronounce import Pronunciations, spoken
from infra.models.stt import RATE, Audio
from infra.models.weights import verified_package
from infra.models.words import Word
from infra.models.worker import Abort, Interrupted

_FRAME_S = 0.01
_PAD = RATE // 10
_BLOCK = 3200
"""Bytes given to the decoder at once (0.1 s): it holds the interpreter's lock while it works on a block."""


class AlignmentError(ValueError):
    """The words do not fit the audio, or there are none."""


class Aligner:
    """A pocketsphinx decoder for one thread."""

    def __init__(self, pronunciations: Pronunciations) -> None:
        dictionary, mdef, *_ = verified_package("pocketsphinx")
        self._pronunciations = pronunciations
        self._decoder = _decoder(dictionary, mdef.parent)
        self._added: set[str] = set()
        self._noise = np.random.default_rng(0)

    def align(self, audio: Audio, words: list[Word], abort: Abort) -> list[Word]:
        """The same words with times in seconds from the start of the audio; raises `AlignmentError`."""
        names = [[self._known(name) for name in spoken(word.text)] for word in words]
        flat = [name for group in names for name in group]
        if not flat:
            raise AlignmentError("no words")
        spans = self._spans(audio, flat, abort)
        if [name for name, _, _ in spans] != flat:
            raise AlignmentError("the alignment lost words")
        lasts = len(audio) / RATE
        within = [(name, min(start, lasts), min(end, lasts)) for name, start, end in spans]
        return _timed(words, [len(group) for group in names], within)

    def _known(self, name: str) -> str:
        if not self._pronunciations.known(name) and name not in self._added:
            self._decoder.add_word(name, " ".join(self._pronunciations.phones(name)), True)
            self._added.add(name)
        return name

    def _spans(self, audio: Audio, names: list[str], abort: Abort) -> list[tuple[str, float, float]]:
        """(word, start, end) of each word, pauses left out."""
        # Dither and padding: the model never met digital silence, and wants some before the first word.
        padded = np.pad(audio, _PAD) + self._noise.normal(0, 5e-4, len(audio) + 2 * _PAD).astype(np.float32)
        pcm = (np.clip(padded, -1, 1) * 29_000).astype("<i2").tobytes()
        self._decoder.set_align_text(" ".join(names))
        self._decoder.start_utt()
        try:
            for at in range(0, len(pcm), _BLOCK):
                if abort.raised:
                    raise Interrupted
                self._decoder.process_raw(pcm[at : at + _BLOCK])
        finally:
            self._decoder.end_utt()
        segments = self._decoder.seg()
        if segments is None:
            raise AlignmentError("no path through the audio")
        return [
            (name, start * _FRAME_S - 0.1, (end + 1) * _FRAME_S - 0.1)
            for name, start, end in (
                (segment.word.split("(")[0], segment.start_frame, segment.end_frame) for segment in segments
            )
            if name[0] not in "<["
        ]


def _decoder(dictionary: Path, acoustic: Path) -> Decoder:
    return Decoder(
        lm=None,
        dict=str(dictionary),
        hmm=str(acoustic),
        loglevel="FATAL",
        beam=1e-80,
        pbeam=1e-80,
        wbeam=1e-60,
    )


def _timed(words: list[Word], sizes: list[int], spans: list[tuple[str, float, float]]) -> list[Word]:
    """Give each written word the span of the spoken words it stands for."""
    timed, at, now = [], 0, max(0.0, spans[0][1])
    for word, size in zip(words, sizes, strict=True):
        group = spans[at : at + size]
        start, end = (max(0.0, group[0][1]), group[-1][2]) if group else (now, now)
        timed.append(replace(word, start=start, end=max(start, end)))
        at, now = at + size, end
    return timed
