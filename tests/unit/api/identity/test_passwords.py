"""What passwords must be."""

import pytest

from api.identity.passwords import unguessable, weakness


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("Sh0rt!", "x@example.com"),
        ("all-lower-1", "x@example.com"),
        ("ALL-UPPER-1", "x@example.com"),
        ("No-digits-here", "x@example.com"),
        ("Nothing0else", "x@example.com"),
        ("Its-Mary-1999", "mary@example.com"),
    ],
)
def test_weak_ones_are_told_why(password: str, email: str) -> None:
    assert weakness(password, email)


@pytest.mark.parametrize("email", ["a@example.com", "li@example.com", "ann@example.com"])
def test_a_name_of_few_letters_may_stand_in_a_password(email: str) -> None:
    assert weakness("Annual-Lizards-1", email) is None


@pytest.mark.parametrize("email", ["a@example.com", "-@example.com", "somebody@example.com", ""])
def test_made_ones_keep_the_rules_for_every_address(email: str) -> None:
    made = {unguessable(email) for _ in range(200)}
    assert len(made) == 200
    assert [password for password in made if weakness(password, email)] == []
