"""All findings of an installation, in the order a person would look."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Final

import httpx
from pydantic import ValidationError

from infra.doctor import machine
from infra.doctor.round_trip import round_trip
from infra.findings import FINDINGS, Finding, failed, ok, skipped, warning
from infra.stack.control import StackStatus, status
from infra.stack.plan import Plan, database_urls
from infra.stack.settings import PROJECT_ROOT
from infra.stack.state import State as PartState

_WITHIN_S: Final = 90.0
_REMOTE: Final = ("LIVEKIT_URL", "STT_URL", "TTS_URL", "LLM_URL")


async def examine(plan: Plan, outer: Mapping[str, str]) -> list[Finding]:
    """Try everything. Parts of a local stack that does not run are skipped, with one finding that says so.

    Args:
        plan: the installation as its settings lay it out.
        outer: the environment and the settings file.
    """
    running = status(plan.settings.avaaz_home)
    public = outer.get("PUBLIC_URL") or plan.settings.address
    findings = [
        machine.disk(plan.settings.avaaz_home),
        machine.memory(running.running),
        await machine.clock({name: outer[name] for name in _REMOTE if outer.get(name)}),
        _stack(running),
    ]
    groups = await asyncio.gather(
        _database(plan, running), _livekit(plan, running), _providers(plan, running), _api(plan, running)
    )
    findings += [finding for group in groups for finding in group]
    return [*findings, machine.microphone(public), await machine.certificate(public)]


def _stack(running: StackStatus) -> Finding:
    if not running.running:
        return warning("Stack", "parts", "The local stack does not run.", "Start it: `avaaz up`.")
    bad = [part for part in running.parts if part.state in {PartState.FAILED, PartState.RESTARTING}]
    if bad:
        names = ", ".join(part.name for part in bad)
        return failed(
            "Stack", "parts", f"Not running as they should: {names}.", "Read their logs: .avaaz/logs."
        )
    if not running.ready:
        return warning("Stack", "parts", "The stack is starting.", "Wait, then ask again.")
    return ok("Stack", "parts", f"{len(running.parts)} parts run.", pss_mb=running.pss_mb)


async def _database(plan: Plan, running: StackStatus) -> list[Finding]:
    if plan.settings.own_database and not running.running:
        return [skipped("Postgres", "all", "The embedded database does not run.")]
    serving, owner = database_urls(plan.settings, plan.credentials)
    env = {
        **plan.shared_env,
        "DATABASE_URL": serving,
        "MIGRATIONS_DATABASE_URL": owner or "",
        "SECRET_KEY": plan.credentials.secret_key,
        "AVAAZ_EMBEDDED": "1" if plan.settings.own_database else "0",
    }
    return await _selftest("Postgres", "api.selftest", env)


async def _livekit(plan: Plan, running: StackStatus) -> list[Finding]:
    if plan.settings.own_livekit and not running.running:
        return [skipped("LiveKit", "audio", "The embedded LiveKit server does not run.")]
    keys = plan.credentials
    return [await round_trip(plan.shared_env["LIVEKIT_URL"], keys.livekit_api_key, keys.livekit_api_secret)]


async def _providers(plan: Plan, running: StackStatus) -> list[Finding]:
    if plan.settings.own_models and not running.running:
        return [skipped("STT, LLM, TTS", "all", "The embedded model server does not run.")]
    return await _selftest("STT, LLM, TTS", "agent.selftest", plan.shared_env)


async def _api(plan: Plan, running: StackStatus) -> list[Finding]:
    address = plan.shared_env["API_URL"]
    if not running.running:
        return [skipped("API", "ready", "The API of the local stack does not run.")]
    try:
        async with httpx.AsyncClient(timeout=5.0) as client:
            answer = await client.get(f"{address}/health/ready")
    except httpx.HTTPError as error:
        return [
            failed("API", "ready", f"No answer: {type(error).__name__}.", "Read logs/api.log in AVAAZ_HOME.")
        ]
    if answer.status_code != 200:
        down = [
            name for name, check in answer.json().get("dependencies", {}).items() if check["state"] == "down"
        ]
        said = f"The API misses: {', '.join(down) or 'something'}."
        return [failed("API", "ready", said, "See the findings of those parts.")]
    return [ok("API", "ready", "The API is ready.")]


async def _selftest(area: str, module: str, env: Mapping[str, str]) -> list[Finding]:
    """Run a part's own self-test as the stack would run that part."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        env={**os.environ, **env},
        cwd=PROJECT_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, complaint = await asyncio.wait_for(process.communicate(), _WITHIN_S)
        return FINDINGS.validate_json(output) if process.returncode == 0 else [_broken(area, complaint)]
    except (TimeoutError, ValidationError, json.JSONDecodeError):
        return [
            failed(area, "self-test", "The self-test did not end properly.", f"Run `python -m {module}`.")
        ]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _broken(area: str, complaint: bytes) -> Finding:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return failed(
        area, "settings", lines[-1][:300] if lines else "It ended without a word.", "Mend the setting."
    )
