"""Read once in the process that job processes are forked from, and shared by all of them.

Importing this reads and checks what `guided` says and compiles its patterns: 2 s of processor time that each
new call would otherwise wait for.
"""

from contextlib import suppress

from agent.guided import Guided
from api.contract.calls import Level
from prompts import PromptError

with suppress(PromptError):  # a job process reads it again, and fails with the reason
    for _level in Level:
        Guided(level=_level)
