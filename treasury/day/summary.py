"""The figures of a day, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Sum

from disbursement.models import Cheque, PaymentInstruction, Reconciliation, RemittanceBatch
from signing.models import LogHead
from treasury.core.invariants import Violation
from treasury.day.outcome import Row, totals
from treasury.day.request import DayRequest


def day_summary(
    request: DayRequest,
    rows: Sequence[Row],
    reconciliation: Reconciliation,
    found: Sequence[Violation],
    printed: dict[str, int],
    head: LogHead | None,
) -> dict[str, Any]:
    """Vouchers and amounts by outcome and reasons, batches, cheques, bank returns, books, log, documents."""
    returned = PaymentInstruction.objects.filter(state="returned_by_bank", batch__execution_on=request.on)
    return {
        "date": request.on.isoformat(),
        "day": request.name,
        "vouchers": len(rows),
        "outcomes": totals(rows),
        "batches": _count(RemittanceBatch.objects.filter(execution_on=request.on), "total_twd"),
        "cheques": _count(Cheque.objects.filter(issued_on=request.on), "amount_twd"),
        "bank_returns": _count(returned, "amount_twd"),
        "reconciliation": {
            "is_balanced": reconciliation.is_balanced,
            "figures": reconciliation.figures,
            "differences": reconciliation.differences,
        },
        "books": {"is_sound": not found, "violations": [violation.as_dict() for violation in found]},
        "log": {} if head is None else {"size": head.size, "root": bytes(head.root).hex()},
        "documents": printed,
        "out": str(request.out),
    }


def _count(rows: Any, amount: str) -> dict[str, int]:
    found = rows.aggregate(count=Count("pk"), amount_twd=Sum(amount))
    return {"count": found["count"], "amount_twd": found["amount_twd"] or 0}
