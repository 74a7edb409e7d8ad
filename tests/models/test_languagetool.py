"""Grammar in LanguageTool's shape."""

import itertools
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
    own = {"confidence", "severity"}
    assert set(match["rule"]) == {"id", "description", "issueType", "category"} | own


def test_rules_and_harper_do_not_speak_over_one_another(server: Server) -> None:
    text = "He go to a  school and I recieve informations from many mans."
    matches = _check(server, text)
    spans = sorted((match["offset"], match["offset"] + match["length"]) for match in matches)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    prefixes = {match["rule"]["id"].partition("_")[0] for match in matches}
    assert prefixes == {"AVAAZ", "HARPER"}


def test_in_speech_nothing_is_blamed_that_cannot_be_heard(server: Server) -> None:
    text = "he recieve  many Letter, and i am agree"
    form = {"text": text, "language": "en-US", "medium": "speech"}
    heard = httpx.post(f"{server.url}/v2/check", data=form).json()["matches"]
    assert {match["rule"]["category"]["id"] for match in heard} <= {"GRAMMAR", "CONFUSED_WORDS", "REGISTER"}
    assert "agree" in {match["replacements"][0]["value"] for match in heard}


def test_categories_can_be_left_out(server: Server) -> None:
    form = {"text": "He go. I recieve it.", "language": "en-US", "disabledCategories": "typos,CASING"}
    left = httpx.post(f"{server.url}/v2/check", data=form).json()["matches"]
    assert [match["replacements"][0]["value"] for match in left] == ["goes"]


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
