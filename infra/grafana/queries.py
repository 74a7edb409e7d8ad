"""Expressions that the dashboards have in common."""

from infra.grafana.panels import Query

QUANTILES = (0.5, 0.95, 0.99)


def rate(metric: str, by: str = "", where: str = "") -> str:
    """The rate of a counter over five minutes, summed, by some labels."""
    grouped = f"sum by ({by}) " if by else "sum"
    return f"{grouped}(rate({metric}{where}[5m]))"


def quantiles(histogram: str, where: str = "") -> tuple[Query, ...]:
    """The median, the 95th and the 99th percentile of a histogram over five minutes."""
    return tuple(
        Query(
            f"histogram_quantile({share}, {rate(f'{histogram}_bucket', 'le', where)})",
            f"p{round(share * 100)}",
        )
        for share in QUANTILES
    )


def slowest(histogram: str, by: str) -> tuple[Query, ...]:
    """The 95th percentile by a label, the ten highest."""
    series = rate(f"{histogram}_bucket", f"le, {by}")
    return (Query(f"topk(10, histogram_quantile(0.95, {series}))", f"{{{{{by}}}}}"),)
