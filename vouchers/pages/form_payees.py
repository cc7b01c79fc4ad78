"""A payee list from a spreadsheet: pasted or uploaded, looked at first, then taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.pages.access import actor_in, needs
from treasury.core.amounts import format_twd
from treasury.core.errors import Problem
from treasury.core.texts import either
from treasury.core.whole import whole_of
from vouchers.english import ENGLISH
from vouchers.pages.form import RIGHT
from vouchers.pages.form_fields import LINES_MAX, date_text, set_value, typed, value_at
from vouchers.pages.form_layout import PAYEE_CARD, PAYEE_GRID, PAYEE_MORE
from vouchers.pages.form_places import draft_at
from vouchers.pages.form_reading import Unread, read_fields, read_value
from vouchers.pages.form_shape import SHAPES, Shape, generic
from vouchers.pages.form_sums import amount_of
from vouchers.services.drafting import draft_save
from vouchers.spreadsheets import KINDS, sheet_rows

FILE_MAX_BYTES: Final = 16 * 1024 * 1024
_FAULTS_SHOWN: Final = 200
_COLUMNS: Final = tuple(dict.fromkeys((*PAYEE_GRID, *PAYEE_CARD, *PAYEE_MORE, "source_documents.0.amount_twd")))
_DOCUMENT_WORDS: Final = {
    "source_documents.0.type": ("憑證類別", "Document type"),
    "source_documents.0.number": ("憑證號碼", "Document no."),
    "source_documents.0.date": ("憑證日期", "Document date"),
    "source_documents.0.amount_twd": ("憑證金額", "Document amount"),
}


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be taken as it stands: its row (from 1), column, value, and why."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass
class Table:
    """Rows of a spreadsheet read as payee lines."""

    columns: list[str]
    lines: list[dict[str, Any]] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)

    @property
    def sum_twd(self) -> int:
        """What the rows add up to."""
        return sum(amount_of(line.get("amount_twd", "")) or 0 for line in self.lines)


@needs(RIGHT)
def payees(request: HttpRequest, key: UUID) -> HttpResponse:
    """Paste or upload (`look`), then take the rows in (`append`, `replace`) or drop them (`drop`)."""
    draft = draft_at(request, key)
    if request.method != "POST":
        return _page(request, draft, None if draft.incoming is None else _table_of(draft.incoming))
    action = request.POST.get("action", "look")
    if action == "look":
        return _looked_at(request, draft)
    if draft.incoming is None:
        raise Problem("seen_is_stale", _("這份清單已帶入或已放棄"), status=409)
    lines = draft.fields.get("payee_lines", [])
    if action != "drop":
        incoming = draft.incoming["lines"]
        lines = incoming if action == "replace" else [*lines, *incoming]
    fields = draft.fields | {"payee_lines": lines}
    draft_save(draft=draft, fields=fields, seen_version=_seen(request), actor=actor_in(request), incoming=None)
    return HttpResponseRedirect(f"{reverse('vouchers:draft', args=[draft.key])}?saved=1#payees")


def _looked_at(request: HttpRequest, draft: Any) -> HttpResponse:
    try:
        table = read_table(_rows(request))
    except Problem as problem:
        return _page(request, draft, None, errors=[(problem.detail, "#f-paste")], status=422)
    incoming = {"lines": table.lines, "columns": table.columns}
    draft_save(draft=draft, fields=draft.fields, seen_version=draft.version, actor=actor_in(request), incoming=incoming)
    return HttpResponseRedirect(reverse("vouchers:draft_payees", args=[draft.key]))


def _page(
    request: HttpRequest, draft: Any, table: Table | None, *, errors: Any = (), status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "errors": errors,
        "table": table,
        "count": len(draft.fields.get("payee_lines", [])),
        "faults": table.faults[:_FAULTS_SHOWN] if table else [],
        "fault_count": len(table.faults) if table else 0,
        "columns": [column_title(name) for name in PAYEE_GRID],
        "column_titles": [column_title(name) for name in table.columns] if table else [],
        "first_lines": _first_lines(table) if table else [],
    }
    return render(request, "vouchers/form_payees.html", context, status=status)


def _first_lines(table: Table) -> list[list[str]]:
    """The first rows as they were understood."""
    return [[_shown(line, name) for name in table.columns] for line in table.lines[:10]]


def _shown(line: Mapping[str, Any], name: str) -> str:
    value = value_at(line, name)
    return dict(SHAPES[generic(f"payee_lines.0.{name}")].options).get(value, value)


def _table_of(incoming: Mapping[str, Any]) -> Table:
    table = Table(list(incoming["columns"]), list(incoming["lines"]))
    table.faults = list(_faults(table))
    return table


def read_table(rows: Sequence[Sequence[str]]) -> Table:
    """The payee lines of some rows; a first row of titles says which column is what, else they stand as in the grid.

    Problem `no_rows`, `too_many_rows`, `unknown_column` (named), `column_twice`.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    columns = _titles(filled[0]) if filled else None
    if columns is not None:
        filled = filled[1:]
    if not filled:
        raise Problem("no_rows", _("沒有任何資料列"))
    if len(filled) > LINES_MAX:
        raise Problem("too_many_rows", _("超過 %(most)s 列") % {"most": f"{LINES_MAX:,}"})
    names = columns or list(PAYEE_GRID[: max(map(len, filled))])
    if columns is None and max(map(len, filled)) > len(PAYEE_GRID):
        raise Problem("unknown_column", _("欄數多於表格；請保留標題列，以欄名辨識"))
    table = Table(names)
    for row in filled:
        line: dict[str, Any] = {}
        for name, cell in zip(names, row, strict=False):
            set_value(line, name, _understood(SHAPES[generic(f"payee_lines.0.{name}")], typed(cell)))
        table.lines.append(line)
    table.faults = list(_faults(table))
    return table


def column_title(name: str) -> str:
    """A column of the payee list in the reader's language."""
    if name in _DOCUMENT_WORDS:
        return either(*_DOCUMENT_WORDS[name])
    return SHAPES[generic(f"payee_lines.0.{name}")].title


def _titles(row: Sequence[str]) -> list[str] | None:
    """The columns that a row of titles names, None when it is no such row; Problem for a title nobody knows."""
    known = _known_titles()
    names = [known.get(cell.strip().casefold(), "") for cell in row]
    if sum(map(bool, names)) < 2:
        return None
    for name, cell in zip(names, row, strict=True):
        if not name and cell.strip():
            raise Problem("unknown_column", _("不認得欄名「%(title)s」") % {"title": cell.strip()[:40]})
        if name and names.count(name) > 1:
            raise Problem("column_twice", _("欄名「%(title)s」出現兩次") % {"title": cell.strip()[:40]})
    return [name or "name" for name in names[: max(index for index, name in enumerate(names, 1) if name)]]


def _known_titles() -> dict[str, str]:
    known: dict[str, str] = {}
    for name in _COLUMNS:
        zh = SHAPES[generic(f"payee_lines.0.{name}")].word
        pair = _DOCUMENT_WORDS.get(name, (zh, ENGLISH[zh]))
        for title in (*pair, name, name.rpartition(".")[2] if "." not in name else name):
            known.setdefault(title.casefold(), name)
    return known | {"姓名": "name", "受款人名稱": "name", "銀行": "bank_code", "amount": "amount_twd"}


def _understood(shape: Shape, text: str) -> str:
    """A cell as the form writes it; what cannot be read stays as it is, for a person to mend."""
    if not text.strip():
        return ""
    try:
        value = read_value(shape.name, text)
    except Unread:
        return text
    match shape.type:
        case "amount":
            return format_twd(value)
        case "date":
            return date_text(value)
        case "flag":
            return "on" if value else ""
    return str(value)


def _faults(table: Table) -> list[CellFault]:
    """What the form could not read of the rows; the rules speak once they are taken in."""
    reading = read_fields({"payee_lines": table.lines})
    found = []
    for fault in reading.faults:
        steps = fault.name.split(".", 2)
        if len(steps) == 3 and steps[0] == "payee_lines":
            value = value_at(table.lines[int(steps[1])], steps[2])
            found.append(CellFault(int(steps[1]) + 1, column_title(steps[2]), value, fault.message, fault.remedy))
    return found


def _rows(request: HttpRequest) -> list[list[str]]:
    """The cells of what was pasted, or of the file that was uploaded."""
    file = request.FILES.get("file")
    if file is None:
        text = request.POST.get("paste", "")
        return [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if file.size is None or file.size > FILE_MAX_BYTES:
        raise Problem("file_too_large", _("檔案超過 16 MB"))
    kind = (file.name or "").rpartition(".")[2].lower()
    if kind not in KINDS:
        raise Problem("unknown_format", _("請上傳 CSV、ODS 或 XLSX 檔"))
    try:
        return [[_cell(cell) for cell in row] for row in islice(sheet_rows(file.read(), kind), LINES_MAX + 2)]
    except Problem:
        raise Problem("file_too_large", _("檔案內容過大，請分成數個檔案或改用 CSV 檔")) from None
    except Exception as error:  # whatever a broken file makes a foreign library say
        raise Problem("file_unreadable", _("無法讀取檔案「%(name)s」") % {"name": file.name or ""}) from error


def _cell(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days as ISO dates."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _seen(request: HttpRequest) -> int:
    return whole_of(request.POST.get("version", "0"))
