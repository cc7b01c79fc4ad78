"""Results: how each line of a voucher was paid, its cheques, and why vouchers came back."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from disbursement.models import Cheque, PaymentInstruction, ReturnNotice
from disbursement.selectors import results
from disbursement.states import CHEQUE_STATES, INSTRUCTION_STATES
from signing import services as signing
from treasury.core.api.components import (
    DATE,
    ID,
    MOMENT,
    NULLABLE_DATE,
    NULLABLE_WHOLE,
    TEXT,
    TRUTH,
    WHOLE,
    Schema,
    component,
    list_of,
    one_of,
    page_of,
    record,
)
from treasury.core.api.cursors import PAGE_QUERY, bad_cursor, cursor_of, position_of
from treasury.core.api.cursors import page as page_by_cursor
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import answered
from treasury.core.errors import Problem
from treasury.core.whole import whole_of
from vouchers import selectors as vouchers
from vouchers.reasons import Reason
from vouchers.states import STATES

LINE: Final = component(
    "PaymentLine",
    record(
        line_no=WHOLE,
        end_to_end_id=TEXT,
        attempt=WHOLE,
        state=one_of(list(INSTRUCTION_STATES)),
        bank_code=TEXT,
        account_no=TEXT,
        account_name=TEXT,
        amount_twd=WHOLE,
        return_code=TEXT,
        returned_on=NULLABLE_DATE,
    ),
)
CHEQUE_SHOWN: Final = component(
    "PaymentCheque",
    record(
        cheque_no=TEXT,
        line_no=NULLABLE_WHOLE,
        state=one_of(list(CHEQUE_STATES)),
        payee_name=TEXT,
        amount_twd=NULLABLE_WHOLE,
        is_crossed=TRUTH,
        issued_on=NULLABLE_DATE,
    ),
)
SIGNATURE_SHOWN: Final = component(
    "VoucherSignature",
    record(
        capacity=one_of(list(signing.CAPACITIES)),
        holder=TEXT,
        certificate_serial=TEXT,
        card_no=TEXT,
        signed_at=MOMENT,
        token_at=MOMENT,
    ),
)
RESULTS: Final = component(
    "Results",
    record(
        voucher_id=ID,
        state=one_of(list(STATES)),
        revision=WHOLE,
        signatures=list_of(SIGNATURE_SHOWN),
        cheques=list_of(CHEQUE_SHOWN),
        lines=component("PaymentLinePage", page_of(LINE)),
    ),
)
NOTICE: Final = component(
    "ReturnedVoucher",
    record(
        id=ID,
        notice_no=TEXT,
        voucher_id=ID,
        fiscal_year=WHOLE,
        number=TEXT,
        revision=WHOLE,
        reasons=list_of(record(code=one_of([reason.value for reason in Reason]), name=TEXT, name_en=TEXT)),
        findings=list_of({"type": "object"}),
        note=TEXT,
        returned_on=DATE,
        returned_at=MOMENT,
    ),
)
NOTICES: Final = component("ReturnedVoucherPage", page_of(NOTICE))
_NOTICE_QUERY: Final[dict[str, Schema]] = {"voucher_id": ID, **PAGE_QUERY}


def _signatures(reference: str, revision: int) -> list[dict[str, Any]]:
    """Who signed, when it came, and the moment that its timestamp vouches for."""
    found = signing.seals_of([(reference, revision)]).get((reference, revision), ())
    return [
        {**asdict(one), "signed_at": one.signed_at.isoformat(), "token_at": one.token_at.isoformat()} for one in found
    ]


class ResultsView(AgencyView):
    """/vouchers/{voucher_id}/results"""

    @operation(
        Operation(
            name="voucher_results",
            title_zh="讀取支付結果",
            title_en="Read how a voucher was paid, line by line",
            tag="results",
            scope="results:read",
            path={"voucher_id": ID},
            query=PAGE_QUERY,
            answer=RESULTS,
            problems=(422,),
        )
    )
    def get(self, request: Request, voucher_id: int) -> HttpResponse:
        """A page of lines, every cheque, and the signatures over the revision in hand."""
        row = vouchers.voucher_head(voucher_id)
        if row.agency_code != self.agency_code:
            raise Problem("voucher_unknown", f"there is no voucher {voucher_id}", status=404)
        body = {
            "voucher_id": row.pk,
            "state": row.state,
            "revision": row.revision,
            "signatures": _signatures(row.reference, row.revision),
            "cheques": [_cheque(one) for one in results.cheques_of(row.pk)],
            "lines": self._lines(row.pk),
        }
        return answered(body)

    def _lines(self, voucher_id: int) -> dict[str, Any]:
        """Lines by their number in the voucher."""
        after, limit = 0, self.query["limit"]
        if "cursor" in self.query:
            after = whole_of(position_of(self.query["cursor"]))
            if after < 0:
                raise bad_cursor()
        found = list(results.lines_of(voucher_id).filter(seq__gt=after)[: limit + 1])
        shown = found[:limit]
        next_cursor = cursor_of(str(shown[-1].seq)) if len(found) > limit else None
        return {"items": [_line(one) for one in shown], "next_cursor": next_cursor}


class ReturnNoticesView(AgencyView):
    """/return-notices"""

    @operation(
        Operation(
            name="return_notices_list",
            title_zh="列出退件通知",
            title_en="List the vouchers that the treasury returned, with its reasons",
            tag="results",
            scope="results:read",
            query=_NOTICE_QUERY,
            answer=NOTICES,
            problems=(422,),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """A page of notices (B-24)."""
        rows = results.return_notices(self.agency_code)
        if "voucher_id" in self.query:
            rows = rows.filter(voucher_id=self.query["voucher_id"])
        return answered(page_by_cursor(rows, self.query, _notices))


def _line(row: PaymentInstruction) -> dict[str, Any]:
    return {
        "line_no": row.seq,
        "end_to_end_id": row.end_to_end_id,
        "attempt": row.attempt,
        "state": row.state,
        "bank_code": row.bank_code,
        "account_no": row.account_no,
        "account_name": row.account_name,
        "amount_twd": row.amount_twd,
        "return_code": row.return_code,
        "returned_on": row.returned_on.isoformat() if row.returned_on else None,
    }


def _cheque(row: Cheque) -> dict[str, Any]:
    return {
        "cheque_no": row.cheque_no,
        "line_no": row.payee_seq,
        "state": row.state,
        "payee_name": row.payee_name,
        "amount_twd": row.amount_twd,
        "is_crossed": row.is_crossed,
        "issued_on": row.issued_on.isoformat() if row.issued_on else None,
    }


def _notices(rows: Sequence[ReturnNotice]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "notice_no": f"{row.fiscal_year}-{row.notice_no}",
            "voucher_id": row.voucher_id,
            "fiscal_year": row.fiscal_year,
            "number": row.voucher.number,
            "revision": row.revision,
            "reasons": [{"code": code, "name": Reason(code).zh, "name_en": Reason(code).en} for code in row.reasons],
            "findings": row.findings,
            "note": row.note,
            "returned_on": row.returned_on.isoformat(),
            "returned_at": row.returned_at.isoformat(),
        }
        for row in rows
    ]
