"""The treasury's days: opened in order, on business days only."""

from datetime import date

from django.db import transaction

from disbursement.models import TreasuryDay
from treasury.core import calendar, clock, outbox
from treasury.core.corrections import corrections
from treasury.core.errors import Problem
from treasury.ledger import services as ledger


def is_business_day(on: date) -> bool:
    """Whether the treasury works on a day, by the packaged calendar and its corrections."""
    return calendar.is_business_day(on, corrections=corrections())


def day_open(*, on: date) -> TreasuryDay:
    """Opens a day, or finds it open: the month's allotments may be spent from now on (B-23.2.1).

    Problem `no_business_day`, or `day_gone_by` when the books have worked on a later day already.
    """
    if not is_business_day(on):
        raise Problem("no_business_day", f"{on} is no business day")
    with transaction.atomic():
        last = TreasuryDay.objects.order_by("-on").first()
        if last is not None and last.on > on:
            raise Problem("day_gone_by", f"these books have worked on {last.on} already, {on} is before it")
        day, _ = TreasuryDay.objects.get_or_create(on=on, defaults={"opened_at": clock.now()})
        ledger.periods_open(on=on)
        return day


def day_end(*, on: date) -> None:
    """Tells the workers that the day's work is done: they fetch the bank's statement, book it and compare (B-28)."""
    outbox.record("StatementDue", on=on.isoformat())


def day_close(*, on: date) -> None:
    """Notes that a day's work is done and reconciled, and ties the heads of all chains into the day's digest.

    A day closed before stays as it was; postings made since get a digest of their own.
    """
    ledger.day_digest(on=on)
    TreasuryDay.objects.filter(on=on, closed_at__isnull=True).update(closed_at=clock.now())
