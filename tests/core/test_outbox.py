"""News is delivered at least once, by one worker at a time, whatever becomes of broker, worker and handler."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from celery import Celery, current_app
from django.db import connection, transaction

from tests.core.threads import WAIT_SECONDS, alone, at_once
from treasury import books
from treasury.core import clock, outbox
from treasury.core.models import OutboxEvent
from treasury.environment import broker_url, redis_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
TOPIC = "TestedNews"


class Desk:
    """A handler that remembers what it was told, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.fails = False

    def __call__(self, **payload: Any) -> None:
        self.told.append(payload)
        if self.fails:
            raise RuntimeError("the bank is away")


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The one handler of the topic."""
    desk = outbox.handles(TOPIC)(Desk())
    yield desk
    del outbox._handlers[TOPIC]


@contextmanager
def _queue_at(url: str) -> Iterator[Celery]:
    """The product's own settings at another broker, with a queue that no worker listens on."""
    ours = current_app._get_current_object()
    other = Celery("tested", set_as_current=False)
    other.config_from_object("django.conf:settings", namespace="CELERY")
    other.conf.update(broker_url=url, task_default_queue=f"tested-{os.getpid()}")
    other.set_current()
    try:
        yield other
    finally:
        ours.set_current()
        other.close()


@pytest.fixture
def broker() -> Iterator[Celery]:
    """A queue of the test's own at the real broker."""
    with _queue_at(broker_url(redis_url())) as app:
        yield app
        _messages(app)
        _messages(app, "strangers")


def test_news_is_delivered_once(desk: Desk, morning: datetime) -> None:
    event = outbox.record(TOPIC, voucher_id=7)

    results = [outbox.deliver(event.pk), outbox.deliver(event.pk)]

    event.refresh_from_db()
    assert results == [True, True]
    assert desk.told == [{"voucher_id": 7}]
    assert (event.done_at, event.attempts, event.last_error) == (morning, 1, "")
    assert str(event) == f"{TOPIC} {event.pk}"


def test_a_topic_that_waits_for_strangers_has_a_queue_of_its_own(broker: Celery, desk: Desk) -> None:
    slow = outbox.handles("TestedStrangers", lane="strangers")(Desk())
    try:
        common, own = outbox.record(TOPIC), outbox.record("TestedStrangers")

        assert (outbox.due(), outbox.due(lane="strangers")) == ([common.pk], [own.pk])
        assert outbox.queue_of("strangers") == f"{outbox.queue_of()}-strangers"
        assert outbox.sweep() == 2
        assert (len(_messages(broker)), len(_messages(broker, "strangers"))) == (1, 1)
        assert outbox.deliver(own.pk) and slow.told == [{}]
    finally:
        del outbox._handlers["TestedStrangers"], outbox._lanes["TestedStrangers"]


def test_news_of_what_was_rolled_back_is_no_news(desk: Desk) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.record(TOPIC, voucher_id=7)
        raise RuntimeError

    assert outbox.due() == []


def test_a_failing_handler_is_due_again_later(desk: Desk, morning: datetime) -> None:
    desk.fails = True
    event = outbox.record(TOPIC)

    delivered = outbox.deliver(event.pk)

    event.refresh_from_db()
    assert delivered is False
    assert (event.done_at, event.attempts, event.last_error) == (None, 1, "RuntimeError: the bank is away")
    assert event.due_at == morning + timedelta(seconds=1)
    assert outbox.due() == []


def test_it_is_put_off_longer_each_time_but_never_for_long(desk: Desk, morning: datetime) -> None:
    desk.fails = True
    event = outbox.record(TOPIC)
    waits = []

    for _ in range(11):
        event.refresh_from_db()
        with clock.frozen(event.due_at):
            outbox.deliver(event.pk)
        before = event.due_at
        event.refresh_from_db()
        waits.append((event.due_at - before).total_seconds())

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]


def test_a_message_that_comes_early_does_not_hammer(desk: Desk, morning: datetime) -> None:
    desk.fails = True
    event = outbox.record(TOPIC)
    outbox.deliver(event.pk)
    desk.fails = False

    early = outbox.deliver(event.pk)
    with clock.frozen(morning + timedelta(seconds=1)):
        in_time = outbox.deliver(event.pk)

    event.refresh_from_db()
    assert (early, in_time) == (False, True)
    assert (len(desk.told), event.attempts, event.last_error) == (2, 2, "")


def test_news_that_nobody_handles_stays_due() -> None:
    event = outbox.record("NobodyListens")

    delivered = outbox.deliver(event.pk)

    event.refresh_from_db()
    assert delivered is False
    assert event.last_error == "KeyError: 'NobodyListens'"


def test_a_topic_has_one_handler(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="has a handler already"):
        outbox.handles(TOPIC)(desk)


def test_the_sweeper_finds_what_is_due_oldest_first(desk: Desk, morning: datetime) -> None:
    late, done, first = (outbox.record(TOPIC, number=number) for number in range(3))
    OutboxEvent.objects.filter(pk=late.pk).update(due_at=morning + timedelta(minutes=1))
    OutboxEvent.objects.filter(pk=first.pk).update(due_at=morning - timedelta(minutes=1))
    outbox.deliver(done.pk)
    last = outbox.record(TOPIC, number=4)

    assert outbox.due() == [first.pk, last.pk]
    assert outbox.due(limit=1) == [first.pk]
    with clock.frozen(morning + timedelta(minutes=1)):
        assert outbox.sweep() == 3


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_a_worker_with_the_id_alone(broker: Celery) -> None:
    with transaction.atomic():
        event = outbox.record(TOPIC, voucher_id=7)
        assert _messages(broker) == []

    assert _messages(broker) == [(outbox.DELIVER_TASK, [event.pk])]


@pytest.mark.django_db(transaction=True)
def test_an_effect_does_not_need_the_broker() -> None:
    with _queue_at("redis+socket:///nowhere/broker.sock"):
        begun = time.monotonic()
        with transaction.atomic():
            event = outbox.record(TOPIC)
        woken = outbox.wake([event.pk])
        swept = outbox.sweep()
        seconds = time.monotonic() - begun

    assert (woken, swept) == (False, 1)
    assert seconds < 2
    assert outbox.due() == [event.pk]


@pytest.mark.django_db(transaction=True)
def test_what_the_broker_lost_is_sent_again(broker: Celery) -> None:
    event = outbox.record(TOPIC)
    assert _messages(broker) == [(outbox.DELIVER_TASK, [event.pk])]
    assert _messages(broker) == []

    outbox.sweep()

    assert _messages(broker) == [(outbox.DELIVER_TASK, [event.pk])]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_deliver_one_row_at_a_time() -> None:
    told: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow(number: int) -> None:
        told.append(number)
        begun.set()
        go_on.wait(WAIT_SECONDS)

    outbox.handles(TOPIC)(slow)
    event = outbox.record(TOPIC, number=1)
    try:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(alone, lambda: outbox.deliver(event.pk))
            begun.wait(WAIT_SECONDS)
            second = outbox.deliver(event.pk)
            go_on.set()
            results = (first.result(WAIT_SECONDS), second)
    finally:
        del outbox._handlers[TOPIC]

    assert results == (True, False)
    assert told == [1]


@pytest.mark.django_db(transaction=True)
def test_many_workers_with_the_same_messages_deliver_each_row_once(desk: Desk) -> None:
    events = [outbox.record(TOPIC, number=number).pk for number in range(20)]

    at_once(*[lambda: [outbox.deliver(pk) for pk in events]] * 4)

    assert sorted(one["number"] for one in desk.told) == list(range(20))
    assert outbox.due() == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_lets_its_row_go(desk: Desk) -> None:
    event = outbox.record(TOPIC)
    with psycopg.connect(books.url(), autocommit=True) as worker:
        worker.execute("SELECT pg_advisory_lock(%s, %s)", (outbox._LOCK_CLASS, event.pk))
        while_it_lives = outbox.deliver(event.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (worker.info.backend_pid,))

    assert while_it_lives is False
    assert outbox.deliver(event.pk) is True
    assert len(desk.told) == 1


def _messages(app: Celery, lane: str = "") -> list[tuple[str, list[int]]]:
    """Takes every message out of the queue: task name and arguments."""
    found = []
    with app.connection_for_read() as link, link.SimpleQueue(outbox.queue_of(lane)) as queue:
        while True:
            try:
                message = queue.get_nowait()
            except queue.Empty:
                return found
            message.ack()
            found.append((message.headers["task"], message.decode()[0]))
