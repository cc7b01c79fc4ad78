"""The treasury's days: opened, reconciled, closed."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from disbursement.models import Reconciliation, TreasuryDay


def days() -> QuerySet[TreasuryDay]:
    """Every day worked on, the last first."""
    return TreasuryDay.objects.order_by("-on")


def last_reconciliations(ons: Iterable[date]) -> dict[date, Reconciliation]:
    """The last comparison of each day, in one statement, without its differences."""
    rows = Reconciliation.objects.filter(on__in=list(ons)).order_by("on", "-pk").distinct("on").defer("differences")
    return {row.on: row for row in rows}


def reconciliations(on: date) -> QuerySet[Reconciliation]:
    """Every comparison made for a day, the last first."""
    return Reconciliation.objects.filter(on=on).order_by("-pk")
