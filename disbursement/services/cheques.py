"""Cheques: blanks come from a numbered stock, each is issued once, crossed and non-endorsable (B-27.1, C-21.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from disbursement.models import Cheque
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.numbers import next_numbers
from treasury.core.steps import authorize, born_many, perform

if TYPE_CHECKING:
    from vouchers.models import Voucher

SERIES = "NT"
SERIAL_WIDTH = 7


def cheque_stock_receive(*, count: int, actor: Actor, series: str = SERIES) -> range:
    """Takes a book of blank cheques into the stock; the serials follow on without a gap. Returns their numbers."""
    if not 1 <= count <= 100_000:
        raise Problem("bad_count", "a book has 1 to 100,000 cheques", path="/count")
    authorize(actor=actor, permission="disbursement.pay_voucher", agency_code="", earlier=())
    with transaction.atomic():
        serials = next_numbers(f"cheque/{series}", count)
        Cheque.objects.bulk_create(Cheque(series=series, serial=str(number).zfill(SERIAL_WIDTH)) for number in serials)
        names = [str(number).zfill(SERIAL_WIDTH) for number in serials]
        rows = Cheque.objects.filter(series=series, serial__in=names)
        born_many(rows, actor=actor, details={"series": series})
    return serials


def blank_count(series: str = SERIES) -> int:
    """How many blanks the stock holds."""
    return Cheque.objects.filter(state="blank", series=series).count()


def cheque_issue(*, voucher: Voucher, payee_seq: int, line: dict[str, Any], actor: Actor) -> Cheque:
    """Issues the next blank of the stock to one payee of a voucher, in the caller's transaction.

    Problem `no_blank_cheque` when the stock is empty.
    """
    blank = Cheque.objects.select_for_update().filter(state="blank", series=SERIES).order_by("serial").first()
    if blank is None:
        raise Problem("no_blank_cheque", "the stock of blank cheques is empty", status=409)
    crossing = voucher.content.get("cheque", {}).get("crossing", "crossed")
    return perform(
        blank,
        "issue",
        actor=actor,
        details={"voucher": voucher.reference},
        change={
            "voucher_id": voucher.pk,
            "payee_seq": payee_seq,
            "payee_name": line["name"],
            "amount_twd": line["amount_twd"],
            "is_crossed": crossing != "uncrossed",
            "issued_on": clock.today(),
        },
    )
