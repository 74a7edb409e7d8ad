"""Serving the built PWA.

Hashed files for ever, the shell always fresh, and the shell for every other page.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

NEVER_PAGES = ("api/", "agent/", "livekit/", "health", "metrics", "assets/")
FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"


def install_pwa(app: FastAPI, folder: Path) -> None:
    """Answer every GET that no route takes with a file of `folder`, or with its index.html."""
    root = folder.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        found = _file(root, path)
        if found is not None:
            caching = FOR_EVER if path.startswith("assets/") else ALWAYS_ASK
            return FileResponse(found, headers={"Cache-Control": caching})
        wants_page = not path.startswith(NEVER_PAGES) and "." not in path.rpartition("/")[2]
        if wants_page and (root / "index.html").is_file():
            return FileResponse(root / "index.html", headers={"Cache-Control": ALWAYS_ASK})
        raise HTTPException(404)


def _file(root: Path, path: str) -> Path | None:
    """The file of that path inside the folder, or None."""
    if not path or "\0" in path:
        return None
    try:
        candidate = (root / path).resolve()
        inside = candidate.is_relative_to(root) and candidate.is_file()
    except (OSError, ValueError):
        return None
    return candidate if inside else None
