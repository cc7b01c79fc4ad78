"""A filter by day: dates as people type them, over a column of moments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from treasury.core import clock, roc


def by_day(column: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows rows to one day in Taipei (114/3/10, 2025-03-10); Problem `bad_date`."""

    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        start = clock.start_of(roc.parse_date(value))
        return rows.filter(**{f"{column}__gte": start, f"{column}__lt": start + timedelta(days=1)})

    return apply
