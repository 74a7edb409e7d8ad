"""HTTP clients that are quick to make: reading the certificate store takes 100 ms, once for all of them."""

import ssl
from functools import cache
from typing import Any

import httpx


@cache
def tls() -> ssl.SSLContext:
    """The context that every client shares; made while nobody waits (`agent.preload`)."""
    return httpx.create_ssl_context()


def client(**options: Any) -> httpx.AsyncClient:
    """An `httpx.AsyncClient` over the shared context."""
    return httpx.AsyncClient(verify=tls(), **options)
