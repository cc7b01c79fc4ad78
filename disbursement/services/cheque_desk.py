"""支票: what becomes of a cheque after the stock: spoiled, handed over, cancelled (B-17, B-22.2, C-21.7.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from disbursement.models import Cheque, ChequeCancellation
from disbursement.selectors.cheques import stop_outcome
from disbursement.services.cheque_stops import CHEQUE_STOPPED
from disbursement.services.draws import draws_of
from disbursement.services.splits import split_of
from treasury.core import clock, outbox, roc
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.core.numbers import next_number
from treasury.core.steps import perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw
from vouchers import selectors as vouchers

if TYPE_CHECKING:
    from vouchers.models import Voucher


def cheque_spoil(*, cheque: Cheque, actor: Actor, because: str) -> Cheque:
    """Spoils a blank of the stock; its number stays explained for ever (C-21.7.8). Problem `reason_missing`."""
    _require_words(because)
    return perform(cheque, "spoil", actor=actor, because=because)


def cheque_hand_over(*, cheque: Cheque, actor: Actor, received_by: str, because: str = "") -> Cheque:
    """Hands an issued cheque over to whoever collects it (B-17.1); Problem `receiver_missing` without a name."""
    name = received_by.strip()
    if not 0 < len(name) <= 80:
        raise Problem("receiver_missing", "who collects a cheque is named, in at most 80 signs", path="/received_by")
    return perform(cheque, "hand_over", actor=actor, because=because, details={"received_by": name})


def cheque_cancel(
    *, cheque: Cheque, actor: Actor, because: str, is_back: bool = False, draws: Sequence[Draw] = ()
) -> ChequeCancellation:
    """Cancels an unpaid cheque by a numbered entry (註銷, B-22.2).

    In the voucher's own fiscal year, and always for an advance, its accounts get the money back; a cheque of an earlier
    year is paid in as 收回以前年度歲出, which leaves the old year alone, and is claimed by a new voucher (B-33.2).
    A cheque that was handed over is cancelled when it is back (`is_back`), or when the bank has confirmed that it
    will not pay it. `draws` as for a returned line. Problem `reason_missing`, `cheque_outstanding` or `cheque_paid`
    (409), `split_missing` or `split_wrong` (path `/draws`).
    """
    _require_words(because)
    today = clock.today()
    with transaction.atomic():
        row = Cheque.objects.select_for_update().get(pk=cheque.pk)
        source = row.state
        row = perform(row, "cancel_cheque", actor=actor, because=because, details={"is_back": is_back})
        _require_unpayable(row, source, is_back=is_back)
        assert row.voucher_id is not None and row.amount_twd is not None
        voucher = vouchers.voucher(row.voucher_id, locked=True)
        is_restored = goes_back(voucher, on=today)
        split = split_of(voucher=voucher, amount_twd=row.amount_twd, draws=draws)
        ledger.book(
            events.CANCEL_CHEQUE if is_restored else events.PAY_IN_CHEQUE,
            event_ref=row.cheque_no,
            agency_code=voucher.agency_code,
            fiscal_year=voucher.fiscal_year if is_restored else roc.roc_year(today),
            on=today,
            draws=split,
        )
        outbox.withdraw(CHEQUE_STOPPED, cheque_id=row.pk)
        return ChequeCancellation.objects.create(
            cheque=row,
            fiscal_year=roc.roc_year(today),
            cancellation_no=next_number(f"cancelled_cheque/{roc.roc_year(today)}"),
            draws=[draw._asdict() for draw in split],
            because=because,
            made_on=today,
            made_at=clock.now(),
            made_by=actor.name,
        )


def goes_back(voucher: Voucher, *, on: date) -> bool:
    """Whether a cheque of a voucher that is cancelled on a day restores its accounts, or is paid in instead: it is of
    an earlier year, and no advance (B-22.2, B-32.4)."""
    return roc.roc_year(on) == voucher.fiscal_year or vouchers.content_part(voucher, "nature") == "advance"


def accounts_of(cheque: Cheque) -> list[Draw]:
    """The accounts that a cheque was paid out of, each with what the whole voucher drew on it."""
    assert cheque.voucher_id is not None
    return draws_of(vouchers.voucher(cheque.voucher_id))


def _require_unpayable(row: Cheque, source: str, *, is_back: bool) -> None:
    """Nobody can be paid by the cheque any more: it lies here, or the bank has promised not to pay it."""
    outcome = stop_outcome(row)
    if outcome == "already_paid":
        raise Problem("cheque_paid", f"the bank has paid {row} already", status=409)
    was_handed_over = source == "handed_over" or (source == "stopped" and _was_handed_over(row))
    if was_handed_over and not is_back and outcome != "stopped":
        raise Problem(
            "cheque_outstanding",
            f"{row} was handed over: it is cancelled when it is back, or when the bank has stopped it",
            path="/is_back",
            status=409,
        )


def _was_handed_over(row: Cheque) -> bool:
    return History.objects.filter(machine="cheque", subject_id=row.pk, verb="hand_over").exists()


def _require_words(because: str) -> None:
    if not because.strip():
        raise Problem("reason_missing", "whoever takes a cheque out of use says why", path="/because")
