"""Applications as the template reads them."""

from typing import Any

from treasury.core.documents.application_shapes import Application, FormPart
from treasury.core.documents.wording import breakable, long_date

Content = dict[str, Any]


def application_content(form: Application) -> Content:
    """A form that an agency seals and sends (A-2.4, B-12.1)."""
    return {
        "treasury": form.treasury,
        "title": form.title,
        "title_en": form.title_en,
        "agency_code": form.agency_code,
        "agency_name": breakable(form.agency_name),
        "number": form.number,
        "on": long_date(form.dated_on),
        "parts": [_part(part) for part in form.parts],
        "declaration": form.declaration,
        "seals": list(form.seals),
        "notes": list(form.notes),
    }


def _part(part: FormPart) -> Content:
    """Fields in rows: two narrow ones side by side, a wide one by itself."""
    rows: list[list[Content]] = []
    for field in part.fields:
        cell = {
            "label": field.label,
            "label_en": field.label_en,
            "value": breakable(field.value),
            "is_wide": field.is_wide,
            "is_code": field.is_code,
        }
        has_room = rows and len(rows[-1]) == 1 and not rows[-1][0]["is_wide"] and not field.is_wide
        if has_room:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return {"title": part.title, "title_en": part.title_en, "rows": rows}
