"""smart-turn, the end-of-turn model in `pipecat-ai`, where that package is installed; only its data is used.

`uv pip install --no-deps pipecat-ai==1.14.0` is enough: neither the package nor what it needs is imported.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
import onnxruntime as ort
from pydantic import BaseModel

from infra.bench.turns.audio import RATE, Samples
from infra.bench.turns.trace import Stretch

FOLDER: Final = "audio/turn/smart_turn"
WEIGHTS: Final = "data/smart-turn-v3.2-cpu.onnx"
HEARS_S: Final = 8.0
BEFORE_SPEECH_S: Final = 0.5
THRESHOLD: Final = 0.5
STOP_S: Final = 3.0
"""Its own longest wait."""
ABSENT: Final = "pipecat-ai is not installed (uv pip install --no-deps pipecat-ai==1.14.0)"


class Smart(BaseModel):
    """Its probability that the turn is over at the end of each stretch of voice."""

    probabilities: list[float]


class SmartTurn:
    """The model with its own features."""

    def __init__(self, folder: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._model = ort.InferenceSession(str(folder / WEIGHTS), options)
        self._features = _module(folder / "_whisper_features.py")

    def judge(self, samples: Samples, stretches: Sequence[Stretch]) -> Smart:
        """The probabilities of an item."""
        if not stretches:
            return Smart(probabilities=[])
        since = max(0.0, stretches[0].begins - BEFORE_SPEECH_S)
        ends = [min(stretch.noticed, len(samples) / RATE) for stretch in stretches]
        return Smart(
            probabilities=[
                self._probability(samples[round(since * RATE) : round(end * RATE)]) for end in ends
            ]
        )

    def _probability(self, samples: Samples) -> float:
        wanted = round(HEARS_S * RATE)
        heard = np.pad(samples[-wanted:], (max(0, wanted - len(samples)), 0))
        seen = self._features.compute_whisper_log_mel_features(heard, do_normalize=True)
        return float(self._model.run(None, {"input_features": seen[np.newaxis]})[0][0].item())


def find() -> SmartTurn | None:
    """The model, where it is installed."""
    found = importlib.util.find_spec("pipecat")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / FOLDER
    return SmartTurn(folder) if (folder / WEIGHTS).is_file() else None


def _module(path: Path) -> ModuleType:
    """A module by its file, without the package around it."""
    spec = importlib.util.spec_from_file_location("smart_turn_features", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
