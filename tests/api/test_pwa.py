"""Serving the built pages: hashed files for ever, the shell always fresh, API errors still JSON."""

from pathlib import Path

import pytest

from api.main import create_app
from api.settings import Settings
from tests.api.conftest import client_of, error_of


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build, with a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Avaaz</title>")
    (folder / "sw.js").write_text("//")
    (folder / "assets" / "index-abc.js").write_text("1")
    return folder


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/", "no-cache"),
        ("/talk", "no-cache"),
        ("/calls/123/transcript", "no-cache"),
        ("/sw.js", "no-cache"),
        ("/assets/index-abc.js", "public, max-age=31536000, immutable"),
    ],
)
async def test_pages_and_files(dist: Path, settings: Settings, path: str, caching: str) -> None:
    app = create_app(settings.model_copy(update={"frontend_dist": dist}))
    async with client_of(app) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == caching
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_texts_are_compressed_for_those_who_take_it(dist: Path, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"frontend_dist": dist}))
    async with client_of(app) as client:
        plain = await client.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
        small = await client.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip, br"})
        (dist / "assets" / "index-abc.js").write_text("another build")
        again = await client.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Content-Type"] == small.headers["Content-Type"]
    assert plain.text == small.text == "1"
    assert again.text == "another build"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nowhere",
        "/agent/nowhere",
        "/assets/gone.js",
        "/missing.png",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%00",
    ],
)
async def test_nothing_else_is_a_page(dist: Path, settings: Settings, path: str) -> None:
    app = create_app(settings.model_copy(update={"frontend_dist": dist}))
    async with client_of(app) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert error_of(answer) == "not_found"


async def test_api_keeps_its_methods(dist: Path, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"frontend_dist": dist}))
    async with client_of(app) as client:
        assert (await client.get("/health/live")).json()["state"] == "ok"
        assert (await client.post("/talk")).status_code == 405
