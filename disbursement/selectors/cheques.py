"""Reading cheques: the stock, what was issued, and what the bank said of a stop."""

import json
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet, Sum

from disbursement.models import BankMessage, Cheque

STOP = "stop"
OPEN = ("issued", "handed_over", "stopped")


@dataclass(frozen=True, slots=True)
class Stock:
    """The blanks of a series: how many, and the first and last number."""

    series: str
    blank_count: int
    first: str
    last: str


def stocks() -> list[Stock]:
    """Every series with blanks left."""
    rows = Cheque.objects.filter(state="blank").values("series").order_by("series")
    sums = rows.annotate(count=Count("pk"), first=Min("serial"), last=Max("serial"))
    return [Stock(row["series"], row["count"], row["first"], row["last"]) for row in sums]


def cheques() -> QuerySet[Cheque]:
    """Cheques that are no blanks, the newest first, with their vouchers."""
    rows = Cheque.objects.exclude(state="blank").order_by("-pk")
    return rows.select_related("voucher").defer("voucher__content")


def outstanding_twd() -> dict[str, int]:
    """What unpaid cheques come to, by state."""
    rows = Cheque.objects.filter(state__in=OPEN).order_by().values("state").annotate(total=Sum("amount_twd"))
    return {state: 0 for state in OPEN} | {row["state"]: row["total"] or 0 for row in rows}


def stop_outcome(cheque: Cheque) -> str:
    """What the bank said to a stop: `stopped`, `already_paid`, or empty while it has not answered."""
    message = BankMessage.objects.filter(kind=STOP, reference=cheque.cheque_no).first()
    return "" if message is None else str(json.loads(bytes(message.body))["outcome"])
