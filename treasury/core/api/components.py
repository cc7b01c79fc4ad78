"""Schemas with a name: kept once, referred to by operations, written into the document."""

from collections.abc import Callable
from typing import Any

from treasury.core.schemas import Check, SchemaReader

Schema = dict[str, Any]
_PREFIX = "#/components/schemas/"
_components: dict[str, Schema] = {}


def component(name: str, schema: Schema) -> Schema:
    """Names a schema; returns the reference to it."""
    if _components.setdefault(name, schema) != schema:
        raise RuntimeError(f"{name} is another schema already")
    return {"$ref": _PREFIX + name}


def components() -> dict[str, Schema]:
    """Every named schema, by name."""
    return dict(sorted(_components.items()))


def record(**members: Schema) -> Schema:
    """An object with these members and no others, all of them there; a member `optional(...)` may be missing."""
    needed = [name for name, schema in members.items() if "x-optional" not in schema]
    properties = {name: {key: schema[key] for key in schema if key != "x-optional"} for name, schema in members.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": needed}


def optional(schema: Schema) -> Schema:
    """A member of a `record` that may be missing."""
    return schema | {"x-optional": True}


def one_of(values: list[str] | tuple[str, ...]) -> Schema:
    """One of some texts."""
    return {"enum": list(values)}


def list_of(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def page_of(item: Schema) -> Schema:
    """A page of a list: its items, and the cursor of the next page (null after the last)."""
    return record(items=list_of(item), next_cursor=NULLABLE_TEXT)


def check_of(schema: Schema) -> Check:
    """The compiled check of a schema without references."""
    plain = {key: value for key, value in schema.items()}
    return SchemaReader({}).read(plain)


def pointer_prefixed(rename: Callable[[str], str], schema: Any) -> Any:
    """A schema whose references to `#/$defs/` lead to components, each under a new name."""
    if isinstance(schema, dict):
        return {
            key: _PREFIX + rename(value.removeprefix("#/$defs/")) if key == "$ref" else pointer_prefixed(rename, value)
            for key, value in schema.items()
        }
    return [pointer_prefixed(rename, one) for one in schema] if isinstance(schema, list) else schema


TEXT: Schema = {"type": "string"}
NULLABLE_TEXT: Schema = {"type": ["string", "null"]}
DATE: Schema = {"type": "string", "format": "date"}
NULLABLE_DATE: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NULLABLE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
NULLABLE_WHOLE: Schema = {"type": ["integer", "null"]}
TRUTH: Schema = {"type": "boolean"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
YEAR: Schema = {"type": "integer", "minimum": 90, "maximum": 200}

ERROR = component(
    "Error",
    record(
        pointer=TEXT,
        code=TEXT,
        detail=TEXT,
        detail_en=TEXT,
        reason=optional(TEXT),
        remedy=optional(TEXT),
        remedy_en=optional(TEXT),
    ),
)
PROBLEM = component(
    "Problem",
    record(
        type=TEXT,
        title=TEXT,
        title_en=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        code=TEXT,
        detail=TEXT,
        detail_en=TEXT,
        errors=list_of(ERROR),
    ),
)
