"""`python -m api.reference FOLDER`: the API reference and the data model, written from the code itself."""

import inspect
import sys
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from api.openapi import description
from api.tables import TABLES, metadata

_BY_HAND: Final = "<!-- Written by `make generate`; changes by hand are lost. -->"
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def api_reference() -> str:
    """Every endpoint by its tag: what it is for, what it takes, what it answers."""
    document = description()
    lines = ["# API reference", "", _BY_HAND, "", _INTRODUCTION]
    for tag, operations in _by_tag(document).items():
        lines += [f"## {tag.capitalize()}", ""]
        for method, path, operation in operations:
            lines += _operation(document, method, path, operation)
    return "\n".join(lines).rstrip() + "\n"


_INTRODUCTION: Final = """\
The browser signs in with a cookie; API clients send `Authorization: Bearer TOKEN`. Bodies are JSON. Every \
answer that is not 2xx is `{"error": {"code", "message", "request_id", "details"?}}`, and carries \
`Retry-After` where waiting helps. The machine-readable description is at `/api/v1/openapi.json`.
"""


def _by_tag(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, item in sorted(document["paths"].items()):
        for method in _METHODS:
            if method in item:
                tag = (item[method].get("tags") or ["other"])[0]
                found.setdefault(tag, []).append((method, path, item[method]))
    return dict(sorted(found.items()))


def _operation(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> list[str]:
    lines = [f"### `{method.upper()} {path}`", "", inspect.cleandoc(operation.get("description", "")), ""]
    fields = [*_parameters(document, operation), *_body(document, operation)]
    if fields:
        lines += ["| takes | type | |", "|---|---|---|", *fields, ""]
    for status, answer in operation.get("responses", {}).items():
        if status.isdigit():
            lines += [f"Answers {status}{_answer(document, answer)}", ""]
    return lines


def _parameters(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    return [
        _row(f"{one['name']} ({one['in']})", _type(document, one["schema"]), one.get("description", ""))
        for one in operation.get("parameters", [])
        if one["in"] != "cookie"
    ]


def _body(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return _fields(document, schema) if schema else []


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    resolved = _resolved(document, schema)
    required = set(resolved.get("required", []))
    return [
        _row(name + ("" if name in required else "?"), _type(document, value), value.get("description", ""))
        for name, value in resolved.get("properties", {}).items()
    ]


def _answer(document: dict[str, Any], answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if not schema:
        return "."
    rows = _fields(document, schema)
    if not rows:
        return f": {_type(document, schema)}."
    return ":\n\n" + "\n".join(["| field | type | |", "|---|---|---|", *rows])


def _row(name: str, kind: str, said: str) -> str:
    text = " ".join(said.split()).replace("|", "\\|")
    return f"| `{name}` | {kind} | {text} |"


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        found: dict[str, Any] = document["components"]["schemas"][name]
        return found
    return schema


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        resolved = _resolved(document, schema)
        return _type(document, resolved) if "enum" in resolved else schema["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_type(document, one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(document, schema.get('items', {}))}"
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS.items() if key in schema]
    kind = str(schema.get("format") or schema.get("type") or "any")
    return f"{kind} ({', '.join(limits)})" if limits else kind


_LIMITS: Final = {
    "minLength": "at least", "maxLength": "at most", "minimum": "from", "maximum": "to"
}  # fmt: skip


def data_model() -> str:
    """Every table: what a row is, its columns, and how tables hang together."""
    lines = ["# Data model", "", _BY_HAND, "", _MODEL_INTRODUCTION, "```mermaid", "erDiagram"]
    lines += [*_relations(), "```", ""]
    said = {model.__tablename__: inspect.cleandoc(model.__doc__ or "") for model in TABLES}
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        lines += [f"## {table.name}", "", said.get(table.name, ""), ""]
        lines += ["| column | type | |", "|---|---|---|", *(_column(column) for column in table.columns), ""]
    return "\n".join(lines).rstrip() + "\n"


_MODEL_INTRODUCTION: Final = """\
Postgres 16 or later. The schema is made by the migrations in `migrations/` alone. Keys are random UUIDs, \
times are timezone-aware. The tables of the job queue belong to pgqueuer and are not listed.
"""


def _relations() -> list[str]:
    pairs = {
        (key.column.table.name, table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
    }
    return [f"    {parent} ||--o{{ {child} : {column}" for parent, child, column in sorted(pairs)]


def _column(column: Column[Any]) -> str:
    kind = column.type.compile(dialect=postgresql.dialect()).lower()  # type: ignore[no-untyped-call]
    notes = [
        *(["key"] if column.primary_key else []),
        *(["may be absent"] if column.nullable else []),
        *(["unique"] if _is_unique(column) else []),
        *(f"→ {key.column.table.name}.{key.column.name}" for key in column.foreign_keys),
    ]
    return f"| `{column.name}` | {kind} | {', '.join(notes)} |"


def _is_unique(column: Column[Any]) -> bool:
    table = column.table
    assert isinstance(table, Table)  # noqa: S101 - tells the type checker
    return bool(column.unique) or any(
        index.unique and [one.name for one in index.columns] == [column.name] for index in table.indexes
    )


def main() -> None:
    """Write both files into the folder given."""
    folder = Path(sys.argv[1])
    (folder / "api.md").write_text(api_reference(), "utf-8")
    (folder / "data-model.md").write_text(data_model(), "utf-8")


if __name__ == "__main__":
    main()
