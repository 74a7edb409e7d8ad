"""Quantiles from the buckets of the statement timer."""

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from infra.bench.statements import TIMER, Buckets


def timer(*seconds: float) -> Buckets:
    registry = CollectorRegistry()
    histogram = Histogram(TIMER, "Statements", buckets=(0.01, 0.05, 0.1), registry=registry)
    for one in seconds:
        histogram.observe(one)
    return Buckets.read(generate_latest(registry).decode())


def test_quantile_grows_evenly_within_a_bucket() -> None:
    read = timer(*[0.005] * 50, *[0.02] * 50)
    assert read.n == 100
    assert read.quantile_ms(0.5) == 10.0
    assert read.quantile_ms(0.75) == 30.0
    assert read.quantile_ms(0.99) == pytest.approx(49.2)


def test_what_was_before_does_not_count() -> None:
    before, after = timer(0.09, 0.09), timer(0.09, 0.09, 0.005, 0.005)
    assert after.since(before).n == 2
    assert after.since(before).quantile_ms(0.99) == pytest.approx(9.9)


def test_of_the_open_bucket_the_lower_bound_is_told() -> None:
    assert timer(3.0, 4.0).quantile_ms(0.99) == 100.0


def test_no_statement_has_no_quantile() -> None:
    assert timer().quantile_ms(0.99) is None


def test_a_page_without_the_timer_is_refused() -> None:
    with pytest.raises(ValueError, match=TIMER):
        Buckets.read("# TYPE up gauge\nup 1\n")
