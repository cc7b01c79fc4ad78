"""Several at once: one effect for a key, one winner for an entity tag, no gap in the feed."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from tests.api.system import System, system_of
from tests.core.threads import alone, at_once
from tests.factories import CABINET, Desk
from tests.vouchers.examples import remittance
from treasury.core.api.cursors import cursor_of
from treasury.core.api.feed import position_now
from vouchers.changes import START, changes_after
from vouchers.models import Voucher
from vouchers.services import preparation


@pytest.fixture
def shared_system(shared_desk: Desk) -> System:
    """The accounting system of 行政院, for several connections."""
    system = system_of(shared_desk)
    assert system.token
    return system


def test_one_key_sent_at_once_has_one_effect(shared_system: System) -> None:
    answers = at_once(*[lambda: shared_system.post("/vouchers", remittance(), key="race")] * 4)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.bytes for answer in answers}) == 1
    assert Voucher.objects.count() == 1


def test_of_two_changes_of_the_same_version_one_is_made(shared_system: System) -> None:
    made = shared_system.post("/vouchers", remittance())
    path, tag = made.headers["Location"].removeprefix("/api/v1"), made.headers["ETag"]

    answers = at_once(
        *[
            lambda text=text: shared_system.ask("PUT", path, remittance() | {"purpose": text}, match=tag)
            for text in ("第一個人的用途", "第二個人的用途", "第三個人的用途")
        ]
    )

    assert sorted(answer.status for answer in answers) == [200, 412, 412]
    (winner,) = [answer for answer in answers if answer.status == 200]
    assert Voucher.objects.get().purpose == winner.json["content"]["purpose"]


def test_the_feed_waits_for_whoever_is_slower(shared_desk: Desk) -> None:
    slow, quick = shared_desk.draft(), shared_desk.draft()
    before = changes_after(CABINET, START, 100)[-1].position
    has_written, may_end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            preparation.voucher_submit(voucher=slow, actor=shared_desk.actor("clerk"))
            has_written.set()
            assert may_end.wait(20)

    thread = threading.Thread(target=lambda: alone(write_slowly))
    thread.start()
    assert has_written.wait(20)
    preparation.voucher_submit(voucher=quick, actor=shared_desk.actor("clerk"))

    # The quick one is committed, and still not told: the slow one may yet stand before it.
    assert changes_after(CABINET, before, 100) == []
    now = position_now()
    may_end.set()
    thread.join()

    told = changes_after(CABINET, before, 100)
    assert [change.voucher_id for change in told] == [slow.pk, quick.pk]
    assert changes_after(CABINET, now, 100) == told


def test_a_reader_of_the_feed_misses_nothing_and_reads_nothing_twice(shared_desk: Desk, shared_system: System) -> None:
    rows = [shared_desk.draft() for _ in range(12)]
    told: list[tuple[int, str]] = []
    done = threading.Event()
    until = time.monotonic() + 60

    def read() -> None:
        since = ""
        while True:
            was_done = done.is_set()
            answer = shared_system.get(f"/changes?limit=3{since}").json
            told.extend((item["voucher_id"], item["verb"]) for item in answer["items"])
            since = f"&since={answer['next_since']}"
            if was_done and not answer["items"] and (len(told) >= 2 * len(rows) or time.monotonic() > until):
                return

    reader = threading.Thread(target=lambda: alone(read))
    reader.start()
    actor = shared_desk.actor("clerk")
    at_once(
        *[
            lambda part=rows[start::3]: [preparation.voucher_submit(voucher=row, actor=actor) for row in part]
            for start in range(3)
        ]
    )
    done.set()
    reader.join(60)

    assert sorted(told) == sorted((row.pk, verb) for row in rows for verb in ("create", "submit"))


def _changes(system: System, count: int) -> list[dict[str, Any]]:
    """The feed, once it holds so much: a transaction of the server's own housekeeping may hold it back for a moment."""
    until = time.monotonic() + 20
    while len(items := system.get("/changes").json["items"]) < count and time.monotonic() < until:
        time.sleep(0.05)
    found: list[dict[str, Any]] = items
    return found


def test_the_feed_tells_of_returned_lines_and_begins_where_it_is_asked_to(
    shared_desk: Desk, shared_system: System
) -> None:
    row = shared_desk.brought("in_review")
    items = _changes(shared_system, 2)
    assert [(item["event"], item["verb"], item["state"]) for item in items] == [
        ("voucher.changed", "create", "draft"),
        ("voucher.changed", "submit", "in_review"),
    ]
    assert all(item["voucher_id"] == row.pk for item in items)
    assert shared_system.get(f"/changes?since={cursor_of(position_now())}").json["items"] == []
    assert shared_system.get("/changes?since=AAAA").code == "bad_cursor"
    assert system_of(shared_desk, "0061400000").get("/changes").json["items"] == []
    assert connection.vendor == "postgresql"
