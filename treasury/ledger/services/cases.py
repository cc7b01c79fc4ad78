"""Taking in approved advances (墊付款): each becomes an authority of its own (B-31)."""

from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from treasury.core.importing import ImportResult, Row, rows_of
from treasury.core.roc import fiscal_year
from treasury.core.sql import execute
from treasury.ledger import events
from treasury.ledger.authorities import Draw, case_key
from treasury.ledger.bookings import booking
from treasury.ledger.models import AdvanceCase, Authority
from treasury.ledger.services.posting import book_many

COLUMNS: Final = ("agency_code", "case_no", "approved_twd", "approval_doc_no")


def cases_import(*, path: Path | str, on: date) -> ImportResult:
    """Takes in approved advances from a CSV file and books what each may spend, on the day given.

    Again the same file changes nothing. Problem, and nothing is stored: a bad row (naming its line), or a case that
    is known with another amount or approval; a further approval is a further case.
    """
    rows = list(rows_of(path, COLUMNS, key=_key, key_column="agency_code"))
    with transaction.atomic():
        execute("LOCK TABLE ledger_advancecase IN SHARE ROW EXCLUSIVE MODE")
        known = {(case.agency_code, case.case_no): case for case in AdvanceCase.objects.all()}
        new = [case for row in rows if (case := _case(row, known)) is not None]
        AdvanceCase.objects.bulk_create(new)
        Authority.objects.bulk_create(
            Authority(
                key=case_key(case.agency_code, case.case_no),
                kind="case",
                agency_code=case.agency_code,
                code=case.case_no,
            )
            for case in new
        )
        book_many(
            [
                booking(
                    events.APPROVE_CASE,
                    event_ref=f"{case.agency_code}/{case.case_no}",
                    agency_code=case.agency_code,
                    fiscal_year=fiscal_year(on),
                    on=on,
                    draws=[Draw.case(case.case_no, case.approved_twd)],
                )
                for case in new
            ]
        )
        return ImportResult(len(new), 0, len(rows) - len(new))


def _key(row: Row) -> Hashable:
    return row.code("agency_code"), row.text("case_no", 40)


def _case(row: Row, known: dict[tuple[str, str], AdvanceCase]) -> AdvanceCase | None:
    """The case of a row, None when it is known as it stands; Problem when it is known otherwise."""
    approved_twd = row.amount_twd("approved_twd")
    if approved_twd == 0:
        raise row.problem("approved_twd", "an approval of nothing")
    if "/" in row.values["case_no"]:
        raise row.problem("case_no", "case_no must not contain a slash")
    case = AdvanceCase(
        agency_code=row.code("agency_code"),
        case_no=row.text("case_no", 40),
        approved_twd=approved_twd,
        approval_doc_no=row.text("approval_doc_no", 60),
    )
    before = known.get((case.agency_code, case.case_no))
    if before is None:
        return case
    if (before.approved_twd, before.approval_doc_no) != (case.approved_twd, case.approval_doc_no):
        raise row.problem("approved_twd", f"case {case.case_no} is known with {before.approved_twd}")
    return None
