"""Reading the query of a request by the schemas of its parameters."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from treasury.core.errors import Problem
from treasury.core.schemas import Mismatch, SchemaReader

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_TRUTHS = {"true": True, "false": False}


def query_read(given: QueryDict, schemas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The parameters of a request, defaults filled in; Problem `bad_query` (400) for one that is unknown, given twice
    or not as its schema says."""
    for name in given:
        if name not in schemas:
            raise _refusal(name, f"there is no parameter {name[:40]!a} here")
        if len(given.getlist(name)) > 1:
            raise _refusal(name, "it is given twice")
    found = {name: schema["default"] for name, schema in schemas.items() if "default" in schema}
    return found | {name: _value(name, str(given[name]), schemas[name]) for name in given}


def _value(name: str, text: str, schema: dict[str, Any]) -> Any:
    value: Any = text
    if schema.get("type") == "integer":
        if not _WHOLE.fullmatch(text):
            raise _refusal(name, "a whole number is expected")
        value = int(text)
    elif schema.get("type") == "boolean":
        if text not in _TRUTHS:
            raise _refusal(name, "true or false is expected")
        value = _TRUTHS[text]
    try:
        SchemaReader({}).read(schema)(value)
    except Mismatch as mismatch:
        raise _refusal(name, mismatch.detail) from None
    return value


def _refusal(name: str, detail: str) -> Problem:
    return Problem("bad_query", detail, path=f"/{name[:60]}", status=400)
