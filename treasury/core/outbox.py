"""News from an effect to the apps above it: recorded in the effect's transaction, delivered at least once.

A message to the broker only wakes a worker; it carries the row's id. Whatever the broker loses, `sweep` sends again
from PostgreSQL. A session-level advisory lock keeps two workers from delivering one row at the same time, and a
worker that is killed loses it with its connection. Handlers are idempotent.

A topic whose handler waits for strangers has a lane of its own: a queue with its own worker, so that whoever answers
slowly delays nobody else's work.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import OutboxEvent
from treasury.core.sql import fetch_value

DELIVER_TASK = "treasury.deliver"
_LOCK_CLASS = 7001

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
# The lane of a topic that does not go the common way.
_lanes: dict[str, str] = {}
log = logging.getLogger(__name__)


def handles(topic: str, *, lane: str = "") -> Callable[[Handler], Handler]:
    """Registers the one handler of a topic; it gets the payload as keyword arguments.

    `lane` names the queue beside the common one that its worker listens on (`queue_of`).
    """

    def register(handler: Handler) -> Handler:
        if topic in _handlers:
            raise RuntimeError(f"{topic} has a handler already")
        _handlers[topic] = handler
        if lane:
            _lanes[topic] = lane
        return handler

    return register


def queue_of(lane: str = "") -> str:
    """The broker's queue of a lane: the common one, or `<common>-<lane>`."""
    common = str(current_app.conf.task_default_queue)
    return f"{common}-{lane}" if lane else common


def record(topic: str, **payload: Any) -> OutboxEvent:
    """Records news in the caller's transaction and wakes a worker when it commits."""
    now = clock.now()
    event = OutboxEvent.objects.create(topic=topic, payload=payload, recorded_at=now, due_at=now)
    transaction.on_commit(lambda: wake([event.pk], lane=_lanes.get(topic, "")))
    return event


def record_later(topic: str, due_at: datetime, **payload: Any) -> OutboxEvent:
    """Records news that nobody shall be told before a moment; the sweeper wakes a worker then."""
    return OutboxEvent.objects.create(topic=topic, payload=payload, recorded_at=clock.now(), due_at=due_at)


def record_many(topic: str, payloads: Iterable[dict[str, Any]]) -> list[OutboxEvent]:
    """Records news in the caller's transaction by one statement and wakes workers when it commits."""
    now = clock.now()
    events = OutboxEvent.objects.bulk_create(
        OutboxEvent(topic=topic, payload=payload, recorded_at=now, due_at=now) for payload in payloads
    )
    transaction.on_commit(lambda: wake([event.pk for event in events], lane=_lanes.get(topic, "")))
    return events


def wake(event_ids: Iterable[int], *, lane: str = "") -> bool:
    """Tells the workers of a lane of rows to deliver; False when the broker is away (the sweeper will come by)."""
    try:
        for event_id in event_ids:
            current_app.send_task(DELIVER_TASK, args=[event_id], queue=queue_of(lane), retry=False)
    except Exception as error:
        log.info("the broker is away, the sweeper will send again: %s", error)
        return False
    return True


def waiting(topic: str, **payload: Any) -> OutboxEvent | None:
    """The oldest row of a topic with this payload that is not done yet."""
    rows = OutboxEvent.objects.filter(done_at__isnull=True, topic=topic, payload=payload)
    return rows.order_by("due_at", "id").first()


def hurry(topic: str, **payload: Any) -> None:
    """Has news that waits for its next try delivered now; records it anew when none is waiting."""
    event = waiting(topic, **payload)
    if event is None:
        record(topic, **payload)
        return
    OutboxEvent.objects.filter(pk=event.pk).update(due_at=clock.now())
    transaction.on_commit(lambda: wake([event.pk], lane=_lanes.get(topic, "")))


def withdraw(topic: str, **payload: Any) -> OutboxEvent | None:
    """Takes waiting news back in the caller's transaction: nobody will deliver it. None when nothing waits.

    Problem `being_delivered` (409) while a worker has it in hand.
    """
    event = waiting(topic, **payload)
    if event is None:
        return None
    if not fetch_value("SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK_CLASS, event.pk % 2**31)):
        raise Problem("being_delivered", f"a worker is at {event} at this moment", status=409)
    OutboxEvent.objects.filter(pk=event.pk).update(done_at=clock.now())
    return OutboxEvent.objects.get(pk=event.pk)


def due(limit: int = 1000, *, lane: str = "") -> list[int]:
    """Ids of the rows of a lane that are due and not done, oldest first."""
    rows = OutboxEvent.objects.filter(done_at__isnull=True, due_at__lte=clock.now())
    if lane:
        rows = rows.filter(topic__in=[topic for topic, own in _lanes.items() if own == lane])
    elif _lanes:
        rows = rows.exclude(topic__in=list(_lanes))
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def sweep() -> int:
    """Wakes workers for every due row, each lane by itself; returns how many there are."""
    count = 0
    for lane in ("", *sorted(set(_lanes.values()))):
        found = due(lane=lane)
        wake(found, lane=lane)
        count += len(found)
    return count


def deliver(event_id: int) -> bool:
    """Delivers one row unless it is done, put off, or in another worker's hands; True when it is done afterwards.

    A handler that fails leaves the row due again later, with the error noted.
    """
    if not fetch_value("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK_CLASS, event_id % 2**31)):
        return False
    try:
        event = OutboxEvent.objects.get(pk=event_id)
        if event.done_at is not None:
            return True
        if event.attempts and event.due_at > clock.now():
            return False  # put off; a message sent before that shall not hammer at what is failing
        return _hand_over(event)
    finally:
        fetch_value("SELECT pg_advisory_unlock(%s, %s)", (_LOCK_CLASS, event_id % 2**31))


def _hand_over(event: OutboxEvent) -> bool:
    """Calls the handler of the row's topic and notes how it went."""
    rows = OutboxEvent.objects.filter(pk=event.pk)
    try:
        _handlers[event.topic](**event.payload)
    except Exception as error:
        log.warning("delivery of %s failed: %s", event, error, exc_info=True)
        wait = timedelta(seconds=min(300, 2 ** min(event.attempts, 8)))
        rows.update(
            attempts=F("attempts") + 1,
            last_error=f"{type(error).__name__}: {error}"[:2000],
            due_at=clock.now() + wait,
        )
        return False
    rows.update(attempts=F("attempts") + 1, done_at=clock.now(), last_error="")
    return True
