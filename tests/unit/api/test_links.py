"""Secrets of mailed links."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from api.links import TOKEN_CHARACTERS, link_id, link_token, subject_digest
from api.settings import Settings


def settings(secret: str = "x" * 32) -> Settings:
    """Settings with a secret."""
    return Settings.model_construct(secret_key=SecretStr(secret))


def test_secret_leads_to_its_link_for_its_purpose_only() -> None:
    known = uuid4()
    token = link_token(settings(), "verify_email", known)
    assert len(token) == TOKEN_CHARACTERS
    assert link_id(settings(), "verify_email", token) == known
    assert link_id(settings(), "reset_password", token) is None
    assert link_id(settings("y" * 32), "verify_email", token) is None


@given(st.uuids(), st.integers(0, TOKEN_CHARACTERS - 2))
def test_changed_secret_leads_nowhere(known: UUID, place: int) -> None:
    token = link_token(settings(), "verify_email", known)
    other = "A" if token[place] != "A" else "B"
    assert link_id(settings(), "verify_email", token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "A" * 53, "A" * 54, "A" * 56, "*" * 54, "é" * 54])
def test_what_is_no_secret_leads_nowhere(token: str) -> None:
    assert link_id(settings(), "verify_email", token) is None


def test_subject_stands_for_its_parts() -> None:
    one = subject_digest(settings(), "address", "a@example.com")
    assert one == subject_digest(settings(), "address", "a@example.com")
    assert one != subject_digest(settings(), "address", "b@example.com")
    assert subject_digest(settings(), "a", "bc") != subject_digest(settings(), "ab", "c")
    assert len(one) == 43
