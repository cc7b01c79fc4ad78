"""When a treasury that is served again goes on: never before what its books have seen."""

from datetime import datetime, time, timedelta

from django.db.models import Max

from disbursement.services.days import is_business_day
from treasury.core import clock
from treasury.core.models import History

OPENS = time(9, 0)


def resumed_at(opening: datetime) -> datetime:
    """`opening`, or a second after the books' last act when that is later; a day without work ends at the next
    business day's nine o'clock."""
    last = History.objects.aggregate(last=Max("at"))["last"]
    at = opening if last is None else max(opening, last.astimezone(clock.ZONE) + timedelta(seconds=1))
    while not is_business_day(at.date()):
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, clock.ZONE)
    return at
