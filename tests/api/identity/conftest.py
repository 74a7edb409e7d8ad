"""Accounts with their mail."""

from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from api.settings import Settings
from tests.support.mail import PostOffice


@pytest.fixture
def post_office(app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path) -> PostOffice:
    """Sends what is queued into a folder of this test."""
    own = settings.model_copy(update={"avaaz_home": tmp_path, "avaaz_embedded": False})
    return PostOffice(own, app.state.database, owner)
