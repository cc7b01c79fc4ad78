"""登記簿: the registers, lists and summary of a day on screen, as PDF and as files; return notices as PDF (B-8)."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, needs, require_sees
from disbursement.documents.days import DayRegister, day_register, day_register_names
from disbursement.documents.notices import notice_shapes
from disbursement.selectors import desk
from treasury.core.documents.registers import volumes
from treasury.core.documents.render import render_many
from treasury.core.documents.shapes import Band, Cell, Register
from treasury.core.errors import Problem
from treasury.core.pages.exports import FORMATS, exported
from treasury.core.pages.wanted import date_of, day_wanted, page_wanted
from treasury.core.texts import either

ROWS_SHOWN: Final = 200


@needs("disbursement.view_desk")
def registers(request: HttpRequest) -> HttpResponse:
    """What there is for a day (`on`, today without it), each with its ways out."""
    on = day_wanted(request)
    names = [(name, either(zh, en)) for name, zh, en in day_register_names(on=on)]
    context = {"on": on, "names": names, "formats": list(FORMATS)}
    return render(request, "disbursement/registers.html", context)


@needs("disbursement.view_desk")
def register(request: HttpRequest, on: str, name: str) -> HttpResponse:
    """One register on screen, 200 rows a page; with `format` as ODS, XLSX or CSV."""
    day = date_of(on, "on")
    found = _register(day, name)
    whole = found.whole
    if kind := request.GET.get("format", ""):
        return _file(whole, kind, f"{name}-{day:%Y%m%d}")
    count = max(1, -(-len(whole.rows) // ROWS_SHOWN))
    page = page_wanted(request.GET.get("page", "1"), count)
    context = {
        "on": day,
        "name": name,
        "register": whole,
        "title": either(whole.title, whole.title_en or whole.title),
        "columns": [(either(one.title, one.title_en or one.title), one.kind) for one in whole.columns],
        "rows": [_shown(whole, row) for row in whole.rows[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN]],
        "totals": _totals(whole),
        "row_count": sum(not isinstance(row, Band) for row in whole.rows),
        "page": page,
        "pages": range(1, count + 1),
        "formats": list(FORMATS),
    }
    return render(request, "disbursement/register.html", context)


@needs("disbursement.view_desk")
def register_pdf(request: HttpRequest, on: str, name: str) -> HttpResponse:
    """One register as it is printed."""
    day = date_of(on, "on")
    data = render_many(volumes(_register(day, name).printed))
    return pdf_response(data, f"{name}-{day:%Y%m%d}")


@needs("vouchers.view_voucher")
def notice_pdf(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A return notice as PDF: for the treasury, and for the agency whose voucher went back."""
    notice = desk.notice(notice_id)
    require_sees(actor_in(request), notice.voucher.agency_code, "return notice")
    data = render_many(notice_shapes([notice]))
    return pdf_response(data, f"return-notice-{notice.fiscal_year}-{notice.notice_no:07d}")


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser; `name` without its ending."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _register(day: date, name: str) -> DayRegister:
    found = day_register(on=day, name=name)
    if found is None:
        raise Problem("not_found", f"there is no register {name} of {day}", status=404)
    return found


def _file(whole: Register, kind: str, name: str) -> HttpResponse:
    """The rows as a file; the band a row stands under is a first column of its own."""
    has_bands = any(isinstance(row, Band) for row in whole.rows)
    titles = [either(one.title, one.title_en or one.title) for one in whole.columns]
    rows: list[list[Cell]] = []
    band = ""
    for row in whole.rows:
        if isinstance(row, Band):
            band = row.text
        else:
            rows.append([*([band] if has_bands else []), *row])
    return exported(
        kind=kind, name=name, titles=[*([either("區段", "Section")] if has_bands else []), *titles], rows=rows
    )


def _shown(whole: Register, row: tuple[Cell, ...] | Band) -> tuple[str, list[tuple[Cell, str]]]:
    """A row of the screen: the text of a band, or cells with the kind of their column."""
    if isinstance(row, Band):
        return row.text, []
    return "", [(cell, column.kind) for cell, column in zip(row, whole.columns, strict=True)]


def _totals(whole: Register) -> list[int | None]:
    """The sum of each column that has one, None for the others; empty where no column has."""
    if not any(one.is_totalled for one in whole.columns):
        return []
    cells = [row for row in whole.rows if not isinstance(row, Band)]
    return [
        sum(value for row in cells if isinstance(value := row[place], int)) if column.is_totalled else None
        for place, column in enumerate(whole.columns)
    ]
