"""The voucher form as its template draws it: parts, cells and lists, with what is said beside each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vouchers.drafts import DraftForm
from vouchers.pages import form_layout as layout
from vouchers.pages.form_fields import value_at
from vouchers.pages.form_findings import Complaint, field_id
from vouchers.pages.form_layout import LAYOUTS, PARTS, ListLayout, Part
from vouchers.pages.form_shape import SHAPES, Shape, generic, is_shown, stated
from vouchers.pages.form_sums import Sums, hints, sums

Fields = Mapping[str, Any]
Said = Mapping[str, list[Complaint]]
_WIDE: Final = frozenset({"text", "purpose", "petty_exception_reason", "account_name_reason", "reason", "sha256"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One field on the page."""

    name: str
    shape: Shape
    value: str
    complaints: Sequence[Complaint] = ()
    hint: str = ""
    is_fixed: bool = False

    @property
    def id(self) -> str:
        """The id of its control."""
        return field_id(self.name)

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of its part."""
        return self.shape.name.rpartition(".")[2] in _WIDE

    @property
    def lookup(self) -> str:
        """What can be looked up in it: `account`, `bank`, `payee` or nothing."""
        return layout.LOOKUPS.get(self.shape.name, "")

    @property
    def decides(self) -> bool:
        """Whether the page looks different after it is changed."""
        return self.name in layout.DECIDERS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: `no` counts from 1, `complaints` are those that no cell shows."""

    name: str
    no: int
    cells: Sequence[Cell]
    more: Sequence[Cell] = ()
    documents: Sequence[Sequence[Cell]] = ()
    complaints: Sequence[Complaint] = ()
    more_is_open: bool = False
    is_elsewhere: bool = False

    @property
    def id(self) -> str:
        """The id of the line, for links."""
        return field_id(self.name)


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of a list with its columns, its sum and the ways to its other pages."""

    name: str
    title: str
    columns: Sequence[Shape]
    lines: Sequence[Line]
    count: int
    start: int
    page_lines: int
    sum_twd: int | None
    complaints: Sequence[Complaint]
    is_grid: bool = True
    opened: Line | None = None

    @property
    def id(self) -> str:
        """The id of the list, for links."""
        return field_id(self.name)

    @property
    def pages(self) -> list[tuple[int, int, bool]]:
        """(number, first line from 0, whether it is this one) of every page."""
        starts = range(0, max(self.count, 1), self.page_lines)
        return [(number, start, start == self.start) for number, start in enumerate(starts, 1)]

    @property
    def adds(self) -> int:
        """How many empty lines come when asked for."""
        return 10 if self.name == "payee_lines" and self.is_grid else LAYOUTS[self.name].added_lines


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the form."""

    anchor: str
    title: str
    cells: Sequence[Cell]
    list: ListView | None
    is_folded: bool
    is_open: bool


@dataclass
class FormView:
    """What to draw: which lines of each list (`starts`), how many empty ones (`added`), which payee in full."""

    draft: DraftForm
    said: Said
    starts: Mapping[str, int] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    opened: int | None = None
    hints: dict[str, str] = field(init=False)
    sums: Sums = field(init=False)

    def __post_init__(self) -> None:
        self.fields: Fields = self.draft.fields
        self.sums = sums(self.fields)
        self.hints = hints(self.draft, self._names_shown())

    @property
    def parts(self) -> list[PartView]:
        """The parts that belong to the kind and method chosen, in the order of the paper form."""
        made = (self._part(part) for part in PARTS)
        return [part for part in made if part.cells or part.list]

    @property
    def counts(self) -> list[tuple[str, dict[str, int | None]]]:
        """(list, how many lines it has and what they come to) of every list that is shown."""
        shown = [part.list_name for part in PARTS if part.list_name and is_shown(self.fields, part.list_name)]
        return [
            (name, {"count": len(self.fields.get(name, [])), "sum_twd": getattr(self.sums, name, None)})
            for name in shown
        ]

    def start_of(self, name: str) -> int:
        """The first line of a list that is shown: the beginning of one of its pages."""
        size = self.lines_a_page(name)
        count = len(self.fields.get(name, []))
        wanted = min(max(0, self.starts.get(name, 0)), max(0, count - 1))
        return wanted - wanted % size

    def lines_a_page(self, name: str) -> int:
        """How many lines of a list stand on a page."""
        if name == "payee_lines" and self._payees_in_grid:
            return layout.GRID_LINES
        return LAYOUTS[name].page_lines

    @property
    def _payees_in_grid(self) -> bool:
        return len(self.fields.get("payee_lines", [])) > layout.CARDS_MAX

    def _names_shown(self) -> list[str]:
        """The fields that hints may stand under."""
        names = ["entrusted.bank_code"]
        for owner, last in (("account_lines", "account_code"), ("payee_lines", "bank_code")):
            start = self.start_of(owner)
            end = min(len(self.fields.get(owner, [])), start + self.lines_a_page(owner))
            names += [f"{owner}.{index}.{last}" for index in range(start, end)]
        if self.opened is not None:
            names.append(f"payee_lines.{self.opened}.bank_code")
        return names

    def _part(self, part: Part) -> PartView:
        shown = [name for name in part.names if is_shown(self.fields, name.partition(".")[0])]
        cells = [self._cell(name) for name in shown]
        listed = part.list_name if part.list_name and is_shown(self.fields, part.list_name) else ""
        says = any(cell.value or cell.complaints for cell in cells) or bool(listed and self.fields.get(listed))
        return PartView(
            part.anchor, str(part.title), cells, self._list(listed) if listed else None, part.is_folded, says
        )

    def _cell(self, name: str, shape_name: str = "") -> Cell:
        shape = SHAPES[shape_name or generic(name)]
        value = value_at(self.fields, name)
        is_fixed = name == "number" and self.draft.voucher_id is not None
        return Cell(name, shape, value or shape.default, self.said.get(name, ()), self.hints.get(name, ""), is_fixed)

    def _list(self, name: str) -> ListView:
        plan, size, start = LAYOUTS[name], self.lines_a_page(name), self.start_of(name)
        count = len(self.fields.get(name, []))
        added = self.added.get(name, 0) or (0 if count else 1)
        if added and count:
            start = max(0, count - 1) - max(0, count - 1) % size
        indexes = [*range(start, min(count, start + size)), *range(count, count + added)]
        is_grid = name != "payee_lines" or self._payees_in_grid
        line = self._line if is_grid else self._payee
        opened = self.opened if is_grid and name == "payee_lines" and self.opened is not None else None
        columns = self._columns(name, plan)
        return ListView(
            name=name,
            title=str(plan.title),
            columns=[SHAPES[generic(f"{name}.0.{column}")] for column in columns],
            lines=[line(name, index, columns, opened == index) for index in indexes],
            count=count,
            start=start,
            page_lines=size,
            sum_twd=getattr(self.sums, name, None),
            complaints=self.said.get(name, ()),
            is_grid=is_grid,
            opened=None if opened is None or opened >= count else self._payee(name, opened, columns),
        )

    def _columns(self, name: str, plan: ListLayout) -> list[str]:
        is_transfer = stated(self.fields, "kind") == "transfer"
        has_sides = name == "account_lines" and any(line.get("side") for line in self.fields.get(name, []))
        return [column for column in plan.columns if column != "side" or is_transfer or has_sides]

    def _line(self, name: str, index: int, columns: Sequence[str], is_elsewhere: bool = False) -> Line:
        cells = [self._cell(f"{name}.{index}.{column}") for column in columns]
        return Line(f"{name}.{index}", index + 1, cells, (), (), self._under(name, index), is_elsewhere=is_elsewhere)

    def _payee(self, name: str, index: int, columns: Sequence[str], is_elsewhere: bool = False) -> Line:
        own = f"{name}.{index}"
        lines = self.fields.get(name, [])
        line = lines[index] if index < len(lines) else {}
        count = len(line.get("source_documents", []))
        documents = [
            [self._cell(f"{own}.source_documents.{place}.{last}") for last in layout.DOCUMENT]
            for place in range(min(count + 1, layout.DOCUMENTS_SHOWN))
        ]
        more = [self._cell(f"{own}.{last}") for last in layout.PAYEE_MORE]
        return Line(
            own,
            index + 1,
            [self._cell(f"{own}.{last}") for last in layout.PAYEE_CARD],
            more,
            documents,
            [*self.said.get(own, ()), *self.said.get(f"{own}.source_documents", ())],
            any(cell.value or cell.complaints for cell in more),
        )

    def _under(self, name: str, index: int) -> list[Complaint]:
        """Everything that is said of a line, below its row."""
        if index not in self._lines_said.get(name, {}):
            return []
        return self._lines_said[name][index]

    @property
    def _lines_said(self) -> dict[str, dict[int, list[Complaint]]]:
        found = self.__dict__.get("_found")
        if found is None:
            found = {}
            for full, complaints in self.said.items():
                steps = full.split(".")
                if len(steps) > 1 and steps[1].isdigit():
                    found.setdefault(steps[0], {}).setdefault(int(steps[1]), []).extend(complaints)
            self.__dict__["_found"] = found
        result: dict[str, dict[int, list[Complaint]]] = found
        return result
