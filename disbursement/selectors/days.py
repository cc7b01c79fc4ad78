"""The treasury's days: opened, reconciled, closed, and what the bank said of each."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from disbursement.models import BankMessage, Reconciliation, TreasuryDay
from treasury.core.models import History


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


def messages() -> QuerySet[BankMessage]:
    """What the bank told us, the newest first, without the bytes."""
    return BankMessage.objects.order_by("-pk").defer("body")


def acts_of(on: date) -> list[History]:
    """Who opened, reconciled and closed a day, in order."""
    return list(History.objects.filter(machine="day", subject_id=on.toordinal()).order_by("pk"))


def history_of(machine: str, subject_id: int) -> list[History]:
    """Every step of one subject in order, those taken together with others among them."""
    rows = History.objects.filter(machine=machine, subject_id=subject_id)
    return list(rows.order_by("pk"))
