"""A school that invites, and the mail it sends."""

from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from api.settings import Settings
from tests.api.conftest import SignUp
from tests.api.school import School, found
from tests.support.mail import PostOffice


@pytest.fixture
async def school(sign_up: SignUp, owner: asyncpg.Connection) -> School:
    """A school whose administrator has confirmed their address."""
    made = await found(sign_up)
    await confirm(owner, made.admin.email)
    return made


@pytest.fixture
def post_office(app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path) -> PostOffice:
    """Sends what is queued into a folder of this test."""
    own = settings.model_copy(update={"avaaz_home": tmp_path, "avaaz_embedded": False})
    return PostOffice(own, app.state.database, owner)


async def confirm(owner: asyncpg.Connection, email: str) -> None:
    """Let an address count as confirmed."""
    await owner.execute("UPDATE users SET is_verified = true WHERE email = $1", email)
