"""The treasury's days: opened in order, on business days only."""

from datetime import date

from django.db import transaction

from disbursement.models import Reconciliation, TreasuryDay
from treasury.core import calendar, clock, outbox
from treasury.core.actors import SYSTEM, Actor
from treasury.core.acts import act_remember
from treasury.core.corrections import corrections
from treasury.core.errors import Problem
from treasury.core.steps import authorize
from treasury.ledger import services as ledger

DAY = "day"


def is_business_day(on: date) -> bool:
    """Whether the treasury works on a day, by the packaged calendar and its corrections."""
    return calendar.is_business_day(on, corrections=corrections())


def day_open(*, on: date, actor: Actor = SYSTEM) -> TreasuryDay:
    """Opens a day, or finds it open: the month's allotments may be spent from now on (B-23.2.1).

    Problem `no_business_day`, or `day_gone_by` when the books have worked on a later day already.
    """
    _allow(actor)
    if not is_business_day(on):
        raise Problem("no_business_day", f"{on} is no business day")
    with transaction.atomic():
        last = TreasuryDay.objects.order_by("-on").first()
        if last is not None and last.on > on:
            raise Problem("day_gone_by", f"these books have worked on {last.on} already, {on} is before it")
        day, is_new = TreasuryDay.objects.get_or_create(on=on, defaults={"opened_at": clock.now()})
        ledger.periods_open(on=on)
        if is_new:
            _remember(on, "open", actor)
        return day


def day_end(*, on: date, actor: Actor = SYSTEM) -> None:
    """Tells the workers that the day's work is done: they fetch the bank's statement, book it and compare (B-28)."""
    _allow(actor)
    with transaction.atomic():
        outbox.record("StatementDue", on=on.isoformat())
        if not actor.is_system:  # what the scheduler asks for every day says nothing; the result is kept in any case
            _remember(on, "reconcile", actor)


def day_close(*, on: date, actor: Actor = SYSTEM) -> None:
    """Notes that a day's work is done and reconciled, and ties the heads of all chains into the day's digest.

    A day closed before stays as it was; postings made since get a digest of their own.
    """
    _allow(actor)
    with transaction.atomic():
        ledger.day_digest(on=on)
        if TreasuryDay.objects.filter(on=on, closed_at__isnull=True).update(closed_at=clock.now()):
            _remember(on, "close", actor)


def day_close_by(*, on: date, actor: Actor) -> None:
    """A person closes a day; Problem `not_reconciled` (409) unless its last reconciliation left nothing open (B-28)."""
    last = Reconciliation.objects.filter(on=on).order_by("-pk").first()
    if last is None or not last.is_balanced:
        raise Problem("not_reconciled", f"{on} is not reconciled: a day closes when nothing is open", status=409)
    day_close(on=on, actor=actor)


def _allow(actor: Actor) -> None:
    authorize(actor=actor, permission="disbursement.reconcile_day", agency_code="", earlier=())


def _remember(on: date, verb: str, actor: Actor) -> None:
    """Notes in the history who did what to a day; its subject is the day's number in the calendar."""
    act_remember(DAY, on.toordinal(), verb, actor=actor)
