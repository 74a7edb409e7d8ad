"""Weights widened once instead of at every step.

Moonshine base is packed in onnxruntime's own format with weights of 8 bits that its graph widens and
transposes each time it runs, which is most of the work of a step. That format is not optimized when it is
loaded; as ONNX it is. onnxruntime writes it out as ONNX but leaves branches without the names that it then
asks for: they are put in here, so that no further library is needed.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import onnxruntime as ort

_GRAPH: Final = (7, 1, 5, 6)
"""Fields on the way from a model to the branches of its conditions: graph, node, attribute, graph."""
_NAME: Final = 2
_NAMED: Final = b"\x12\x06branch"
_LENGTH: Final = 2
"""Wire type of a field that tells its length."""
_FIXED: Final = {1: 8, 5: 4}


def folded(path: Path, options: ort.SessionOptions) -> ort.InferenceSession:
    """A session over a packed model in which everything constant has been worked out ahead."""
    with tempfile.TemporaryDirectory(prefix="avaaz-fold-") as folder:
        plain = Path(folder) / "plain.onnx"
        _write_onnx(path, plain)
        model = with_named_branches(memoryview(plain.read_bytes()))
    options.log_severity_level = 3
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _write_onnx(path: Path, to: Path) -> None:
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.optimized_model_filepath = str(to)
    options.add_session_config_entry("session.save_model_format", "ONNX")
    ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def with_named_branches(message: memoryview, depth: int = 0) -> bytes:
    """The same protocol buffer, every branch of a condition named."""
    if depth == len(_GRAPH):
        return b"".join(bytes(raw) for field, raw, _ in _fields(message) if field != _NAME) + _NAMED
    parts: list[bytes | memoryview] = []
    for field, raw, value in _fields(message):
        if field != _GRAPH[depth] or value is None:
            parts.append(raw)
            continue
        inner = with_named_branches(value, depth + 1)
        parts += [_number(field << 3 | _LENGTH), _number(len(inner)), inner]
    return b"".join(parts)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview | None]]:
    """Field number, whole field and, where it tells its length, its content."""
    at = 0
    while at < len(message):
        began = at
        tag, at = _read(message, at)
        kind = tag & 7
        if kind == _LENGTH:
            size, at = _read(message, at)
            yield tag >> 3, message[began : at + size], message[at : at + size]
            at += size
            continue
        if kind == 0:
            _, at = _read(message, at)
        else:
            at += _FIXED[kind]
        yield tag >> 3, message[began:at], None


def _read(message: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
