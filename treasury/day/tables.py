"""The tables of a day: each given is loaded, each not given stays as the books have it."""

from datetime import date

from agencies.services import agency_import, bank_import
from treasury.core.errors import Problem
from treasury.core.roc import roc_year
from treasury.day.processes import OPENING_TWD
from treasury.day.request import DayRequest
from treasury.ledger import events, selectors
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw


def load(request: DayRequest) -> None:
    """Loads the given tables, each whole or not at all, and books what the master account opens with, once."""
    for path in (request.agencies, request.banks, request.budget, request.cases, request.bank_scenario):
        if path is not None and not path.is_file():
            raise Problem("file_unreadable", f"{path} is no file", file=str(path))
    if request.banks is not None:
        bank_import(path=request.banks)
    if request.agencies is not None:
        agency_import(path=request.agencies)
    if request.budget is not None and request.fiscal_year is not None:
        ledger.budget_import(path=request.budget, fiscal_year=request.fiscal_year)
    if request.cases is not None:
        ledger.cases_import(path=request.cases, on=request.on)
    open_master_account(request.on)


def open_master_account(on: date) -> None:
    """The money the simulated bank begins with is the general fund's; booked once."""
    if selectors.master_balance():
        return
    ledger.book(
        events.DEPOSIT,
        event_ref="opening",
        agency_code="",
        fiscal_year=roc_year(on),
        on=on,
        draws=[Draw.general(OPENING_TWD)],
    )
