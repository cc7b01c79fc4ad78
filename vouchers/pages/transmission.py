"""傳送情形: what the agency has released, whether the treasury has taken it in, and what became of it (B-13)."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.pages.access import actor_in, needs
from treasury.core import clock
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.parameters import parameters_on
from treasury.core.texts import either
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.pages.lists import AGENCY_FILTER, dress
from vouchers.pages.seen import own_agency
from vouchers.states import STATES

# On the treasury's side, until the bank has it; a voucher that is paid has its place in the list of all.
_SENT: Final = (
    "received",
    "on_hold_paper",
    "accepted",
    "postponed",
    "scheduled",
    "paying",
    "paid",
    "posted",
    "returned",
)
_VERBS: Final = ("release", "receive", "reject", "accept", "return_to_agency")
_WAITING_MAX: Final = 50

FILTERS: Final = (
    Filter(
        "state",
        "狀態",
        "State",
        lambda rows, value: rows.filter(state=value),
        [(state, *STATES[state]) for state in ("released", *_SENT)],
    ),
    Filter("number", "憑單編號", "Number", lambda rows, value: rows.filter(number__startswith=value.upper())),
)
COLUMNS: Final = (
    ListColumn("機關代號", "Agency code", lambda row: row.agency_code),
    ListColumn("憑單編號", "Number", lambda row: row.number),
    ListColumn("金額", "Amount (TWD)", lambda row: row.total_twd),
    ListColumn("狀態", "State", lambda row: either(*STATES[row.state])),
)


@needs("vouchers.release_voucher", "vouchers.withdraw_voucher", "vouchers.request_return", "disbursement.view_desk")
def transmission(request: HttpRequest) -> HttpResponse:
    """Released vouchers that nobody has taken in yet come first, with their minutes; then the rest, newest first."""
    actor = actor_in(request)
    rows = selectors.vouchers_listed(own_agency(actor))
    sent = rows.filter(state__in=("released", *_SENT)).order_by("-pk")
    filters = FILTERS if own_agency(actor) else (AGENCY_FILTER, *FILTERS)
    listing = Listing(request, sent, name="transmission", filters=filters, columns=COLUMNS)
    if file := listing.export():
        return file
    waiting = list(rows.filter(state="released")[:_WAITING_MAX])
    limit = parameters_on(clock.today()).reception_alert_minutes
    _dress([*waiting, *listing.shown], limit)
    context = {
        "waiting": waiting,
        "late_count": sum(row.is_late for row in waiting),  # type: ignore[attr-defined]
        "alert_minutes": limit,
        "listing": listing,
        "shows_agency": not own_agency(actor),
    }
    return render(request, "vouchers/transmission.html", context)


def _dress(rows: list[Voucher], alert_minutes: int) -> None:
    """Gives rows their moments on the way, the minutes they have waited, and whether that is too long."""
    dress(rows)
    moments = selectors.moments_of([row.pk for row in rows], _VERBS)
    now = clock.now()
    for row in rows:
        shown: Any = row
        known = moments.get(row.pk, {})
        shown.released_at = known.get("release")
        shown.received_at = _since(shown.released_at, known.get("receive") or known.get("reject"))
        shown.decided_at = _since(shown.released_at, known.get("accept"))
        if row.state == "returned":
            shown.decided_at = known.get("return_to_agency") or known.get("reject")
        shown.minutes = _minutes(shown.released_at, shown.received_at or now)
        shown.is_late = row.state == "released" and shown.minutes is not None and shown.minutes >= alert_minutes


def _since(released_at: datetime | None, at: datetime | None) -> datetime | None:
    """A moment of this transmission; one before the release belongs to an earlier revision."""
    return at if at and released_at and at >= released_at else None


def _minutes(start: datetime | None, end: datetime) -> int | None:
    return None if start is None else (end - start) // timedelta(minutes=1)
