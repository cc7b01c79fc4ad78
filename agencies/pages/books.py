"""The books, to be read and never changed: trial balance, chains with their seals, postings."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from agencies.pages.access import needs
from agencies.pages.forms import shown
from agencies.selectors import agencies as all_agencies
from treasury.core.errors import Problem
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.pages.wanted import date_of
from treasury.core.whole import whole_of
from treasury.ledger import reading
from treasury.ledger.chart import Section
from treasury.ledger.selectors import trial_balance

DIGESTS_SHOWN = 10
POSTINGS_A_PAGE = 20


@needs("ledger.view_books")
def books(request: HttpRequest) -> HttpResponse:
    """The trial balance in its two halves, and the chains of postings by agency and year."""
    rows = reading.balances(trial_balance())
    listing = Listing(request, reading.chains(), name="chains", filters=_CHAIN_FILTERS, columns=_CHAIN_COLUMNS)
    if file := listing.export():
        return file
    names = dict(
        all_agencies().filter(code__in=[chain.agency_code for chain in listing.shown]).values_list("code", "name")
    )
    context = {
        "sections": [_section(rows, section) for section in Section],
        "listing": listing,
        "chains": [(chain, names.get(chain.agency_code, "")) for chain in listing.shown],
        "digests": [(row, bytes(row.digest).hex()) for row in reading.digests()[:DIGESTS_SHOWN]],
    }
    return shown(request, "agencies/books.html", context)


@needs("ledger.view_books")
def postings(request: HttpRequest, chain_id: int) -> HttpResponse:
    """The postings of one chain, newest first, each seal computed anew."""
    chain = reading.chains().filter(pk=chain_id).first()
    if chain is None:
        raise Problem("not_found", f"there is no chain {chain_id}", status=404)
    listing = Listing(
        request,
        reading.chain_postings(chain_id),
        name=f"postings-{chain.agency_code or 'treasury'}-{chain.fiscal_year}",
        filters=_POSTING_FILTERS,
        columns=_POSTING_COLUMNS,
        page_rows=POSTINGS_A_PAGE,
    )
    if file := listing.export():
        return file
    read = reading.postings_read(listing.shown)
    agency = all_agencies().filter(code=chain.agency_code).first()
    context = {
        "chain": chain,
        "head": bytes(chain.head).hex(),
        "place": agency.name if agency else chain.agency_code,
        "listing": listing,
        "postings": read,
        "broken": [one for one in read if not one.is_whole],
    }
    return shown(request, "agencies/postings.html", context)


def _section(rows: list[reading.Balance], section: Section) -> dict[str, Any]:
    """One half of the trial balance; both sides of it must agree."""
    lines = [row for row in rows if row.section == section]
    debit_twd, credit_twd = sum(row.debit_twd for row in lines), sum(row.credit_twd for row in lines)
    return {
        "section": section,
        "rows": lines,
        "debit_twd": debit_twd,
        "credit_twd": credit_twd,
        "terms": [(row.name_zh, row.debit_twd) for row in lines if row.debit_twd],
        "agrees": debit_twd == credit_twd,
    }


def _by_year(rows: Any, value: str) -> Any:
    return rows.filter(fiscal_year=whole_of(value, digits=3))


_CHAIN_FILTERS = [
    Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(agency_code=value)),
    Filter("year", "會計年度", "Fiscal year", _by_year, kind="number"),
]
_CHAIN_COLUMNS = [
    ListColumn("機關代號", "Agency", lambda row: row.agency_code),
    ListColumn("會計年度", "Fiscal year", lambda row: row.fiscal_year),
    ListColumn("分錄數", "Postings", lambda row: row.seq),
    ListColumn("末筆封印", "Head", lambda row: bytes(row.head).hex()),
]
_POSTING_FILTERS = [
    Filter("event", "事件", "Event", lambda rows, value: rows.filter(event_ref=value)),
    Filter("on", "入帳日", "Booked on", lambda rows, value: rows.filter(booked_on=date_of(value, "on")), kind="date"),
]
_POSTING_COLUMNS = [
    ListColumn("序號", "No.", lambda row: row.seq),
    ListColumn("入帳日", "Booked on", lambda row: row.booked_on),
    ListColumn("時間", "At", lambda row: row.at),
    ListColumn("事件種類", "Event type", lambda row: row.event_type),
    ListColumn("事件", "Event", lambda row: row.event_ref),
    ListColumn("前筆封印", "Seal before", lambda row: bytes(row.previous_hash).hex()),
    ListColumn("封印", "Seal", lambda row: bytes(row.hash).hex()),
]
