"""What the browser receives about accounts with providers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.oauth.providers import ProviderName


class ProviderOut(BaseModel):
    """A provider that people may sign in with; `title` stands on its button."""

    model_config = ConfigDict(title="SignInProvider")

    name: ProviderName
    title: str


class OAuthAccountOut(BaseModel):
    """A provider's account that opens this one."""

    model_config = ConfigDict(title="ProviderAccount", from_attributes=True)

    id: UUID
    provider: ProviderName
    email: str
    created_at: datetime
    last_used_at: datetime


class OAuthAccountList(BaseModel):
    """The providers' accounts of a person."""

    items: list[OAuthAccountOut]
