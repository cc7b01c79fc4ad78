"""JSON read strictly: plain UTF-8, whole numbers only, no key twice, nothing that cannot be stored.

Python's own parser does the work. What it would let through becomes a `_Refusal` in its place, and the first
of them in the document's order is reported with its JSON Pointer, so that nobody has to search a file of
20,000 payees.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from treasury.core.errors import Problem

SIZE_MAX_BYTES = 64 * 1024 * 1024  # a voucher of 50,000 payees takes about half of it
_DIGITS_MAX = 16  # three more than the largest amount; a number of a million digits is not even read
# What a `\u` escape may smuggle in: half a surrogate pair cannot be encoded, PostgreSQL stores no NUL, XML no
# controls.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SUSPICIOUS_ESCAPE = re.compile(r"\\u(?:00[01]|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Stands in the document where something may not stand; `step` leads on to the key it speaks of."""

    code: str
    detail: str
    step: str = ""


def read_strict_json(data: bytes) -> Any:
    """The document in some bytes.

    Problems: `file_too_large`, `byte_order_mark`, `not_utf8`, `not_json`, `nested_too_deeply`,
    `duplicate_key`, `number_not_whole`, `number_too_long`, `character_not_allowed`; with the JSON Pointer of
    the place where there is one.
    """
    text = _decoded(data)
    reader = _Reader()
    try:
        document = json.loads(
            text,
            object_pairs_hook=reader.read_object,
            parse_int=reader.read_number,
            parse_float=reader.refuse_number,
            parse_constant=reader.refuse_number,
        )
    except RecursionError:
        raise Problem("nested_too_deeply", "objects and lists are nested far deeper than a voucher file is") from None
    except json.JSONDecodeError as error:
        raise Problem("not_json", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    if reader.has_refused:
        _raise_first_refusal(document)
    if _SUSPICIOUS_ESCAPE.search(text):
        refuse_unstorable_text(document)
    return document


def refuse_unstorable_text(document: object) -> None:
    """Problem `character_not_allowed` when a text or key holds a lone surrogate, NUL or another control."""
    for path, value in _places(document):
        for text in value if isinstance(value, dict) else (value,):
            found = _UNSTORABLE.search(text) if isinstance(text, str) else None
            if found:
                detail = f"the character U+{ord(found.group()):04X} cannot be part of a text"
                raise Problem("character_not_allowed", detail, path=path)


def pointer_step(key: str | int) -> str:
    """One step of a JSON Pointer (RFC 6901), what cannot be encoded replaced."""
    step = str(key).replace("~", "~0").replace("/", "~1")
    return "/" + step.encode("utf-8", "replace").decode("utf-8")


def _decoded(data: bytes) -> str:
    if len(data) > SIZE_MAX_BYTES:
        raise Problem("file_too_large", f"{len(data):,} bytes; at most {SIZE_MAX_BYTES:,} are read")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Problem("byte_order_mark", "starts with a byte order mark; JSON is plain UTF-8 (RFC 8259)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("not_utf8", f"not UTF-8: byte {error.start + 1} is {data[error.start]:#04x}") from None


class _Reader:
    """The hooks of one reading."""

    def __init__(self) -> None:
        self.has_refused = False

    def read_object(self, pairs: list[tuple[str, Any]]) -> Any:
        """The object of some members, refused when a key stands twice."""
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        self.has_refused = True
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        return _Refusal("duplicate_key", "the key stands twice in its object", pointer_step(twice))

    def read_number(self, digits: str) -> Any:
        """The whole number of some digits, refused when there are too many."""
        if len(digits) <= _DIGITS_MAX:
            return int(digits)
        self.has_refused = True
        return _Refusal("number_too_long", f"a number of {len(digits)} characters; none here has more than 13 digits")

    def refuse_number(self, written: str) -> Any:
        """Neither fractions nor exponents nor NaN nor Infinity are numbers of a voucher file."""
        self.has_refused = True
        return _Refusal("number_not_whole", f"{written[:40]} is not written as a whole number")


def _raise_first_refusal(document: object) -> None:
    path, first = next((path, value) for path, value in _places(document) if isinstance(value, _Refusal))
    raise Problem(first.code, first.detail, path=path + first.step)


def _places(document: object) -> Iterator[tuple[str, Any]]:
    """Every value with its JSON Pointer, in the document's order; without recursion, whatever the nesting."""
    open_places: list[tuple[str, Any]] = [("", document)]
    while open_places:
        path, value = open_places.pop()
        yield path, value
        if isinstance(value, dict):
            open_places += [(path + pointer_step(key), value[key]) for key in reversed(value)]
        elif isinstance(value, list):
            open_places += [(f"{path}/{index}", value[index]) for index in range(len(value) - 1, -1, -1)]
