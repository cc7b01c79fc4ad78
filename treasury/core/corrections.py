"""Where the official calendar of these books differs from the packaged one."""

from datetime import date

from treasury.core.models import CalendarDay


def corrections() -> dict[date, bool]:
    """Whether each corrected day is a business day."""
    return dict(CalendarDay.objects.values_list("on", "is_business_day"))
