"""What is generated from the code and committed is current: `make generate` mends it."""

import json
from pathlib import Path

from api.openapi import description
from api.reference import api_reference, data_model
from prompts.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "docs" / "reference"


def test_the_api_reference_is_current() -> None:
    written = (REFERENCE / "api.md").read_text("utf-8")
    assert written == api_reference()
    assert "### `POST /api/v1/sessions/default/token`" in written


def test_the_data_model_is_current() -> None:
    written = (REFERENCE / "data-model.md").read_text("utf-8")
    assert written == data_model()
    assert "## turns" in written


def test_the_prompt_catalogue_is_current() -> None:
    written = (REFERENCE / "prompts.md").read_text("utf-8")
    assert written == catalogue()
    assert "| `tutor` |" in written
    assert all(row.count("|") == 5 and not row.endswith("|  |") for row in written.splitlines()[8:])


def test_the_description_that_the_frontend_is_generated_from_is_current() -> None:
    committed = json.loads((ROOT / "frontend" / "openapi.json").read_text("utf-8"))
    assert committed == json.loads(json.dumps(description()))
