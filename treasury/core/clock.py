"""The only reader of time.

`CLOCK="2025-03-07T09:00:00+08:00@1763760000.0"` plays another day: the first part is what the clock said at the
moment of real time in the second. Every process of a run gets the same variable and so agrees. No Django here: the
simulated bank and cards read the same clock.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Taipei")

_frozen: list[datetime] = []


@lru_cache(maxsize=4)
def _shift(setting: str) -> float:
    """Seconds to add to real time for a CLOCK setting; ValueError when it is malformed."""
    start, _, epoch = setting.partition("@")
    moment = datetime.fromisoformat(start)
    if moment.tzinfo is None:
        raise ValueError("CLOCK needs a time zone")
    return moment.timestamp() - float(epoch)


def now() -> datetime:
    """The present moment, aware, in Asia/Taipei."""
    if _frozen:
        return _frozen[-1]
    setting = os.environ.get("CLOCK", "")
    if not setting:
        return datetime.now(ZONE)
    if os.environ.get("ENV") == "production":
        raise RuntimeError("CLOCK is refused when ENV=production")
    return datetime.fromtimestamp(time.time() + _shift(setting), ZONE)


def today() -> date:
    """The present day in Asia/Taipei."""
    return now().date()


def start_of(on: date) -> datetime:
    """The first moment of a day in Asia/Taipei."""
    return datetime.combine(on, datetime.min.time(), ZONE)


def env_for(start: datetime) -> str:
    """The CLOCK value for processes that shall begin at `start` (aware) now."""
    return f"{start.isoformat()}@{time.time()!r}"


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stops the clock at an aware moment, for tests; nestable."""
    if at.tzinfo is None:
        raise ValueError("a frozen moment needs a time zone")
    _frozen.append(at.astimezone(ZONE))
    try:
        yield _frozen[-1]
    finally:
        _frozen.pop()
