"""Money pages as people use them: forms sent as a page just opened would send them, news delivered as workers do."""

import uuid
from typing import Any

from django.test import Client

from tests.disbursement.pages.at_the_desk import at_desk
from tests.factories import CABINET, Desk, fresh
from treasury.core import outbox
from treasury.core.models import OutboxEvent
from vouchers.models import Voucher

ROLES = ("examiner", "payer", "supervisor", "treasury_admin", "auditor")


def payer(desk: Desk) -> Client:
    """The payer at a browser."""
    return at_desk(desk, "payer")


def supervisor(desk: Desk) -> Client:
    """The supervisor at a browser."""
    return at_desk(desk, "supervisor")


def clerk(desk: Desk, agency_code: str = CABINET) -> Client:
    """An agency's clerk at a browser."""
    return at_desk(desk, "clerk", agency_code)


def form(row: Any = None, **more: Any) -> dict[str, Any]:
    """What a form of a page opened just now sends."""
    seen = {"seen_state": fresh(row).state} if row is not None else {}
    return {"submission": str(uuid.uuid4()), **seen, **more}


def ticked(*vouchers: Voucher, **more: Any) -> dict[str, Any]:
    """What the list of payments sends with some vouchers ticked."""
    rows = [fresh(voucher) for voucher in vouchers]
    seen = {f"seen_{row.pk}": f"{row.revision}.{row.state}" for row in rows}
    return form(voucher=[row.pk for row in rows], **seen, **more)


def delivered(topic: str) -> bool:
    """The last news of a topic, handed to its handler as a worker does."""
    return outbox.deliver(OutboxEvent.objects.filter(topic=topic).latest("id").pk)
