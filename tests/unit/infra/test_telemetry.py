"""Log lines as processes write them: JSON, correlated, and without what nobody may read there."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from infra.telemetry import MASK, configure_logging, correlated, error_text, get_logger, scrub_text

SAID = "My mother is called Zoltana"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """The process's logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was written to stderr, parsed."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_records_of_ours_and_of_libraries_are_json_with_the_same_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("api")
    with correlated("request-12345"):
        get_logger("api.calls").info("call opened", turns=3)
        logging.getLogger("library").warning("something %s", "odd")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["turns"], ours["process"]) == ("call opened", 3, "api")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("something odd", "library", "warning")
    assert ours["correlation_id"] == theirs["correlation_id"] == "request-12345"


@pytest.mark.parametrize(
    "text",
    [
        "mail to zoltana@example.org failed",
        "GET /x?token=zoltana123",
        "Authorization: Bearer zoltana123",
        "eyJhbGciOiJIUzI1NiJ9.zoltana.zoltana",
        "postgresql://avaaz:zoltana@127.0.0.1/avaaz",
    ],
)
def test_addresses_and_secrets_are_masked_in_texts(text: str) -> None:
    assert MASK in scrub_text(text)
    assert "zoltana" not in scrub_text(text)


def test_fields_are_masked_by_name_however_deep(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("api")
    get_logger("api").info("turn", words=[SAID], turn={"deep": [{"transcript": SAID, "position": 4}]})
    [line] = lines(capsys)
    assert "Zoltana" not in json.dumps(line)
    assert line["turn"] == {"deep": [{"transcript": MASK, "position": 4}]}


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (RuntimeError("no room"), "no room"),
        (RuntimeError('relation "turns" is missing\nDETAIL: row (Zoltana)'), 'relation "turns" is missing'),
        (ValueError(f"invalid input for $1: '{SAID}' (a str)"), f"invalid input for $1: {MASK} (a str)"),
        (ValueError(f'cut in the middle of "{SAID}'), f"cut in the middle of {MASK}"),
        (OSError("can't open it, and isn't there"), "can't open it, and isn't there"),
        (ValueError(""), ""),
    ],
)
def test_an_error_tells_what_it_is_and_quotes_nobody(error: Exception, kept: str) -> None:
    assert error_text(error) == kept


def _fail() -> None:
    raise ValueError(f"bad row\nFailing row contains ({SAID})")


def test_a_traceback_has_its_causes_and_not_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("api")
    try:
        try:
            _fail()
        except ValueError as cause:
            raise ExceptionGroup("several", [KeyError(SAID)]) from cause
    except ExceptionGroup:
        get_logger("api").exception("request failed")
    [line] = lines(capsys)
    told = str(line["exception"])
    assert "Zoltana" not in told
    assert "builtins.ExceptionGroup: several" in told
    assert "builtins.ValueError: bad row" in told
    assert "builtins.KeyError" in told
    assert "test_telemetry.py" in told
