"""Reading forms that are being filled in, and what helps to fill them in: numbers and payees used before."""

import re
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Length

from treasury.core.errors import Problem
from treasury.core.sql import fetch_all
from vouchers.drafts import DraftForm, UploadedFile
from vouchers.models import IntakeFile, IntakeItem, Voucher

# So many of an agency's newest vouchers are searched for payees; long lists are not where one looks for a firm.
_VOUCHERS_SEARCHED: Final = 2000
_LIST_SEARCHED: Final = 50
_PAYEES = """
SELECT line->>'name', coalesce(line->>'kind', 'business'), line->>'id_type', line->>'id', line->>'bank_code',
    line->>'account_no', line->>'account_name', max(recent.id)
FROM (
    SELECT id, content FROM vouchers_voucher
    WHERE agency_code = %(agency_code)s AND payee_count BETWEEN 1 AND %(longest)s
    ORDER BY id DESC LIMIT %(vouchers)s
) AS recent, jsonb_array_elements(recent.content->'payee_lines') AS line
WHERE line->>'id' LIKE %(begins)s OR line->>'name' LIKE %(holds)s
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 8 DESC LIMIT %(most)s
"""
_TRAILING_DIGITS: Final = re.compile(r"(.*?)([0-9]+)")


class KnownPayee(NamedTuple):
    """A payee of an earlier voucher with the account used then; texts, empty where it said nothing."""

    name: str
    kind: str
    id_type: str
    id: str
    bank_code: str
    account_no: str
    account_name: str


def draft_form(key: UUID) -> DraftForm | None:
    """The form of a key with its voucher, None before its first save."""
    return DraftForm.objects.select_related("voucher").filter(pk=key).first()


def draft_form_of(voucher: Voucher) -> DraftForm | None:
    """The form that somebody began to change a voucher with."""
    return DraftForm.objects.filter(voucher=voucher).first()


def draft_forms(agency_code: str) -> QuerySet[DraftForm]:
    """An agency's forms, the last saved first, without what was typed into them."""
    rows = DraftForm.objects.filter(agency_code=agency_code).defer("fields", "incoming")
    return rows.select_related("owner").order_by("-saved_at", "key")


def draft_forms_ending(agency_code: str, owner_id: int | None) -> QuerySet[DraftForm]:
    """A person's forms that will be cleaned away unless they are saved again, the first to go first."""
    return draft_forms(agency_code).filter(owner_id=owner_id, ends_on__isnull=False).order_by("ends_on", "key")


def uploaded_file(key: UUID, owner_id: int | None) -> UploadedFile | None:
    """The file a person is about to take in."""
    return UploadedFile.objects.filter(key=key, owner_id=owner_id).first()


def intake_file(pk: int) -> IntakeFile:
    """A voucher file that was taken in; Problem `not_found` (404)."""
    found = IntakeFile.objects.filter(pk=pk).first()
    if found is None:
        raise Problem("not_found", f"there is no file {pk}", status=404)
    return found


def payees_known(agency_code: str, text: str, *, most: int = 12) -> list[KnownPayee]:
    """Payees of an agency's earlier vouchers by the beginning of their number or a part of their name, newest first."""
    plain = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if not plain:
        return []
    rows = fetch_all(
        _PAYEES,
        {
            "agency_code": agency_code,
            "longest": _LIST_SEARCHED,
            "vouchers": _VOUCHERS_SEARCHED,
            "begins": f"{plain}%",
            "holds": f"%{plain}%",
            "most": most,
        },
    )
    return [KnownPayee(*(value or "" for value in row[:7])) for row in rows]


def number_next(*, agency_code: str, fiscal_year: int, kind: str, on: date) -> str:
    """The next free number by the pattern of the agency's last voucher of a kind (`P0310-002` after `P0309-017`).

    The month and day in a number follow the day; the digits at its end count on from the highest in use.
    """
    rows = Voucher.objects.filter(agency_id=agency_code, fiscal_year=fiscal_year, kind=kind)
    last = rows.order_by("-id").values_list("number", "issue_on").first()
    if last is None:
        prefix, width = f"{kind[0].upper()}{on:%m%d}-", 3
    else:
        prefix, width = _pattern(*last, on)
    count = _highest(agency_code, fiscal_year, prefix) + 1
    return f"{prefix}{count:0{width}d}"


def _pattern(number: str, issue_on: date, on: date) -> tuple[str, int]:
    match = _TRAILING_DIGITS.fullmatch(number)
    if match is None:
        return f"{number[:16]}-", 3
    head, digits = match[1], match[2]
    return head.replace(f"{issue_on:%m%d}", f"{on:%m%d}", 1), len(digits)


def _highest(agency_code: str, fiscal_year: int, prefix: str) -> int:
    """The highest number at the end of a prefix that is in use: by vouchers, refused ones of files, and forms."""
    places: list[QuerySet[Any]] = [
        Voucher.objects.filter(agency_id=agency_code, fiscal_year=fiscal_year),
        IntakeItem.objects.filter(file__agency_code=agency_code, file__fiscal_year=fiscal_year),
        DraftForm.objects.filter(agency_code=agency_code, fiscal_year=fiscal_year),
    ]
    highest = 0
    for rows in places:
        same = rows.filter(number__regex=f"^{re.escape(prefix)}[0-9]+$")
        last = same.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
        highest = max(highest, int(last.removeprefix(prefix)) if last else 0)
    return highest
