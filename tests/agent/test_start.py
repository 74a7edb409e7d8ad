"""How the worker starts: what job processes are forked from, and what the worker itself does without."""

import subprocess
import sys

from livekit.agents import Plugin

from agent import providers
from agent.__main__ import PRELOADED

WITHOUT_A_CALL = """
import sys
import livekit.agents
import agent.main
print(*sorted({name for name in sys.modules if name.startswith("agent.")}))
"""
ENVIRONMENT = {
    "LIVEKIT_URL": "ws://127.0.0.1:1",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "secret",
    "AGENT_SERVICE_KEY": "service-key-of-the-agent",
    "PATH": "/usr/bin:/bin",
}


def test_every_vendors_plugin_is_loaded_ahead() -> None:
    assert providers.TABLE
    assert {plugin.package for plugin in Plugin.registered_plugins} <= set(PRELOADED)
    assert PRELOADED[-1] == "livekit.agents.ipc._preload_freeze"


def test_the_worker_itself_imports_nothing_of_a_call() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_CALL], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    imported = set(done.stdout.split())
    assert "agent.places" in imported
    assert not imported & {"agent.job", "agent.call", "agent.providers", "agent.guided"}
