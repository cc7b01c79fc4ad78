"""Heads: when they are due, that there is one, that it covers everything, and that later ones renew it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from signing.log.checking import log_faults
from signing.log.heads import head_behind, head_due_since, head_make, log_close, log_keep
from signing.log.notes import note_read, note_signers
from signing.log.sequencing import log_sequence
from signing.log.tree import head_last, log_size, root_at
from signing.models import ElectronicPaymentDocument, LogEntry, LogHead
from tests.signing import stamps
from tests.signing.conftest import Desk
from tests.signing.log.conftest import KEY, OLD_KEY, days_close
from tests.signing.stamps import LocalAuthority
from treasury.core import clock
from treasury.core.errors import Problem


def at(hour: int, *, days: int = 0) -> datetime:
    """An hour of Friday 7 March 2025, or of a day after it, in Taipei."""
    return datetime(2025, 3, 7, hour, tzinfo=clock.ZONE) + timedelta(days=days)


def test_a_head_covers_all_that_was_sealed_and_is_signed_and_stamped(sealed: ElectronicPaymentDocument) -> None:
    days_close(2)

    head = head_make()

    assert head is not None
    said = note_read(bytes(head.note))
    assert (said.origin, said.size, said.root) == (KEY.name, 3, root_at(3))
    assert (head.size, bytes(head.root), head.keys) == (3, said.root, KEY.check.line)
    assert note_signers(bytes(head.note), [KEY.check]) == [KEY.check]
    assert abs(head.token_at - clock.now()) < timedelta(seconds=2)
    assert head.token_until > head.token_at
    assert list(log_faults()) == []


def test_the_token_of_a_head_is_an_entry_under_the_next(desk: Desk) -> None:
    days_close(1)
    first = head_make()
    second = head_make()

    assert first is not None and second is not None
    said = json.loads(bytes(LogEntry.objects.get(index=1).body))
    assert (said["typ"], said["size"], said["root"]) == ("epay-log-head-token/1", 1, bytes(first.root).hex())
    assert said["certificates"] == first.token_facts["certificates"] and said["lists"]
    assert second.size == 2


def test_a_token_stands_until_the_first_certificate_on_its_path_ends(desk: Desk, timestamps: LocalAuthority) -> None:
    ends_at = desk.authorities.root.certificate.not_valid_after_utc
    stamper = stamps.issue("較晚到期之時戳", valid=(stamps.VALID[0], ends_at + timedelta(days=400)))
    timestamps.answer = lambda query: stamps.reply_to(query, signer=stamper)
    days_close(1)

    head = head_make()

    assert head is not None
    assert head.token_until == ends_at


def test_an_empty_log_has_no_head(desk: Desk) -> None:
    assert head_make() is None
    assert log_keep() is None
    assert log_close() is None


@pytest.mark.parametrize(
    ("now", "due"),
    [(at(20), at(20)), (at(23), at(20)), (at(19), at(20, days=-1)), (at(0), at(20, days=-1))],
)
def test_a_head_is_due_at_eight_in_the_evening(now: datetime, due: datetime) -> None:
    assert head_due_since(now) == due


def test_workers_make_one_head_a_day_and_make_up_for_a_missed_one(desk: Desk) -> None:
    days_close(1)
    made = []
    for moment in (at(10), at(12), at(20), at(21), at(19, days=1), at(21, days=2)):
        with clock.frozen(moment):
            days_close(1)
            made.append(log_keep() is not None)

    assert made == [True, False, True, False, False, True]
    assert LogHead.objects.count() == 3
    assert list(log_faults()) == []


def test_a_day_that_is_played_again_has_no_second_head(desk: Desk) -> None:
    days_close(1)
    first = log_close()

    assert log_close() == first
    days_close(1)
    assert log_close() != first
    with clock.frozen(at(12, days=3)):
        log_close()
    assert LogHead.objects.count() == 3


def test_without_an_authority_there_is_no_head_but_everything_is_logged(desk: Desk, settings: Settings) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9"
    days_close(1)

    with pytest.raises(Problem) as refused:
        head_make()

    assert (refused.value.code, head_last(), log_size()) == ("timestamp_unavailable", None, 1)


def test_a_replaced_key_is_vouched_for_by_the_one_before_it(desk: Desk, settings: Settings) -> None:
    settings.LOG_KEY = f"{KEY.line} {OLD_KEY.line}"
    days_close(1)

    head = head_make()

    assert head is not None
    assert note_signers(bytes(head.note), [OLD_KEY.check]) == [OLD_KEY.check]
    assert head.keys.split("\n") == [KEY.check.line, OLD_KEY.check.line]


def test_whoever_comes_second_takes_the_head_that_was_made_meanwhile(desk: Desk) -> None:
    days_close(1)
    first = head_behind(None)
    days_close(1)

    assert head_behind(None) == first
    assert LogHead.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE signing_loghead SET size = 7", "DELETE FROM signing_loghead"])
def test_postgresql_keeps_heads_as_they_were_made(desk: Desk, statement: str) -> None:
    days_close(1)
    head_make()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_workers_at_the_same_moment_log_everything_once_and_make_one_head(
    shared_log: None, in_parallel: Callable[[Callable[[], object], int], list[object]]
) -> None:
    days_close(40)

    made = in_parallel(log_keep, 4)

    assert LogHead.objects.count() == 1
    assert {head for head in made if head is not None} <= set(LogHead.objects.all())
    assert LogEntry.objects.filter(kind="day").count() == 40
    log_sequence(thorough=True)
    assert list(log_faults()) == []
