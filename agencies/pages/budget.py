"""The account table of a fiscal year's budget, with what is left of each line (B-3.1, B-9.3.1)."""

from django.http import HttpRequest, HttpResponse

from agencies.pages.access import actor_in, may, needs
from agencies.pages.forms import shown
from agencies.roles import AGENCY_ROLES
from treasury.core import clock, roc
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.whole import whole_of
from treasury.ledger import reading

_GATES = [("current", "經常門", "current"), ("capital", "資本門", "capital")]


@needs("ledger.view_budget")
def budget(request: HttpRequest) -> HttpResponse:
    """The lines of a year (`?year=`): the treasury sees every agency's, an agency its own."""
    actor = actor_in(request)
    years = reading.years()
    wanted = request.GET.get("year", "")
    this_year = roc.fiscal_year(clock.today())
    default = this_year if this_year in years or not years else years[0]
    year = whole_of(wanted, otherwise=default, digits=3)
    rows = reading.budget_lines(year, agency_code=actor.agency_code if actor.role in AGENCY_ROLES else "")
    filters = _FILTERS if actor.role not in AGENCY_ROLES else [one for one in _FILTERS if one.name != "agency"]
    choices = [(str(one), str(one), str(one)) for one in years]
    by_year = Filter("year", "會計年度", "Fiscal year", lambda rows, value: rows, choices)
    listing = Listing(request, rows, name=f"budget-{year}", filters=[by_year, *filters], columns=_COLUMNS)
    if file := listing.export():
        return file
    context = {
        "listing": listing,
        "lines": reading.lines_read(listing.shown),
        "year": year,
        "can_import": may(actor, "ledger.import_budget"),
        "is_own": actor.role in AGENCY_ROLES,
    }
    return shown(request, "agencies/budget.html", context)


_FILTERS = [
    Filter("q", "科目代號或名稱", "Code or name", reading.lines_named, kind="search"),
    Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(agency_code=value)),
    Filter("gate", "經資門", "Gate", lambda rows, value: rows.filter(gate=value), _GATES),
]
_COLUMNS = [
    ListColumn("會計年度", "Fiscal year", lambda row: row.fiscal_year),
    ListColumn("科目代號", "Account", lambda row: row.account_code),
    ListColumn("科目名稱", "Name", lambda row: row.account_name),
    ListColumn("級別", "Level", lambda row: row.level),
    ListColumn("機關代號", "Agency", lambda row: row.agency_code),
    ListColumn("機關名稱", "Agency name", lambda row: row.agency_name),
    ListColumn("經資門", "Gate", lambda row: row.get_gate_display()),
    ListColumn("全年預算數", "Year, TWD", lambda row: row.annual_twd),
]
