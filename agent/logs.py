"""The agent's logs: structured, each line once, without what the framework says at every try."""

import logging

from infra import telemetry

SAID_OTHERWISE = (
    "ignoring text stream with topic",  # a client chooses the topic, and may write anything there
    "ignoring byte stream with topic",
    "STT stream ended on an unrecoverable error",  # `agent.ear` says it once
)


class Repetitions(logging.Filter):
    """Drops lines of the framework that say what we say ourselves, or what a client wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        return not (isinstance(record.msg, str) and record.msg.startswith(SAID_OTHERWISE))


def configure(level: str) -> None:
    """Send this process's logs to stderr as JSON lines, once; handlers that others set are taken away."""
    telemetry.configure_logging("agent", level)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Repetitions())
