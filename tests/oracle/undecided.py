"""What the published rules leave open: a random day may contain none of it."""

from collections.abc import Iterator

from .desk import Book
from .entry import DATES, payees
from .names import BLANKS, has_bad_blank, is_han
from .world import Voucher

PLAIN_IDS = {
    "business": ("ubn",),
    "public_enterprise": ("ubn",),
    "government": ("ubn",),
    "agency_special_account": ("ubn",),
    "bank": ("ubn",),
    "individual": ("national_id", "resident_id", "passport"),
}


def open_questions(voucher: Voucher, book: Book, agency_code: str, fiscal_year: int) -> list[str]:
    """Return what about a voucher no rule decides; empty for a voucher fit for comparing."""
    found = list(of_any(voucher, book, agency_code, fiscal_year))
    if voucher["kind"] == "transfer":
        return found + list(of_transfer(voucher, book, agency_code))
    found += [*of_payment(voucher), *of_dates(voucher), *of_method(voucher)]
    for payee in payees(voucher):
        found += of_payee(payee)
    return found


def of_any(voucher: Voucher, book: Book, agency_code: str, fiscal_year: int) -> Iterator[str]:
    """Yield what is open for vouchers of both kinds."""
    earlier = book.rows.get((agency_code, fiscal_year, voucher["number"]))
    if earlier is not None and earlier.outcome in ("refused", "returned"):
        yield "a refused or returned number comes again"
    for name in ("carry_over_ref", "channel", "attachments", "settlement", "refund_of"):
        if name in voucher:
            yield name
    if any(line.get("fund_code") is not None for line in voucher["account_lines"]):
        yield "special fund"
    if "gate" not in voucher:
        yield "no gate"
    if any(text.strip() == "" for text in texts(voucher)):
        yield "an empty text"


def texts(part: object) -> Iterator[str]:
    """Yield every text of a voucher."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from texts(value)


def of_payment(voucher: Voucher) -> Iterator[str]:
    """Yield what is open for a payment's natures, classes and reasons."""
    if "method" not in voucher or not voucher.get("payee_lines"):
        yield "no method or no payees"
    nature, expense_class = voucher.get("nature"), voucher.get("expense_class")
    if nature in ("refund", "advance_settlement") or expense_class == "other_entrusted":
        yield "nature or class"
    if nature == "advance" and not ("advance_case" in voucher and "approval_doc_no" in voucher.get("notes", {})):
        yield "advance without case or approval"
    if nature == "petty_cash_replenishment" and "petty_cash_list_no" not in voucher:
        yield "replenishment without list"
    if expense_class in ("staff", "retiree") and voucher["method"] == "remittance":
        kinds = {payee.get("kind", "business") for payee in payees(voucher)}
        if not kinds <= {"individual", "agency_special_account"}:
            yield "staff money to others"
        if "agency_special_account" in kinds and "entrusted_impossible_reason" not in voucher:
            yield "special account without reason"
    if expense_class in ("staff", "retiree") and voucher["method"].startswith("cheque"):
        yield "staff money by cheque"


def of_dates(voucher: Voucher) -> Iterator[str]:
    """Yield dates stated on some lines while others and the voucher are silent."""
    for name in DATES:
        stated = [name in payee for payee in payees(voucher)]
        if name not in voucher and any(stated) and not all(stated):
            yield "a date on some lines"


def of_method(voucher: Voucher) -> Iterator[str]:
    """Yield what is open for a method's block and fields."""
    method, lines = voucher["method"], payees(voucher)
    if method != "remittance" and ("network" in voucher or "foreign_currency" in voucher):
        yield "network or currency of another method"
    if method == "entrusted":
        if any(not {"bank_code", "account_no", "account_name"} <= payee.keys() for payee in lines):
            yield "entrusted payee without account"
        if "entrusted" in voucher and "roster" not in voucher["entrusted"]:
            yield "no roster"
    foreign = voucher.get("foreign_currency")
    if foreign is not None:
        if not {"currency", "amount", "rate", "twd_amount"} <= foreign.keys():
            yield "incomplete currency"
        if len(lines) != 1 or lines[0].get("kind") != "bank":
            yield "payee is no bank"
    if not method.startswith("cheque"):
        return
    slips = voucher.get("collection_slips", [])
    if [slip.get("payee_seq") for slip in slips] != list(range(1, len(lines) + 1)):
        yield "collection slips"
    forwarded = {"collector_id", "letter_no"}
    if method == "cheque_forward" and any(not forwarded <= slip.keys() for slip in slips):
        yield "collector"
    if voucher.get("cheque", {}).get("crossing") == "uncrossed" and len(lines) > 1:
        yield "uncrossed with several payees"


def of_payee(payee: Voucher) -> Iterator[str]:
    """Yield what is open for one payee line."""
    kind = payee.get("kind", "business")
    if kind == "treasury_deposit":
        yield "treasury deposit"
    elif payee.get("id_type", PLAIN_IDS[kind][0]) not in PLAIN_IDS[kind]:
        yield "identifier unusual for the kind"
    if kind == "individual" and "id" in payee and "id_type" not in payee:
        yield "individual's identifier without type"
    documents = payee.get("source_documents") or []
    if documents and sum(document.get("amount_twd", 0) for document in documents) != payee["amount_twd"]:
        yield "documents do not add up"
    names: list[str] = [payee["name"], payee.get("account_name") or payee["name"]]
    for name in names:
        latin_and_han = any(is_han(c) for c in name) and any(c.isascii() and c.isalpha() for c in name)
        wide_in_latin = "\u3000" in name and not any(is_han(c) for c in name)
        if any(blank in name for blank in BLANKS) and (latin_and_han or wide_in_latin) and not has_bad_blank(name):
            yield "blank in a mixed name"


def of_transfer(voucher: Voucher, book: Book, agency_code: str) -> Iterator[str]:
    """Yield what is open about a transfer's originals and the accounts it credits."""
    originals = voucher.get("originals", [])
    if sum(original["amount_twd"] for original in originals) != voucher["total_twd"]:
        yield "originals do not add up"
    debited = {line["account_code"] for line in voucher["account_lines"] if line["side"] == "debit"}
    credited = {line["account_code"] for line in voucher["account_lines"] if line["side"] == "credit"}
    if debited & credited:
        yield "an account on both sides"
    for original in originals:
        key = (original.get("agency_code", agency_code), original.get("fiscal_year", 114), original["number"])
        paid = book.vouchers.get(key)
        if key[1] != 114:
            yield "original of another year"
        if paid is None or key[0] != agency_code or book.rows[key].outcome != "paid":
            continue
        code = original["account_code"]
        lines = [line["amount_twd"] for line in paid["account_lines"] if line["account_code"] == code]
        if sum(lines) < original["amount_twd"]:
            yield "more than the original's account has"
