"""A list as a file: ODS first, XLSX, CSV (requirements: open formats are asked of government systems)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

import tablib
from django.http import HttpResponse

from treasury.core.documents.tables import written
from treasury.core.errors import Problem

FORMATS: Final = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
ROWS_MAX: Final = 20_000


def exported(*, kind: str, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table as a file to take away; `kind` is a key of FORMATS, `name` the file's name without its ending.

    Whole dollars stay numbers, dates and moments are ISO 8601; texts never run as formulas. Problem `unknown_format`,
    or `export_too_long` beyond ROWS_MAX rows.
    """
    if kind not in FORMATS:
        raise Problem("unknown_format", f"a list comes as {', '.join(FORMATS)}", path="/format", status=400)
    table = tablib.Dataset(headers=list(titles), title=name[:31])
    for count, row in enumerate(rows, 1):
        if count > ROWS_MAX:
            raise too_long()
        table.append([_cell(cell) for cell in row])
    body = table.export(kind)
    data = body.encode("utf-8-sig") if isinstance(body, str) else body
    return HttpResponse(
        data,
        content_type=FORMATS[kind],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{kind}"},
    )


def too_long() -> Problem:
    """The refusal of a list with more than ROWS_MAX rows."""
    return Problem("export_too_long", f"more than {ROWS_MAX:,} rows: narrow the filter", path="/format")


def _cell(cell: Any) -> Any:
    """Whole numbers as they are, everything else as text."""
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else written(cell)
