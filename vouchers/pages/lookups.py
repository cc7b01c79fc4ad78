"""Looking something up while a form is filled in: accounts with their balance, banks, payees of earlier vouchers.

With JavaScript the suggestions come while typing; without it a button leads to a page of results and back.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import agencies.selectors
from agencies.pages.access import actor_in, needs
from treasury.core import clock
from treasury.core.amounts import to_chinese_amount
from treasury.core.errors import Problem
from treasury.core.roc import fiscal_year
from treasury.core.whole import whole_of
from treasury.ledger import selectors as ledger
from vouchers import draft_selectors
from vouchers.draft_selectors import KnownPayee
from vouchers.pages.form import RIGHT
from vouchers.pages.form_fields import merged
from vouchers.pages.form_places import draft_at
from vouchers.pages.form_shape import shape_of
from vouchers.pages.form_sums import account_hint, amount_of
from vouchers.services.drafting import draft_save

_MOST: Final = 12
_PAGE_MOST: Final = 50
_TEXT_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose: what is shown, and what it sets in the line of the field (last part of the name)."""

    text: str
    note: str
    sets: dict[str, str]


@needs(RIGHT)
def suggestions(request: HttpRequest) -> HttpResponse:
    """What fits the text typed so far (`what`, `q`, `year`), as JSON for the form's list."""
    text = request.GET.get("q", "").strip()[:_TEXT_MAX]
    found = _found(request, request.GET.get("what", ""), text, _year(request.GET.get("year", "")), _MOST)
    return JsonResponse({"found": [[one.text, one.note, one.sets] for one in found]})


@needs(RIGHT)
def capitals(request: HttpRequest) -> HttpResponse:
    """An amount in Chinese capitals while it is typed."""
    amount_twd = amount_of(request.GET.get("amount", "")[:_TEXT_MAX])
    return JsonResponse({"capitals": "" if amount_twd is None else to_chinese_amount(amount_twd, mode="voucher")})


@needs(RIGHT)
def find(request: HttpRequest, key: UUID) -> HttpResponse:
    """Results for one field of a form, each with a button that sets it; then back to the form."""
    draft = draft_at(request, key)
    name = (request.POST if request.method == "POST" else request.GET).get("for", "")
    if shape_of(name) is None:
        raise Problem("unknown_field", f"{name!r} is no field of a voucher", path="/for", status=400)
    owner = name.rpartition(".")[0]
    if request.method == "POST":
        sets = {last: request.POST.get(f"set.{last}", "") for last in _SETTABLE if f"set.{last}" in request.POST}
        fields = merged(draft.fields, {f"{owner}.{last}": value for last, value in sets.items()})
        draft_save(draft=draft, fields=fields, seen_version=draft.version, actor=actor_in(request))
        query = urlencode({f"at.{name.partition('.')[0]}": _index(name)})
        address = reverse("vouchers:draft", args=[draft.key])
        return HttpResponseRedirect(f"{address}?{query}#f-{name.replace('.', '-')}")
    what, text = request.GET.get("what", ""), request.GET.get("q", "").strip()[:_TEXT_MAX]
    found = _found(request, what, text, draft.fiscal_year, _PAGE_MOST)
    context = {"draft": draft, "what": what, "name": name, "text": text, "found": found, "most": _PAGE_MOST}
    return render(request, "vouchers/form_find.html", context)


_SETTABLE: Final = (*KnownPayee._fields, "account_code")


def _found(request: HttpRequest, what: str, text: str, year: int, most: int) -> list[Suggestion]:
    agency_code = actor_in(request).agency_code
    match what:
        case "account":
            return _accounts(agency_code, year, text, most)
        case "bank":
            return _banks(text, most)
        case "payee":
            return [_payee(one) for one in draft_selectors.payees_known(agency_code, text, most=most)]
    raise Problem("unknown_lookup", f"nothing is looked up by {what!r}", path="/what", status=400)


def _accounts(agency_code: str, year: int, text: str, most: int) -> list[Suggestion]:
    """The agency's own accounts by code or name, all of them while nothing is typed."""
    rows = [
        row
        for row in ledger.positions(year, agency_code=agency_code)
        if row.account_code.startswith(text) or text in row.account_name
    ]
    return [
        Suggestion(
            row.account_code,
            account_hint(row),
            {"account_code": row.account_code, "account_name": row.account_name},
        )
        for row in rows[:most]
    ]


def _banks(text: str, most: int) -> list[Suggestion]:
    rows = agencies.selectors.banks_matching(text, clock.today(), most=most)
    return [
        Suggestion(row.bank_code, row.institution_name + row.branch_name, {"bank_code": row.bank_code}) for row in rows
    ]


def _payee(known: KnownPayee) -> Suggestion:
    account = f"{known.bank_code} {known.account_no}".strip() or _("未使用帳戶")
    return Suggestion(known.name, f"{known.id}　{account}", {**known._asdict(), "bank_code": known.bank_code})


def _year(text: str) -> int:
    return whole_of(text, digits=3, otherwise=fiscal_year(clock.today()))


def _index(name: str) -> str:
    steps = name.split(".")
    return str(whole_of(steps[1], otherwise=0)) if len(steps) > 1 else "0"
