"""Vouchers on paper, brought as far as a test needs by the people who handle them."""

from disbursement.services.paper import PaperCheck
from tests.factories import CABINET, Desk, fresh
from tests.vouchers.examples import Content, remittance
from treasury.core.steps import perform
from vouchers.models import Voucher

IN_ORDER = PaperCheck(seals={"accountant": True, "head": True}, is_content_same=True)
WITHOUT_HEAD = PaperCheck(seals={"accountant": True, "head": False}, is_content_same=True, note="機關長官印鑑不符")


def on_paper(content: Content | None = None) -> Content:
    """A voucher that goes on paper because the agency's network is down (B-7)."""
    return (content or remittance()) | {"channel": "paper_fallback", "incident_ref": "INC-114-01"}


def mailed(desk: Desk, content: Content | None = None) -> Voucher:
    """A voucher that was printed, sealed and sent to the treasury."""
    voucher = desk.brought("printed", on_paper(content))
    perform(voucher, "sign_paper", actor=desk.actor("clerk", CABINET))
    perform(voucher, "mail", actor=desk.actor("releaser", CABINET))
    moved: Voucher = fresh(voucher)
    return moved
