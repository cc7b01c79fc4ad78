"""The registers of the examining desk for a day: received, accepted, returned (B-8, B-23.0, B-24)."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from disbursement.documents.wording import numbered, person
from disbursement.models import Acceptance, Reception, ReturnNotice
from treasury.core.actors import SYSTEM
from treasury.core.documents.shapes import Column, Register
from vouchers.reasons import Reason
from vouchers.summaries import VoucherSummary, voucher_summaries

_VOUCHER = (
    Column(title="支用機關", title_en="Agency"),
    Column(title="憑單編號", title_en="Voucher no.", width=27, kind="code"),
    Column(title="版次", title_en="Rev.", width=10, kind="code"),
)
_AMOUNT = Column(title="金額", title_en="Amount", width=32, kind="amount", is_totalled=True)


def reception_register(*, on: date) -> Register:
    """收件登記簿: every revision taken in on a day by receipt number, with the verdict on its signatures."""
    rows = list(Reception.objects.filter(received_on=on).order_by("fiscal_year", "receipt_no"))
    vouchers = voucher_summaries((row.voucher_id, row.revision) for row in rows)
    rejected = _rejected(rows)
    cells = []
    for row in rows:
        voucher = vouchers[row.voucher_id, row.revision]
        cells.append(
            (
                numbered(row.fiscal_year, row.receipt_no),
                row.received_at,
                *_voucher(voucher),
                voucher.kind,
                voucher.method or "—",
                _verdict(row, is_rejected=(row.voucher_id, row.revision) in rejected),
                voucher.total_twd,
            )
        )
    return Register(
        treasury=settings.TREASURY_NAME,
        title="收件登記簿",
        title_en="Reception register",
        dated_on=on,
        columns=(
            Column(title="收件編號", title_en="Receipt no.", width=26, kind="code"),
            Column(title="收件時間", title_en="Received at", width=34, kind="moment"),
            *_VOUCHER,
            Column(title="種類", title_en="Kind", width=20),
            Column(title="支付方式", title_en="Method", width=26),
            Column(title="簽章驗證", title_en="Signatures", width=32),
            _AMOUNT,
        ),
        rows=tuple(cells),
        notes=_notes(len(cells)),
    )


def acceptance_register(*, on: date) -> Register:
    """編號登記簿: every revision that passed the examination on a day, by its gap-free register number."""
    rows = list(Acceptance.objects.filter(accepted_on=on).order_by("fiscal_year", "register_no"))
    vouchers = voucher_summaries((row.voucher_id, row.revision) for row in rows)
    cells = []
    for row in rows:
        voucher = vouchers[row.voucher_id, row.revision]
        cells.append(
            (
                numbered(row.fiscal_year, row.register_no),
                row.accepted_at,
                *_voucher(voucher)[:2],
                voucher.method or voucher.kind,
                voucher.account,
                voucher.payee or "—",
                person(row.examiner_name),
                voucher.total_twd,
            )
        )
    return Register(
        treasury=settings.TREASURY_NAME,
        title="編號登記簿",
        title_en="Register of accepted vouchers",
        dated_on=on,
        columns=(
            Column(title="登記編號", title_en="Register no.", width=26, kind="code"),
            Column(title="登記時間", title_en="Registered at", width=34, kind="moment"),
            *_VOUCHER[:2],
            Column(title="支付方式", title_en="Method", width=23),
            Column(title="科目代號", title_en="Account", width=26, kind="code"),
            Column(title="受款人", title_en="Payee"),
            Column(title="審核人員", title_en="Examiner", width=23),
            _AMOUNT,
        ),
        rows=tuple(cells),
        notes=_notes(len(cells)),
    )


def return_register(*, on: date) -> Register:
    """退件登記簿: every revision sent back on a day, by the number of its notice, with all its reasons."""
    rows = list(ReturnNotice.objects.filter(returned_on=on).order_by("fiscal_year", "notice_no"))
    vouchers = voucher_summaries((row.voucher_id, row.revision) for row in rows)
    cells = []
    for row in rows:
        voucher = vouchers[row.voucher_id, row.revision]
        cells.append(
            (
                numbered(row.fiscal_year, row.notice_no),
                row.returned_at,
                *_voucher(voucher),
                "、".join(row.reasons),
                _why(row),
                person(row.examiner_name),
                voucher.total_twd,
            )
        )
    used = sorted({reason for row in rows for reason in row.reasons})
    return Register(
        treasury=settings.TREASURY_NAME,
        title="退件登記簿",
        title_en="Register of returned vouchers",
        dated_on=on,
        columns=(
            Column(title="通知書編號", title_en="Notice no.", width=26, kind="code"),
            Column(title="退件時間", title_en="Returned at", width=34, kind="moment"),
            *_VOUCHER,
            Column(title="原因", title_en="Reasons", width=18, kind="code"),
            Column(title="說明", title_en="Findings", width=60),
            Column(title="審核人員", title_en="Examiner", width=23),
            _AMOUNT,
        ),
        rows=tuple(cells),
        notes=(*_notes(len(cells)), *(f"{reason}　{Reason(reason).zh}" for reason in used)),
    )


def _voucher(voucher: VoucherSummary) -> tuple[str, str, str]:
    return f"{voucher.agency_code} {voucher.agency_name}", voucher.number, str(voucher.revision)


def _rejected(rows: Sequence[Reception]) -> set[tuple[int, int]]:
    """The revisions that were sent back at the door: what was signed is not whole, or not what the voucher says."""
    notices = ReturnNotice.objects.filter(voucher_id__in=[row.voucher_id for row in rows], examiner_name=SYSTEM.name)
    return set(notices.values_list("voucher_id", "revision"))


def _verdict(row: Reception, *, is_rejected: bool) -> str:
    """What the check of the signatures, or of the seals on paper, came to."""
    if "paper" in row.verdict:
        return "紙本印鑑相符" if row.verdict["ok"] else "紙本不符"
    if not is_rejected:
        return "相符"
    return f"不符（{row.verdict.get('code', '')}）" if not row.verdict.get("ok") else "不符（與憑單內容不同）"


def _why(row: ReturnNotice) -> str:
    messages = dict.fromkeys(finding["message"] for finding in row.findings)
    return "；".join([*messages, *filter(None, [row.note])])


def _notes(count: int) -> tuple[str, ...]:
    return () if count else ("本日無案件。",)
