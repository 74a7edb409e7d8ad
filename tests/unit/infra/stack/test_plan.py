"""What the stack is made of under given settings, and who is told what."""

from pathlib import Path
from typing import Any

import pytest

from infra.stack.errors import StackError
from infra.stack.part import Part
from infra.stack.plan import Plan, make_plan
from infra.stack.settings import load_settings

LIVEKIT: dict[str, Any] = {
    "livekit_url": "wss://lk.example",
    "livekit_api_key": "key",
    "livekit_api_secret": "secret",
}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "LIVEKIT_URL",
        "STT_URL",
        "TTS_URL",
        "EMBEDDINGS_URL",
        "GRAMMAR_URL",
        "API_PORT",
    ):
        monkeypatch.delenv(name, raising=False)


def plan(home: Path, outer: dict[str, str] | None = None, **settings: Any) -> Plan:
    return make_plan(load_settings(None, avaaz_home=home, **settings), outer or {})


def part(made: Plan, name: str) -> Part:
    return next(found for found in made.parts if found.name == name)


def started(made: Plan) -> set[str]:
    return {found.name for found in made.parts if not found.given}


def test_everything_is_started_by_default(tmp_path: Path) -> None:
    assert started(plan(tmp_path)) == {
        *("postgres", "database", "migrate", "seed", "frontend", "livekit"),
        *("models", "api", "worker", "agent", "agent-2", "shipper"),
    }


def test_every_part_comes_after_parts_that_exist(tmp_path: Path) -> None:
    for made in (plan(tmp_path), plan(tmp_path, database_url="postgresql://a:b@db/x")):
        names = {found.name for found in made.parts}
        assert all(name in names for found in made.parts for name in found.after)


def test_a_given_database_has_no_demo_accounts_and_is_not_embedded(tmp_path: Path) -> None:
    made = plan(
        tmp_path, database_url="postgresql://a:b@db/x", migrations_database_url="postgresql://owner:c@db/x"
    )
    assert part(made, "postgres").given == "DATABASE_URL"
    assert "seed" not in {found.name for found in made.parts}
    assert part(made, "api").env["AVAAZ_EMBEDDED"] == "0"
    assert part(made, "api").env["DATABASE_URL"] == "postgresql://a:b@db/x"
    assert part(made, "migrate").env["MIGRATIONS_DATABASE_URL"] == "postgresql://owner:c@db/x"


def test_a_given_database_without_its_owner_is_not_migrated(tmp_path: Path) -> None:
    assert "migrate" not in started(plan(tmp_path, database_url="postgresql://a:b@db/x"))


def test_a_given_livekit_server_is_not_started_and_its_keys_are_used(tmp_path: Path) -> None:
    made = plan(tmp_path, **LIVEKIT)
    assert part(made, "livekit").given == "LIVEKIT_URL"
    assert part(made, "agent").env["LIVEKIT_URL"] == "wss://lk.example"
    assert part(made, "api").env["LIVEKIT_API_SECRET"] == "secret"


def test_a_livekit_address_without_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed"):
        load_settings(None, avaaz_home=tmp_path, livekit_url="wss://lk.example", livekit_api_key="k")


def test_the_model_server_is_started_while_one_address_is_missing(tmp_path: Path) -> None:
    given: dict[str, Any] = {"stt_url": "http://a", "tts_url": "http://b/v1", "embeddings_url": "http://c/v1"}
    made = plan(tmp_path, **given)
    assert "models" in started(made)
    assert part(made, "agent").env["STT_URL"] == "http://a"
    assert "models" not in started(plan(tmp_path, **given, grammar_url="http://d/v2"))


def test_secrets_reach_only_those_who_need_them(tmp_path: Path) -> None:
    outer = {
        "DATABASE_URL": "postgresql://x",
        "MIGRATIONS_DATABASE_URL": "postgresql://y",
        "SECRET_KEY": "s" * 40,
    }
    of_api = {"SECRET_KEY_PREVIOUS": "p" * 40, "SMTP_PASSWORD": "m", "GOOGLE_CLIENT_SECRET_FILE": "/g"}
    made = plan(tmp_path, {**outer, **of_api})
    agent, models, api = (part(made, name).env for name in ("agent", "models", "api"))
    assert not {"DATABASE_URL", "MIGRATIONS_DATABASE_URL", "SECRET_KEY"} & set(agent)
    assert not {"DATABASE_URL", "SECRET_KEY", "LIVEKIT_API_SECRET", "AGENT_SERVICE_KEY"} & set(models)
    assert "MIGRATIONS_DATABASE_URL" not in api
    assert of_api.items() <= api.items()
    assert of_api.items() <= part(made, "worker").env.items()
    assert not set(of_api) & ({*agent} | {*models} | {*part(made, "seed").env})
    assert not any("AVAAZ" in name or "SECRET" in name for name in part(made, "postgres").env)


def test_api_and_agent_share_their_secrets(tmp_path: Path) -> None:
    made = plan(tmp_path)
    for name in ("AGENT_SERVICE_KEY", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_URL"):
        assert part(made, "api").env[name] == part(made, "agent").env[name] != ""


def test_every_port_that_is_listened_on_names_its_setting(tmp_path: Path) -> None:
    made = plan(tmp_path, api_port=18_000, postgres_port=18_001)
    uses = {use.setting: use.number for found in made.parts for use in found.ports}
    assert uses["API_PORT"] == 18_000
    assert uses["POSTGRES_PORT"] == 18_001
    assert set(uses) == {
        *("API_PORT", "POSTGRES_PORT", "MODELS_PORT", "AGENT_PORT", "AGENT_METRICS_PORT"),
        *("AGENT_SECOND_PORT", "AGENT_SECOND_METRICS_PORT"),
        *("SHIPPER_METRICS_PORT", "WORKER_METRICS_PORT"),
        *("LIVEKIT_PORT", "LIVEKIT_TCP_PORT", "LIVEKIT_TURN_PORT"),
    }


def test_a_part_can_be_left_out(tmp_path: Path) -> None:
    made = make_plan(load_settings(None, avaaz_home=tmp_path), {}, ["frontend"])
    assert "frontend" not in {found.name for found in made.parts}
    assert "frontend" not in part(made, "api").after


def test_the_parts_stop_before_what_they_need(tmp_path: Path) -> None:
    made = plan(tmp_path)
    order = {found.name: found.stop_order for found in made.parts}
    assert order["agent"] < order["shipper"] < order["api"] < order["postgres"]
    assert order["agent"] < order["livekit"] < order["api"]


def test_two_workers_of_the_agent_share_nothing_but_the_calls(tmp_path: Path) -> None:
    made = plan(tmp_path)
    first, second = part(made, "agent"), part(made, "agent-2")
    assert {use.number for use in first.ports}.isdisjoint(use.number for use in second.ports)
    for name in ("AGENT_PORT", "AGENT_METRICS_PORT", "PROMETHEUS_MULTIPROC_DIR"):
        assert first.env[name] != second.env[name]
    assert first.env["AVAAZ_HOME"] == second.env["AVAAZ_HOME"]


def test_nobody_waits_for_the_second_worker(tmp_path: Path) -> None:
    made = plan(tmp_path)
    assert [found.name for found in made.parts if found.late] == ["agent-2"]
    assert not [found.name for found in made.parts if "agent-2" in found.after]


def test_one_worker_where_memory_is_short(tmp_path: Path) -> None:
    made = plan(tmp_path, agent_workers=1)
    assert "agent-2" not in started(made)
    assert "AGENT_SECOND_PORT" not in {use.setting for found in made.parts for use in found.ports}
