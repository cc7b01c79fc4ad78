"""The way of a voucher that is signed on paper: printed, sealed by hand, sent to the treasury (A-5.4)."""

from django.db import transaction

from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import perform
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.services.preparation import goes_on_paper


def voucher_print_for_paper(*, voucher: Voucher, actor: Actor) -> Voucher:
    """Passes review of a voucher that goes on paper; Problem `not_for_paper` (409) for one paid electronically."""
    with transaction.atomic():
        row = selectors.voucher(voucher.pk, locked=True)
        if not goes_on_paper(row):
            raise Problem("not_for_paper", f"憑單 {row.number} 未逾電子支付限額，應線上簽證", status=409)
        return perform(row, "print_for_paper", actor=actor)


def voucher_sign_paper(*, voucher: Voucher, actor: Actor) -> Voucher:
    """Notes that both certifiers have put their seals on the printed voucher (B-12.1)."""
    return perform(voucher, "sign_paper", actor=actor)


def voucher_mail(*, voucher: Voucher, actor: Actor, because: str = "") -> Voucher:
    """Notes that the sealed voucher is on its way to the treasury; `because` may name the registered letter."""
    return perform(voucher, "mail", actor=actor, because=because)
