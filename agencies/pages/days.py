"""The business calendar: a year at a glance, and the days on which it differs from the packaged one."""

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from treasury.core import clock, roc
from treasury.core.calendar import (
    MAKE_UP_DAYS,
    business_day_on_or_before,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from treasury.core.corrections import calendar_day_correct, calendar_day_withdraw, corrections
from treasury.core.errors import Problem
from treasury.core.models import CalendarDay
from treasury.core.pages.submissions import submit_once
from treasury.core.whole import whole_of

_FIRST_YEAR, _LAST_YEAR = 2012, 2099


class CorrectionForm(PageForm):
    """A day that is worked or off, other than the calendar has it, and who decided so."""

    on = RocDateField(label=_("日期"))
    works = forms.TypedChoiceField(
        label=_("更正為"),
        coerce=lambda value: value == "1",
        choices=[("0", _("放假（例如颱風停班）")), ("1", _("上班（例如補行上班）"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("依據"), max_length=100, help_text=_("例如：人事行政總處公告停止上班。"))


@needs("core.view_calendar")
def calendar(request: HttpRequest) -> HttpResponse:
    """A year (`?year=`, Gregorian), month by month, with every correction and its effect."""
    return _page(request, CorrectionForm())


@require_POST
@needs("core.correct_calendar")
def correct(request: HttpRequest) -> HttpResponse:
    """Records that a day is worked or off."""
    form = CorrectionForm(request.POST)

    def effect(given: dict[str, Any]) -> str:
        calendar_day_correct(actor=actor_in(request), **given)
        return f"{reverse('agencies:calendar')}?year={given['on'].year}#corrections"

    return sent(request, form, effect) or _page(request, form)


@require_POST
@needs("core.correct_calendar")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Takes a correction back."""
    on = roc.parse_date(request.POST.get("on", ""))

    def effect() -> str:
        calendar_day_withdraw(on=on, actor=actor_in(request), because=request.POST.get("because", ""))
        return f"{reverse('agencies:calendar')}?year={on.year}#corrections"

    return submit_once(request, effect)


def _page(request: HttpRequest, form: CorrectionForm) -> HttpResponse:
    today = clock.today()
    wanted = request.GET.get("year", "")
    year = whole_of(wanted, otherwise=today.year, digits=4)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Problem("not_found", f"there is no calendar of {year}", status=404)
    corrected = corrections()
    rows = CalendarDay.objects.filter(on__year=year).order_by("on")
    context = {
        "form": form,
        "year": year,
        "roc_year": year - 1911,
        "previous_year": year - 1 if year > _FIRST_YEAR else None,
        "next_year": year + 1 if year < _LAST_YEAR else None,
        "months": [_month(year, month, corrected, today) for month in range(1, 13)],
        "corrections": [_effect(row, corrected) for row in rows],
        "next_day": next_business_day(today, corrections=corrected),
        "last_sign_day": business_day_on_or_before(date(year, 12, 31), corrections=corrected),
        "worked_count": sum(
            is_business_day(date.fromordinal(number), corrections=corrected)
            for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        ),
        "can_correct": may(actor_in(request), "core.correct_calendar"),
        "today": today,
    }
    return shown(request, "agencies/calendar.html", context, form)


def _month(year: int, month: int, corrected: dict[date, bool], today: date) -> dict[str, Any]:
    weeks = months.Calendar(firstweekday=6).monthdatescalendar(year, month)
    return {
        "number": month,
        "weeks": [[_cell(on, corrected, today) if on.month == month else None for on in week] for week in weeks],
    }


def _cell(on: date, corrected: dict[date, bool], today: date) -> dict[str, Any]:
    """What a day is: worked, off, a make-up day, corrected."""
    works = is_business_day(on, corrections=corrected)
    kind = "works" if works else "off"
    if on in corrected:
        kind += " corrected"
    elif on in MAKE_UP_DAYS:
        kind += " make-up"
    return {"on": on, "works": works, "kind": kind, "is_corrected": on in corrected, "is_today": on == today}


def _effect(row: CalendarDay, corrected: dict[date, bool]) -> dict[str, Any]:
    """A correction with the business days around it, as they are now."""
    return {
        "on": row.on,
        "works": row.is_business_day,
        "note": row.note,
        "before": previous_business_day(row.on, corrections=corrected),
        "after": next_business_day(row.on, corrections=corrected),
        "may_withdraw": row.on >= clock.today(),
    }
