"""The product behind the real Caddy over HTTPS, as it is deployed: one origin, `rtc.` for signalling.

A second API process with production's settings serves beside the stack's own, on the same database.
"""

import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp.web
import httpx
import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Playwright, expect

from infra.bench.recordings import Utterance
from infra.stack.builds import build
from infra.stack.checks import http_ok
from infra.stack.embedded import RunningStack
from infra.stack.settings import PROJECT_ROOT
from infra.stack.tools import find_node
from tests.e2e.browser import FAKE_PERMISSION, launch, new_page
from tests.e2e.screen import CALL_WITHIN_MS, PASSWORD, Screen
from tests.support.edge import DOMAIN, Edge, running, running_edge
from tests.support.ports import free_ports

IMMUTABLE = "public, max-age=31536000, immutable"
SHARED_HEADERS = (
    "content-security-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "cross-origin-opener-policy",
)


@pytest.fixture(scope="module")
async def web(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built web application as the image has it, compressed ahead."""
    folder = tmp_path_factory.mktemp("web") / "srv"
    shutil.copytree(PROJECT_ROOT / "frontend" / "dist", folder)
    (folder / ".secret").write_text("not for the world")
    tools = stack.settings.bin_dir.parent / "tools"
    node = await find_node(tools, lambda _line: None) / "node"
    script = PROJECT_ROOT / "infra" / "docker" / "compress.mjs"
    await build("Compressing", [str(node), str(script), str(folder)], cwd=folder, on_line=lambda _line: None)
    return folder


@pytest.fixture(scope="module")
async def edge(
    stack: RunningStack, web: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Edge]:
    """Caddy before an API with production's settings."""
    api_port, *ports = free_ports(4)
    livekit = urlsplit(stack.livekit_url).netloc
    async with running_edge(
        api=f"127.0.0.1:{api_port}", livekit=livekit, web=web, ports=(ports[0], ports[1], ports[2])
    ) as started:
        environment = {
            **{name: value for name, value in stack.env.items() if name != "EXAM_TIME_SCALE"},
            "API_PORT": str(api_port),
            "AVAAZ_EMBEDDED": "0",
            "FRONTEND_DIST": "",
            "FORWARDED_ALLOW_IPS": "*",
            "PUBLIC_LIVEKIT_URL": f"wss://{started.rtc}",
        }
        log = tmp_path_factory.mktemp("api") / "api.log"
        async with running([sys.executable, "-m", "api"], environment, log) as process:
            answers = http_ok(api_port, "/health/live")
            while not await answers():
                assert process.returncode is None, log.read_text("utf-8")
            yield started


@pytest.fixture
async def client(edge: Edge) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the origin."""
    async with edge.client() as opened:
        yield opened


def assert_envelope(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["request_id"]
    assert "immutable" not in answer.headers["cache-control"]


async def test_plain_http_is_sent_to_https(edge: Edge) -> None:
    async with edge.client(edge.plain_url) as plain:
        answer = await plain.get("/history?page=2")
    assert answer.status_code == 308
    # The HTTPS port of the configuration is the one inside; the world sees 443.
    assert answer.headers["location"] == f"https://{DOMAIN}/history?page=2"


async def test_pages_carry_the_headers_that_the_api_gives(edge: Edge, client: httpx.AsyncClient) -> None:
    page, api = await client.get("/"), await client.get("/api/v1/config")
    assert page.status_code == api.status_code == 200
    assert api.json()["embedded"] is False
    for name in SHARED_HEADERS:
        assert page.headers.get_list(name) == api.headers.get_list(name), name
        assert len(page.headers.get_list(name)) == 1, name
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert (
        f"connect-src 'self' wss://{edge.rtc} https://{edge.rtc}" in page.headers["content-security-policy"]
    )
    assert "server" not in page.headers


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_hashed_files_are_kept_for_ever_and_compressed(
    client: httpx.AsyncClient, web: Path, encoding: str
) -> None:
    script = re.search(r'src="(/assets/[^"]+\.js)"', (await client.get("/")).text)
    assert script
    async with client.stream("GET", script[1], headers={"Accept-Encoding": encoding}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == IMMUTABLE
    assert answer.headers["content-encoding"] == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    ahead = {"br": ".br", "gzip": ".gz"}[encoding]
    assert sent == (web / f"{script[1].lstrip('/')}{ahead}").read_bytes()


@pytest.mark.parametrize("path", ["/", "/sw.js", "/manifest.webmanifest", "/history/7", "/talk"])
async def test_everything_else_is_asked_for_anew(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


async def test_pages_of_the_application_are_its_shell(client: httpx.AsyncClient, web: Path) -> None:
    assert (await client.get("/history/7")).text == (web / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "path",
    ["/assets/gone.js", "/gone.png", "/.secret", "/metrics", "/health", "/agent/calls", "/livekit/rooms"],
)
async def test_what_is_not_for_the_world_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert_envelope(await client.get(path), 404, "not_found")


async def test_webhook_reaches_the_api_which_wants_it_signed(client: httpx.AsyncClient) -> None:
    answer = await client.post("/livekit/webhook", content=b"{}")
    assert answer.status_code == 401


async def test_account_by_https_has_a_secure_cookie_and_foreign_pages_are_refused(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    account = {"email": "edge@example.com", "password": PASSWORD}
    foreign = await client.post(
        "/api/v1/auth/register", json=account, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status_code == 403
    own = {"Origin": edge.url}
    assert (await client.post("/api/v1/auth/register", json=account, headers=own)).status_code == 201
    signed_in = await client.post("/api/v1/auth/login", json=account, headers=own)
    assert signed_in.status_code == 204
    cookie = signed_in.headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert (await client.get("/api/v1/users/me")).json()["email"] == account["email"]


async def test_too_large_a_request_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/login", content=b" " * 3_000_000)
    assert_envelope(answer, 413, "too_large")


async def test_signalling_is_livekits_and_its_server_api_stays_inside(edge: Edge) -> None:
    async with edge.client(f"https://{edge.rtc}") as rtc:
        assert (await rtc.get("/rtc/validate")).status_code == 401
        assert (await rtc.post("/twirp/livekit.RoomService/ListRooms")).status_code == 404
        assert (await rtc.get("/")).headers["strict-transport-security"]


async def test_api_is_told_the_true_address_and_pages_are_served_while_it_is_away(web: Path) -> None:
    async def told(request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.json_response(
            {name: request.headers.getall(name, []) for name in ("X-Forwarded-For", "X-Forwarded-Proto")}
        )

    app = aiohttp.web.Application()
    app.router.add_get("/api/v1/told", told)
    upstream = TestServer(app)
    await upstream.start_server()
    *ports, livekit = free_ports(4)
    edge = running_edge(
        api=f"127.0.0.1:{upstream.port}",
        livekit=f"127.0.0.1:{livekit}",
        web=web,
        ports=(ports[0], ports[1], ports[2]),
    )
    async with edge as alone, alone.client() as client:
        lie = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "http"}
        answer = await client.get("/api/v1/told", headers=lie)
        assert answer.json() == {"X-Forwarded-For": ["127.0.0.1"], "X-Forwarded-Proto": ["https"]}
        await upstream.close()
        assert (await client.get("/")).status_code == 200
        assert_envelope(await client.get("/api/v1/told"), 503, "unavailable")


async def test_certificate_of_an_unknown_authority_is_not_believed(edge: Edge) -> None:
    async with edge.client(believing=False) as stranger:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.get("/")


async def test_caddy_tells_prometheus_about_itself(edge: Edge) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        text = (await client.get(f"http://127.0.0.1:{edge.metrics_port}/metrics")).text
    assert "caddy_http_requests_total" in text


async def test_a_learner_talks_through_caddy(
    edge: Edge, playwright: Playwright, chromium: str, voices: list[Utterance]
) -> None:
    flags = (*FAKE_PERMISSION, f"--ignore-certificate-errors-spki-list={edge.key_hash}")
    browser = await launch(playwright, chromium, flags)
    try:
        async with new_page(browser, edge.url, speaking=True) as page:
            sockets: list[str] = []
            complaints: list[str] = []
            page.on("websocket", lambda socket: sockets.append(socket.url))
            page.on(
                "console",
                lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
            )
            screen = Screen(page)
            await screen.sign_up()
            await screen.start_call()
            await screen.say_and_hear(voices[0])
            await screen.hang_up()
            await expect(page.get_by_test_id("transcript-link")).to_be_visible(timeout=CALL_WITHIN_MS)
            (cookie,) = [one for one in await page.context.cookies() if one["name"] == "avaaz_session"]
    finally:
        await browser.close()
    assert complaints == []
    assert sockets
    assert {urlsplit(url)._replace(path="", query="").geturl() for url in sockets} == {f"wss://{edge.rtc}"}
    assert cookie["secure"]
    assert cookie["domain"] == DOMAIN


async def test_no_token_and_no_query_is_in_caddys_log(edge: Edge) -> None:
    log = edge.log
    assert "/rtc" in log
    assert not re.search(r"eyJ|access_token|page=2|avaaz_session", log)
