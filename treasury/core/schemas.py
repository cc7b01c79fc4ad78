"""JSON Schema 2020-12, as much of it as the voucher file uses, compiled into functions."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from treasury.core.strict_json import pointer_step

Check = Callable[[Any], None]
Complaint = Callable[[str], tuple[str, str] | None]

_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "default"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")
_NAMES = {"object": "an object", "array": "a list", "string": "a text", "integer": "a whole number"}
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


class Mismatch(Exception):
    """A value is not as the schema says; `path` is its JSON Pointer, built up while the error rises."""

    def __init__(self, code: str, detail: str, *, key: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self._steps = [pointer_step(key)] if key else []

    def under(self, key: str | int) -> "Mismatch":
        """The same mismatch, seen from the object or list around it."""
        self._steps.append(pointer_step(key))
        return self

    @property
    def path(self) -> str:
        """The JSON Pointer of the place, from the value that was checked."""
        return "".join(reversed(self._steps))


class SchemaReader:
    """Turns schemas into checks; a definition is compiled once."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def read(self, schema: Mapping[str, Any]) -> Check:
        """The check of one schema; ValueError for a keyword or type that is not known here."""
        rest = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
        if "$ref" in rest:
            check = self._definition(rest.pop("$ref").removeprefix("#/$defs/"))
        elif "const" in rest:
            check = _one_of([rest.pop("const")])
        elif "enum" in rest:
            check = _one_of(rest.pop("enum"))
        else:
            check = self._typed(rest.pop("type"), rest)
        if rest:
            raise ValueError(f"the schema uses {sorted(rest)}, which is not understood here")
        return check

    def _definition(self, name: str) -> Check:
        if name not in self._compiled:
            self._compiled[name] = self.read(self._definitions[name])
        return self._compiled[name]

    def _typed(self, name: str | list[str], rest: dict[str, Any]) -> Check:
        if isinstance(name, list):
            return _nullable(self._typed(next(one for one in name if one != "null"), rest))
        match name:
            case "object":
                return self._object(rest)
            case "array":
                items = self.read(rest.pop("items"))
                return _array(items, rest.pop("minItems", 0), rest.pop("maxItems", None))
            case "string":
                return _string(rest)
            case "integer":
                return _integer(rest.pop("minimum", None), rest.pop("maximum", None))
            case "boolean":
                return _boolean
        raise ValueError(f"the schema uses the type {name}, which is not understood here")

    def _object(self, rest: dict[str, Any]) -> Check:
        members = {key: self.read(schema) for key, schema in rest.pop("properties").items()}
        required = rest.pop("required", [])
        if rest.pop("additionalProperties") is not False:
            raise ValueError("the schema leaves an object open")

        def check(value: Any) -> None:
            _expect(value, "object")
            for key, member in value.items():
                inspect = members.get(key)
                if inspect is None:
                    raise Mismatch("unknown_key", f"{key[:60]!a} is no key of this object", key=key)
                try:
                    inspect(member)
                except Mismatch as mismatch:
                    raise mismatch.under(key) from None
            for key in required:
                if key not in value:
                    raise Mismatch("missing_key", f"the key {key} is missing", key=key)

        return check


def _expect(value: Any, name: str) -> None:
    if type(value) is not _TYPES[name]:
        raise Mismatch("wrong_type", f"{_NAMES.get(name, name)} is expected here")


def _boolean(value: Any) -> None:
    _expect(value, "boolean")


def _nullable(check_stated: Check) -> Check:
    def check(value: Any) -> None:
        if value is not None:
            check_stated(value)

    return check


def _one_of(values: list[Any]) -> Check:
    allowed = frozenset(values)
    shown = ", ".join("null" if value is None else str(value) for value in values)

    def check(value: Any) -> None:
        if not (value is None or type(value) is str) or value not in allowed:
            raise Mismatch("value_not_allowed", f"allowed here: {shown}")

    return check


def _array(check_item: Check, least: int, most: int | None) -> Check:
    def check(value: Any) -> None:
        _expect(value, "array")
        if len(value) < least:
            raise Mismatch("too_few_items", f"{len(value)} items; at least {least} are expected")
        if most is not None and len(value) > most:
            raise Mismatch("too_many_items", f"{len(value)} items; at most {most} are allowed")
        for index, item in enumerate(value):
            try:
                check_item(item)
            except Mismatch as mismatch:
                raise mismatch.under(index) from None

    return check


def _integer(least: int | None, most: int | None) -> Check:
    def check(value: Any) -> None:
        _expect(value, "integer")
        if least is not None and value < least:
            raise Mismatch("number_too_small", f"{value} is below {least}")
        if most is not None and value > most:
            raise Mismatch("number_too_large", f"{value} is above {most}")

    return check


def _string(rest: dict[str, Any]) -> Check:
    least, most = rest.pop("minLength", 0), rest.pop("maxLength", None)
    pattern = rest.pop("pattern", None)
    # `$` would let a line break at the end pass; the whole text has to match.
    matches = re.compile(pattern.removeprefix("^").removesuffix("$")).fullmatch if pattern else None
    format_check = _FORMATS[rest.pop("format")] if "format" in rest else None

    def check(value: Any) -> None:
        _expect(value, "string")
        if len(value) < least:
            raise Mismatch("text_too_short", f"{len(value)} characters; at least {least} are expected")
        if most is not None and len(value) > most:
            raise Mismatch("text_too_long", f"{len(value)} characters; at most {most} are allowed")
        if matches and not matches(value):
            raise Mismatch("text_not_in_form", f"{value[:40]!a} is not of the form {pattern}")
        if format_check and (complaint := format_check(value)):
            raise Mismatch(*complaint)

    return check


@lru_cache(maxsize=4096)
def _date_complaint(text: str) -> tuple[str, str] | None:
    if not _DATE.fullmatch(text):
        return "text_not_in_form", f"{text[:40]!a} is not a date of the form 2025-03-10"
    try:
        date.fromisoformat(text)
    except ValueError:
        return "no_such_date", f"there is no day {text}"
    return None


def _moment_complaint(text: str) -> tuple[str, str] | None:
    if not _MOMENT.fullmatch(text):
        return "text_not_in_form", f"{text[:40]!a} is not a moment of the form 2025-03-10T09:30:00+08:00"
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return "no_such_date", f"there is no moment {text[:40]}"
    return None


_FORMATS: dict[str, Complaint] = {"date": _date_complaint, "date-time": _moment_complaint}
