"""Secrets of the embedded stack: made once, kept in `AVAAZ_HOME/secrets.json` for their owner only."""

import json
import os
import secrets
from pathlib import Path

from pydantic import BaseModel, Field

from infra.stack.files import write_private


def _secret() -> str:
    return secrets.token_urlsafe(36)


class Credentials(BaseModel):
    """One value for each secret that the parts share."""

    secret_key: str = Field(default_factory=_secret)
    agent_service_key: str = Field(default_factory=_secret)
    livekit_api_key: str = Field(default_factory=lambda: "avaaz" + secrets.token_hex(6))
    livekit_api_secret: str = Field(default_factory=_secret)
    postgres_password: str = Field(default_factory=_secret)
    """Of the database's superuser, used only to prepare the database."""
    owner_password: str = Field(default_factory=_secret)
    """Of the role that owns the schema and runs the migrations."""
    api_password: str = Field(default_factory=_secret)
    """Of the role the API works under."""


def load_credentials(home: Path) -> Credentials:
    """Reads the secrets of this AVAAZ_HOME; makes those that are missing."""
    path = home / "secrets.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    credentials = Credentials.model_validate(known)
    if credentials.model_dump() != known:
        write_private(path, credentials.model_dump_json(indent=2))
    os.chmod(path, 0o600)  # noqa: PTH101 - also a file that came back from a backup
    return credentials
