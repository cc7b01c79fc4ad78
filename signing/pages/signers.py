"""Signers' registrations, and what was signed between a change and its filing (B-12.1, B-12.2)."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from agencies.pages.access import actor_in, needs, require_sees
from agencies.pages.forms import shown
from agencies.roles import TREASURY_ROLES, Role
from signing.card_words import SIGNER_KINDS, SIGNER_STATES
from signing.models import SignerKind, SignerRegistration
from signing.signers import gap_signatures, signer_registrations
from signing.templatetags.cards import capacity_name, signer_kind_name, signer_state_name
from treasury.core import clock
from treasury.core.documents import render
from treasury.core.documents.shapes import Column, Register
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency


@needs("signing.view_card")
def signers(request: HttpRequest) -> HttpResponse:
    """Every application of the agency's signers; the treasury's people see each agency's."""
    actor = actor_in(request)
    is_treasury = actor.role in TREASURY_ROLES
    listing = Listing(
        request,
        signer_registrations(agency_code="" if is_treasury else actor.agency_code),
        name="signers",
        filters=[*(_AGENCY if is_treasury else ()), *_FILTERS],
        columns=_COLUMNS,
    )
    if file := listing.export():
        return file
    return shown(request, "signing/signers.html", {"listing": listing, "is_treasury": is_treasury})


@needs("signing.view_card")
def gap(request: HttpRequest, pk: int) -> HttpResponse:
    """What was signed in the gap of one application."""
    row = _registration(request, pk)
    listing = Listing(request, gap_signatures(row), name=f"signer-gap-{row.pk}", columns=_SIGNED)
    if file := listing.export():
        return file
    return shown(request, "signing/gap.html", {"registration": row, "listing": listing})


@needs("signing.view_card")
def gap_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a report to be printed and sealed."""
    row = _registration(request, pk)
    headers = {"Content-Disposition": f'inline; filename="signer-gap-{row.pk}.pdf"'}
    return HttpResponse(render(_report(row)), content_type="application/pdf", headers=headers)


def _registration(request: HttpRequest, pk: int) -> SignerRegistration:
    row = signer_registrations().select_related("card__replaces").filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no registration {pk}", status=404)
    require_sees(actor_in(request), row.agency_code, f"registration {pk}")
    return row


def _report(row: SignerRegistration) -> Register:
    rows = gap_signatures(row)
    return Register(
        treasury=settings.TREASURY_NAME,
        title="簽證人員異動期間簽章清冊",
        title_en="Signed before a change of signer was filed",
        subject=f"{row.agency_code}　{Role(row.capacity).label}　{SignerKind(row.kind).label}",
        dated_on=clock.today(),
        made_at=clock.now(),
        columns=(
            Column(title="憑單", title_en="Voucher", kind="code", width=70),
            Column(title="版次", title_en="Revision", kind="count", width=16),
            Column(title="簽章時間", title_en="Signed at", kind="moment", width=40),
            Column(title="簽章者", title_en="Signer"),
            Column(title="卡號", title_en="Card", kind="code", width=50),
        ),
        rows=tuple(
            (one.document_ref, one.revision, one.signed_at, one.user.display_name, one.card.card_no) for one in rows
        ),
        notes=("完成變更登記前所為之支付，由機關負責（B-12.2）。",),
    )


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "revoked":
        return rows.filter(revoked_at__isnull=False)
    return rows.filter(revoked_at__isnull=True, filed_at__isnull=value == "applied")


_KINDS = [(kind, zh, en) for kind, (zh, en) in SIGNER_KINDS.items()]
_STATES = [(state, zh, en) for state, (zh, en) in SIGNER_STATES.items()]
_AGENCY = (by_agency("agency_code"),)
_FILTERS = (
    Filter("kind", "類別", "Kind", lambda rows, value: rows.filter(kind=value), _KINDS),
    Filter("state", "狀態", "State", _by_state, _STATES),
    Filter("signer", "簽證人員", "Signer", lambda rows, value: rows.filter(user__display_name__contains=value)),
)
_COLUMNS = (
    ListColumn("機關代號", "Agency code", lambda row: row.agency_code),
    ListColumn("簽證人員", "Signer", lambda row: row.user.display_name),
    ListColumn("職務", "Capacity", lambda row: capacity_name(row.capacity)),
    ListColumn("類別", "Kind", lambda row: signer_kind_name(row.kind)),
    ListColumn("卡號", "Card number", lambda row: row.card.card_no),
    ListColumn("函文字號", "Letter", lambda row: row.letter_no),
    ListColumn("異動時間", "Since", lambda row: row.since_at),
    ListColumn("申請時間", "Applied at", lambda row: row.applied_at),
    ListColumn("登記時間", "Filed at", lambda row: row.filed_at),
    ListColumn("狀態", "State", lambda row: signer_state_name(row.state)),
)
_SIGNED = (
    ListColumn("憑單", "Voucher", lambda one: one.document_ref),
    ListColumn("版次", "Revision", lambda one: one.revision),
    ListColumn("簽章時間", "Signed at", lambda one: one.signed_at),
    ListColumn("簽章者", "Signer", lambda one: one.user.display_name),
    ListColumn("卡號", "Card number", lambda one: one.card.card_no),
)
