"""Telling subscribers what has changed: each subscription reads the feed of changes from where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import agencies.selectors
from agencies.services.webhooks import News, news_record
from treasury.core.api.cursors import cursor_of
from vouchers.changes import Change, change_object, changes_after

if TYPE_CHECKING:
    from agencies.models import WebhookSubscription

_BATCH = 500


def changes_tell() -> int:
    """Records messages for every subscription behind which the feed has grown; returns how many.

    Two workers at once do no harm: a position is moved by one of them.
    """
    return sum(_tell(webhook) for webhook in agencies.selectors.webhooks_open())


def _tell(webhook: WebhookSubscription) -> int:
    told, position = 0, webhook.position
    while changes := changes_after(webhook.client.agency_id, position, _BATCH):
        news = [_news(one) for one in changes if one.event in webhook.events]
        last = changes[-1].position
        if not news_record(webhook_id=webhook.pk, news=news, position=last, before=position):
            break
        told, position = told + len(news), last
    return told


def _news(change: Change) -> News:
    """A change as a message: its position names it, so that repetitions are known."""
    body = {
        "type": change.event,
        "timestamp": change.at.isoformat(),
        "data": {**change_object(change), "since": cursor_of(change.position)},
    }
    return News(message_id=f"chg_{change.position}", event=change.event, body=body)
