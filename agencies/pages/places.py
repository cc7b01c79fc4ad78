"""Agencies: the list, a new one, the page of one with its stage, people, addresses and balances (A-2, B-3.1)."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.models import Agency, AgencyKind, AgencyMode, User
from agencies.pages.access import actor_in, may, needs, require_sees
from agencies.pages.addresses import AddressForm
from agencies.pages.forms import PageForm, sent, shown
from agencies.pages.memory import memory_of
from agencies.readiness import checklist
from agencies.selectors import agencies as all_agencies
from agencies.services.addresses import address_end, address_register
from agencies.services.agencies import agency_change, agency_create
from agencies.templatetags.places import agency_kind, mode_title
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.submissions import submit_once
from treasury.ledger.reading import agency_totals

PEOPLE_SHOWN = 20
_KINDS = [(kind.value, str(kind.label), kind.value) for kind in AgencyKind]
_MODES = [
    (AgencyMode.ONBOARDING.value, str(AgencyMode.ONBOARDING.label), "Preparing"),
    (AgencyMode.PARALLEL.value, str(AgencyMode.PARALLEL.label), "Parallel test"),
    (AgencyMode.LIVE.value, str(AgencyMode.LIVE.label), "Live"),
]


class NewAgencyForm(PageForm):
    """An agency's code, name and kind, as the accounting office set them."""

    code = forms.CharField(label=_("機關代號"), max_length=20, help_text=_("主計單位核定的代號，設定後不能更改。"))
    name = forms.CharField(label=_("機關名稱"), max_length=100)
    kind = forms.ChoiceField(label=_("類別"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, agency_kind(kind)) for kind in AgencyKind]  # type: ignore[attr-defined]


class AgencyForm(PageForm):
    """What may change of an agency."""

    name = forms.CharField(label=_("機關名稱"), max_length=100)
    kind = forms.ChoiceField(label=_("類別"))
    mode = forms.ChoiceField(label=_("實施階段"), help_text=_("依序為準備中、平行測試、正式實施，一次前進一個階段。"))
    letter_no = forms.CharField(
        label=_("正式實施文號"), max_length=60, required=False, help_text=_("轉為正式實施時必須填寫。")
    )
    because = forms.CharField(label=_("依據或說明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, agency_kind(kind)) for kind in AgencyKind]  # type: ignore[attr-defined]
        self.fields["mode"].choices = [(mode.value, mode_title(mode)) for mode in AgencyMode]  # type: ignore[attr-defined]


@needs("agencies.change_agency", "ledger.view_books")
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency."""
    listing = Listing(request, all_agencies(), name="agencies", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    can_change = may(actor_in(request), "agencies.change_agency")
    return shown(request, "agencies/agencies.html", {"listing": listing, "can_change": can_change})


@needs("agencies.change_agency")
def agency_new(request: HttpRequest) -> HttpResponse:
    """A new agency, which begins to prepare."""
    form = NewAgencyForm(request.POST or None)

    def effect(given: dict[str, Any]) -> str:
        agency = agency_create(actor=actor_in(request), **given)
        return reverse("agencies:agency", args=[agency.code])

    return sent(request, form, effect) or shown(request, "agencies/agency_new.html", {"form": form}, form)


@needs("agencies.view_agency")
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """One agency; the treasury's people see each, an administrator their own."""
    return agency_page(request, agency_for_reader(request, code))


@require_POST
@needs("agencies.change_agency")
def agency_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Changes name, kind or stage."""
    row = agency_for_reader(request, code)
    form = AgencyForm(request.POST)

    def effect(given: dict[str, Any]) -> str:
        agency_change(code=row.code, actor=actor_in(request), **given)
        return reverse("agencies:agency", args=[row.code])

    return sent(request, form, effect) or agency_page(request, row, form=form)


@require_POST
@needs("agencies.register_address")
def address_add(request: HttpRequest, code: str) -> HttpResponse:
    """Registers an address of an agency."""
    row = agency_for_reader(request, code)
    form = AddressForm(request.POST)

    def effect(given: dict[str, Any]) -> str:
        address_register(agency_code=row.code, actor=actor_in(request), **given)
        return reverse("agencies:agency", args=[row.code]) + "#addresses"

    return sent(request, form, effect) or agency_page(request, row, address_form=form)


@require_POST
@needs("agencies.register_address")
def address_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a registered address from today on."""

    def effect() -> str:
        row = address_end(address_id=pk, actor=actor_in(request))
        return reverse("agencies:agency", args=[row.agency.code]) + "#addresses"

    return submit_once(request, effect)


def agency_page(
    request: HttpRequest, row: Agency, *, form: AgencyForm | None = None, address_form: AddressForm | None = None
) -> HttpResponse:
    """The page of an agency, with the forms as they were sent when one was refused."""
    actor = actor_in(request)
    form = form or AgencyForm(initial={"name": row.name, "kind": row.kind, "mode": row.mode})
    address_form = address_form or AddressForm()
    entries = memory_of("agency", row.pk) + memory_of("agency_address", row.pk)
    people = list(User.objects.filter(agency_code=row.code).order_by("username")[: PEOPLE_SHOWN + 1])
    context = {
        "agency": row,
        "form": form,
        "address_form": address_form,
        "errors": [*form.error_list, *address_form.error_list] if form.is_bound or address_form.is_bound else [],
        "can_change": may(actor, "agencies.change_agency"),
        "can_register": may(actor, "agencies.register_address"),
        "can_people": may(actor, "agencies.create_person"),
        "can_books": may(actor, "ledger.view_books"),
        "people": people[:PEOPLE_SHOWN],
        "has_more_people": len(people) > PEOPLE_SHOWN,
        "addresses": row.addresses.order_by("valid_to_on", "network"),
        "today": clock.today(),
        "totals": agency_totals(row.code),
        "checklist": [] if row.mode == AgencyMode.LIVE else checklist(row.code, clock.today()),
        "entries": sorted(entries, key=lambda entry: entry.at, reverse=True),
    }
    return shown(request, "agencies/agency.html", context, form, address_form)


def agency_for_reader(request: HttpRequest, code: str) -> Agency:
    """An agency the reader may know of; Problem `not_found` (404) otherwise."""
    require_sees(actor_in(request), code, f"agency {code}")
    row = Agency.objects.filter(code=code).first()
    if row is None:
        raise Problem("not_found", f"there is no agency {code}", status=404)
    return row


def _named(rows: QuerySet[Agency], value: str) -> QuerySet[Agency]:
    return rows.filter(Q(code__startswith=value) | Q(name__icontains=value))


_FILTERS = [
    Filter("q", "代號或名稱", "Code or name", _named),
    Filter("kind", "類別", "Kind", lambda rows, value: rows.filter(kind=value), _KINDS),
    Filter("mode", "實施階段", "Stage", lambda rows, value: rows.filter(mode=value), _MODES),
]
_COLUMNS = [
    ListColumn("機關代號", "Code", lambda row: row.code),
    ListColumn("機關名稱", "Name", lambda row: row.name),
    ListColumn("類別", "Kind", lambda row: row.get_kind_display()),
    ListColumn("實施階段", "Stage", lambda row: row.get_mode_display()),
]
