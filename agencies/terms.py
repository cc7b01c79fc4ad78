"""When something that has a first and a last day (none: without end) is in force, as conditions on its rows."""

from datetime import date

from django.db.models import Q


def not_over(on: date) -> Q:
    """Whether it is in force on a day or begins later."""
    return Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=on)


def in_force(on: date) -> Q:
    """Whether it is in force on a day."""
    return not_over(on) & Q(valid_from_on__lte=on)


def in_force_between(start: date, end: date | None) -> Q:
    """Whether it is in force on any day from `start` to `end` (none: for ever)."""
    return not_over(start) if end is None else not_over(start) & Q(valid_from_on__lte=end)
