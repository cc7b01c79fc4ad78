"""日結核對: books against bank, every difference with its reason (B-28)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from disbursement.models import BankMessage, Cheque, PaymentInstruction, Reconciliation, RemittanceBatch
from disbursement.selectors.cheques import OPEN
from disbursement.services.statements import statement_apply, statement_of
from treasury.core import clock
from treasury.ledger import chart
from treasury.ledger import selectors as ledger


def day_reconcile(*, on: date, message: BankMessage) -> Reconciliation:
    """Books a day's statement, compares, and keeps the result.

    It balances when the master account equals the bank's closing balance, the three accounts of open items equal the
    items themselves, and no entry of the bank is left over. Open items are explained, not differences.
    """
    strangers = statement_apply(message=message, on=on)
    statement = statement_of(message)
    with transaction.atomic():
        balances = ledger.trial_balance()
        figures = {
            "books_master_twd": balances[chart.MASTER_DEPOSIT],
            "bank_opening_twd": statement.opening_twd,
            "bank_closing_twd": statement.closing_twd,
            "in_transit_twd": balances[chart.IN_TRANSIT],
            "cheques_outstanding_twd": balances[chart.CHEQUES_OUTSTANDING],
            "returned_twd": balances[chart.RETURNED],
            "general_twd": balances[chart.GENERAL],
            "funds_twd": balances[chart.FUNDS],
            **_items(),
        }
        differences = [*_differences(figures), *(_stranger(entry) for entry in strangers)]
        return Reconciliation.objects.create(
            on=on,
            made_at=clock.now(),
            statement=message,
            figures=figures,
            differences=differences,
            is_balanced=not any(row["is_open"] for row in differences),
        )


def _items() -> dict[str, int]:
    """Sums of the open items themselves, to be held against their accounts."""
    batches = _on_their_way().aggregate(total=Sum("total_twd"))
    cheques = Cheque.objects.filter(state__in=OPEN).aggregate(total=Sum("amount_twd"))
    waiting = PaymentInstruction.objects.filter(batch__isnull=True).aggregate(total=Sum("amount_twd"))
    returned = _returned().filter(returned_on__isnull=False).aggregate(total=Sum("amount_twd"))
    return {
        "batches_unsettled_twd": batches["total"] or 0,
        "instructions_unbatched_twd": waiting["total"] or 0,
        "cheques_unpaid_twd": cheques["total"] or 0,
        "lines_returned_twd": returned["total"] or 0,
    }


def _on_their_way() -> QuerySet[RemittanceBatch]:
    return RemittanceBatch.objects.exclude(state__in=["settled", "rejected"]).defer("message", "roster").order_by("pk")


def _returned() -> QuerySet[PaymentInstruction]:
    """Lines whose money waits to be sent again or given back; it is there once the bank has booked the return."""
    return PaymentInstruction.objects.filter(state__in=["returned_by_bank", "corrected"]).order_by("pk")


def _differences(figures: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Every pair of figures that should agree and does not, then the open items that explain the rest."""
    in_transit = figures["batches_unsettled_twd"] + figures["instructions_unbatched_twd"]
    pairs = [
        ("books_master", figures["books_master_twd"], figures["bank_closing_twd"]),
        ("in_transit", figures["in_transit_twd"], in_transit),
        ("cheques_outstanding", figures["cheques_outstanding_twd"], figures["cheques_unpaid_twd"]),
        ("returned", figures["returned_twd"], figures["lines_returned_twd"]),
    ]
    for name, books_twd, other_twd in pairs:
        if books_twd != other_twd:
            yield _difference(name, books_twd - other_twd, "unexplained", is_open=True)
    for batch in _on_their_way():
        yield _difference(batch.message_id, batch.total_twd, "not_yet_debited")
    for cheque in Cheque.objects.filter(state__in=OPEN).order_by("serial"):
        yield _difference(cheque.cheque_no, cheque.amount_twd, "not_yet_presented")
    for line in _returned():
        reason = "returned" if line.returned_on else "return_announced"
        yield _difference(line.end_to_end_id, line.amount_twd, reason, line.return_code)


def _difference(
    item: str, amount_twd: int | None, reason: str, value: str = "", *, is_open: bool = False
) -> dict[str, Any]:
    """A difference as it is kept: a code and its value; `documents.wording` has the words for both."""
    return {"item": item, "amount_twd": amount_twd, "reason": reason, "value": value, "is_open": is_open}


def _stranger(entry: Any) -> dict[str, Any]:
    return _difference(entry.reference, entry.amount_twd, "stranger", entry.kind, is_open=True)
