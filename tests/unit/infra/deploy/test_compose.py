"""docker-compose.yml: it fits the schema; its parts find each other, their secrets and their settings."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic_settings import BaseSettings

from agent.settings import AgentSettings
from api.settings import DatabaseSettings, Settings
from infra.backup.settings import BackupSettings
from infra.configuration import variable_names
from infra.models.settings import Settings as ModelsSettings
from infra.stack.postgres import VERSION as PACKAGED_POSTGRES
from infra.stack.settings import StackSettings
from tests.support.composed import (
    COMPOSE,
    ENVIRONMENTS,
    ROOT,
    MissingVariableError,
    composed,
    environment_file,
    services,
    variables,
)

PRODUCTION = environment_file("production")
SERVICES = services(PRODUCTION)
OWN = {name: service for name, service in SERVICES.items() if "build" in service}
SETTINGS: dict[str, tuple[type[BaseSettings], ...]] = {
    "api": (Settings,),
    "jobs": (Settings,),
    "migrate": (Settings, DatabaseSettings),
    "agent": (AgentSettings,),
    "shipper": (AgentSettings,),
    "models": (ModelsSettings,),
    "backup": (StackSettings, BackupSettings),
}
LIBRARIES = {"FORWARDED_ALLOW_IPS", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET_FILE"}
"""Read by uvicorn and by LiveKit's framework themselves."""
LISTENS_ON_NOTHING = {"migrate", "backup"}
ONE_SHOT = {"migrate", "backup"}
FOREIGN_WITHOUT_CHECK = {"sip", "prometheus", "grafana", "node-exporter", "postgres-exporter"}
"""Of the optional profiles: Prometheus itself sees whether they answer."""
PUBLIC = {
    "caddy": {"80:80", "443:443", "443:443/udp"},
    "livekit": {"7881:7881", "3478:3478/udp", "60000-60100:60000-60100/udp", "60101-60150:60101-60150/udp"},
    "sip": {"5060:5060", "5060:5060/udp", "10000-10200:10000-10200/udp"},
}


def known(classes: tuple[type[BaseSettings], ...]) -> set[str]:
    names = {
        name
        for settings in classes
        for field, info in settings.model_fields.items()
        for name in variable_names(settings, field, info)
    }
    return names | {f"{name}_FILE" for name in names}


def networks(service: dict[str, Any]) -> set[str]:
    return set(service.get("networks", ["default"]))


def test_file_fits_the_compose_schema() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    answer = subprocess.run(
        [str(program), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_bounded_and_restarted(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_a_health_check_that_fits_it(name: str) -> None:
    check = SERVICES[name].get("healthcheck", {})
    if name in LISTENS_ON_NOTHING:
        assert check == {"disable": True}, "the image's own check asks a port that this process does not open"
    elif name not in OWN and name not in FOREIGN_WITHOUT_CHECK:
        assert check["test"][0] == "CMD"


@pytest.mark.parametrize("name", OWN)
def test_own_service_cannot_change_its_image_and_has_a_target(name: str) -> None:
    service = OWN[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    dockerfile = (ROOT / service["build"]["dockerfile"]).read_text("utf-8")
    assert re.search(rf"^FROM \S+ AS {service['build']['target']}$", dockerfile, re.MULTILINE)
    assert service["image"].endswith(f"/{service['build']['target']}:{PRODUCTION['AVAAZ_VERSION']}")


def test_backup_has_the_programs_of_the_database_it_dumps() -> None:
    assert SERVICES["postgres"]["image"].endswith(f"-pg{PACKAGED_POSTGRES}")
    assert SERVICES["backup"]["profiles"] == ["tools"]


def test_only_the_edge_is_reached_from_outside() -> None:
    published = {name: set(service["ports"]) for name, service in SERVICES.items() if "ports" in service}
    for name, ports in published.items():
        assert ports == PUBLIC.get(name) or all(port.startswith("127.0.0.1:") for port in ports), name


def test_database_is_reached_by_those_who_use_it_alone() -> None:
    assert networks(SERVICES["postgres"]) == {"data"}
    assert composed(PRODUCTION)["networks"]["data"] == {"internal": True}
    inside = {name for name, service in SERVICES.items() if "data" in networks(service)}
    assert inside == {"postgres", "migrate", "api", "jobs", "backup", "postgres-exporter", "prometheus"}


@pytest.mark.parametrize("name", SERVICES)
def test_service_shares_a_network_with_every_part_it_speaks_to(name: str) -> None:
    service = SERVICES[name]
    texts = [str(value) for value in service.get("environment", {}).values()]
    urls = [url for text in texts for url in re.findall(r"\b(?:http|ws|postgresql)s?://[^\s]+", text)]
    hosts = {urlsplit(url).hostname for url in urls} & set(SERVICES)
    for other in hosts - {name}:
        assert networks(service) & networks(SERVICES[str(other)]), f"{name} cannot reach {other}"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_become_healthy(name: str) -> None:
    waits = SERVICES[name].get("depends_on", {})
    for other in waits:
        condition = waits[other]["condition"] if isinstance(waits, dict) else "service_started"
        if condition == "service_healthy":
            assert SERVICES[other].get("healthcheck", {}) != {"disable": True}
        if condition == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"
        optional = SERVICES[other].get("profiles") and not SERVICES[name].get("profiles")
        if optional:
            assert waits[other]["required"] is False, f"{name} would need the profile of {other}"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_an_environment(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"SECRET|PASS|_KEY|DATABASE_URL|TOKEN", variable) and variable != "LIVEKIT_API_KEY":
            assert re.search(r"_FILE$", variable), variable
            assert str(value).startswith("/run/secrets/"), variable


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_that_are_read_are_mounted_and_none_besides(name: str) -> None:
    service = SERVICES[name]
    read = set(re.findall(r"/run/secrets/(\w+)", str(service)))
    assert set(service.get("secrets", [])) == read


@pytest.mark.parametrize("name", SETTINGS)
def test_own_service_is_given_settings_that_it_has(name: str) -> None:
    # EMBEDDINGS_URL is for the API alone; the others are shared through anchors.
    assert set(OWN[name].get("environment", {})) - known(SETTINGS[name]) - LIBRARIES == set()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environment_gives_everything_and_nothing_unknown(environment: str) -> None:
    given = environment_file(environment)
    services(given)
    everything = set(variables()) | {"COMPOSE_PROFILES"}
    for classes in SETTINGS.values():
        everything |= known(classes)
    assert set(given) - everything == set()
    assert given["AVAAZ_ENV_FILE"] == f".env.{environment}"


def test_variable_that_must_be_given_is_named_where_it_is_not() -> None:
    with pytest.raises(MissingVariableError, match="AVAAZ_DOMAIN"):
        composed({**PRODUCTION, "AVAAZ_DOMAIN": ""})


def test_environments_differ_in_values_only() -> None:
    names = {environment: set(environment_file(environment)) for environment in ENVIRONMENTS}
    assert names["production"] == names["staging"] == names["development"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_secret_stands_in_the_environments_file(environment: str) -> None:
    secret = {
        name
        for classes in SETTINGS.values()
        for settings in classes
        for field, info in settings.model_fields.items()
        if "SecretStr" in str(info.annotation) or field.endswith("database_url")
        for name in variable_names(settings, field, info)
    }
    assert "SMTP_PASSWORD" in secret
    assert set(environment_file(environment)) & secret == set()


@pytest.mark.parametrize("name", OWN)
def test_keys_of_others_reach_those_who_use_them_alone(name: str) -> None:
    files = [entry["path"] for entry in OWN[name].get("env_file", [])]
    own = {"api": "secrets/api.env", "jobs": "secrets/api.env"}
    own |= {"agent": "secrets/agent.env", "shipper": "secrets/agent.env"}
    expected = [] if name == "caddy" else [PRODUCTION["AVAAZ_ENV_FILE"], own.get(name)]
    assert files == [path for path in expected if path]
