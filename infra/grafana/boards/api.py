"""The API: what it answers, how fast, what it refuses."""

from infra.grafana.panels import Dashboard, Panel, Query
from infra.grafana.queries import quantiles, rate, slowest

_REQUESTS = "avaaz_http_requests_total"
_FAILED = '{status=~"5.."}'

API = Dashboard(
    "avaaz-api",
    "Avaaz: API",
    (
        Panel(
            "API processes that answer", (Query('count(up{job="api"} == 1) or vector(0)'),), "none", stat=True
        ),
        Panel("Requests a second", (Query(rate(_REQUESTS)),), "reqps", stat=True),
        Panel(
            "Failed requests",
            (Query(f"{rate(_REQUESTS, where=_FAILED)} / {rate(_REQUESTS)}"),),
            "percentunit",
            "Share of answers that are 5xx.",
            stat=True,
            amber=0.001,
            red=0.01,
        ),
        Panel(
            "Time to answer, p95",
            (quantiles("avaaz_http_request_seconds")[1],),
            "s",
            stat=True,
            amber=0.3,
            red=1.0,
        ),
        Panel("Time to answer", quantiles("avaaz_http_request_seconds"), "s"),
        Panel("Answers by status", (Query(rate(_REQUESTS, "status"), "{{status}}"),), "reqps"),
        Panel("Slowest routes, p95", slowest("avaaz_http_request_seconds", "route"), "s"),
        Panel(
            "Busiest routes",
            (Query(f"topk(10, {rate(_REQUESTS, 'method, route')})", "{{method}} {{route}}"),),
            "reqps",
        ),
        Panel(
            "Refused requests",
            (Query(rate(_REQUESTS, "route, status", '{status=~"401|403|413|429"}'), "{{status}} {{route}}"),),
            "reqps",
            "401 and 403: who may not; 413: too large; 429: too often.",
        ),
        Panel(
            "At the edge: time to answer, p95",
            (
                Query(
                    f"histogram_quantile(0.95, {rate('caddy_http_request_duration_seconds_bucket', 'le')})",
                    "Caddy",
                ),
            ),
            "s",
            "With the network between Caddy and the API.",
        ),
    ),
)
