"""What the doctor says of a machine and of the address that browsers open."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.doctor import machine
from infra.findings import State


class _Hour(BaseHTTPRequestHandler):
    """A server whose clock is an hour behind."""

    def do_GET(self) -> None:
        self.send_response_only(200)
        behind = datetime.now(UTC) - timedelta(hours=1)
        self.send_header("Date", behind.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A plain server on loopback."""
    running = HTTPServer(("127.0.0.1", 0), _Hour)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def self_signed(server: HTTPServer, tmp_path: Path) -> HTTPServer:
    """The same over TLS, with a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "pair.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


@pytest.mark.parametrize(("free", "state"), [(0.2, State.FAILED), (3, State.WARNING), (50, State.OK)])
def test_a_full_disk_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: float, state: State
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free * 1e9))
    assert machine.disk(tmp_path).state is state


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("http://127.0.0.1:8000", State.OK),
        ("http://localhost:8000", State.OK),
        ("https://talk.example.org", State.OK),
        ("http://192.168.1.20:8000", State.FAILED),
    ],
)
def test_browsers_want_a_secure_address(address: str, state: State) -> None:
    assert machine.microphone(address).state is state


async def test_a_clock_that_differs_is_named(server: HTTPServer) -> None:
    found = await machine.clock({"LIVEKIT_URL": f"ws://127.0.0.1:{server.server_port}"})
    assert found.state is State.FAILED
    assert "LIVEKIT_URL" in found.said


async def test_a_server_without_an_answer_says_nothing_of_the_clock() -> None:
    found = await machine.clock({"LIVEKIT_URL": "ws://127.0.0.1:9"})
    assert found.state is State.OK


async def test_a_certificate_that_is_not_trusted_is_named(self_signed: HTTPServer) -> None:
    found = await machine.certificate(f"https://127.0.0.1:{self_signed.server_port}")
    assert found.state is State.FAILED
    assert "Not trusted" in found.said


async def test_no_server_at_the_public_address() -> None:
    assert (await machine.certificate("https://127.0.0.1:9")).state is State.FAILED
