"""`python -m api.openapi`: print the API's description, from which the frontend's client is generated."""

import json
import sys
from typing import Any

from pydantic import SecretStr

from api.main import create_app
from api.settings import Settings


def description() -> dict[str, Any]:
    """The OpenAPI document; depends on no environment."""
    settings = Settings.model_construct(
        secret_key=SecretStr("-" * 32),
        agent_service_key=SecretStr("-" * 16),
        livekit_api_key="-",
        livekit_api_secret=SecretStr("-"),
        frontend_dist=None,
    )
    return create_app(settings).openapi()


if __name__ == "__main__":
    json.dump(description(), sys.stdout, indent=2, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
