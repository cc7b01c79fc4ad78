"""Subscriptions to news and the messages sent: subscribe, rotate the secret, end, look, replay."""

from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies import selectors
from agencies.api.views import AgencyView
from agencies.models import DeliveryState, WebhookDelivery, WebhookSubscription
from agencies.scopes import EVENTS
from agencies.services.webhooks import delivery_replay, webhook_end, webhook_rotate, webhook_subscribe
from treasury.core.api.components import (
    ID,
    MOMENT,
    NULLABLE_MOMENT,
    NULLABLE_WHOLE,
    TEXT,
    WHOLE,
    Schema,
    check_of,
    component,
    list_of,
    one_of,
    page_of,
    record,
)
from treasury.core.api.cursors import PAGE_QUERY, page
from treasury.core.api.feed import position_now
from treasury.core.api.operations import KEY_HEADER, Operation, operation
from treasury.core.api.views import answered
from treasury.core.errors import Problem

_SCOPE: Final = "webhooks"
# What messages tell, a client without this scope may not ask for either.
_NEWS_SCOPE: Final = "results:read"
_EVENT: Final = one_of(list(EVENTS))
_PATH: Final[dict[str, Schema]] = {"webhook_id": ID}
_HEAD: Final[dict[str, Schema]] = {
    "id": ID,
    "url": TEXT,
    "events": list_of(_EVENT),
    "created_at": MOMENT,
    "previous_secret_until": NULLABLE_MOMENT,
}
_BODY: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url", "events"],
    "properties": {
        "url": {"type": "string", "minLength": 8, "maxLength": 500},
        "events": {"type": "array", "minItems": 1, "maxItems": 10, "items": _EVENT},
    },
}
WEBHOOK: Final = component("Webhook", record(**_HEAD))
WEBHOOKS: Final = component("Webhooks", record(items=list_of(WEBHOOK)))
WEBHOOK_SECRET: Final = component("WebhookWithSecret", record(**_HEAD, secret=TEXT))
SUBSCRIPTION: Final = component("WebhookSubscription", _BODY)
DELIVERY: Final = component(
    "WebhookDelivery",
    record(
        id=ID,
        message_id=TEXT,
        event=_EVENT,
        state=one_of(DeliveryState.values),
        attempts=WHOLE,
        last_status=NULLABLE_WHOLE,
        last_error=TEXT,
        recorded_at=MOMENT,
        due_at=MOMENT,
        delivered_at=NULLABLE_MOMENT,
    ),
)
DELIVERIES: Final = component("WebhookDeliveryPage", page_of(DELIVERY))


class WebhookAccess(AgencyView):
    """What every address about a subscription asks first: is it this client's."""

    def webhook(self, webhook_id: int) -> WebhookSubscription:
        """The subscription; Problem `not_found` (404) for another client's."""
        return selectors.webhook_of(webhook_id, client_id=self.access.client.pk)


class WebhooksView(WebhookAccess):
    """/webhooks"""

    @operation(
        Operation(
            name="webhooks_list",
            title_zh="列出通知訂閱",
            title_en="List the client's subscriptions",
            tag="webhooks",
            scope=_SCOPE,
            answer=WEBHOOKS,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """Those that have not ended."""
        rows = selectors.webhooks_open().filter(client=self.access.client)
        return answered({"items": [webhook_object(row) for row in rows]})

    @operation(
        Operation(
            name="webhook_subscribe",
            title_zh="訂閱通知",
            title_en="Subscribe an address to news",
            tag="webhooks",
            scope=_SCOPE,
            headers=(KEY_HEADER,),
            body=SUBSCRIPTION,
            check=check_of(_BODY),
            status=201,
            answer=WEBHOOK,
            answer_headers=("Location",),
            description=(
                "Messages follow Standard Webhooks. The secret to verify them with is given by "
                "`POST /webhooks/{webhook_id}/secret`. The address begins with https://. Messages tell what `/changes` "
                "tells, so the token needs the scope `results:read` as well."
            ),
        )
    )
    def post(self, request: Request) -> HttpResponse:
        """Subscribes."""
        if _NEWS_SCOPE not in self.access.scopes:
            raise Problem("scope_missing", "", path="/events", status=403)
        return self.once(self._subscribe, scope=self.key_scope)

    def _subscribe(self) -> dict[str, Any]:
        made = webhook_subscribe(
            client=self.access.client,
            url=self.content["url"],
            events=self.content["events"],
            position=position_now(),
        )
        headers = {"Location": f"/api/v1/webhooks/{made.webhook.pk}"}
        return {"status": 201, "body": webhook_object(made.webhook), "headers": headers}


class WebhookView(WebhookAccess):
    """/webhooks/{webhook_id}"""

    @operation(
        Operation(
            name="webhook_read",
            title_zh="讀取通知訂閱",
            title_en="Read a subscription",
            tag="webhooks",
            scope=_SCOPE,
            path=_PATH,
            answer=WEBHOOK,
        )
    )
    def get(self, request: Request, webhook_id: int) -> HttpResponse:
        """The subscription."""
        return answered(webhook_object(self.webhook(webhook_id)))

    @operation(
        Operation(
            name="webhook_end",
            title_zh="終止通知訂閱",
            title_en="End a subscription",
            tag="webhooks",
            scope=_SCOPE,
            path=_PATH,
            status=204,
        )
    )
    def delete(self, request: Request, webhook_id: int) -> HttpResponse:
        """Ends it."""
        webhook_end(webhook=self.webhook(webhook_id))
        return answered(None, status=204)


class WebhookSecretView(WebhookAccess):
    """/webhooks/{webhook_id}/secret"""

    @operation(
        Operation(
            name="webhook_secret",
            title_zh="更換通知密鑰",
            title_en="Give a subscription another secret",
            tag="webhooks",
            scope=_SCOPE,
            path=_PATH,
            headers=(KEY_HEADER,),
            answer=WEBHOOK_SECRET,
            description=(
                "The secret is in this answer and in no other; the same Idempotency-Key again is refused (409). For 24 "
                "hours messages carry the signature of the secret before as well."
            ),
        )
    )
    def post(self, request: Request, webhook_id: int) -> HttpResponse:
        """Rotates the secret; what is stored under the key tells that it was, not what it is."""
        row = self.webhook(webhook_id)
        fresh: list[dict[str, Any]] = []

        def rotate() -> dict[str, Any]:
            made = webhook_rotate(webhook=row)
            fresh.append({**webhook_object(made.webhook), "secret": made.secret})
            return {"status": 200, "body": {}}

        self.once(rotate, scope=self.key_scope)
        if not fresh:
            raise Problem("secret_shown_already", "", status=409)
        return answered(fresh[0])


class DeliveriesView(WebhookAccess):
    """/webhooks/{webhook_id}/deliveries"""

    @operation(
        Operation(
            name="webhook_deliveries",
            title_zh="列出通知",
            title_en="List the messages of a subscription",
            tag="webhooks",
            scope=_SCOPE,
            path=_PATH,
            query={"state": one_of(DeliveryState.values), **PAGE_QUERY},
            answer=DELIVERIES,
            problems=(422,),
        )
    )
    def get(self, request: Request, webhook_id: int) -> HttpResponse:
        """A page of messages."""
        rows = self.webhook(webhook_id).deliveries.all()
        if "state" in self.query:
            rows = rows.filter(state=self.query["state"])
        return answered(page(rows, self.query, lambda found: [delivery_object(row) for row in found]))


class ReplayView(WebhookAccess):
    """/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"""

    @operation(
        Operation(
            name="webhook_replay",
            title_zh="重送通知",
            title_en="Send a message again",
            tag="webhooks",
            scope=_SCOPE,
            path={**_PATH, "delivery_id": ID},
            headers=(KEY_HEADER,),
            status=202,
            answer=DELIVERY,
        )
    )
    def post(self, request: Request, webhook_id: int, delivery_id: int) -> HttpResponse:
        """Sends it again under its own id."""
        webhook = self.webhook(webhook_id)

        def replay() -> dict[str, Any]:
            if not webhook.deliveries.filter(pk=delivery_id).exists():
                raise Problem("not_found", f"there is no message {delivery_id}", status=404)
            row = delivery_replay(delivery_id=delivery_id, agency_code=self.agency_code)
            return {"status": 202, "body": delivery_object(row)}

        return self.once(replay, scope=self.key_scope)


def webhook_object(row: WebhookSubscription) -> dict[str, Any]:
    """A subscription without its secrets."""
    return {
        "id": row.pk,
        "url": row.url,
        "events": list(row.events),
        "created_at": row.created_at.isoformat(),
        "previous_secret_until": row.previous_until.isoformat() if row.previous_until else None,
    }


def delivery_object(row: WebhookDelivery) -> dict[str, Any]:
    """A message, without what it tells."""
    return {
        "id": row.pk,
        "message_id": row.message_id,
        "event": row.event,
        "state": str(row.state),
        "attempts": row.attempts,
        "last_status": row.last_status,
        "last_error": row.last_error,
        "recorded_at": row.recorded_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
    }
