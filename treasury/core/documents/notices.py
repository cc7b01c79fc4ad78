"""Return notices as the template reads them."""

from typing import Any

from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.documents.lists import column, listing
from treasury.core.documents.shapes import NoticeFinding, ReturnNotice
from treasury.core.documents.wording import breakable, long_date, moment, short_date

Content = dict[str, Any]


def return_notice_content(notice: ReturnNotice) -> Content:
    """憑單退件通知書 (B-24)."""
    return {
        "treasury": notice.treasury,
        "notice_no": notice.notice_no,
        "agency_code": notice.agency_code,
        "agency_name": breakable(notice.agency_name),
        "fiscal_year": str(notice.fiscal_year),
        "voucher_kind": notice.voucher_kind,
        "number": notice.number,
        "revision": str(notice.revision),
        "issued_on": short_date(notice.issued_on),
        "returned_on": long_date(notice.dated_on),
        "returned_at": moment(notice.returned_at),
        "examiner": notice.examiner,
        "contact": breakable(notice.contact),
        "amount": {
            "figures": format_twd(notice.total_twd),
            "words": to_chinese_amount(notice.total_twd, mode="voucher"),
        },
        "payee": breakable(notice.payee),
        "purpose": breakable(notice.purpose),
        "note": breakable(notice.note),
        "reasons": [
            {"code": reason.code, "text": reason.text, "is_marked": reason.is_marked} for reason in notice.reasons
        ],
        "findings": _findings(notice.findings),
    }


def _findings(findings: tuple[NoticeFinding, ...]) -> Content:
    columns = (
        column("序號", "No.", width=11, align="center", figures=True, one_line=True),
        column("原因", "Reason", width=13, align="center", figures=True),
        column("欄位", "Field", width=38),
        column("說明", "Finding"),
        column("補正方式", "Remedy", width=44),
        column("依據", "Rule", width=17, align="center", figures=True),
    )
    rows = [
        [
            [str(seq)],
            [finding.reason],
            [breakable(finding.field)],
            [breakable(finding.message)],
            [breakable(finding.remedy)],
            [breakable(finding.rule)],
        ]
        for seq, finding in enumerate(findings, 1)
    ]
    return listing("審核結果明細", "Findings", columns, rows, [])
