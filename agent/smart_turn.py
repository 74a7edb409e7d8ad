"""smart-turn: a model that hears from the last eight seconds of a turn whether it is over.

Its own probability was made for other speakers than learners. What it has heard, 384 figures, tells more:
`agent.endpointing` weighs them.

Its weights (BSD-2-Clause, 8.7 MB) come in the package `pipecat-ai`, of which nothing else is used: it
is never imported. The features are Whisper's: logarithms of 80 bands of the mel scale, 100 times a second.
"""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

RATE: Final = 16_000
HEARS_S: Final = 8.0
BEFORE_SPEECH_S: Final = 0.5
"""Seconds before the turn's first voice that it is given, as it was trained."""
_WEIGHTS: Final = "audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
STATES: Final = 384
_POOLED: Final = "sum_1"
"""The graph's name for what its encoder heard, weighed over time."""
_WINDOW, _STEP, _BANDS = 400, 160, 80
_LENGTH: Final = round(HEARS_S * RATE)
_QUIETEST: Final = 1e-10
_RANGE: Final = 8.0
"""Powers of ten below the loudest band that count as silence."""
_LINEAR_HZ, _LINEAR_MELS, _MELS_PER_E = 1_000.0, 15.0, 27.0 / np.log(6.4)

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """What the model made of a turn's sound so far."""

    probability: float
    """That the turn is over, as the model itself puts it."""
    states: Samples
    """What it has heard: `STATES` figures."""
    lasted: float
    """Seconds from the turn's first voice to its last."""


class SmartTurn:
    """The model, on one thread; calls may come from several threads."""

    def __init__(self, weights: Path) -> None:
        options = ort.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        self._model = ort.InferenceSession(
            weights.read_bytes() + _output(_POOLED), options, providers=["CPUExecutionProvider"]
        )

    def hear(self, samples: Samples, silence_s: float) -> Heard:
        """Listen to a turn: half a second before its first voice, and all of it until now (16 kHz).

        Only the last 8 s count. `silence_s` is how long nothing has been said by now.
        """
        seen = log_mels(samples[-_LENGTH:])
        (probability, *_), (states, *_) = self._model.run(None, {"input_features": seen[np.newaxis]})
        lasted = len(samples) / RATE - BEFORE_SPEECH_S - silence_s
        return Heard(float(probability.item()), states, max(0.0, lasted))


@cache
def shared() -> SmartTurn | None:
    """The model of this process; None where its package is not installed."""
    found = importlib.util.find_spec("pipecat")
    if found is None or not found.submodule_search_locations:
        return None
    weights = Path(next(iter(found.submodule_search_locations))) / _WEIGHTS
    return SmartTurn(weights) if weights.is_file() else None


def _output(name: str) -> bytes:
    """One more output for an ONNX model that these bytes are put after: such files merge.

    The fields are a model's graph (7), its outputs (12) and their names (1), each with its length.
    """
    field = name.encode()
    for number in (1, 12, 7):
        field = bytes([number << 3 | 2, len(field)]) + field
    return field


def log_mels(samples: Samples) -> Samples:
    """80 bands by 800 moments of 8 s of sound, silence before what is shorter, as Whisper's features are."""
    heard = np.zeros(_LENGTH, np.float32)
    heard[_LENGTH - len(samples) :] = samples
    heard = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
    framed = np.lib.stride_tricks.sliding_window_view(np.pad(heard, _WINDOW // 2, mode="reflect"), _WINDOW)[
        :_LENGTH:_STEP
    ]
    power = np.square(np.abs(np.fft.rfft(framed * _hann(), axis=-1))).astype(np.float32)
    bands = np.log10(np.maximum(_filters() @ power.T, _QUIETEST))
    return np.asarray((np.maximum(bands, bands.max() - _RANGE) + 4.0) / 4.0, np.float32)


@cache
def _hann() -> Samples:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> Samples:
    """Slaney's triangles, each of the same area: bands by tones."""
    tones = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)
    corners = _hertz(np.linspace(0.0, _mels(RATE / 2), _BANDS + 2))
    slopes = corners[:, np.newaxis] - tones
    widths = np.diff(corners)[:, np.newaxis]
    triangles = np.maximum(0.0, np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    return (triangles * 2.0 / (corners[2:] - corners[:-2])[:, np.newaxis]).astype(np.float32)


def _mels(hertz: float) -> float:
    if hertz < _LINEAR_HZ:
        return 3.0 * hertz / 200.0
    return float(_LINEAR_MELS + np.log(hertz / _LINEAR_HZ) * _MELS_PER_E)


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = np.maximum(mels - _LINEAR_MELS, 0.0)
    return np.where(mels < _LINEAR_MELS, 200.0 * mels / 3.0, _LINEAR_HZ * np.exp(above / _MELS_PER_E))
