"""What the columns 特別記載事項 and 附記事項 of a voucher say, from its content (B-9.11, B-9.12).

A remark that belongs to a payee stands on the form when there is one payee, and with the payee's line in the list
when there are more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from treasury.core.amounts import format_twd
from treasury.core.clock import ZONE
from treasury.core.documents.shapes import Remark
from treasury.core.roc import format_date
from vouchers import words

Content = Mapping[str, Any]

_FIRST_DAY = date(1912, 1, 1)
_LAST_DAY = date(9999, 12, 30)

# References on the voucher itself, in the order in which they are read.
_REFERENCES = (
    "advance_case",
    "petty_cash_list_no",
    "statutory_case_no",
    "receipt_account_ref",
    "carry_over_ref",
    "refund_of",
    "reclaims_cheque",
    "replaces_voucher",
    "entrusted_impossible_reason",
    "incident_ref",
)


def special_instructions(content: Content) -> tuple[Remark, ...]:
    """特別記載事項: how cheques are collected, on whose consent, and where the roster went."""
    return tuple(_stated(_special(content)))


def remarks(content: Content) -> tuple[Remark, ...]:
    """附記事項 of a payment or transfer voucher, with what belongs to its only payee."""
    return tuple(_stated(_remarks(content)))


def payee_remarks(line: Content, slips: Sequence[Content] = ()) -> tuple[str, ...]:
    """What stands under a payee in the list, each as one text; `slips` are its own collection slips."""
    told = _stated([*_of_payee(line), *(("領取支票憑證", slip_words(slip)) for slip in slips)])
    return tuple(_line(remark) for remark in told)


def slips_by_payee(content: Content) -> dict[int, list[Content]]:
    """The collection slips of each payee, counted from 1 (B-17); a slip that names nobody is that of the only payee."""
    only = 1 if len(content.get("payee_lines", ())) == 1 else 0
    slips: dict[int, list[Content]] = {}
    for slip in content.get("collection_slips", ()):
        slips.setdefault(slip.get("payee_seq", only), []).append(slip)
    return slips


def slip_words(slip: Content) -> str:
    """A collection slip: its number, who collects, and by which letter (B-18)."""
    kind = slip.get("collector_kind", "payee")
    collector = "" if kind == "payee" else words.COLLECTORS[kind]
    letter = f"專用函 {slip['letter_no']}" if slip.get("letter_no") else ""
    return _joined(slip["no"], f"{collector} {slip.get('collector_id', '')}".strip(), letter)


def _special(content: Content) -> Iterator[tuple[str, str]]:
    cheque = content.get("cheque", {})
    slips = content.get("collection_slips", ())
    if len(content.get("payee_lines", ())) == 1:
        yield from (("領取支票憑證", slip_words(slip)) for slip in slips)
    elif slips:
        yield "領取支票憑證", f"共 {len(slips):,} 張，詳受款人清單"
    yield "公庫同意文號", cheque.get("consent_ref", "")
    yield "專案核准文號", cheque.get("special_approval_ref", "")
    yield "受款人劃帳清冊", _roster(content.get("entrusted", {}).get("roster", {}))
    channel = content.get("channel", "electronic")
    if channel != "electronic":
        yield "送件方式", words.CHANNELS[channel]


def _roster(roster: Content) -> str:
    delivered = roster.get("delivered_at", "")
    receipt = roster.get("receipt_ref", "")
    return _joined(f"{_moment(delivered)} 送達" if delivered else "", f"收據 {receipt}" if receipt else "")


def _remarks(content: Content) -> Iterator[tuple[str, str]]:
    notes = content.get("notes", {})
    cheque = content.get("cheque", {})
    settlement = content.get("settlement", {})
    yield "核准文號", notes.get("approval_doc_no", "")
    yield from ((words.FIELDS[name], content.get(name, "")) for name in _REFERENCES)
    yield "歸墊", _settlement(settlement)
    yield "得採支票之事由", words.CHEQUE_GROUNDS.get(cheque.get("ground", ""), "")
    yield "採支票之理由", cheque.get("reason", "")
    yield from _foreign(content.get("foreign_currency", {}))
    lines = content.get("payee_lines", ())
    if len(lines) == 1:
        yield from _of_payee(lines[0])
    yield words.FIELDS["petty_exception_reason"], notes.get("petty_exception_reason", "")
    yield "附記", notes.get("text", "")


def _settlement(settlement: Content) -> str:
    agency = settlement.get("original_agency_code", "")
    return _joined(
        settlement.get("case_no", ""),
        words.SETTLEMENT_WAYS.get(settlement.get("way", ""), ""),
        f"原墊付機關 {agency}" if agency else "",
    )


def _foreign(block: Content) -> Iterator[tuple[str, str]]:
    """Currency, foreign amount and its equivalent, as B-21 wants them noted."""
    if not block:
        return
    amount, rate, twd_amount = block.get("amount"), block.get("rate"), block.get("twd_amount")
    yield (
        "外幣",
        _joined(
            f"{block.get('currency', '')} {Decimal(amount):,}".strip() if amount else block.get("currency", ""),
            f"匯率 {rate}" if rate else "",
            f"折合新臺幣 {format_twd(twd_amount)} 元" if twd_amount else "",
        ),
    )
    yield "核定外匯額度", block.get("quota_ref", "")


def _of_payee(line: Content) -> Iterator[tuple[str, str]]:
    if line.get("kind", "business") not in ("business", "individual"):
        yield "受款人類別", words.PAYEE_KINDS[line["kind"]]
    if line.get("is_forwarder"):
        yield "受款人類別", "機關指定轉發人員"
    yield from (("憑證", _document(document)) for document in line.get("source_documents", ()))
    yield "戶名不同之理由", line.get("account_name_reason", "")
    if line.get("is_first_pension"):
        pension = line.get("first_pension", {})
        approval, retired = pension.get("approval_doc_no", ""), pension.get("retirement_date", "")
        yield "首次退休金", _joined(f"核准文號 {approval}" if approval else "", _dated("退休生效日", retired)) or "是"


def _document(document: Content) -> str:
    """普通收據, or 統一發票 with its number, and the day it was issued (B-9.12.1)."""
    amount = document.get("amount_twd")
    name = f"{words.DOCUMENTS[document['type']]} {document.get('number', '')}".strip()
    return _joined(name, _date(document.get("date", "")), f"{format_twd(amount)} 元" if amount else "")


def _line(remark: Remark) -> str:
    """A remark under a payee: documents speak for themselves, other texts need their label."""
    return remark.text if remark.label in ("憑證", "受款人類別") else f"{remark.label}：{remark.text}"


def _stated(pairs: Iterable[tuple[str, str]]) -> Iterator[Remark]:
    """The pairs that say something."""
    return (Remark(label, text) for label, text in pairs if text and text.strip())


def _joined(*parts: str) -> str:
    return "　".join(part for part in parts if part)


def _dated(label: str, text: str) -> str:
    return f"{label} {_date(text)}" if text else ""


def _date(text: str) -> str:
    """A date in its ROC year; one before the Republic stands as it was written."""
    on = date.fromisoformat(text) if text else date.max
    return format_date(on) if text and on >= _FIRST_DAY else text


def _moment(text: str) -> str:
    """A date-time of the contract, in Taipei; one without a zone is Taipei's already."""
    at = datetime.fromisoformat(text)
    if not _FIRST_DAY < at.date() < _LAST_DAY:
        return text
    local = at.astimezone(ZONE) if at.tzinfo else at
    return f"{format_date(local.date())} {local:%H:%M}"
