"""What the stack's parts wrote last, shown with a test that failed. Their logs hold nothing that was said."""

import pytest

from infra.stack.embedded import RunningStack

LINES = 40
PARTS = ("agent", "agent-2", "api", "worker", "models")


def show_last_lines(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add the last lines of each part to the report of a failed test that has a `stack`."""
    stack = getattr(item, "funcargs", {}).get("stack")
    if not report.failed or not isinstance(stack, RunningStack):
        return
    for part in PARTS:
        log = stack.home / "logs" / f"{part}.log"
        if log.exists():
            lines = log.read_text("utf-8", errors="replace").splitlines()[-LINES:]
            report.sections.append((f"last lines of {part}", "\n".join(lines)))
