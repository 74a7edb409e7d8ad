"""How the outbox stands: `/health` and `/metrics` of the shipper."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest


class ShipperMetrics:
    """Figures of one shipper, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.delivered = Counter(
            "avaaz_outbox_turns_delivered_total",
            "Turns that the API took",
            registry=self.registry,
        )
        self.failures = Counter(
            "avaaz_outbox_delivery_failures_total",
            "Deliveries to be tried again",
            registry=self.registry,
        )
        self.lost_jobs = Counter(
            "avaaz_outbox_lost_jobs_total", "Jobs found dead in the middle of a call", registry=self.registry
        )
        self._depth = Gauge(
            "avaaz_outbox_waiting_segments", "Segments with something undelivered", registry=self.registry
        )
        self._oldest = Gauge(
            "avaaz_outbox_oldest_age_seconds", "Age of what waits longest; 0 for none", registry=self.registry
        )
        self._dead = Gauge(
            "avaaz_outbox_dead_letters", "What the API refused for good", registry=self.registry
        )

    def watch(self, waiting: Callable[[], list[float]], dead: Callable[[], int]) -> None:
        """Ask at each look for the ages (seconds) of what waits, and for the number of dead letters."""
        self._depth.set_function(lambda: len(waiting()))
        self._oldest.set_function(lambda: max(waiting(), default=0.0))
        self._dead.set_function(dead)


@asynccontextmanager
async def serving(metrics: ShipperMetrics, host: str, port: int) -> AsyncIterator[int]:
    """Serve within the block; yields the port, which is another one when 0 was asked for."""

    async def shown(_request: web.Request) -> web.Response:
        body = generate_latest(metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.add_routes([web.get("/metrics", shown), web.get("/health", health)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
