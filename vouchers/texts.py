"""Every free text of a voucher with its place: what documents print and signatures cover.

Codes, numbers and dates of a fixed form are not among them; the schema has seen to those.
"""

from collections.abc import Iterator
from itertools import chain

from vouchers.facts import REFERENCES, VoucherFacts

_BLOCKS = {
    "cheque": ("consent_ref", "special_approval_ref", "reason"),
    "foreign_currency": ("quota_ref",),
    "notes": ("approval_doc_no", "petty_exception_reason", "text"),
    "settlement": ("case_no", "original_agency_code"),
}
_LISTS = {
    "account_lines": ("account_code", "account_name", "fund_code"),
    "collection_slips": ("no", "collector_id", "letter_no"),
    "originals": ("number", "agency_code", "account_code"),
    "attachments": ("name",),
}
_PAYEE = ("name", "id", "account_name", "account_name_reason")


def texts_of(voucher: VoucherFacts) -> Iterator[tuple[str, str]]:
    """Pairs of JSON Pointer (from the voucher) and text, absent texts left out."""
    yield from _of_voucher(voucher)
    yield from _of_payees(voucher)


def all_text(voucher: VoucherFacts) -> str:
    """The same texts without their places, a line break between any two: enough to see that nothing is wrong."""
    lines = voucher.payee_lines
    columns = ((line.name, line.id, line.account_name, line.account_name_reason) for line in lines)
    pensions = (line.first_pension.approval_doc_no for line in lines)
    documents = (document.number for line in lines for document in line.source_documents)
    own = (text for _, text in _of_voucher(voucher))
    return "\n".join(filter(None, chain(own, chain.from_iterable(columns), pensions, documents)))


def _of_voucher(voucher: VoucherFacts) -> Iterator[tuple[str, str]]:
    yield from _stated(voucher, "", ("purpose", *REFERENCES))
    for block, names in _BLOCKS.items():
        yield from _stated(getattr(voucher, block), f"/{block}", names)
    if voucher.entrusted.roster_receipt_ref is not None:
        yield "/entrusted/roster/receipt_ref", voucher.entrusted.roster_receipt_ref
    for parts, names in _LISTS.items():
        for index, part in enumerate(getattr(voucher, parts)):
            yield from _stated(part, f"/{parts}/{index}", names)


def _of_payees(voucher: VoucherFacts) -> Iterator[tuple[str, str]]:
    for index, line in enumerate(voucher.payee_lines):
        path = f"/payee_lines/{index}"
        yield from _stated(line, path, _PAYEE)
        if line.first_pension.approval_doc_no is not None:
            yield f"{path}/first_pension/approval_doc_no", line.first_pension.approval_doc_no
        for position, document in enumerate(line.source_documents):
            if document.number is not None:
                yield f"{path}/source_documents/{position}/number", document.number


def _stated(source: object, path: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        text = getattr(source, name, None)
        if text is not None:
            yield f"{path}/{name}", text
