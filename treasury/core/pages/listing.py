"""A list: filters kept in the URL as removable chips, fifty rows a page with real links, the same rows as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.exports import FORMATS, exported
from treasury.core.texts import either

PAGE_ROWS: Final = 50
# Nobody turns to row 1,001: the filter is narrowed. Nothing beyond is counted, so a long queue is as quick as a short.
COUNTED_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list: `apply(rows, value)` narrows, `choices` are (value, zh, en) for a select."""

    name: str
    title_zh: str
    title_en: str
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    choices: Sequence[tuple[str, str, str]] = ()
    kind: str = "text"

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return either(self.title_zh, self.title_en)

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices in the reader's language."""
        return [(value, either(zh, en)) for value, zh, en in self.choices]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the exported file."""

    title_zh: str
    title_en: str
    value: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    title: str
    value: str
    without: str


@dataclass
class Listing:
    """One page of a list. `rows` are already narrowed to what the reader may see, in their order."""

    request: HttpRequest
    rows: QuerySet[Any]
    name: str
    filters: Sequence[Filter] = ()
    columns: Sequence[ListColumn] = ()
    page_rows: int = PAGE_ROWS
    chips: list[Chip] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for one in self.filters:
            value = self.request.GET.get(one.name, "").strip()
            if value:
                self.rows = one.apply(self.rows, value)
                self.chips.append(Chip(one.title, dict(one.options).get(value, value), self._address(**{one.name: ""})))
        self.count = self.rows.order_by()[: COUNTED_MAX + 1].count()
        self.is_more = self.count > COUNTED_MAX
        self.count = min(self.count, COUNTED_MAX)
        self.page_count = max(1, -(-self.count // self.page_rows))
        self.page_no = min(max(1, _whole(self.request.GET.get("page", "1"))), self.page_count)
        start = (self.page_no - 1) * self.page_rows
        self.shown = list(self.rows[start : min(start + self.page_rows, COUNTED_MAX)])

    @property
    def pages(self) -> list[tuple[int, str]]:
        """(number, address) of every page."""
        return [(number, self._address(page=str(number))) for number in range(1, self.page_count + 1)]

    @property
    def count_text(self) -> str:
        """How many there are, `1,000+` where nobody counted on."""
        return f"{self.count:,}{'+' if self.is_more else ''}"

    @property
    def exports(self) -> list[tuple[str, str]]:
        """(format, address) of the same rows as a file."""
        return [(kind.upper(), self._address(format=kind, page="")) for kind in FORMATS] if self.columns else []

    def export(self) -> HttpResponse | None:
        """The file that `?format=` asks for, or None when a page is wanted."""
        kind = self.request.GET.get("format", "")
        if not kind:
            return None
        if not self.columns:
            raise Problem("unknown_format", "this list does not come as a file", path="/format", status=400)
        titles = [either(column.title_zh, column.title_en) for column in self.columns]
        cells = ([column.value(row) for column in self.columns] for row in self.rows.iterator(chunk_size=2000))
        return exported(kind=kind, name=f"{self.name}-{clock.today():%Y%m%d}", titles=titles, rows=cells)

    def value_of(self, name: str) -> str:
        """What a filter is set to."""
        return str(self.request.GET.get(name, ""))

    def _address(self, **changed: str) -> str:
        given = {name: value for name, value in self.request.GET.items() if name not in ("page", "format")}
        kept = {name: value for name, value in (given | changed).items() if value}
        return f"{self.request.path}?{urlencode(kept)}" if kept else self.request.path


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
