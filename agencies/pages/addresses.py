"""Public addresses of agencies, and the requests refused because they came from elsewhere (A-2.2)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agencies.models import AgencyAddress, RefusedAddress
from agencies.pages.access import actor_in, may, needs
from agencies.pages.forms import PageForm, RocDateField, shown
from treasury.core import clock
from treasury.core.pages.days import by_day
from treasury.core.pages.listing import Filter, ListColumn, Listing


class AddressForm(PageForm):
    """A public address or network, its days, and a note."""

    network = forms.CharField(
        label=_("位址或網段"),
        max_length=43,
        help_text=_("例如 203.0.113.7、203.0.113.0/28、2001:db8::/48。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    from_on = RocDateField(label=_("起日"), required=False, help_text=_("例如 114/3/10；不填為今天。"))
    to_on = RocDateField(label=_("迄日"), required=False, help_text=_("最後一天；不填為不定期。"))
    note = forms.CharField(label=_("說明"), max_length=100, required=False, help_text=_("例如申請單文號。"))


@needs("agencies.view_addresses")
def refused(request: HttpRequest) -> HttpResponse:
    """Requests refused because they came from an address that is not registered, newest first."""
    rows = RefusedAddress.objects.order_by("-id")
    listing = Listing(request, rows, name="refused-addresses", filters=_REFUSED_FILTERS, columns=_REFUSED_COLUMNS)
    if file := listing.export():
        return file
    return shown(request, "agencies/refused.html", {"listing": listing})


@needs("agencies.view_addresses")
def addresses(request: HttpRequest) -> HttpResponse:
    """Every registered address, by agency."""
    rows = AgencyAddress.objects.select_related("agency").order_by("agency__code", "valid_to_on", "id")
    listing = Listing(request, rows, name="addresses", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    can_register = may(actor_in(request), "agencies.register_address")
    context = {"listing": listing, "today": clock.today(), "can_register": can_register}
    return shown(request, "agencies/addresses.html", context)


_FILTERS = [
    Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(agency__code=value)),
    Filter("network", "位址開頭", "Address begins with", lambda rows, value: rows.filter(network__startswith=value)),
]
_COLUMNS = [
    ListColumn("機關代號", "Agency", lambda row: row.agency.code),
    ListColumn("機關名稱", "Name", lambda row: row.agency.name),
    ListColumn("位址或網段", "Network", lambda row: row.network),
    ListColumn("起日", "From", lambda row: row.valid_from_on),
    ListColumn("迄日", "To", lambda row: row.valid_to_on),
    ListColumn("說明", "Note", lambda row: row.note),
    ListColumn("登記人", "Registered by", lambda row: row.registered_by),
]
_REFUSED_FILTERS = [
    Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(agency_code=value)),
    Filter("address", "來源位址", "Address", lambda rows, value: rows.filter(address=value)),
    Filter("on", "日期", "Day", by_day("at"), kind="date"),
]
_REFUSED_COLUMNS = [
    ListColumn("時間", "At", lambda row: row.at),
    ListColumn("機關代號", "Agency", lambda row: row.agency_code),
    ListColumn("來源位址", "Address", lambda row: row.address),
    ListColumn("要求的網頁", "Asked for", lambda row: row.path),
    ListColumn("帳號或系統", "By", lambda row: row.what),
]
