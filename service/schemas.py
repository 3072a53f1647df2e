"""What is allowed of a field, as JSON Schema has it: its type, its range, and the choices."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter

Schema = dict[str, Any]

_NULL: Schema = {"type": "null"}
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""By pydantic's names, which it leaves as they are where a validator of ours stands before the bound."""
_SAID_ELSEWHERE = {"title", "description", "default"}


def field_schemas(record: type[BaseModel]) -> dict[str, Schema]:
    """What is allowed of each field of the record, by name, without its words and its default."""
    return {name: _plain(each) for name, each in record.model_json_schema()["properties"].items()}


def schema_of(annotation: Any) -> Schema:
    """What is allowed of a value so annotated, without its words."""
    return _plain(TypeAdapter(annotation).json_schema())


def _plain(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: each for name, each in schema.items() if name not in _SAID_ELSEWHERE}
    if "prefixItems" in kept:  # ours are all of one kind, and many clients know only `items`
        kept["items"] = any_of(_plain(kept.pop("prefixItems")))
    return {_BOUNDS.get(name, name): _plain(each) for name, each in kept.items()}


def any_of(schemas: Iterable[Schema]) -> Schema:
    """What one of the schemas allows, each of which counts once."""
    found: list[Schema] = []
    for schema in schemas:
        found += [each for each in schema.get("anyOf", [schema]) if each not in found]
    return found[0] if len(found) == 1 else {"anyOf": found}


def nullable(schema: Schema) -> Schema:
    """What the schema allows, or null."""
    return any_of([schema, _NULL])
