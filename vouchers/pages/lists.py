"""The list of vouchers: every filter in the address, the oldest first, fifty a page, the same rows as a file."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

import agencies.selectors
from agencies.pages.access import actor_in, needs
from treasury.core.actors import Actor
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.wanted import amount_of, date_of
from treasury.core.texts import either
from vouchers import selectors, words
from vouchers.english import ENGLISH, payee_words, word
from vouchers.models import Voucher
from vouchers.pages.seen import own_agency
from vouchers.services.signing_round import ROUND_MAX
from vouchers.states import STATES

Rows = QuerySet[Any]
# Where a signer's tick means something.
SIGNS_IN = {"accountant": "awaiting_accountant", "head": "awaiting_head", "releaser": "certified"}


def _by_agency(rows: Rows, value: str) -> Rows:
    """By code, or by any part of the name."""
    if value.isdecimal():
        return rows.filter(agency_id=value)
    return rows.filter(agency_id__in=agencies.selectors.agencies().filter(name__contains=value).values("code"))


def _worded(codes: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(code, zh, ENGLISH.get(zh, zh)) for code, zh in codes.items()]


FILTERS = (
    Filter(
        "state",
        "狀態",
        "State",
        lambda rows, value: rows.filter(state=value),
        [(state, zh, en) for state, (zh, en) in STATES.items()],
    ),
    Filter("number", "憑單編號", "Number", lambda rows, value: rows.filter(number__startswith=value.upper())),
    Filter("payee", "受款人", "Payee", lambda rows, value: selectors.having_term(rows, "payee", value)),
    Filter("account", "科目代號", "Account", lambda rows, value: selectors.having_term(rows, "account", value)),
    Filter(
        "amount_from",
        "金額自",
        "Amount from",
        lambda rows, value: rows.filter(total_twd__gte=amount_of(value, "amount_from")),
    ),
    Filter(
        "amount_to",
        "金額至",
        "Amount to",
        lambda rows, value: rows.filter(total_twd__lte=amount_of(value, "amount_to")),
    ),
    Filter("method", "支付方式", "Method", lambda rows, value: rows.filter(method=value), _worded(dict(words.METHODS))),
    Filter("kind", "憑單種類", "Kind", lambda rows, value: rows.filter(kind=value), _worded(dict(words.KINDS))),
    Filter(
        "due_from",
        "支付日自",
        "Due from",
        lambda rows, value: rows.filter(payable_on__gte=date_of(value, "due_from")),
        kind="date",
    ),
    Filter(
        "due_to",
        "支付日至",
        "Due to",
        lambda rows, value: rows.filter(payable_on__lte=date_of(value, "due_to")),
        kind="date",
    ),
)
AGENCY_FILTER = Filter("agency", "機關", "Agency", _by_agency)

COLUMNS = (
    ListColumn("機關代號", "Agency code", lambda row: row.agency_code),
    ListColumn("機關", "Agency", lambda row: row.agency.name),
    ListColumn("會計年度", "Fiscal year", lambda row: row.fiscal_year),
    ListColumn("憑單編號", "Number", lambda row: row.number),
    ListColumn("版次", "Revision", lambda row: row.revision),
    ListColumn("憑單種類", "Kind", lambda row: word(words.KINDS[row.kind])),
    ListColumn("受款人", "Payee", lambda row: payee_words(row.first_payee, row.payee_count)),
    ListColumn("支出用途", "Purpose", lambda row: row.purpose),
    ListColumn("金額", "Amount (TWD)", lambda row: row.total_twd),
    ListColumn("支付方式", "Method", lambda row: word(words.METHODS.get(row.method, ""))),
    ListColumn("支付日", "Due", lambda row: row.payable_on),
    ListColumn("狀態", "State", lambda row: either(*STATES[row.state])),
)


@needs("vouchers.view_voucher")
def voucher_list(request: HttpRequest) -> HttpResponse:
    """Every voucher that the reader may see, narrowed by the filters of the address."""
    actor = actor_in(request)
    listing = vouchers_listing(request, actor)
    if file := listing.export():
        return file
    dress(listing.shown)
    state = listing.value_of("state")
    context = {
        "listing": listing,
        "shows_agency": not own_agency(actor),
        "signs_in": SIGNS_IN.get(actor.role, ""),
        "can_sign": any(row.state == SIGNS_IN.get(actor.role) for row in listing.shown),
        "round_max": ROUND_MAX,
        "heading": either(*STATES[state]) if state in STATES else _("所有憑單"),
    }
    return render(request, "vouchers/list.html", context)


def vouchers_listing(request: HttpRequest, actor: Actor) -> Listing:
    """The list for a reader; its rows carry their first payee only where a file is wanted."""
    rows: Rows = selectors.vouchers_listed(own_agency(actor))
    if request.GET.get("format"):
        rows = rows.annotate(first_payee=KT("content__payee_lines__0__name"))
    filters = FILTERS if own_agency(actor) else (AGENCY_FILTER, *FILTERS)
    return Listing(request, rows, name="vouchers", filters=filters, columns=COLUMNS)


def dress(rows: list[Voucher]) -> None:
    """Gives rows what the table shows beside their columns: payee, method, since when they wait; two queries."""
    ids = [row.pk for row in rows]
    payees, since = selectors.first_payees(ids), selectors.waiting_since(ids)
    for row in rows:
        shown: Any = row
        shown.payee_words = payee_words(payees.get(row.pk), row.payee_count)
        shown.method_words = word(words.METHODS.get(row.method, "") or words.KINDS[row.kind])
        shown.waiting_since = since.get(row.pk)
