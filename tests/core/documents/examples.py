"""Documents with fixed content: the same people, agencies and amounts in every test."""

from datetime import date, datetime
from typing import Any

from treasury.core.clock import ZONE
from treasury.core.documents.shapes import (
    AccountLine,
    Cheque,
    Choice,
    Column,
    Mark,
    NoticeFinding,
    NoticeReason,
    Original,
    PayeeLine,
    PaymentVoucher,
    Register,
    Remark,
    ReturnNotice,
    Seal,
    TransferVoucher,
    VoucherHead,
)

TODAY = date(2025, 3, 10)
GATES = ("經常門", "資本門")
METHODS = ("電匯存帳", "委託劃帳", "自領支票", "領回轉發支票")
NETWORKS = ("聯行通匯", "跨行通匯")
DIGEST = "3f1c" * 16
LONG_NAME = ("財團法人中華民國國家同步輻射研究中心暨國立臺灣大學醫學院附設醫院聯合採購業務管理委員會" * 2)[:80]
LARGEST_TWD = 9_999_999_999_999


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of the day, in Taipei."""
    return datetime(2025, 3, 10, hour, minute, second, tzinfo=ZONE)


def head(**changes: Any) -> VoucherHead:
    """The head of a voucher of the Executive Yuan."""
    fields: dict[str, Any] = {
        "treasury": "財政部國庫署",
        "agency_code": "0003010000",
        "agency_name": "行政院",
        "fiscal_year": 114,
        "number": "P0310-001",
        "issued_on": TODAY,
        "digest_sha256": DIGEST,
    }
    return VoucherHead(**fields | changes)


def payee(**changes: Any) -> PayeeLine:
    """A business with an account at a bank of Taipei."""
    fields: dict[str, Any] = {
        "name": "翠堤昱企管顧問股份有限公司",
        "amount_twd": 1_234_567,
        "identifier_kind": "統一編號",
        "identifier": "12345675",
        "bank_code": "0130017",
        "bank_name": "國泰世華商業銀行館前分行",
        "account_no": "012345678901",
        "account_name": "翠堤昱企管顧問股份有限公司",
        "remarks": ("統一發票 AB12345678　114/02/28",),
    }
    return PayeeLine(**fields | changes)


SEALS = (
    Seal(capacity="承辦人員", name="王小明", at=at(9, 1)),
    Seal(capacity="覆核人員", name="陳怡君", at=at(9, 20)),
    Seal(
        capacity="主辦會計人員",
        name="林美惠",
        at=at(10, 2, 33),
        certificate_serial="3a9f00c1d2e4b5a697887766554433221100ffee",
        card_no="GP00003010000102",
    ),
    Seal(capacity="機關長官", name="張志豪", at=at(11, 30), certificate_serial="1a9f", card_no="GP00003010000101"),
    Seal(capacity="放行人員"),
)
MARKS = (
    Mark(label="收件", number="R114-0000123", by="系統", at=at(11, 45)),
    Mark(label="審核", by="黃雅雯", at=at(13, 5)),
    Mark(label="登記", number="114-0000087", at=at(13, 5)),
    Mark(label="支付", number="B20250310-F01", at=at(14, 0), stamp="付訖"),
)


def payment(**changes: Any) -> PaymentVoucher:
    """A remittance of 1,234,567 to one payee on one account."""
    fields: dict[str, Any] = {
        "head": head(),
        "gate": Choice(GATES, "經常門"),
        "method": Choice(METHODS, "電匯存帳"),
        "network": Choice(NETWORKS, "跨行通匯"),
        "purpose": "業務費－2月份資訊設備維護費",
        "total_twd": 1_234_567,
        "account_lines": (AccountLine(account_code="3203010100", account_name="一般行政", amount_twd=1_234_567),),
        "payee_lines": (payee(),),
        "seals": SEALS,
        "marks": MARKS,
        "nature": "一般",
        "legal_pay_on": date(2025, 3, 12),
        "remarks": (Remark("核准文號", "院授主預字第1140100123號"),),
    }
    return PaymentVoucher(**fields | changes)


def salaries(count: int, each_twd: int = 45_678) -> PaymentVoucher:
    """An entrusted transfer to many people, on two accounts."""
    lines = tuple(
        PayeeLine(
            name="王大同" if number % 7 else LONG_NAME,
            amount_twd=each_twd + number,
            identifier_kind="國民身分證",
            identifier="A123456789",
            bank_code="0040037",
            bank_name="臺灣銀行營業部",
            account_no=f"{number:014}",
            account_name="王大同",
        )
        for number in range(1, count + 1)
    )
    total_twd = sum(line.amount_twd for line in lines)
    return payment(
        head=head(number="P0310-002"),
        method=Choice(METHODS, "委託劃帳"),
        network=Choice(NETWORKS),
        purpose="人事費－3月份員工薪資",
        total_twd=total_twd,
        account_lines=(
            AccountLine(account_code="3203010100", account_name="一般行政", amount_twd=total_twd - 1),
            AccountLine(account_code="3203011100", account_name="施政推展聯繫", amount_twd=1),
        ),
        payee_lines=lines,
        disbursement_bank_code="0040037",
        disbursement_bank="臺灣銀行營業部",
        disbursement_account="003001234567",
        remarks=(),
    )


def transfer(**changes: Any) -> TransferVoucher:
    """350,000 moved from one account to another."""
    fields: dict[str, Any] = {
        "head": head(number="T0310-001"),
        "gate": Choice(GATES, "經常門"),
        "purpose": "更正2月份誤列科目之業務費支出",
        "total_twd": 350_000,
        "account_lines": (
            AccountLine(account_code="3203010100", account_name="一般行政", amount_twd=350_000, side="debit"),
            AccountLine(account_code="3203011100", account_name="施政推展聯繫", amount_twd=350_000, side="credit"),
        ),
        "seals": SEALS,
        "originals": (Original(number="P0210-017", fiscal_year=114, account_code="3203011100", amount_twd=350_000),),
    }
    return TransferVoucher(**fields | changes)


def cheque(**changes: Any) -> Cheque:
    """A crossed treasury cheque over 1,010,215."""
    fields: dict[str, Any] = {
        "title": "國庫支票",
        "series": "AA",
        "serial": "0000001",
        "issued_on": TODAY,
        "payee_name": "翠堤昱企管顧問股份有限公司",
        "amount_twd": 1_010_215,
        "paying_institution": "臺灣銀行國庫部",
        "drawer": "財政部國庫署",
        "drawer_account_no": "帳號 000111222333",
        "voucher": "0003010000　P0310-001",
    }
    return Cheque(**fields | changes)


def notice(**changes: Any) -> ReturnNotice:
    """A voucher returned for its balance and a missing invoice number."""
    fields: dict[str, Any] = {
        "treasury": "財政部國庫署",
        "agency_code": "0003010000",
        "agency_name": "行政院",
        "fiscal_year": 114,
        "voucher_kind": "付款憑單",
        "number": "P0310-017",
        "issued_on": TODAY,
        "returned_at": at(14, 5, 33),
        "examiner": "黃雅雯",
        "total_twd": 1_234_567,
        "purpose": "業務費－2月份資訊設備維護費",
        "reasons": (
            NoticeReason(code="R01", text="分配預算、基金或專戶存款餘額不足", is_marked=True),
            NoticeReason(code="R02", text="支付案未到或無支付依據"),
        ),
        "findings": (
            NoticeFinding(
                rule="B-23.2.1",
                reason="R01",
                field="科目 3203010100",
                message="可支用餘額 1,000,000 元，不足支付。",
                remedy="減少金額，或俟下期分配預算到期。",
            ),
        ),
        "notice_no": "114-000012",
        "note": "請一併檢附契約影本。",
        "contact": "(02) 2322-8000",
    }
    return ReturnNotice(**fields | changes)


def register(count: int = 3, **changes: Any) -> Register:
    """A reception register; row n is received at n minutes past nine and worth n dollars."""
    fields: dict[str, Any] = {
        "treasury": "財政部國庫署",
        "title": "憑單收件登記簿",
        "title_en": "Reception register",
        "dated_on": TODAY,
        "columns": (
            Column(title="收件序號", title_en="No.", width=24, kind="code"),
            Column(title="收件時間", width=36, kind="moment"),
            Column(title="支用機關"),
            Column(title="筆數", width=16, kind="count", is_totalled=True),
            Column(title="金額", width=36, kind="amount", is_totalled=True),
        ),
        "rows": tuple((f"R{n:07}", at(9, n % 60), "行政院", 1, n) for n in range(1, count + 1)),
    }
    return Register(**fields | changes)
