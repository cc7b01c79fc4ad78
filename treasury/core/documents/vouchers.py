"""Payment and transfer vouchers as the templates read them."""

from collections.abc import Sequence
from typing import Any, Final

from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.documents.lists import account_list, original_list, payee_list, posting_list
from treasury.core.documents.qr import qr_code
from treasury.core.documents.shapes import (
    AccountLine,
    Choice,
    Mark,
    Original,
    PayeeLine,
    PaymentVoucher,
    Remark,
    Seal,
    TransferVoucher,
    VoucherHead,
)
from treasury.core.documents.wording import breakable, counted, long_date, moment, serial_lines, short_date

Content = dict[str, Any]
_ORIGINALS_ON_FORM: Final = 3
# Beyond this the list stays electronic: 200 pages of paper help nobody, and the signed document holds every line.
PRINTED_PAYEES_MAX: Final = 5_000


def payment_voucher_content(voucher: PaymentVoucher) -> Content:
    """付款憑單: the form's own fields, and the lists that follow when there is more than one line."""
    several_accounts = len(voucher.account_lines) > 1
    several_payees = len(voucher.payee_lines) > 1
    is_too_long = len(voucher.payee_lines) > PRINTED_PAYEES_MAX
    lists = [account_list(voucher.account_lines)] if several_accounts else []
    if several_payees and not is_too_long:
        lists.append(payee_list(voucher.payee_lines))
    documents = (
        [] if several_payees else [Remark("憑證", text) for line in voucher.payee_lines for text in line.remarks]
    )
    return {
        **_common(voucher, [*voucher.remarks, *documents], lists),
        "method": _choice(voucher.method),
        "network": _choice(voucher.network),
        "crossing": _choice(voucher.crossing) if voucher.crossing else None,
        "legal_pay_on": short_date(voucher.legal_pay_on),
        "distribution_on": short_date(voucher.distribution_on),
        "remit_on": short_date(voucher.remit_on),
        "account": _account(voucher.account_lines),
        "payee": _payee(voucher),
        "special_instructions": _remarks(voucher.special_instructions),
        "enclosures": _enclosures(
            ("科目清單", len(voucher.account_lines) if several_accounts else 0, "筆"),
            (
                "受款人清單",
                len(voucher.payee_lines) if several_payees else 0,
                "筆（以電子檔為準）" if is_too_long else "筆",
            ),
            ("附件", voucher.attachment_count, "件"),
        ),
    }


def transfer_voucher_content(voucher: TransferVoucher) -> Content:
    """轉帳憑單: one debit and one credit stand on the form, more follow as a list."""
    debits = [line for line in voucher.account_lines if line.side == "debit"]
    credits = [line for line in voucher.account_lines if line.side == "credit"]
    accounts_listed = len(debits) > 1 or len(credits) > 1
    originals_listed = len(voucher.originals) > _ORIGINALS_ON_FORM
    lists = [posting_list(voucher.account_lines)] if accounts_listed else []
    if originals_listed:
        lists.append(original_list(voucher.originals))
    return {
        **_common(voucher, voucher.remarks, lists),
        "debit": _side(debits),
        "credit": _side(credits),
        "originals": f"詳原憑單清單（{counted(len(voucher.originals))}）"
        if originals_listed
        else "\n".join(map(_original, voucher.originals)),
        "special_instructions": [],
        "enclosures": _enclosures(
            ("科目清單", len(voucher.account_lines) if accounts_listed else 0, "筆"),
            ("原憑單清單", len(voucher.originals) if originals_listed else 0, "筆"),
            ("附件", voucher.attachment_count, "件"),
        ),
    }


def _common(voucher: PaymentVoucher | TransferVoucher, remarks: Sequence[Remark], lists: list[Content]) -> Content:
    return {
        "head": _head(voucher.head),
        "gate": _choice(voucher.gate),
        "nature": voucher.nature,
        "purpose": breakable(voucher.purpose),
        "amount": {
            "figures": format_twd(voucher.total_twd),
            "words": to_chinese_amount(voucher.total_twd, mode="voucher"),
        },
        "remarks": _remarks(remarks),
        "lists": lists,
        "seals": [_seal(seal) for seal in voucher.seals],
        "marks": [_mark(mark) for mark in voucher.marks],
    }


def _head(head: VoucherHead) -> Content:
    return {
        "treasury": head.treasury,
        "agency_code": head.agency_code,
        "agency_name": breakable(head.agency_name),
        "fiscal_year": str(head.fiscal_year),
        "number": head.number,
        "issued_on": long_date(head.issued_on),
        "revision": str(head.revision),
        "status": head.status,
        "is_paper": head.is_paper,
        "digest": head.digest_sha256,
        "qr": qr_code(qr_text(head)),
    }


def qr_text(head: VoucherHead) -> str:
    """What the QR code says: EPAY1:agency/fiscal year/number/R revision[:digest], all in QR's short alphabet."""
    number = f"EPAY1:{head.agency_code}/{head.fiscal_year}/{head.number}/R{head.revision}"
    return f"{number}:{head.digest_sha256.upper()}" if head.digest_sha256 else number


def _choice(choice: Choice) -> Content:
    return {"options": list(choice.options), "chosen": choice.chosen}


def _remarks(remarks: Sequence[Remark]) -> list[Content]:
    return [{"label": breakable(remark.label), "text": breakable(remark.text)} for remark in remarks]


def _account(lines: Sequence[AccountLine]) -> Content:
    if len(lines) != 1:
        return {"code": "", "name": f"詳科目清單（{counted(len(lines))}）" if lines else "", "fund": ""}
    line = lines[0]
    return {"code": line.account_code, "name": breakable(line.account_name), "fund": breakable(line.fund)}


def _payee(voucher: PaymentVoucher) -> Content:
    lines = voucher.payee_lines
    only = lines[0] if len(lines) == 1 else PayeeLine(name="", amount_twd=0)
    name = f"詳受款人清單（{counted(len(lines))}）" if len(lines) > 1 else breakable(only.name)
    if voucher.disbursement_account:
        only = PayeeLine(
            name="",
            amount_twd=0,
            identifier_kind=only.identifier_kind,
            identifier=only.identifier,
            bank_code=voucher.disbursement_bank_code,
            bank_name=voucher.disbursement_bank,
            account_no=voucher.disbursement_account,
            account_name="依受款人劃帳清冊",
        )
    return {
        "name": name,
        "identifier_kind": only.identifier_kind or "識別號",
        "identifier": only.identifier,
        "bank_code": only.bank_code,
        "bank": breakable(only.bank_name),
        "account_no": only.account_no,
        "account_name": breakable(only.account_name),
    }


def _side(lines: Sequence[AccountLine]) -> Content:
    total = format_twd(sum(line.amount_twd for line in lines))
    return {**_account(lines), "figures": total}


def _original(original: Original) -> str:
    year = f"{original.fiscal_year} 年度" if original.fiscal_year else ""
    account = f"科目 {original.account_code}" if original.account_code else ""
    amount = f"{format_twd(original.amount_twd)} 元" if original.amount_twd is not None else ""
    return "　".join(part for part in (year, original.number, account, amount) if part)


def _enclosures(*parts: tuple[str, int, str]) -> str:
    return "　".join(f"{name} {count:,} {unit}" for name, count, unit in parts if count) or "無"


def _seal(seal: Seal) -> Content:
    return {
        "capacity": seal.capacity,
        "name": breakable(seal.name),
        "at": moment(seal.at),
        "serial": serial_lines(seal.certificate_serial),
        "card": seal.card_no,
    }


def _mark(mark: Mark) -> Content:
    return {
        "label": mark.label,
        "number": mark.number,
        "by": mark.by,
        "at": moment(mark.at),
        "on": short_date(mark.at.date() if mark.at else None),
        "stamp": mark.stamp,
    }
