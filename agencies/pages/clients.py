"""Accounting systems of an agency: registered, their secret shown once, revoked; what they were told (A-2.2)."""

from typing import Any

from django import forms
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.models import ApiClient, DeliveryState, WebhookDelivery
from agencies.pages.access import actor_in, needs, require_sees
from agencies.pages.forms import PageForm, shown
from agencies.roles import TREASURY_ROLES
from agencies.scopes import SCOPES
from agencies.selectors import agency_by_code
from agencies.services.clients import IssuedClient, client_create, client_renew_secret, client_revoke
from agencies.services.webhooks import delivery_replay
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once
from treasury.core.texts import either

_STATES_EN = {DeliveryState.WAITING: "waiting", DeliveryState.DELIVERED: "delivered", DeliveryState.FAILED: "failed"}
_STATES = [(state.value, str(state.label), _STATES_EN[state]) for state in DeliveryState]


class ClientForm(PageForm):
    """An accounting system: whose, its name, what it may do."""

    agency_code = forms.CharField(label=_("機關代號"), max_length=20)
    name = forms.CharField(label=_("系統名稱"), max_length=60, help_text=_("例如：會計系統。"))
    scopes = forms.MultipleChoiceField(label=_("可使用的範圍"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (name, f"{either(zh, en)}（{name}）") for name, (zh, en) in SCOPES.items()
        ]
        if actor.role not in TREASURY_ROLES:
            del self.fields["agency_code"]


@needs("agencies.register_client")
def clients(request: HttpRequest) -> HttpResponse:
    """The systems of the own agency, or of all for the treasury's administrator, with when each was last used."""
    actor = actor_in(request)
    rows = _seen_by(actor).annotate(used_at=Max("accesstoken__created"))
    listing = Listing(request, rows, name="api-clients", filters=_filters(actor), columns=_COLUMNS)
    if file := listing.export():
        return file
    return shown(request, "agencies/clients.html", {"listing": listing})


@never_cache
@needs("agencies.register_client")
def client_new(request: HttpRequest) -> HttpResponse:
    """A new system; its secret is shown once, on the answer to the form, and stored as a hash only."""
    actor = actor_in(request)
    form = ClientForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        made: list[IssuedClient] = []
        given = {"agency_code": actor.agency_code} | form.cleaned_data

        def effect() -> str:
            made.append(client_create(actor=actor, **given))
            return _address(made[0].client)

        try:
            answer = submit_once(request, effect)
        except Problem as problem:
            if problem.status == 403:
                raise
            form.take(Problem(problem.code, problem.detail, path=problem.path or "/agency_code"))
        else:
            return _secret_page(request, made[0]) if made else answer
    return shown(request, "agencies/client_new.html", {"form": form}, form)


@needs("agencies.register_client")
def client(request: HttpRequest, pk: int) -> HttpResponse:
    """One system: what it may do, its subscriptions, the messages sent to it."""
    row = _client_for_reader(actor_in(request), pk)
    deliveries = WebhookDelivery.objects.filter(subscription__client=row).select_related("subscription")
    listing = Listing(request, deliveries.order_by("-id"), name=f"deliveries-{row.pk}", filters=_DELIVERY_FILTERS)
    context = {
        "client": row,
        "place": agency_by_code(row.agency_id).name,
        "scopes": [(name, either(*SCOPES[name])) for name in row.scopes],
        "webhooks": row.webhooks.order_by("-id"),
        "listing": listing,
        "deliveries": [(one, _state_said(one.state), _shape(one.state)) for one in listing.shown],
    }
    return shown(request, "agencies/client.html", context)


@never_cache
@require_POST
@needs("agencies.register_client")
def client_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret, shown once; the old one ends at once."""
    actor = actor_in(request)
    row = _client_for_reader(actor, pk)
    made: list[IssuedClient] = []

    def effect() -> str:
        made.append(client_renew_secret(client_id=row.pk, actor=actor))
        return _address(row)

    answer = submit_once(request, effect)
    return _secret_page(request, made[0]) if made else answer


@require_POST
@needs("agencies.register_client")
def client_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Revokes a system."""
    actor = actor_in(request)
    row = _client_for_reader(actor, pk)

    def effect() -> str:
        client_revoke(client_id=row.pk, actor=actor)
        return _address(row)

    return submit_once(request, effect)


@require_POST
@needs("agencies.register_client")
def delivery_again(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Sends a message again."""
    row = _client_for_reader(actor_in(request), pk)
    delivery = WebhookDelivery.objects.filter(pk=delivery_id, subscription__client=row).first()
    if delivery is None:
        raise Problem("not_found", f"there is no message {delivery_id}", status=404)

    def effect() -> str:
        delivery_replay(delivery_id=delivery.pk, agency_code=row.agency_id)
        return _address(row) + "#deliveries"

    return submit_once(request, effect)


def _secret_page(request: HttpRequest, issued: IssuedClient) -> HttpResponse:
    return render(request, "agencies/client_secret.html", {"client": issued.client, "secret": issued.secret})


def _client_for_reader(actor: Actor, pk: int) -> ApiClient:
    row: ApiClient | None = ApiClient.objects.filter(pk=pk).first()
    if row is None:
        raise Problem("not_found", f"there is no client {pk}", status=404)
    require_sees(actor, row.agency_id, f"client {pk}")
    return row


def _seen_by(actor: Actor) -> QuerySet[ApiClient]:
    rows: QuerySet[ApiClient] = ApiClient.objects.select_related("agency").order_by("agency_id", "id")
    return rows if actor.role in TREASURY_ROLES else rows.filter(agency_id=actor.agency_code)


def _address(row: ApiClient) -> str:
    return reverse("agencies:client", args=[row.pk])


def _state_said(state: str) -> str:
    return either(str(DeliveryState(state).label), _STATES_EN[DeliveryState(state)])


def _shape(state: str) -> str:
    return {"waiting": "wait", "delivered": "good", "failed": "stop"}[state]


def _filters(actor: Actor) -> list[Filter]:
    by_agency = Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(agency_id=value))
    return [by_agency] if actor.role in TREASURY_ROLES else []


_COLUMNS = [
    ListColumn("機關代號", "Agency", lambda row: row.agency_id),
    ListColumn("系統名稱", "Name", lambda row: row.name),
    ListColumn("識別碼", "Client id", lambda row: row.client_id),
    ListColumn("可使用的範圍", "Scopes", lambda row: " ".join(row.scopes)),
    ListColumn("登記人", "Registered by", lambda row: row.created_by),
    ListColumn("最近使用", "Last used", lambda row: row.used_at),
    ListColumn("撤銷時間", "Revoked at", lambda row: row.revoked_at),
]
_DELIVERY_FILTERS = [
    Filter("state", "狀態", "State", lambda rows, value: rows.filter(state=value), _STATES),
    Filter("event", "事件", "Event", lambda rows, value: rows.filter(event=value)),
]
