"""Forms that are being filled in: mine and my colleagues', and a new one copied from an earlier voucher."""

import uuid
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agencies.pages.access import actor_in, needs
from treasury.core import clock
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once
from treasury.core.roc import fiscal_year, format_date
from vouchers import draft_selectors
from vouchers.drafts import DraftForm
from vouchers.models import Voucher
from vouchers.pages.form import RIGHT
from vouchers.pages.form_fields import Fields, fields_of
from vouchers.pages.form_places import begun, own_voucher, suggested_number
from vouchers.services.drafting import draft_save

# What belongs to one payment alone, and is not said again of the next.
_NOT_COPIED: Final = (
    "legal_pay_date",
    "distribution_date",
    "remit_date",
    "collection_slips",
    "attachments",
    "reclaims_cheque",
    "replaces_voucher",
    "incident_ref",
)


@needs(RIGHT)
def drafts(request: HttpRequest) -> HttpResponse:
    """The agency's forms that were not sent yet, the actor's own unless all are asked for."""
    actor = actor_in(request)
    rows = draft_selectors.draft_forms(actor.agency_code)
    whose = request.GET.get("whose", "")
    listing = Listing(
        request,
        rows if whose == "all" else rows.filter(owner_id=actor.user_id),
        name="drafts",
        filters=[
            Filter(
                "whose", "承辦人", "Whose", lambda rows, value: rows, choices=[("all", "本機關全部", "All of ours")]
            ),
            Filter("number", "憑單編號", "Number", _numbered),
        ],
        columns=[
            ListColumn("憑單編號", "Number", lambda row: row.number),
            ListColumn("支出用途", "Purpose", lambda row: row.purpose),
            ListColumn("承辦人", "Clerk", lambda row: row.owner.display_name),
            ListColumn("儲存時間", "Saved at", lambda row: row.saved_at),
        ],
    )
    if file := listing.export():
        return file
    ending = draft_selectors.draft_forms_ending(actor.agency_code, actor.user_id)
    context = {"listing": listing, "ending": list(ending[: settings.DRAFTS_PER_PERSON])}
    return render(request, "vouchers/drafts.html", context)


def _numbered(rows: QuerySet[DraftForm], value: str) -> QuerySet[DraftForm]:
    return rows.filter(number__startswith=value.upper())


@needs(RIGHT)
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins a new form with what an earlier voucher says, under a number of its own."""
    voucher = own_voucher(request, pk)
    year = fiscal_year(clock.today())
    if request.method == "POST":
        return submit_once(request, lambda: _copied(request, voucher, year))
    number = suggested_number(request, year=year, kind=voucher.kind)
    context = {"voucher": voucher, "number": number, "year": year, "today": format_date(clock.today())}
    return render(request, "vouchers/copy.html", context)


def _copied(request: HttpRequest, voucher: Voucher, year: int) -> str:
    number = suggested_number(request, year=year, kind=voucher.kind)
    typed = request.POST.get("number", "").strip()[:20] or number
    kept = {name: value for name, value in voucher.content.items() if name not in _NOT_COPIED}
    fields: Fields = fields_of(kept) | {"number": typed, "issue_date": format_date(clock.today())}
    for line in fields.get("payee_lines", []):
        line.pop("source_documents", None)
    draft = begun(request, key=uuid.uuid4(), fields=fields, year=year)
    draft_save(draft=draft, fields=fields, seen_version=0, actor=actor_in(request))
    return reverse("vouchers:draft", args=[draft.key])
