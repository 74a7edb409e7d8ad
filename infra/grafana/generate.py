"""`python -m infra.grafana.generate`: write the dashboards as the JSON files that Grafana loads."""

import json
from pathlib import Path

from infra.grafana.boards import DASHBOARDS
from infra.grafana.panels import rendered

FOLDER = Path(__file__).parent / "dashboards"


def files() -> dict[str, str]:
    """Each file's name and content."""
    return {
        f"{dashboard.uid}.json": json.dumps(rendered(dashboard), indent=2) + "\n" for dashboard in DASHBOARDS
    }


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_text(content, "utf-8")


if __name__ == "__main__":
    main()
