"""What the home page says of vouchers: which are due, the newest, and what an agency may still spend."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agencies.roles import Role
from treasury.core import clock, roc
from treasury.core.actors import Actor
from treasury.core.pages.panels import Panel, register
from treasury.ledger import selectors as ledger
from vouchers import draft_selectors, due_selectors, selectors
from vouchers.models import Voucher
from vouchers.pages.lists import dress
from vouchers.pages.seen import own_agency

ROWS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class DueRow:
    """A voucher that is due, and whether its day is past."""

    voucher: Voucher
    is_overdue: bool


def due_panel(subject: Any, actor: Actor) -> Panel | None:
    """Vouchers due today or before that whoever looks at it still has in hand; None when all is in time."""
    states = due_selectors.AT_AGENCY if own_agency(actor) else due_selectors.AT_TREASURY
    today = clock.today()
    counts = due_selectors.due_counts(own_agency(actor), states, today)
    if not counts.total:
        return None
    rows = list(due_selectors.vouchers_due(own_agency(actor), states, today, most=ROWS_MAX))
    dress(rows)
    context = {
        "counts": counts,
        "rows": [DueRow(row, row.payable_on < today) for row in rows],
        "shows_agency": not own_agency(actor),
        "list_url": _due_url(today),
    }
    title = _("應付日已到，尚未送出") if own_agency(actor) else _("支付日已到，尚未支付")
    return Panel("due", title, "vouchers/home_due.html", context)


def ending_panel(subject: Any, actor: Actor) -> Panel | None:
    """The clerk's forms that will be cleaned away unless they are saved again; None without any."""
    if actor.role != Role.CLERK:
        return None
    ending = list(draft_selectors.draft_forms_ending(actor.agency_code, actor.user_id)[: settings.DRAFTS_PER_PERSON])
    return Panel("ending", _("即將移除的表單"), "vouchers/home_ending.html", {"ending": ending}) if ending else None


def recent_panel(subject: Any, actor: Actor) -> Panel | None:
    """An agency's newest vouchers; None while there are none, and for the treasury, whose queues say what is new."""
    agency_code = own_agency(actor)
    rows = list(selectors.vouchers_listed(agency_code).order_by("-pk")[:ROWS_MAX]) if agency_code else []
    if not rows:
        return None
    dress(rows)
    context = {"rows": rows, "list_url": reverse("vouchers:list")}
    return Panel("recent", _("最近的憑單"), "vouchers/home_recent.html", context)


def balances_panel(subject: Any, actor: Actor) -> Panel | None:
    """What an agency may still draw on its accounts this year; None for the treasury's roles."""
    agency_code = own_agency(actor)
    year = roc.fiscal_year(clock.today())
    positions = ledger.positions(year, agency_code=agency_code) if agency_code else []
    if not positions:
        return None
    shown = sorted(positions, key=lambda one: -one.annual_twd)[: 2 * ROWS_MAX]
    context = {"positions": shown, "is_part": len(shown) < len(positions), "fiscal_year": year}
    return Panel("balances", _("科目餘額"), "vouchers/home_balances.html", context)


def register_panels() -> None:
    """Tells home of the panels; called when the app is ready."""
    for maker in (due_panel, ending_panel, recent_panel, balances_panel):
        register("home", maker)


def _due_url(today: date) -> str:
    return f"{reverse('vouchers:list')}?{urlencode({'due_to': roc.format_date(today)})}"
