"""The smallest body that an operation's description accepts, so that a refusal is about who asks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

Schema = dict[str, Any]


def body_of(description: Schema, path: str, method: str, values: Mapping[str, str] | None = None) -> Any:
    """A body for an operation of an OpenAPI description, or None where it takes none.

    Args:
        description: The whole document.
        path: The operation's path, with its keys in braces.
        method: In lower case.
        values: What to send in fields of these names, also where they may be left out.
    """
    schema = _body_schema(description, path, method)
    if schema is None:
        return None
    body = example(schema, description)
    if isinstance(body, dict) and values:
        body |= {name: values[name] for name in fields_of(description, path, method) & set(values)}
    return body


def fields_of(description: Schema, path: str, method: str) -> set[str]:
    """The names of the fields that an operation's body may have."""
    schema = _body_schema(description, path, method) or {}
    while "$ref" in schema or "anyOf" in schema:
        schema = _resolved(schema["$ref"], description) if "$ref" in schema else schema["anyOf"][0]
    return set(schema.get("properties", {}))


def _body_schema(description: Schema, path: str, method: str) -> Schema | None:
    wanted = description["paths"][path][method].get("requestBody")
    if wanted is None or "application/json" not in wanted["content"]:
        return None
    schema: Schema = wanted["content"]["application/json"]["schema"]
    return schema


def example(schema: Schema, description: Schema) -> Any:
    """The smallest value that a schema accepts; of alternatives the first that is not null."""
    if "$ref" in schema:
        return example(_resolved(schema["$ref"], description), description)
    for several in ("allOf", "anyOf", "oneOf"):
        if several in schema:
            kinds = [one for one in schema[several] if one.get("type") != "null"]
            return example(kinds[0], description)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", [])), None))
    return _of_type(schema, description)


def _of_type(schema: Schema, description: Schema) -> Any:
    match schema.get("type", "object"):
        case "object":
            properties = schema.get("properties", {})
            return {name: example(properties[name], description) for name in schema.get("required", [])}
        case "array":
            return [example(schema["items"], description)] * schema.get("minItems", 0)
        case "string":
            return _text(schema)
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case kind:
            raise ValueError(f"no example of {kind}")


def _text(schema: Schema) -> str:
    ahead = datetime.now(UTC) + timedelta(days=2)
    formats = {
        "uuid": str(uuid4()),
        "email": "nobody@example.com",
        "date-time": ahead.isoformat(),
        "date": ahead.date().isoformat(),
    }
    found = formats.get(schema.get("format", ""))
    return found or "A" * max(1, schema.get("minLength", 1))


def _resolved(reference: str, description: Schema) -> Schema:
    found: Any = description
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    schema: Schema = found
    return schema
