"""A list: filters kept in the URL as removable chips, fifty rows a page with real links, the same rows as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.exports import FORMATS, ROWS_MAX, exported, too_long
from treasury.core.pages.wanted import page_wanted
from treasury.core.texts import either

PAGE_ROWS: Final = 50
# Nobody turns to row 1,001: the filter is narrowed. Nothing beyond is counted, so a long queue is as quick as a short.
COUNTED_MAX: Final = 1000
VALUE_LENGTH: Final = 200
_NOT_FILTERS: Final = ("page", "format")


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list: `apply(rows, value)` narrows, `choices` are (value, zh, en) for a select.

    `kind` is the kind of input (`text`, `search`, `number`); dates are text, because they are typed as ROC dates.
    A Problem of `apply` (a date that is none) is shown beside the list, which then stays as it was.
    """

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


def by_agency(field: str) -> Filter:
    """A filter by the code of an agency, which stands in `field`."""
    return Filter("agency", "機關代號", "Agency code", lambda rows, value: rows.filter(**{field: value}))


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


@dataclass(frozen=True, slots=True)
class Field:
    """A filter as the page asks for it, with what it is set to and the Problem of what was typed."""

    name: str
    title: str
    value: str
    options: list[tuple[str, str]]
    input_type: str
    problem: Problem | None

    @property
    def placeholder(self) -> str:
        """How a date is typed."""
        return "114/3/10" if self.input_type == "date" else ""


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
    fields: list[Field] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for one in self.filters:
            self._narrow(one)
        # What is not to be had is not asked for: a file needs no page.
        wants_page = not self.request.GET.get("format")
        counted = self.rows.order_by()[: COUNTED_MAX + 1].count() if wants_page else 0
        self.is_more = counted > COUNTED_MAX
        self.count = min(counted, COUNTED_MAX)
        self.page_count = max(1, -(-self.count // self.page_rows))
        self.page_no = page_wanted(self.request.GET.get("page", "1"), self.page_count)
        start = (self.page_no - 1) * self.page_rows
        self.shown = list(self.rows[start : min(start + self.page_rows, COUNTED_MAX)]) if wants_page else []

    @property
    def pages(self) -> list[tuple[int, str]]:
        """(number, address) of every page."""
        return [(number, self._address(page=str(number))) for number in range(1, self.page_count + 1)]

    @property
    def previous(self) -> str:
        """The address of the page before, empty on the first."""
        return self._address(page=str(self.page_no - 1)) if self.page_no > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, empty on the last."""
        return self._address(page=str(self.page_no + 1)) if self.page_no < self.page_count else ""

    @property
    def count_text(self) -> str:
        """How many there are, `1,000+` where nobody counted on."""
        return f"{self.count:,}{'+' if self.is_more else ''}"

    @property
    def exports(self) -> list[tuple[str, str]]:
        """(format, address) of the same rows as a file."""
        return [(kind.upper(), self._address(format=kind)) for kind in FORMATS] if self.columns else []

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address says besides the filters (which queue it is, an order): the filter form keeps it."""
        names = {one.name for one in self.filters}
        given = self.request.GET.lists()
        return [(name, str(one)) for name, some in given if name not in (*names, *_NOT_FILTERS) for one in some]

    @property
    def bare(self) -> str:
        """The address without any filter."""
        return self._address(**{one.name: "" for one in self.filters})

    @property
    def here(self) -> str:
        """The address of this list as it is filtered, its first page: what a saved filter keeps."""
        return self._address()

    @property
    def problems(self) -> list[Problem]:
        """What was typed into filters and could not be understood."""
        return [one.problem for one in self.fields if one.problem]

    def export(self) -> HttpResponse | None:
        """The file that `?format=` asks for, or None when a page is wanted."""
        kind = self.request.GET.get("format", "")
        if not kind:
            return None
        if not self.columns:
            raise Problem("unknown_format", "this list does not come as a file", path="/format", status=400)
        if self.rows.order_by()[: ROWS_MAX + 1].count() > ROWS_MAX:
            raise too_long()
        titles = [either(column.title_zh, column.title_en) for column in self.columns]
        cells = ([column.value(row) for column in self.columns] for row in self.rows.iterator(chunk_size=2000))
        return exported(kind=kind, name=f"{self.name}-{clock.today():%Y%m%d}", titles=titles, rows=cells)

    def value_of(self, name: str) -> str:
        """What a filter is set to."""
        return str(self.request.GET.get(name, ""))

    def _narrow(self, one: Filter) -> None:
        # PostgreSQL knows no NUL; nobody types it, and it is not worth an error page.
        value = self.request.GET.get(one.name, "").replace("\x00", "").strip()[:VALUE_LENGTH]
        problem = None
        options = one.options
        if value and options and value not in dict(options):
            value = ""
        if value:
            try:
                self.rows = one.apply(self.rows, value)
                self.chips.append(Chip(one.title, dict(options).get(value, value), self._address(**{one.name: ""})))
            except Problem as caught:
                problem = caught
        self.fields.append(Field(one.name, one.title, value, options, one.kind, problem))

    def _address(self, **changed: str) -> str:
        query = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():
            if name not in (*_NOT_FILTERS, *changed):
                query.setlist(name, [value for value in values if value])
        for name, value in changed.items():
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query.urlencode() else self.request.path
