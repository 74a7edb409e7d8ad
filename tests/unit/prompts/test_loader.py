"""The prompt loader: typed access, a hash that follows the bytes, and refusals."""

import hashlib

import pytest
from pydantic import BaseModel

from prompts import PromptError, load
from prompts.loader import FOLDER, parse_prompt


def test_every_prompt_file_loads_and_its_hash_is_that_of_its_bytes() -> None:
    names = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.yaml")]
    assert "tutor" in names
    for name in names:
        assert load(name).hash == hashlib.sha256((FOLDER / f"{name}.yaml").read_bytes()).hexdigest()


def test_hash_changes_with_one_letter() -> None:
    assert parse_prompt("x", b"version: 1\na: b").hash != parse_prompt("x", b"version: 1\na: c").hash


def test_text_and_model_access() -> None:
    class Shape(BaseModel):
        version: int
        lines: dict[str, str]

    prompt = parse_prompt("x", b"version: 3\nlines: {hello: Good day}")
    assert prompt.version == 3
    assert prompt.text("lines", "hello") == "Good day"
    assert prompt.parse(Shape).lines == {"hello": "Good day"}
    with pytest.raises(PromptError, match=r"lines\.bye"):
        prompt.text("lines", "bye")
    with pytest.raises(PromptError, match="not a text"):
        prompt.text("lines")


@pytest.mark.parametrize(
    "raw", [b"", b"- a list", b"no_version: 1", b"version: one", b"a: [", b"\xff\xfe\x00"]
)
def test_refuses_what_is_not_a_prompt_file(raw: bytes) -> None:
    with pytest.raises(PromptError):
        parse_prompt("x", raw)


@pytest.mark.parametrize("name", ["../pyproject", "absent", "/etc/passwd"])
def test_refuses_names_outside_or_absent(name: str) -> None:
    with pytest.raises(PromptError):
        load(name)
