"""Notices two months and one month before expiry, by calendar months, to holder and clerks, each once (A-3.2)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from agencies.models import User
from signing import services
from signing.models import Card, CardNotice, NoticeKind
from signing.services.notices import notice_due, notice_read, notices_make
from signing.signers import notices_of, notices_unread
from tests.signing.conftest import Desk
from treasury.celery import notify_cards
from treasury.core import clock
from treasury.core.errors import Problem

EXPIRES = datetime(2025, 5, 31, 18, 0, tzinfo=clock.ZONE)


@pytest.fixture
def card(desk: Desk) -> Card:
    """The head's card, which expires on 31 May; two clerks besides."""
    for name in ("clerk-1", "clerk-2"):
        desk.holds(User.objects.create_user(name, agency_code="0003010000", display_name=name), "clerk")
    Card.objects.filter(pk=desk.people["head"].card.pk).update(valid_to=EXPIRES)
    return desk.people["head"].card


def made_on(on: date) -> int:
    with clock.frozen(datetime.combine(on, time(6, 30), clock.ZONE)):
        return notices_make(on=on)


@pytest.mark.parametrize(
    ("expires_on", "on", "due"),
    [
        (date(2025, 5, 31), date(2025, 3, 30), None),
        (date(2025, 5, 31), date(2025, 3, 31), NoticeKind.TWO_MONTHS),
        (date(2025, 5, 31), date(2025, 4, 29), NoticeKind.TWO_MONTHS),
        (date(2025, 5, 31), date(2025, 4, 30), NoticeKind.ONE_MONTH),
        (date(2025, 5, 31), date(2025, 5, 31), NoticeKind.ONE_MONTH),
        (date(2025, 5, 31), date(2025, 6, 1), None),
        # Leap years and short months
        (date(2028, 4, 30), date(2028, 2, 28), None),
        (date(2028, 4, 30), date(2028, 2, 29), NoticeKind.TWO_MONTHS),
        (date(2025, 4, 30), date(2025, 2, 28), NoticeKind.TWO_MONTHS),
        (date(2028, 2, 29), date(2028, 1, 28), NoticeKind.TWO_MONTHS),
        (date(2028, 2, 29), date(2028, 1, 29), NoticeKind.ONE_MONTH),
        (date(2026, 1, 31), date(2025, 11, 30), NoticeKind.TWO_MONTHS),
    ],
)
def test_the_day_is_counted_in_calendar_months(expires_on: date, on: date, due: NoticeKind | None) -> None:
    assert notice_due(expires_on, on) == due


def test_holder_and_clerks_are_told_twice_and_each_time_once(card: Card) -> None:
    assert made_on(date(2025, 3, 30)) == 0
    assert made_on(date(2025, 3, 31)) == 3
    assert made_on(date(2025, 3, 31)) == made_on(date(2025, 4, 1)) == 0
    assert made_on(date(2025, 4, 30)) == 3
    assert made_on(date(2025, 6, 1)) == 0

    told = CardNotice.objects.filter(kind=NoticeKind.ONE_MONTH).values_list("user__username", flat=True)
    assert set(told) == {card.user.username, "clerk-1", "clerk-2"}
    assert {one.expires_on for one in CardNotice.objects.all()} == {date(2025, 5, 31)}
    assert str(CardNotice.objects.first()).startswith("cert_1m")


@pytest.mark.threat("day-boundary")
def test_expiry_is_a_day_of_taipei(card: Card) -> None:
    # 16:30 UTC of the 30th is the 31st in Taipei
    Card.objects.filter(pk=card.pk).update(valid_to=datetime(2025, 5, 31, 0, 30, tzinfo=clock.ZONE))

    assert made_on(date(2025, 3, 30)) == 0
    assert made_on(date(2025, 3, 31)) == 3


def test_a_day_nobody_asked_is_made_up_for(card: Card) -> None:
    assert made_on(date(2025, 5, 20)) == 3
    assert set(CardNotice.objects.values_list("kind", flat=True)) == {"cert_1m"}


def test_a_card_that_ended_or_has_a_newer_one_beside_it_asks_for_nothing(desk: Desk, card: Card) -> None:
    newer = desk.register(card.user, "head", desk.authorities.gca.issue("newer"), card_no="GC9")
    assert made_on(date(2025, 4, 30)) == 0

    services.card_end(card=newer, actor=desk.treasurer, because="不用")
    assert made_on(date(2025, 4, 30)) == 3
    services.card_end(card=card, actor=desk.treasurer, because="換人")
    assert notices_unread(card.user_id) == []
    assert notices_of(card.user_id).count() == 1


def test_a_person_reads_their_own_messages(card: Card) -> None:
    made_on(date(2025, 4, 30))
    own = CardNotice.objects.get(user=card.user)
    other = CardNotice.objects.exclude(user=card.user).first()
    assert other is not None and notices_unread(card.user_id) == [own]

    first = notice_read(notice_id=own.pk, user_id=card.user_id).read_at
    again = notice_read(notice_id=own.pk, user_id=card.user_id).read_at

    assert first == again == clock.now() and notices_unread(card.user_id) == []
    with pytest.raises(Problem) as problem:
        notice_read(notice_id=other.pk, user_id=card.user_id)
    assert problem.value.status == 404


def test_many_cards_take_as_many_statements_as_one(desk: Desk, card: Card, statements: Callable[..., int]) -> None:
    few = statements(lambda: notices_make(on=date(2025, 4, 30)))
    Card.objects.update(valid_to=EXPIRES)

    many = statements(lambda: notices_make(on=date(2025, 5, 1)))

    assert many <= few


def test_the_daily_task_makes_them(card: Card) -> None:
    with clock.frozen(EXPIRES - timedelta(days=20)):
        notify_cards()

    assert CardNotice.objects.count() == 3
