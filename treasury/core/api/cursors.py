"""Pages of a list by a cursor: what comes next is found by an index, however long the list."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db import models

from treasury.core.api.components import Schema
from treasury.core.errors import Problem
from treasury.core.whole import whole_of

M = TypeVar("M", bound=models.Model)
LIMIT: Final = 50
LIMIT_MAX: Final = 200

PAGE_QUERY: Final[dict[str, Schema]] = {
    "cursor": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,120}$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
}


def cursor_of(position: str) -> str:
    """A position as the opaque text that a client hands back."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str) -> str:
    """The position in a cursor; Problem `bad_cursor` (400) for anything that was not given out here."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        raise bad_cursor() from None
    if cursor_of(text) != cursor:
        raise bad_cursor()
    return text


def bad_cursor() -> Problem:
    """The refusal of a cursor."""
    return Problem("bad_cursor", "", path="/cursor", status=422)


def page(rows: models.QuerySet[M], query: dict[str, Any], show: Callable[[list[M]], list[Any]]) -> dict[str, Any]:
    """A page of rows by id, ascending: one query for the page, and what `show` asks for all its rows together."""
    limit = query["limit"]
    if "cursor" in query:
        after = whole_of(position_of(query["cursor"]), digits=18)
        if after < 0:
            raise bad_cursor()
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: limit + 1])
    shown = found[:limit]
    next_cursor = cursor_of(str(shown[-1].pk)) if len(found) > limit else None
    return {"items": show(shown), "next_cursor": next_cursor}
