"""Months and years: what may be spent from when on, and until when (B-23.2.1, B-24.6)."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.roc import fiscal_year as fiscal_year_of
from treasury.ledger import events
from treasury.ledger.authorities import Draw
from treasury.ledger.bookings import Booking, booking
from treasury.ledger.models import Allotment, Authority, FiscalYear, Posting
from treasury.ledger.services.posting import available_lock, book_many

_Share = tuple[int, int, str, int, str, int]  # year, month, agency, allotment, account, amount


def periods_open(*, on: date) -> int:
    """Releases every allotment of the open years up to the month of a day; returns how many were released now.

    Next month's share never counts (B-23.2.1). Again on the same day nothing happens. One posting per agency and
    month; a handful of statements whatever their number.
    """
    with transaction.atomic():
        years = [
            row.year
            for row in FiscalYear.objects.select_for_update().filter(state=FiscalYear.State.OPEN).order_by("year")
        ]
        shares = list(_due(years, on))
        bookings = [_release(list(group), on) for _, group in groupby(shares, key=lambda share: share[:3])]
        book_many([one for one in bookings if one is not None])
        Allotment.objects.filter(pk__in=[share[3] for share in shares]).update(released=True)
        return len(shares)


def _due(years: Iterable[int], on: date) -> Iterator[_Share]:
    this_year = fiscal_year_of(on)
    due = Q(line__fiscal_year__lt=this_year) | Q(line__fiscal_year=this_year, month__lte=on.month)
    return (
        Allotment.objects.filter(due, line__fiscal_year__in=list(years), released=False)
        .order_by("line__fiscal_year", "month", "line__agency_code", "pk")
        .values_list("line__fiscal_year", "month", "line__agency_code", "pk", "line__account_code", "amount_twd")
        .iterator()
    )


def _release(shares: list[_Share], on: date) -> Booking | None:
    """The release of one agency's shares of one month; None when they are all nothing."""
    year, month, agency_code, first, _, _ = shares[0]
    draws = [Draw.budget(account_code, amount_twd) for *_, account_code, amount_twd in shares if amount_twd]
    if not draws:
        return None
    return booking(
        events.RELEASE_ALLOTMENT,
        event_ref=f"{year}/{month:02}/{agency_code}/{first}",
        agency_code=agency_code,
        fiscal_year=year,
        on=on,
        draws=draws,
    )


def year_close(*, fiscal_year: int, on: date) -> int:
    """Closes a fiscal year: what is still available lapses; returns how many lines lost something (公庫法 19).

    What is reserved stays so until it is paid or voided. Closing again lets lapse what has come back since. Problem
    `year_unknown` when the year's budget was never imported.
    """
    with transaction.atomic():
        year = FiscalYear.objects.select_for_update().filter(year=fiscal_year).first()
        if year is None:
            raise Problem("year_unknown", f"fiscal year {fiscal_year} has no budget")
        left_twd = available_lock(_keys(fiscal_year))
        times = Posting.objects.filter(event_type=events.LAPSE_ALLOTMENT.name, chain__fiscal_year=fiscal_year).count()
        lines = [
            (authority.agency_code, Draw.budget(authority.code, left_twd[authority.key]))
            for authority in Authority.objects.filter(fiscal_year=fiscal_year).order_by("agency_code", "code")
            if left_twd[authority.key]
        ]
        book_many(
            [
                booking(
                    events.LAPSE_ALLOTMENT,
                    event_ref=f"{fiscal_year}/{agency_code}/{times + 1}",
                    agency_code=agency_code,
                    fiscal_year=fiscal_year,
                    on=on,
                    draws=[draw for _, draw in group],
                )
                for agency_code, group in groupby(lines, key=lambda line: line[0])
            ]
        )
        if year.state == FiscalYear.State.OPEN:
            year.state, year.closed_at = FiscalYear.State.CLOSED, clock.now()
            year.save()
        return len(lines)


def _keys(fiscal_year: int) -> list[str]:
    return list(Authority.objects.filter(fiscal_year=fiscal_year).values_list("key", flat=True))
