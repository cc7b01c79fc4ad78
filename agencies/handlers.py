"""What this app does when news arrives: each handler may be called again for the same news."""

from agencies.services.webhooks import LANE, TOPIC, delivery_send
from treasury.core.outbox import handles


@handles(TOPIC, lane=LANE)
def webhook_due(delivery_id: int) -> None:
    """A message waits for its receiver: send it."""
    delivery_send(delivery_id=delivery_id)
