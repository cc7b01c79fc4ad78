"""The bank directory: every branch that money can be sent to (B-15.1)."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from agencies.models import BankBranch
from agencies.pages.access import actor_in, may, needs
from agencies.pages.forms import shown
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing


@needs("agencies.view_banks")
def banks(request: HttpRequest) -> HttpResponse:
    """The branches, by code; those closed only when asked for."""
    rows = BankBranch.objects.order_by("bank_code", "id")
    if request.GET.get("closed") != "yes":
        rows = rows.filter(valid_to_on__isnull=True)
    listing = Listing(request, rows, name="banks", filters=_FILTERS, columns=_COLUMNS)
    if file := listing.export():
        return file
    can_import = may(actor_in(request), "agencies.import_banks")
    return shown(request, "agencies/banks.html", {"listing": listing, "can_import": can_import})


@needs("agencies.view_banks")
def bank(request: HttpRequest, bank_code: str) -> HttpResponse:
    """One branch as it is and as it was."""
    rows = list(BankBranch.objects.filter(bank_code=bank_code).order_by("-id"))
    if not rows:
        raise Problem("not_found", f"there is no bank code {bank_code}", status=404)
    context = {"bank": rows[0], "earlier": rows[1:], "today": clock.today()}
    return shown(request, "agencies/bank.html", context)


def _named(rows: QuerySet[BankBranch], value: str) -> QuerySet[BankBranch]:
    """By the beginning of a code, or words of institution, branch or address (all of them)."""
    if value.isdecimal():
        return rows.filter(bank_code__startswith=value)
    for word in value.split():
        named = Q(institution_name__icontains=word) | Q(branch_name__icontains=word) | Q(address__icontains=word)
        rows = rows.filter(named)
    return rows


_FILTERS = [
    Filter("q", "代號或名稱", "Code or name", _named, kind="search"),
    Filter("closed", "已停用", "Closed", lambda rows, value: rows, [("yes", "一併列出", "shown as well")]),
]
_COLUMNS = [
    ListColumn("銀行代碼", "Bank code", lambda row: row.bank_code),
    ListColumn("金融機構", "Institution", lambda row: row.institution_name),
    ListColumn("分支機構", "Branch", lambda row: row.branch_name),
    ListColumn("地址", "Address", lambda row: row.address),
    ListColumn("起日", "From", lambda row: row.valid_from_on),
    ListColumn("迄日", "To", lambda row: row.valid_to_on),
]
