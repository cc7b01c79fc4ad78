"""Where the official calendar of these books differs from the packaged one."""

from datetime import date

from django.db import transaction

from treasury.core import clock, steps
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.calendar import is_business_day
from treasury.core.errors import Problem
from treasury.core.models import CalendarDay


def corrections() -> dict[date, bool]:
    """Whether each corrected day is a business day."""
    return dict(CalendarDay.objects.values_list("on", "is_business_day"))


def calendar_day_correct(*, on: date, works: bool, note: str, actor: Actor) -> CalendarDay:
    """Records that a day is worked or off, other than the packaged calendar has it (a typhoon, a make-up day).

    A second correction of the day takes the place of the first; the history keeps both. Problems: `day_past` before
    today, `nothing_to_correct` when the calendar says so already, `reason_missing` without a note, 403 when the actor
    may not.
    """
    _authorize(actor)
    if on < clock.today():
        raise Problem("day_past", f"{on} is past: what was done on it stays as it was", path="/on")
    if not note.strip():
        raise Problem("reason_missing", "say who decided it", path="/note")
    with transaction.atomic():
        before = CalendarDay.objects.select_for_update().filter(on=on).first()
        if is_business_day(on, corrections=_as_mapping(before)) == works:
            raise Problem("nothing_to_correct", f"the calendar has {on} so already", path="/on", status=409)
        row, _ = CalendarDay.objects.update_or_create(
            on=on, defaults={"is_business_day": works, "note": note.strip()[:100]}
        )
        details = {"on": on.isoformat(), "is_business_day": works}
        act_remember("calendar_day", _number(on), "correct", actor=actor, because=row.note, details=details)
    return row


def calendar_day_withdraw(*, on: date, actor: Actor, because: str) -> None:
    """Takes a correction of a day to come back; the packaged calendar holds again. Nothing happens without one.

    Problems: `day_past`, `reason_missing`, 403 when the actor may not.
    """
    _authorize(actor)
    if on < clock.today():
        raise Problem("day_past", f"{on} is past: what was done on it stays as it was", path="/on")
    if not because.strip():
        raise Problem("reason_missing", "say why", path="/because")
    with transaction.atomic():
        deleted, _ = CalendarDay.objects.filter(on=on).delete()
        if deleted:
            details = {"on": on.isoformat()}
            act_remember("calendar_day", _number(on), "withdraw", actor=actor, because=because.strip(), details=details)


def _authorize(actor: Actor) -> None:
    steps.authorize(actor=actor, permission="core.correct_calendar", agency_code="", earlier=())


def _as_mapping(row: CalendarDay | None) -> dict[date, bool]:
    return {} if row is None else {row.on: row.is_business_day}


def _number(on: date) -> int:
    """A day as the history names its subjects: 20250310."""
    return on.year * 10_000 + on.month * 100 + on.day
