"""Grammar in LanguageTool's shape."""

from typing import Any

import httpx
import pytest

from tests.models.server import Server


def _check(server: Server, text: str, language: str = "en-US") -> list[dict[str, Any]]:
    answer = httpx.post(f"{server.url}/v2/check", data={"text": text, "language": language})
    matches: list[dict[str, Any]] = answer.raise_for_status().json()["matches"]
    return matches


def test_an_error_is_found_and_placed_in_utf16(server: Server) -> None:
    text = "😀 He go to school."
    match = _check(server, text)[0]
    assert match["offset"] == 6
    assert match["length"] == 2
    assert match["replacements"][0] == {"value": "goes"}
    assert match["sentence"] == "😀 He go to school."
    assert (
        match["context"]["text"]
        .encode("utf-16-le")[2 * match["context"]["offset"] :]
        .startswith("go".encode("utf-16-le"))
    )
    assert set(match["rule"]) == {"id", "description", "issueType", "category"}


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB", "auto"])
def test_spellings_of_both_sides_are_right(server: Server, language: str) -> None:
    text = "I like the colour of my neighbour's grey house. I like the color of my neighbor's gray house."
    assert _check(server, text, language) == []


def test_a_word_that_is_wrong_everywhere_is_found(server: Server) -> None:
    match = _check(server, "I recieve many letters.")[0]
    assert match["rule"]["issueType"] == "misspelling"
    assert {"value": "receive"} in match["replacements"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"language": "en-US"}, 400),
        ({"text": "Hello."}, 400),
        ({"text": "Hallo.", "language": "de-DE"}, 400),
        ({"text": "x" * 20_001, "language": "en-US"}, 413),
    ],
)
def test_bad_requests_are_answered_as_languagetool_does(
    server: Server, form: dict[str, str], status: int
) -> None:
    answer = httpx.post(f"{server.url}/v2/check", data=form)
    assert answer.status_code == status
    assert answer.text.startswith("Error: ")
