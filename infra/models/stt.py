"""Moonshine through onnxruntime: greedy decoding, token probabilities, scoring of given texts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from infra.models.folding import folded
from infra.models.tokens import SPACE, Vocabulary
from infra.models.weights import verified
from infra.models.words import Word
from infra.models.worker import Abort

RATE = 16_000
MODEL = "moonshine-tiny-en"
START, END = 1, 2
_TOKENS_PER_SECOND = 6.5
_STRIDE = 384
"""Samples for each encoder state: the decoder expects a mask over samples and thins it out itself."""
_TOKENIZER = ("moonshine_voice", "assets/tiny-en/tokenizer.bin")
"""One vocabulary for all sizes, but for an id that stands for no word."""

Audio = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Size:
    """One of the packaged models. `fold`: its weights are widened when it is loaded, not at each step."""

    name: str
    package: str
    folder: str
    fold: bool


TINY = Size(MODEL, "moonshine_voice", "assets/tiny-en", fold=False)
BASE = Size("moonshine-base-en", "moonshine_cpp", "models/base-en", fold=True)


@dataclass(slots=True)
class Heard:
    """A decoded stretch of audio: words, tokens, the log probability of these, and the encoder's states."""

    words: list[Word]
    tokens: list[int]
    log_probability: float
    states: npt.NDArray[np.float32]


def session_options() -> ort.SessionOptions:
    """One thread: with several calls on few cores that beats more."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


class Moonshine:
    """The model. Its native sessions are for one thread only."""

    def __init__(self, size: Size = TINY) -> None:
        self._encoder = _session(verified(size.package, f"{size.folder}/encoder_model.ort"), size)
        self._decoder = _session(verified(size.package, f"{size.folder}/decoder_model_merged.ort"), size)
        self.vocabulary = Vocabulary(verified(*_TOKENIZER))
        self._takes = {node.name for part in (self._encoder, self._decoder) for node in part.get_inputs()}
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._past = {
            node.name: (node.shape[1], node.shape[3])
            for node in self._decoder.get_inputs()
            if node.name.startswith("past_key_values")
        }

    def hear(self, audio: Audio, abort: Abort) -> Heard:
        """Transcribe mono 16 kHz audio of at least 0.1 s; `abort` stops it between operators."""
        states = self.encode(audio, abort)
        past = self.empty_past(1)
        token, total, tokens, chances, cached = START, 0.0, [], [], False
        for _ in range(longest(len(audio) / RATE)):
            logits, past = self.step(np.array([[token]]), states, past, first=not cached, abort=abort)
            token, chance = _best(logits[0, -1])
            total += float(np.log(chance))
            if token == END:
                break
            tokens.append(token)
            chances.append(chance)
            cached = True
        return Heard(self._words(tokens, chances), tokens, total, states)

    def score(self, sequences: list[list[int]], states: npt.NDArray[np.float32], abort: Abort) -> list[Heard]:
        """How likely each token sequence is for encoded audio, by one pass over all of them."""
        width = max(map(len, sequences)) + 1
        batch = np.full((len(sequences), width), END, np.int64)
        for row, sequence in enumerate(sequences):
            batch[row, : len(sequence) + 1] = [START, *sequence]
        tiled = np.repeat(states, len(sequences), axis=0)
        logits, _ = self._decode(batch, tiled, self.empty_past(len(sequences)), cached=False, abort=abort)
        return [self._scored(logits[row], sequence, states) for row, sequence in enumerate(sequences)]

    def step(
        self,
        tokens: npt.NDArray[np.int64],
        states: npt.NDArray[np.float32],
        past: dict[str, Audio],
        *,
        first: bool,
        abort: Abort,
    ) -> tuple[Audio, dict[str, Audio]]:
        """Logits after one more token of each text, and what the decoder remembers from then on."""
        logits, present = self._decode(tokens, states, past, cached=not first, abort=abort)
        return logits, _extended(past, present, first=first)

    def _scored(self, logits: Audio, tokens: list[int], states: npt.NDArray[np.float32]) -> Heard:
        targets = [*tokens, END]
        rows = logits[: len(targets)].astype(np.float64)
        top = rows.max(axis=1)
        logs = rows[np.arange(len(targets)), targets] - top - np.log(np.exp(rows - top[:, None]).sum(axis=1))
        return Heard(self._words(tokens, np.exp(logs[:-1]).tolist()), tokens, float(logs.sum()), states)

    def encode(self, audio: Audio, abort: Abort) -> npt.NDArray[np.float32]:
        """The encoder's states for mono 16 kHz audio."""
        wave = audio[None].astype(np.float32)
        feed: dict[str, Any] = {"input_values": wave}
        if "attention_mask" in self._takes:
            feed["attention_mask"] = np.ones(wave.shape, np.int64)
        states: npt.NDArray[np.float32] = self._encoder.run(None, feed, abort.options)[0]
        return states

    def _decode(
        self,
        tokens: npt.NDArray[np.int64],
        states: npt.NDArray[np.float32],
        past: dict[str, Audio],
        *,
        cached: bool,
        abort: Abort,
    ) -> tuple[Audio, dict[str, Audio]]:
        feed = {
            "input_ids": tokens.astype(np.int64),
            "encoder_hidden_states": states,
            "use_cache_branch": np.array([cached]),
            **past,
        }
        if "encoder_attention_mask" in self._takes:
            feed["encoder_attention_mask"] = np.ones((len(states), states.shape[1] * _STRIDE), np.int64)
        outputs: dict[str, Any] = dict(
            zip(self._outputs, self._decoder.run(None, feed, abort.options), strict=True)
        )
        return outputs.pop("logits"), outputs

    def empty_past(self, rows: int) -> dict[str, Audio]:
        """What the decoder remembers before the first step of so many texts."""
        return {
            name: np.zeros((rows, heads, 0, size), np.float32) for name, (heads, size) in self._past.items()
        }

    def _words(self, tokens: list[int], chances: list[float]) -> list[Word]:
        """Join pieces into words; a word is as sure as its least sure piece."""
        words: list[Word] = []
        text, sure = b"", 1.0
        for token, chance in zip(tokens, chances, strict=True):
            piece = self.vocabulary.surface(token)
            if piece.startswith(SPACE.encode()) and text:
                words.append(_word(text, sure))
                text, sure = b"", 1.0
            text += piece
            sure = min(sure, chance)
        if text:
            words.append(_word(text, sure))
        return [word for word in words if word.bare]


def _session(path: Path, size: Size) -> ort.InferenceSession:
    if size.fold:
        return folded(path, session_options())
    return ort.InferenceSession(str(path), session_options(), providers=["CPUExecutionProvider"])


def longest(seconds: float) -> int:
    """Most tokens that so much audio can hold: a decoder that goes on longer has lost itself."""
    return int(seconds * _TOKENS_PER_SECOND) + 4


def _word(text: bytes, chance: float) -> Word:
    return Word(text.decode("utf-8", "ignore").replace(SPACE, "").strip(), round(chance, 4))


def _best(logits: Audio) -> tuple[int, float]:
    """The likeliest token and its probability."""
    token = int(logits.argmax())
    return token, float(1.0 / np.exp(logits - logits[token]).sum())


def _extended(past: dict[str, Audio], present: dict[str, Audio], *, first: bool) -> dict[str, Audio]:
    """The decoder's keys and values carried on; those of the encoder are computed in the first step only."""
    return {
        name: present[name.replace("past_key_values", "present")] if first or ".decoder." in name else held
        for name, held in past.items()
    }
