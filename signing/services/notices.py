"""Notices two months and one month before a card expires, to its holder and its agency's clerks (A-3.2)."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from agencies.roles import Role
from agencies.selectors import holders_of
from signing.models import Card, CardNotice, NoticeKind
from signing.states import IN_USE
from signing.validity import day_of, months_before
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.sql import execute

# The nearer one first: who is told a month before is not told two months before as well.
MONTHS: Final = ((NoticeKind.ONE_MONTH, 1), (NoticeKind.TWO_MONTHS, 2))
# No two calendar months are longer.
_LOOK_AHEAD: Final = timedelta(days=63)


def notices_make(*, on: date) -> int:
    """Makes the notices that are due on a day and not made yet; returns how many. Again the same day makes none.

    Months are calendar months of Taipei. A day on which nobody asked is made up for on the next; a card beside which
    its holder has a newer one in force asks for nothing. A fixed number of statements.
    """
    rows = Card.objects.filter(state__in=IN_USE, valid_to__gte=clock.now()).defer("certificate")
    horizon = clock.now() + _LOOK_AHEAD
    newer = Card.objects.filter(
        user=OuterRef("user"),
        agency_code=OuterRef("agency_code"),
        capacity=OuterRef("capacity"),
        state="active",
        valid_to__gt=horizon,
    )
    soon = rows.filter(~Exists(newer), valid_to__lte=horizon)
    due = [(card, kind) for card in soon if (kind := notice_due(day_of(card.valid_to), on))]
    clerks = holders_of({card.agency_code for card, _ in due}, Role.CLERK, on)
    wanted = [
        CardNotice(card=card, kind=kind, user_id=user_id, expires_on=day_of(card.valid_to), made_at=clock.now())
        for card, kind in due
        for user_id in sorted({card.user_id, *clerks.get(card.agency_code, ())})
    ]
    with transaction.atomic():
        execute("SELECT pg_advisory_xact_lock(hashtext('card notices'))")
        known = set(
            CardNotice.objects.filter(card__in=[card for card, _ in due]).values_list("card_id", "kind", "user_id")
        )
        made = [one for one in wanted if (one.card_id, str(one.kind), one.user_id) not in known]
        CardNotice.objects.bulk_create(made)
    return len(made)


def notice_due(expires_on: date, on: date) -> NoticeKind | None:
    """Which notice a card that expires on a day asks for today, if any."""
    return next((kind for kind, months in MONTHS if months_before(expires_on, months) <= on <= expires_on), None)


def notice_read(*, notice_id: int, user_id: int | None) -> CardNotice:
    """Marks a person's notice as read; one that was read stays as it is. Problem `not_found` (404)."""
    row = CardNotice.objects.filter(pk=notice_id, user_id=user_id or 0).first()
    if row is None:
        raise Problem("not_found", f"there is no notice {notice_id}", status=404)
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    return row
