"""Text embeddings: means of word vectors (WordLlama, 256 dimensions), of unit length."""

import json
import struct

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from infra.models.weights import verified

MODEL = "wordllama-l2-256"
DIMENSIONS = 256


class Embedder:
    """The vectors, mapped from the file: memory holds only the rows in use. Calls do not change it."""

    def __init__(self) -> None:
        path = verified("wordllama", "weights/l2_supercat_256.safetensors")
        with path.open("rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            tensor = json.loads(file.read(size))["embedding.weight"]
        rows, columns = tensor["shape"]
        offset = 8 + size + tensor["data_offsets"][0]
        self._vectors = np.memmap(path, np.float16, "r", offset, (rows, columns))
        name = "tokenizers/l2_supercat_tokenizer_config.json"
        self._tokenizer = Tokenizer.from_file(str(verified("wordllama", name)))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def embed(self, texts: list[str], dimensions: int = DIMENSIONS) -> tuple[npt.NDArray[np.float32], int]:
        """Unit vectors, one row a text, and the number of tokens read; a text without tokens gives zeros."""
        out = np.zeros((len(texts), dimensions), np.float32)
        tokens = 0
        for row, text in enumerate(texts):
            ids = [
                i
                for i in self._tokenizer.encode(text, add_special_tokens=False).ids
                if i < len(self._vectors)
            ]
            tokens += len(ids)
            if ids:
                mean = self._vectors[ids].astype(np.float32).mean(axis=0)[:dimensions]
                out[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return out, tokens
