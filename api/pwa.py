"""Serving the built PWA.

Hashed files for ever, the shell always fresh, the shell for every other page; texts as gzip where taken.
"""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

NEVER_PAGES = ("api/", "agent/", "livekit/", "health", "metrics", "assets/")
FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
COMPRESSED = frozenset({".html", ".js", ".css", ".svg", ".json", ".webmanifest"})
_FILES_KEPT = 512
"""Compressed files held in memory; a build has about a hundred, together under a megabyte."""


def install_pwa(app: FastAPI, folder: Path) -> None:
    """Answer every GET that no route takes with a file of `folder`, or with its index.html."""
    root = folder.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str, request: Request) -> Response:
        found = _file(root, path)
        if found is not None:
            return _sent(found, FOR_EVER if path.startswith("assets/") else ALWAYS_ASK, request)
        wants_page = not path.startswith(NEVER_PAGES) and "." not in path.rpartition("/")[2]
        if wants_page and (root / "index.html").is_file():
            return _sent(root / "index.html", ALWAYS_ASK, request)
        raise HTTPException(404)


def _sent(file: Path, caching: str, request: Request) -> Response:
    headers = {"Cache-Control": caching}
    if file.suffix not in COMPRESSED:
        return FileResponse(file, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return FileResponse(file, headers=headers)
    content = _gzipped(file, file.stat().st_mtime_ns)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Response(content, headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)


@lru_cache(maxsize=_FILES_KEPT)
def _gzipped(file: Path, _changed_ns: int) -> bytes:
    return gzip.compress(file.read_bytes(), 9)


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
