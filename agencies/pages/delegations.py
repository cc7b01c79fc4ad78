"""Delegated signers: each certifier appoints for themselves; the list with who may end what (B-6.3)."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.delegation_models import PRINCIPALS, Delegation
from agencies.delegations import delegations_of
from agencies.models import User
from agencies.pages.access import actor_in, may, needs, require_sees
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from agencies.roles import TREASURY_ROLES, Role, role_title
from agencies.services.delegations import delegate_appoint, delegation_end
from agencies.terms import in_force
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing, by_agency
from treasury.core.pages.submissions import submit_once


class AppointForm(PageForm):
    """Who signs in the place of the person logged in, and on which days."""

    user_id = forms.ChoiceField(label=_("代簽人"), help_text=_("只列出本機關編制內人員。"))
    from_on = RocDateField(label=_("起日"), required=False, help_text=_("例如 114/3/10；不填為今天。"))
    to_on = RocDateField(label=_("迄日"), required=False, help_text=_("最後一天；不填為不定期。"))
    because = forms.CharField(label=_("依據或說明"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(agency_code=actor.agency_code, is_active=True, is_establishment=True)
        rows = rows.exclude(pk=actor.user_id or 0).order_by("display_name", "username")
        people = [(str(one.pk), f"{one.display_name}（{one.username}）") for one in rows]
        self.fields["user_id"].choices = [("", _("請選擇")), *people]  # type: ignore[attr-defined]


@needs("agencies.view_delegation")
def delegations(request: HttpRequest) -> HttpResponse:
    """Who signs in whose place, and the form by which the head or the chief accountant appoints."""
    return _page(request)


@require_POST
@needs("agencies.appoint_delegate")
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoints a delegate for the capacity acted in."""
    actor = actor_in(request)
    form = AppointForm(request.POST, actor=actor)

    def effect(given: dict[str, Any]) -> str:
        delegate_appoint(actor=actor, **{**given, "user_id": int(given["user_id"])})
        return reverse("agencies:delegations")

    return sent(request, form, effect) or _page(request, form)


@require_POST
@needs("agencies.end_delegation")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a delegation."""
    actor = actor_in(request)
    row = Delegation.objects.select_related("agency").filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no delegation {pk}", status=404)
    require_sees(actor, row.agency.code, f"delegation {pk}")

    def effect() -> str:
        delegation_end(delegation_id=row.pk, actor=actor, because=request.POST.get("because", "").strip())
        return reverse("agencies:delegations")

    return submit_once(request, effect)


def _page(request: HttpRequest, form: AppointForm | None = None) -> HttpResponse:
    actor = actor_in(request)
    is_treasury = actor.role in TREASURY_ROLES
    listing = Listing(
        request,
        delegations_of("" if is_treasury else actor.agency_code),
        name="delegations",
        filters=[*(_AGENCY if is_treasury else ()), *_FILTERS],
        columns=_COLUMNS,
    )
    if file := listing.export():
        return file
    can_appoint = may(actor, "agencies.appoint_delegate")
    if can_appoint and form is None:
        form = AppointForm(actor=actor)
    today = clock.today()
    for row in listing.shown:
        row.when = _when(row, today)
        row.can_end = _can_end(row, actor, today)
    context = {"listing": listing, "form": form, "can_appoint": can_appoint, "is_treasury": is_treasury}
    return shown(request, "agencies/delegations.html", context, *([form] if form is not None else []))


def _when(row: Delegation, on: date) -> str:
    """`ahead`, `now` or `over`."""
    if row.valid_from_on > on:
        return "ahead"
    return "over" if row.valid_to_on is not None and row.valid_to_on < on else "now"


def _can_end(row: Delegation, actor: Actor, on: date) -> bool:
    is_theirs = actor.role not in PRINCIPALS or actor.role == row.principal_capacity
    return may(actor, "agencies.end_delegation") and is_theirs and _when(row, on) != "over"


def _by_when(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    today = clock.today()
    if value == "ahead":
        return rows.filter(valid_from_on__gt=today)
    if value == "over":
        return rows.filter(valid_to_on__lt=today)
    return rows.filter(in_force(today))


_AGENCY = (by_agency("agency__code"),)
_FILTERS = (
    Filter(
        "capacity",
        "代簽職務",
        "Signs as",
        lambda rows, value: rows.filter(principal_capacity=value),
        [(str(role), str(role.label), role.title_en.capitalize()) for role in PRINCIPALS],
    ),
    Filter(
        "when",
        "期間",
        "When",
        _by_when,
        [("now", "有效", "In force"), ("ahead", "尚未開始", "To come"), ("over", "已結束", "Over")],
    ),
    Filter("q", "代簽人", "Delegate", lambda rows, value: rows.filter(user__display_name__icontains=value)),
)
_COLUMNS = (
    ListColumn("機關代號", "Agency", lambda row: row.agency.code),
    ListColumn("代簽人", "Delegate", lambda row: row.user.display_name),
    ListColumn("代簽職務", "Signs as", lambda row: role_title(Role(row.principal_capacity))),
    ListColumn("授權人", "Appointed by", lambda row: row.appointed_by.display_name),
    ListColumn("起日", "From", lambda row: row.valid_from_on),
    ListColumn("迄日", "To", lambda row: row.valid_to_on),
    ListColumn("說明", "Note", lambda row: row.because),
)
