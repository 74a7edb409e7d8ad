"""Loaded once in the process that job processes are forked from, and shared by all of them.

Importing this reads and checks what `guided` says and compiles its patterns, and imports what libraries
import only at their first request: work of a second or two that would otherwise fall into a call's first
words.
"""

import importlib
from contextlib import suppress

from agent.guided import Guided
from agent.http import tls
from api.contract.levels import Level
from infra.garbage import keep_what_is_loaded
from prompts import PromptError, load

LATE_IMPORTS = (
    "agent.job",
    "anyio._backends._asyncio",
    "anyio._core._sockets",
    "h2.connection",
    "httpcore._async.http11",
    "httpcore._async.http2",
    "httpcore._async.connection",
    "httpcore._backends.anyio",
    "livekit.agents.llm.async_toolset",
    "openai.resources.audio",
    "openai.resources.audio.speech",
    "openai.resources.chat",
    "openai.resources.chat.completions",
)

for _name in LATE_IMPORTS:
    with suppress(ImportError):  # a library's inner modules may move; then its first request imports them
        importlib.import_module(_name)
tls()
with suppress(PromptError):  # a job process reads it again, and fails with the reason
    for _prompt in ("apologies", "call", "tutor"):
        load(_prompt)
    for _level in Level:
        Guided(level=_level)
keep_what_is_loaded()
