"""Moonshine's vocabulary: token ids to bytes, and text to token ids."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SPACE = "▁"
_BYTE = re.compile(rb"<0x([0-9A-F]{2})>")


class Vocabulary:
    """Byte-pair vocabulary in the order of merges: of two merges the lower id comes first."""

    def __init__(self, path: Path) -> None:
        raw = _pieces(path.read_bytes())
        self._bytes = [_surface(piece) for piece in raw]
        self._ids = {piece: index for index, piece in enumerate(raw) if piece and not piece.startswith(b"<")}
        self.encode = lru_cache(maxsize=4096)(self._encode)

    def surface(self, token: int) -> bytes:
        """What a token adds to the text; nothing for control tokens and ids past the vocabulary."""
        return self._bytes[token] if token < len(self._bytes) else b""

    def text(self, tokens: Iterable[int]) -> str:
        """The text that tokens stand for."""
        joined = b"".join(self.surface(token) for token in tokens)
        return joined.decode("utf-8", "ignore").replace(SPACE, " ").strip()

    def _encode(self, text: str) -> tuple[int, ...]:
        """Token ids of a text; characters outside the vocabulary are left out."""
        parts = [
            (SPACE + text.strip().replace(" ", SPACE))[i : i + 1].encode()
            for i in range(len(text.strip()) + 1)
        ]
        while len(parts) > 1:
            ranked = [(self._ids.get(parts[i] + parts[i + 1], 1 << 30), i) for i in range(len(parts) - 1)]
            rank, at = min(ranked)
            if rank == 1 << 30:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return tuple(self._ids[part] for part in parts if part in self._ids)


def _pieces(data: bytes) -> list[bytes]:
    """Split the length-prefixed file: one byte of length, or two when the first has its high bit set."""
    pieces, at = [], 0
    while at < len(data):
        size = data[at]
        at += 1
        if size >= 128:
            size = data[at] * 128 + size - 128
            at += 1
        pieces.append(data[at : at + size])
        at += size
    return pieces


def _surface(piece: bytes) -> bytes:
    if byte := _BYTE.fullmatch(piece):
        return bytes([int(byte[1], 16)])
    if piece.startswith(b"<") and piece.endswith(b">"):
        return b""
    return piece
