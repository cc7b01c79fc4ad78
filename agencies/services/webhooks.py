"""Subscriptions to news, and the messages sent to them (Standard Webhooks): signed, tried again, replayed."""

import json
import secrets
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import F

from agencies.models import ApiClient, DeliveryState, WebhookDelivery, WebhookSubscription
from agencies.scopes import EVENTS
from agencies.webhook_sending import message_send, url_require
from treasury.core import clock, outbox
from treasury.core.errors import Problem
from treasury.core.sealing import seal, unseal

TOPIC: Final = "WebhookDue"
# Receivers answer when they like: their queue and its worker are their own.
LANE: Final = "webhooks"
WEBHOOKS_MAX: Final = 10
# While a receiver changes over to another secret, messages carry the signatures of both.
ROTATION: Final = timedelta(hours=24)
# The wait before each further attempt; after the last the message is given up and may be replayed.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200)
)
_PURPOSE: Final = "webhook secret"
_ENDED: Final = "the subscription has ended"


class SubscribedWebhook(NamedTuple):
    """A subscription with its secret in the clear, as it is shown once."""

    webhook: WebhookSubscription
    secret: str


class News(NamedTuple):
    """One message: its id, the same for every repetition, the event, and what is told."""

    message_id: str
    event: str
    body: Mapping[str, Any]


def webhook_subscribe(*, client: ApiClient, url: str, events: Iterable[str], position: str) -> SubscribedWebhook:
    """Subscribes an address of a client to events from a position of the feed on.

    Problem `webhook_address_refused`, `value_not_allowed`, `too_many_webhooks` (409).
    """
    wanted = list(dict.fromkeys(events))
    if not wanted or not set(wanted) <= EVENTS.keys():
        raise Problem("value_not_allowed", f"allowed here: {', '.join(EVENTS)}", path="/events")
    url_require(url)
    secret = _secret()
    with transaction.atomic():
        ApiClient.objects.select_for_update().get(pk=client.pk)
        if WebhookSubscription.objects.filter(client=client, ended_at__isnull=True).count() >= WEBHOOKS_MAX:
            raise Problem("too_many_webhooks", f"a client has at most {WEBHOOKS_MAX}", status=409)
        row = WebhookSubscription.objects.create(
            client=client,
            url=url,
            events=wanted,
            sealed_secret=seal(secret, purpose=_PURPOSE),
            position=position,
            created_at=clock.now(),
        )
    return SubscribedWebhook(row, secret)


def webhook_rotate(*, webhook: WebhookSubscription) -> SubscribedWebhook:
    """Gives a subscription another secret; for a day messages carry the signature of the one before as well."""
    secret = _secret()
    with transaction.atomic():
        row = WebhookSubscription.objects.select_for_update().get(pk=webhook.pk)
        row.sealed_previous, row.sealed_secret = row.sealed_secret, seal(secret, purpose=_PURPOSE)
        row.previous_until = clock.now() + ROTATION
        row.save(update_fields=["sealed_previous", "sealed_secret", "previous_until"])
    return SubscribedWebhook(row, secret)


def webhook_end(*, webhook: WebhookSubscription) -> None:
    """Ends a subscription; messages that wait are given up."""
    with transaction.atomic():
        WebhookSubscription.objects.filter(pk=webhook.pk, ended_at__isnull=True).update(ended_at=clock.now())
        waiting = WebhookDelivery.objects.filter(subscription=webhook, state=DeliveryState.WAITING)
        waiting.update(state=DeliveryState.FAILED, last_error=_ENDED)


def news_record(*, webhook_id: int, news: Sequence[News], position: str, before: str) -> bool:
    """Records what a subscription is to be told and how far it has been told; False when somebody else has done so.

    A fixed number of statements. `before` is the position that the news was read from.
    """
    with transaction.atomic():
        rows = WebhookSubscription.objects.select_for_update().filter(pk=webhook_id, position=before)
        if not rows.exists():
            return False
        WebhookSubscription.objects.filter(pk=webhook_id).update(position=position)
        now = clock.now()
        made = WebhookDelivery.objects.bulk_create(
            WebhookDelivery(
                subscription_id=webhook_id,
                message_id=one.message_id,
                event=one.event,
                body=json.dumps(one.body, ensure_ascii=False, separators=(",", ":")),
                recorded_at=now,
                due_at=now,
            )
            for one in news
        )
        outbox.record_many(TOPIC, [{"delivery_id": row.pk} for row in made])
        return True


def delivery_send(*, delivery_id: int) -> None:
    """Sends a message that is due and notes how that went; a failure is tried again later, the waits growing.

    Nothing more goes to a client that has been revoked. A message may arrive twice: receivers know it by its id.
    """
    row = WebhookDelivery.objects.select_related("subscription__client").get(pk=delivery_id)
    if row.state != DeliveryState.WAITING:
        return
    if row.due_at > clock.now():
        # Somebody came too early; whoever is told now would otherwise be the last.
        outbox.record_later(TOPIC, row.due_at, delivery_id=row.pk)
        return
    webhook = row.subscription
    if webhook.ended_at is not None or webhook.client.revoked_at is not None:
        waiting = WebhookDelivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING)
        waiting.update(state=DeliveryState.FAILED, last_error=_ENDED)
        return
    outcome = message_send(
        url=webhook.url,
        secrets=_secrets_now(webhook),
        message_id=row.message_id,
        at=clock.now(),
        body=row.body,
    )
    change: dict[str, Any] = {"last_status": outcome.status, "last_error": outcome.error}
    wait = None
    if outcome.is_taken:
        change |= {"state": DeliveryState.DELIVERED, "delivered_at": clock.now()}
    elif row.round_attempts >= len(WAITS) or outcome.status == 410:
        change |= {"state": DeliveryState.FAILED}
    else:
        wait = WAITS[row.round_attempts]
        change |= {"due_at": clock.now() + wait}
    with transaction.atomic():
        rows = WebhookDelivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING)
        rows.update(attempts=F("attempts") + 1, round_attempts=F("round_attempts") + 1, **change)
        if wait is not None:
            outbox.record_later(TOPIC, clock.now() + wait, delivery_id=row.pk)


def delivery_replay(*, delivery_id: int, agency_code: str) -> WebhookDelivery:
    """Sends a message again, whatever became of it, under its own id; `agency_code` is whose it must be.

    Problem `not_found` (404), `wrong_state` (409) once its subscription has ended or its client was
    revoked.
    """
    with transaction.atomic():
        rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("subscription__client")
        row = rows.filter(pk=delivery_id, subscription__client__agency_id=agency_code).first()
        if row is None:
            raise Problem("not_found", f"there is no message {delivery_id}", status=404)
        if row.subscription.ended_at is not None or row.subscription.client.revoked_at is not None:
            raise Problem("wrong_state", _ENDED, status=409)
        row.state, row.due_at, row.round_attempts = DeliveryState.WAITING, clock.now(), 0
        row.save(update_fields=["state", "due_at", "round_attempts"])
        outbox.record(TOPIC, delivery_id=row.pk)
    return row


def _secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def _secrets_now(webhook: WebhookSubscription) -> list[str]:
    """The secrets that count: the present one, and the one before until its time has run out."""
    sealed = [webhook.sealed_secret]
    if webhook.sealed_previous and webhook.previous_until is not None and clock.now() < webhook.previous_until:
        sealed.append(webhook.sealed_previous)
    return [unseal(one, purpose=_PURPOSE) for one in sealed]
