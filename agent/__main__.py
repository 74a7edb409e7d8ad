"""`python -m agent`: the worker, ready in half the time of `python -m livekit.agents start agent/main.py`.

Job processes are forked from a server process that imports everything a call needs, which takes as long as
importing the framework itself. Here both begin at once; the framework alone would begin one after the other.
"""

import os
import ssl
import sys
from multiprocessing import forkserver
from pathlib import Path

import certifi

PRELOADED = (
    "livekit.plugins.deepgram",
    "livekit.plugins.openai",
    "livekit.plugins.silero",
    "agent.preload",
    "livekit.agents.ipc._preload",
    "livekit.agents.ipc._preload_freeze",  # must be the last one: it freezes what is there
)


def main() -> int:
    """Start the worker with the framework's own options; the command `start` is added."""
    _trust_somebody()
    metrics_folder = Path(os.environ.get("AVAAZ_HOME", ".avaaz")) / "run" / "agent-metrics"
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(metrics_folder.absolute()))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    forkserver.set_forkserver_preload(list(PRELOADED))
    forkserver.ensure_running()
    from livekit.agents.__main__ import main as run  # noqa: PLC0415 - after the other process has begun

    return run(["start", str(Path(__file__).with_name("main.py")), *sys.argv[1:]])


def _trust_somebody() -> None:
    """As the framework does where a system has no certificates, but before the other process begins."""
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        os.environ.setdefault("SSL_CERT_FILE", certifi.where())


if __name__ == "__main__":
    sys.exit(main())
