"""A school."""

import pytest

from tests.api.conftest import SignUp
from tests.api.school import School, found


@pytest.fixture
async def school(sign_up: SignUp) -> School:
    """A school with nobody but its administrator."""
    return await found(sign_up)
