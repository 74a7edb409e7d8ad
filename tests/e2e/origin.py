"""An origin that tests change while browsers look at it: which build it serves, whether it answers at all.

The API is a pretended one with a real cookie, so that who is signed in is the browser's business.
"""

import json
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.e2e.answers import CALL_ID, CALLS, SESSION_ID, TURNS, Answers, anonymous, session, signed_in
from tests.e2e.browser import SCRIPTS

COOKIE = "avaaz_session"
UNSEEN = CALLS[1]["id"]
"""A call whose words the tests read for the first time when they choose to."""
_HASHED = re.compile(r"(?P<name>[\w.-]+)-(?P<hash>[\w-]{8})\.(?P<kind>js|css)$")
_TEXTS = {".js", ".html", ".css"}


def answers_for(email: str) -> Answers:
    """What the API tells one person; the name before the @ is in everything that is theirs."""
    name = email.split("@", 1)[0]
    person = signed_in("en")
    me = person["GET /users/me"]
    assert me is not None
    me["body"] |= {"id": f"id-of-{name}", "email": email, "display_name": name.title()}
    turns = [{**turn, "text": f"{name}: {turn['text']}"} for turn in TURNS]
    calls = [{**one, "first_words": f"{name}: {one['first_words']}"} for one in CALLS]
    person[f"GET /sessions/{SESSION_ID}/calls"] = {"body": {"items": calls, "next_cursor": None}}
    for number, one in enumerate(calls[:2]):
        person[f"GET /calls/{one['id']}"] = {"body": one}
        person[f"GET /calls/{one['id']}/turns"] = {
            "body": {"items": turns[: 5 - number], "next_cursor": None}
        }
    return person


class Origin:
    """A server at one address for as long as a test lasts; `go_away` and `come_back` are the network."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self.keeps_cookies = True
        self.in_call = False
        self.asked: Counter[str] = Counter()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._port}"

    def come_back(self) -> None:
        """Answer again, at the same address."""
        handler = type("Handler", (_Handler,), {"origin": self})
        self._server = _Server(("127.0.0.1", self._port), handler)
        self._server.daemon_threads = True
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def go_away(self) -> None:
        """Refuse connections, as a server that is not there."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None

    def reply(self, method: str, path: str, body: dict[str, Any], who: str | None) -> dict[str, Any]:
        """What the API says, as `status`, `body` and `cookie`."""
        key = f"{method} {path}"
        if key == "POST /auth/login":
            return {"status": 204, "cookie": body["email"] if self.keeps_cookies else None}
        if key == "POST /auth/logout":
            return {"status": 204, "cookie": ""}
        known = answers_for(who) if who else anonymous()
        if key == "GET /sessions/default" and who and self.in_call:
            return {"body": session(CALL_ID)}
        refused = {"error": {"code": "unauthenticated", "message": "Sign in first.", "request_id": "r"}}
        missing = {"error": {"code": "not_found", "message": "Not found.", "request_id": "r"}}
        found = known.get(key)
        if found is not None:
            return found
        return {"status": 404, "body": missing} if who else {"status": 401, "body": refused}


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    """A service worker asks for all files of a version at once."""


class _Handler(SimpleHTTPRequestHandler):
    origin: Origin

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.origin.asked[path] += 1
        if path.startswith("/api/v1/"):
            return self._api()
        file = self.origin.build / path.lstrip("/")
        if path.startswith("/assets/livekit-room-") and file.is_file():
            file = SCRIPTS / "room.js"
        if not file.is_file():
            if path.startswith("/assets/") or "." in path.rpartition("/")[2]:
                return self._send(404, b"", "text/plain")
            file = self.origin.build / "index.html"
        return self._send(200, file.read_bytes(), self.guess_type(str(file)))

    def do_POST(self) -> None:
        self._api()

    def _api(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        cookies = dict(
            part.strip().split("=", 1) for part in self.headers.get("Cookie", "").split(";") if "=" in part
        )
        path = self.path.split("?")[0].removeprefix("/api/v1")
        reply = self.origin.reply(self.command, path, body, cookies.get(COOKIE))
        content = b"" if reply.get("body") is None else json.dumps(reply["body"]).encode()
        self._send(reply.get("status", 200), content, "application/json", reply.get("cookie"))

    def _send(self, status: int, content: bytes, kind: str, cookie: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        if cookie is not None:
            self.send_header("Set-Cookie", f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Nothing to say."""


@contextmanager
def serving(build: Path) -> Iterator[Origin]:
    """An origin with that build."""
    origin = Origin(build)
    origin.come_back()
    try:
        yield origin
    finally:
        origin.go_away()


def another_version(build: Path, into: Path, name: str) -> Path:
    """The same application as if it had been built from other sources: every hash is another."""
    shutil.copytree(build, into)
    mark = f'<meta name="version" content="{name}" />'
    hashes = {found["hash"] for one in (into / "assets").iterdir() if (found := _HASHED.match(one.name))}
    changed = {old: old[::-1] for old in hashes}
    pattern = re.compile("|".join(map(re.escape, changed)))
    for file in [one for one in into.rglob("*") if one.is_file()]:
        if file.suffix in _TEXTS:
            text = pattern.sub(lambda match: changed[match[0]], file.read_text())
            if file.name == "index.html":
                text = text.replace("<head>", f"<head>{mark}")
            if file.name == "sw.js":
                text = re.sub(r'(index\.html",revision:")\w{6}', rf"\g<1>{name:0<6.6}", text)
            file.write_text(text)
        file.rename(file.with_name(pattern.sub(lambda match: changed[match[0]], file.name)))
    return into
