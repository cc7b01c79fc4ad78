"""Cheques as they are printed (B-27.1, C-21.7)."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from disbursement.models import Cheque
from treasury.core import clock
from treasury.core.documents import shapes
from treasury.core.parameters import parameters_on

_TITLES = {"nta": "國庫支票", "taichung": "市庫支票"}


def cheques_issued(*, on: date) -> QuerySet[Cheque]:
    """The cheques issued on a day, whatever became of them, by number, with the vouchers they pay."""
    rows = Cheque.objects.filter(issued_on=on).order_by("series", "serial")
    return rows.select_related("voucher").defer("voucher__content")


def cheque_shapes(cheques: Iterable[Cheque]) -> list[shapes.Cheque]:
    """Issued cheques as their form prints them, in the order given. Non-endorsable without exception (B-9.11)."""
    title = _TITLES.get(parameters_on(clock.today()).profile, "公庫支票")
    return [_shape(cheque, title) for cheque in cheques]


def _shape(cheque: Cheque, title: str) -> shapes.Cheque:
    assert cheque.voucher is not None and cheque.issued_on is not None and cheque.amount_twd is not None
    return shapes.Cheque(
        title=title,
        series=cheque.series,
        serial=cheque.serial,
        issued_on=cheque.issued_on,
        payee_name=cheque.payee_name,
        amount_twd=cheque.amount_twd,
        paying_institution=settings.PAYING_INSTITUTION,
        drawer=settings.TREASURY_NAME,
        drawer_account_no=f"帳號 {settings.MASTER_ACCOUNT_NO}",
        voucher=f"{cheque.voucher.agency_id}　{cheque.voucher.number}",
        is_crossed=cheque.is_crossed,
    )
