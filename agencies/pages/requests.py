"""Requests for a role: whoever is logged in asks, with or without a role; an administrator decides (A-2.3)."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.models import AccessRequest, User
from agencies.pages.access import actor_in, may, needs, require_sees, whoever_is_in
from agencies.pages.acting import address_of
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from agencies.pages.role_forms import role_choices, roles_in_words
from agencies.roles import Role
from agencies.services.access import access_grant, access_refuse, access_request
from agencies.states import STATES
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing

REQUESTS_SHOWN = 50


class RequestForm(PageForm):
    """Which role, for which days, what for."""

    role = forms.ChoiceField(label=_("申請的角色"))
    from_on = RocDateField(label=_("起日"), required=False, help_text=_("例如 114/3/10；不填為今天。"))
    to_on = RocDateField(label=_("迄日"), required=False, help_text=_("最後一天；不填為不定期。"))
    reason = forms.CharField(label=_("申請理由"), max_length=200, help_text=_("例如：接辦採購付款業務。"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("請選擇")), *choices]  # type: ignore[attr-defined]


class DecisionForm(PageForm):
    """Why a request is granted or refused."""

    because = forms.CharField(label=_("說明"), max_length=200, required=False, help_text=_("不予核准時必須填寫。"))


@whoever_is_in
def request_new(request: HttpRequest) -> HttpResponse:
    """The form by which somebody asks for a role, and what became of earlier requests."""
    user: User = request.user  # type: ignore[assignment]
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is not None and not may(actor, "agencies.request_role"):
        raise Problem("role_missing", f"{actor.name} as {actor.role} asks for nothing", status=403)
    form = RequestForm(request.POST or None, choices=role_choices(user))

    def effect(given: dict[str, Any]) -> str:
        access_request(user=user, address=address_of(request), **given)
        return reverse("agencies:request_new") + "#mine"

    if answer := sent(request, form, effect):
        return answer
    own = AccessRequest.objects.filter(user=user).order_by("-id")[:REQUESTS_SHOWN]
    context = {"form": form, "own": own, "conflicts": roles_in_words(user)}
    return shown(request, "agencies/request_new.html", context, form)


@needs("agencies.grant_role")
def requests(request: HttpRequest) -> HttpResponse:
    """The requests at one's place, those that wait first."""
    listing = Listing(request, _seen_by(actor_in(request)), name="access-requests", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    return shown(request, "agencies/requests.html", {"listing": listing})


@needs("agencies.grant_role")
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with what the person holds already."""
    return _decision_page(request, _request_for_reader(actor_in(request), pk), DecisionForm())


@require_POST
@needs("agencies.grant_role")
def request_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants or refuses a request."""
    actor = actor_in(request)
    row = _request_for_reader(actor, pk)
    form = DecisionForm(request.POST)
    decide = access_grant if request.POST.get("verb") == "grant" else access_refuse

    def effect(given: dict[str, Any]) -> str:
        decide(request_id=row.pk, actor=actor, because=given["because"])
        return reverse("agencies:request", args=[row.pk])

    return sent(request, form, effect) or _decision_page(request, row, form)


def _decision_page(request: HttpRequest, row: AccessRequest, form: DecisionForm) -> HttpResponse:
    held = row.user.role_assignments.order_by("-valid_from_on", "role")[:REQUESTS_SHOWN]
    context = {"request_row": row, "form": form, "held": held, "conflicts": roles_in_words(row.user)}
    return shown(request, "agencies/request.html", context, form)


def _request_for_reader(actor: Actor, pk: int) -> AccessRequest:
    row = AccessRequest.objects.select_related("user").filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no access request {pk}", status=404)
    require_sees(actor, row.agency_code, f"access request {pk}")
    return row


def _seen_by(actor: Actor) -> QuerySet[AccessRequest]:
    """Waiting before decided, the oldest first; the treasury's administrator decides for the treasury's people and
    for an agency's administrators."""
    rows = AccessRequest.objects.select_related("user")
    mine = Q(agency_code=actor.agency_code)
    if not actor.agency_code:
        mine |= Q(role=Role.ADMIN)
    return rows.filter(mine).order_by("-state", "id")


def waiting_count(actor: Actor) -> int:
    """How many requests wait for an administrator (at most 1,000 are counted)."""
    return _seen_by(actor).filter(state="requested").order_by()[:1000].count()


_FILTERS = [
    Filter(
        "state",
        "狀態",
        "State",
        lambda rows, value: rows.filter(state=value),
        [(name, zh, en) for name, (zh, en) in STATES.items()],
    ),
    Filter(
        "q",
        "姓名或帳號",
        "Name or user name",
        lambda rows, value: rows.filter(Q(user__username__icontains=value) | Q(user__display_name__icontains=value)),
    ),
]
_COLUMNS = [
    ListColumn("申請時間", "Requested at", lambda row: row.requested_at),
    ListColumn("帳號", "User name", lambda row: row.user.username),
    ListColumn("姓名", "Name", lambda row: row.user.display_name),
    ListColumn("機關代號", "Agency", lambda row: row.agency_code),
    ListColumn("角色", "Role", lambda row: str(Role(row.role).label)),
    ListColumn("起日", "From", lambda row: row.wanted_from_on),
    ListColumn("迄日", "To", lambda row: row.wanted_to_on),
    ListColumn("理由", "Reason", lambda row: row.reason),
    ListColumn("狀態", "State", lambda row: STATES[row.state][0]),
    ListColumn("核定人", "Decided by", lambda row: row.decided_by),
    ListColumn("核定說明", "Decision", lambda row: row.decision),
]
