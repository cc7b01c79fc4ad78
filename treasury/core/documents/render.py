"""From a shape to a PDF."""

from collections.abc import Sequence
from typing import Any

from treasury.core.documents.application_shapes import Application
from treasury.core.documents.applications import application_content
from treasury.core.documents.cheques import cheque_content, cheque_extra
from treasury.core.documents.notices import return_notice_content
from treasury.core.documents.press import press
from treasury.core.documents.registers import register_content
from treasury.core.documents.shapes import (
    Cheque,
    Document,
    PaymentVoucher,
    Register,
    ReturnNotice,
    TransferVoucher,
)
from treasury.core.documents.vouchers import payment_voucher_content, transfer_voucher_content
from treasury.core.errors import Problem


def render(document: Document) -> bytes:
    """One document as PDF/A-2a. Problems as for `render_many`."""
    return render_many([document])


def render_many(documents: Sequence[Document]) -> bytes:
    """Documents of one kind in one PDF/A-2a, each on pages of its own, in the order given.

    The same documents give the same bytes. Problem `missing_glyph` names a character the packaged fonts cannot print,
    its path points into the sequence (`/documents/3/payee/name`, by the template's names); `amount_out_of_range` an
    amount no form can write; `no_documents` an empty sequence; `mixed_documents` more than one kind.
    """
    if not documents:
        raise Problem("no_documents", "there is nothing to print")
    first = documents[0]
    if any(type(document) is not type(first) for document in documents):
        raise Problem("mixed_documents", "one file holds documents of one kind")
    contents = [_content(document) for document in documents]
    extra = cheque_extra() if isinstance(first, Cheque) else {}
    title, author = _title(first, len(documents))
    return press(
        first.template,
        {"title": title, "author": author, "documents": contents, **extra},
        dated_on=max(document.dated_on for document in documents),
    )


def _content(document: Document) -> dict[str, Any]:
    """The JSON values of a document, as its template reads them."""
    match document:
        case PaymentVoucher():
            return payment_voucher_content(document)
        case TransferVoucher():
            return transfer_voucher_content(document)
        case Cheque():
            return cheque_content(document)
        case ReturnNotice():
            return return_notice_content(document)
        case Register():
            return register_content(document)
        case Application():
            return application_content(document)


def _title(document: Document, count: int) -> tuple[str, str]:
    """Title and author of the file's metadata, from its first document."""
    more = f" 等 {count:,} 張" if count > 1 else ""
    match document:
        case PaymentVoucher(head=head):
            return f"付款憑單 {head.agency_code} {head.number}{more}", head.agency_name
        case TransferVoucher(head=head):
            return f"轉帳憑單 {head.agency_code} {head.number}{more}", head.agency_name
        case Cheque(title=title):
            return f"{title} {document.series}{document.serial}{more}", document.drawer
        case ReturnNotice():
            return f"憑單退件通知書 {document.agency_code} {document.number}{more}", document.treasury
        case Register():
            return f"{document.title} {document.subject}".strip() + more, document.treasury
        case Application():
            return f"{document.title} {document.agency_code} {document.number}{more}", document.agency_name
