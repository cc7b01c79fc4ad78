"""One operation of the API as a row: what it needs, what it takes, what it answers.

The row is read twice: by the view, which asks for scope, headers, query and body as it says, and by the OpenAPI
document. So neither can say what the other does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from treasury.core.schemas import Check

Schema = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

KEY_HEADER: Final = "Idempotency-Key"
MATCH_HEADER: Final = "If-Match"
REQUEST_HEADERS: Final[Mapping[str, Schema]] = {
    KEY_HEADER: {"type": "string", "pattern": "^[!-~]{1,120}$"},
    MATCH_HEADER: {"type": "string", "pattern": '^"[!#-~]{1,80}"$'},
}
ANSWER_HEADERS: Final[Mapping[str, Schema]] = {
    "ETag": {"type": "string", "pattern": '^"[!#-~]{1,80}"$'},
    "Location": {"type": "string"},
    "Retry-After": {"type": "string", "pattern": "^[0-9]+$"},
    "WWW-Authenticate": {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one address does. `scope` empty: open to everybody; `check` judges the body by `body`."""

    name: str
    title_zh: str
    title_en: str
    tag: str
    scope: str = ""
    path: Mapping[str, Schema] = field(default_factory=dict)
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    body: Schema | None = None
    body_types: tuple[str, ...] = ("application/json",)
    body_needed: bool = True
    check: Check | None = None
    status: int = 200
    answer: Schema | None = None
    answer_type: str = "application/json"
    answer_headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    description: str = ""

    @property
    def problem_statuses(self) -> tuple[int, ...]:
        """Every status of a problem it may answer with."""
        found = {400, 405, 406, 500, *self.problems}
        if self.scope:
            found |= {401, 403, 429}
        if self.path:
            found.add(404)
        if self.body is not None:
            found |= {413, 415, 422}
        if KEY_HEADER in self.headers:
            found |= {409, 415}
        if MATCH_HEADER in self.headers:
            found |= {412, 428}
        return tuple(sorted(found))


def operation(row: Operation) -> Callable[[View], View]:
    """Decorator: makes a method of an `ApiView` the operation of a row."""

    def decorate(view: View) -> View:
        view.operation = row  # type: ignore[attr-defined]
        return view

    return decorate
