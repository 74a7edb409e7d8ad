"""What API clients send and receive about credentials."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.bodies import Body
from api.credentials.models import Scope
from api.identity.schemas import Email
from api.text import PlainText

Name = Annotated[PlainText, StringConstraints(max_length=80)]


class TokenSignIn(Body):
    """Sign-in of an API client. `client_name` is what its owner sees in the list of clients."""

    email: Email
    password: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    client_name: Name = ""


class RefreshBody(Body):
    """A refresh token. Never sent in an address."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TokenPair(BaseModel):
    """A bearer token with the refresh token that follows it; times in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind, not a secret
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


class ClientOut(BaseModel):
    """A signed-in API client."""

    model_config = ConfigDict(title="ApiClient", from_attributes=True)

    id: UUID
    client_name: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class ClientList(BaseModel):
    """The signed-in API clients of a person."""

    items: list[ClientOut]


class KeyWanted(Body):
    """An API key to make."""

    name: Annotated[Name, StringConstraints(min_length=1)]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)] = frozenset({Scope.READ})
    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 90


class KeyOut(BaseModel):
    """An API key, without its secret; `hint` is how it begins."""

    model_config = ConfigDict(title="ApiKey", from_attributes=True)

    id: UUID
    name: str
    hint: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class KeyMade(KeyOut):
    """A new API key. `key` is shown this once."""

    model_config = ConfigDict(title="NewApiKey")

    key: str


class KeyList(BaseModel):
    """The API keys of a person."""

    items: list[KeyOut]
