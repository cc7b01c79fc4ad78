"""How often somebody asks, counted by the database, so that every web process knows of all."""

from datetime import datetime, timedelta

from treasury.core import clock
from treasury.core.models import RateCount
from treasury.core.sql import fetch_value

_KEPT = timedelta(hours=1)
_COUNT = """
INSERT INTO core_ratecount AS rate (who, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (who, minute) DO UPDATE SET count = rate.count + 1 RETURNING count
"""


def rate_count(who: str) -> int:
    """Counts a request of somebody, in a transaction of its own unless there is one; returns how many this minute."""
    count: int = fetch_value(_COUNT, [who, _minute()])
    return count


def seconds_left() -> int:
    """How long the present minute lasts yet: when somebody may ask again."""
    return 60 - clock.now().second


def rates_clean() -> int:
    """Forgets the counts of hours past; returns how many."""
    deleted, _ = RateCount.objects.filter(minute__lt=clock.now() - _KEPT).delete()
    return deleted


def _minute() -> datetime:
    return clock.now().replace(second=0, microsecond=0)
