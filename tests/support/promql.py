"""What a PromQL expression asks for: its metrics, and the labels that it expects of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser

_CHILDREN = ("lhs", "rhs", "expr", "vector_selector", "param")


@dataclass(frozen=True)
class Asked:
    """One selector: the metric and the labels that are matched or grouped by around it."""

    metric: str
    labels: frozenset[str]


def asked(expression: str) -> list[Asked]:
    """Every selector of an expression.

    Raises:
        ValueError: it is no PromQL.
    """
    return list(_selectors(promql_parser.parse(expression), frozenset()))


def _selectors(node: Any, labels: frozenset[str]) -> Iterator[Asked]:
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
        labels |= frozenset(node.modifier.labels)
    if isinstance(node, promql_parser.VectorSelector):
        yield Asked(node.name or "", labels | {matcher.name for matcher in node.matchers.matchers})
        return
    children = [getattr(node, name, None) for name in _CHILDREN]
    for child in [*children, *(getattr(node, "args", None) or [])]:
        if child is not None:
            yield from _selectors(child, labels)
