"""The check page before a form becomes a voucher, and the sending itself."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import agencies.selectors
from agencies.pages.access import actor_in, needs
from treasury.core.amounts import format_twd
from treasury.core.errors import Problem
from treasury.core.pages.submissions import submit_once
from treasury.core.templatetags.epay import roc_date
from treasury.core.whole import whole_of
from treasury.ledger import selectors as ledger
from vouchers import draft_selectors, words
from vouchers.drafts import DraftForm
from vouchers.english import word
from vouchers.pages.form import RIGHT, is_behind, judgement_of
from vouchers.pages.form_places import address_of, draft_at, own_voucher
from vouchers.pages.form_reading import read_fields
from vouchers.pages.form_sums import sums
from vouchers.remarks import remarks, special_instructions
from vouchers.services.drafting import draft_send
from vouchers.services.preparation import VoucherRefused

_LINES_SHOWN = 20


@needs(RIGHT)
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """What will be sent, in sentences, with everything that stands against it."""
    found = draft_at(request, key)
    return check_page(request, found)


@needs(RIGHT)
def check_voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """The check page of the form that changes a voucher, or that form while nobody began one."""
    found = draft_selectors.draft_form_of(own_voucher(request, pk))
    if found is None:
        return HttpResponseRedirect(reverse("vouchers:edit", args=[pk]))
    return HttpResponseRedirect(reverse("vouchers:draft_check", args=[found.key]))


@require_POST
@needs(RIGHT)
def send(request: HttpRequest, key: UUID) -> HttpResponse:
    """Makes the voucher and sends it to review, once; a refusal comes back to the check page."""
    actor = actor_in(request)
    version = request.POST.get("version", "0")

    def effect() -> str:
        found = draft_at(request, key)
        if not found.version:
            raise Problem("seen_is_stale", _("這份表單已送出或已放棄"), status=409)
        reading = read_fields(found.fields)
        if reading.faults:
            raise Problem("form_incomplete", reading.faults[0].message, path="/")
        voucher = draft_send(draft=found, content=reading.content, seen_version=whole_of(version), actor=actor)
        return reverse("vouchers:done", args=[voucher.pk, "submit"])

    try:
        return submit_once(request, effect)
    except VoucherRefused:
        return check_page(request, draft_at(request, key), status=422)
    except Problem as problem:
        if problem.code not in ("number_taken", "form_incomplete", "draft_conflict") or not _is_saved(key):
            raise
        return check_page(request, draft_at(request, key), problem=problem, status=problem.status)


def _is_saved(key: UUID) -> bool:
    return draft_selectors.draft_form(key) is not None


def check_page(
    request: HttpRequest, found: DraftForm, *, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    """The page of sentences; without any complaint it has the button that sends."""
    judgement = judgement_of(found)
    content = judgement.reading.content
    context = {
        "draft": found,
        "address": address_of(found),
        "complaints": judgement.complaints[:50],
        "complaint_count": len(judgement.complaints),
        "may_send": not judgement.complaints and found.version > 0 and not is_behind(found),
        "is_behind": is_behind(found),
        "problem": problem,
        "sentences": list(_sentences(found, content)),
        "accounts": _accounts(found, content),
        "payees": _payees(content),
        "payee_count": len(content.get("payee_lines", [])),
        "payees_unshown": max(0, len(content.get("payee_lines", [])) - _LINES_SHOWN),
        "originals": content.get("originals", [])[:_LINES_SHOWN],
        "remarks": [*special_instructions(content), *remarks(content)] if judgement.is_whole else [],
        "total_twd": content.get("total_twd"),
        "sums": sums(found.fields),
    }
    return render(request, "vouchers/form_check.html", context, status=status)


def _sentences(found: DraftForm, content: Mapping[str, Any]) -> Iterator[str]:
    """The voucher as one would tell it over the counter."""
    kind = word(words.KINDS.get(content.get("kind", ""), ""))
    number, year = content.get("number", "—"), found.fiscal_year
    yield _("%(year)s 年度%(kind)s %(number)s，製單日期 %(on)s。") % {
        "year": year,
        "kind": kind,
        "number": number,
        "on": _day(content, "issue_date"),
    }
    gate = word(words.GATES.get(content.get("gate", ""), "—"))
    nature = word(words.NATURES[content.get("nature", "normal")])
    yield _("經費門別為%(gate)s，款項性質為%(nature)s。") % {"gate": gate, "nature": nature}
    count = len(content.get("payee_lines", []))
    if content.get("kind") == "payment":
        method = word(words.METHODS.get(content.get("method", ""), "—"))
        network = word(words.NETWORKS.get(content.get("network") or "", ""))
        by = f"{method}（{network}）" if network else method
        yield _("以%(method)s支付 %(count)s 位受款人。") % {"method": by, "count": f"{count:,}"}
    yield _("支出用途：%(purpose)s") % {"purpose": content.get("purpose", "—")}
    yield from _dates(content)


def _dates(content: Mapping[str, Any]) -> Iterator[str]:
    for name in ("legal_pay_date", "distribution_date", "remit_date"):
        if content.get(name):
            yield _("%(field)s：%(on)s") % {"field": word(words.FIELDS[name]), "on": _day(content, name)}


def _day(content: Mapping[str, Any], name: str) -> str:
    return roc_date(date.fromisoformat(content[name])) if content.get(name) else "—"


def _accounts(found: DraftForm, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each account line with what is left before and after; what a transfer credits draws nothing."""
    lines = content.get("account_lines", [])
    rows = {row.account_code: row for row in ledger.positions(found.fiscal_year, agency_code=found.agency_code)}
    shown = []
    for line in lines[:_LINES_SHOWN]:
        row = rows.get(line.get("account_code", ""))
        draws_twd = 0 if line.get("side") == "credit" else line.get("amount_twd", 0)
        shown.append(
            {
                "line": line,
                "side": word(words.SIDES.get(line.get("side", ""), "")),
                "name": row.account_name if row else "",
                "before_twd": row.available_twd if row else None,
                "after": "" if row is None else format_twd(row.available_twd - draws_twd),
                "is_short": row is not None and row.available_twd < draws_twd,
            }
        )
    return shown


def _payees(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = content.get("payee_lines", [])[:_LINES_SHOWN]
    names = agencies.selectors.bank_names({line["bank_code"] for line in lines if line.get("bank_code")})
    return [line | {"bank_name": names.get(line.get("bank_code", ""), "")} for line in lines]
