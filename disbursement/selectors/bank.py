"""What the bank told us: messages with the batch each answers."""

from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL

from disbursement.models import BankMessage, RemittanceBatch

# The id stands in the head of an answer; a message of megabytes is not read for it.
_ANSWERED = r"substring(encode(substring(body from 1 for 4000), 'escape') from 'OrgnlMsgId>([^<]{1,35})<')"


def messages() -> QuerySet[BankMessage]:
    """Every message, the newest first, without the bytes; `answers` is the message id of the batch it answers."""
    rows = BankMessage.objects.order_by("-pk").defer("body")
    return rows.annotate(answers=RawSQL(_ANSWERED, (), output_field=CharField()))


def batch_ids(message_ids: list[str]) -> dict[str, int]:
    """The batches of some message ids."""
    return dict(RemittanceBatch.objects.filter(message_id__in=message_ids).values_list("message_id", "pk"))


def last_received() -> dict[str, object]:
    """When the last message of each kind came."""
    rows = BankMessage.objects.order_by("kind", "-pk").distinct("kind")
    return dict(rows.values_list("kind", "received_at"))
