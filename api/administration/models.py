"""What was set otherwise than the registry's defaults: for the installation, and for one organisation."""

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class InstallationSetting(Timestamped, Base):
    """A setting of the whole installation. What has no row is at its default."""

    __tablename__ = "installation_settings"

    key: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


class OrganisationSetting(Identified, TenantOwned, Timestamped, Base):
    """A setting of one organisation: it can be stricter than the installation's, never looser."""

    __tablename__ = "organisation_settings"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    key: Mapped[str] = mapped_column(String(48))
    value: Mapped[Any] = mapped_column(JSONB)
