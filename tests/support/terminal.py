"""The `avaaz` command, as somebody types it in another terminal."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping

from infra.stack.embedded import RunningStack
from infra.stack.settings import PROJECT_ROOT

AVAAZ = [sys.executable, "-m", "infra.stack.cli"]


async def avaaz(settings: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with these settings and no file of them."""
    return await asyncio.to_thread(
        subprocess.run,
        [*AVAAZ, *words, "--env-file", ""],
        env={**os.environ, **settings},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def settings_of(stack: RunningStack) -> dict[str, str]:
    """What another terminal of the machine needs to see this stack."""
    names = [name for name in type(stack.settings).model_fields if name.endswith(("port", "ports"))]
    ports = {name.upper(): str(getattr(stack.settings, name)) for name in names}
    return {**ports, "AVAAZ_HOME": str(stack.home), "AVAAZ_BIN": str(stack.settings.bin_dir)}
