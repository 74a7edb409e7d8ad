"""What the sessions of all calls have in common."""

from typing import Final

from livekit.agents import APIConnectOptions
from livekit.agents.voice.agent_session import SessionConnectOptions

CONNECTIONS: Final = SessionConnectOptions(
    stt_conn_options=APIConnectOptions(max_retry=0, timeout=3.0),
    llm_conn_options=APIConnectOptions(max_retry=0, timeout=10.0),
    tts_conn_options=APIConnectOptions(max_retry=0, timeout=5.0),
    max_unrecoverable_errors=1_000_000,
)
"""Providers are tried once: fallbacks do the rest, and no number of errors closes a call."""
