"""Vectors in the database: pgvector's type, whose length is each row's own."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.types import UserDefinedType

Numbers = Sequence[float]


def written(vector: Numbers) -> str:
    """A vector as Postgres reads it."""
    return "[" + ",".join(f"{value:.7g}" for value in vector) + "]"


class VECTOR(UserDefinedType[Numbers]):
    """A column of pgvector's."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """The type's name."""
        return "vector"

    def bind_processor(self, dialect: Any) -> Callable[[Numbers | None], str | None]:  # noqa: ARG002
        """Write a value."""
        return lambda value: None if value is None else written(value)

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[str | None], Numbers | None]:  # noqa: ARG002
        """Read a value."""
        return lambda text: None if text is None else [float(one) for one in text[1:-1].split(",")]
