"""Code tables and balances: banks, the agency's accounts, what may still be drawn on each."""

from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from agencies.models import BankBranch
from agencies.selectors import bank_branches
from treasury.core import clock
from treasury.core.api.components import TEXT, WHOLE, YEAR, Schema, component, list_of, one_of, page_of, record
from treasury.core.api.cursors import PAGE_QUERY, page
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import answered
from treasury.ledger import selectors as ledger

BANK: Final = component(
    "Bank", record(bank_code=TEXT, institution_code=TEXT, institution_name=TEXT, branch_name=TEXT, address=TEXT)
)
BANK_PAGE: Final = component("BankPage", page_of(BANK))
ACCOUNTS: Final = component(
    "Accounts",
    record(
        fiscal_year=WHOLE,
        items=list_of(record(account_code=TEXT, account_name=TEXT, gate=one_of(["current", "capital"]))),
    ),
)
BALANCES: Final = component(
    "Balances",
    record(
        fiscal_year=WHOLE,
        items=list_of(
            record(
                account_code=TEXT,
                account_name=TEXT,
                annual_twd=WHOLE,
                released_twd=WHOLE,
                available_twd=WHOLE,
                reserved_twd=WHOLE,
                expended_twd=WHOLE,
                relieved_twd=WHOLE,
            )
        ),
    ),
)
_YEAR: Final[dict[str, Schema]] = {"fiscal_year": YEAR}
_FIGURES: Final = ("annual_twd", "released_twd", "available_twd", "reserved_twd", "expended_twd", "relieved_twd")


class BanksView(AgencyView):
    """/tables/banks"""

    @operation(
        Operation(
            name="table_banks",
            title_zh="金融機構代碼表",
            title_en="Banks and branches that money can be sent to today",
            tag="tables",
            scope="tables:read",
            query={
                "bank_code": {"type": "string", "pattern": "^[0-9]{7}$"},
                "institution_code": {"type": "string", "pattern": "^[0-9]{3}$"},
                **PAGE_QUERY,
            },
            answer=BANK_PAGE,
            problems=(422,),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """A page of the directory."""
        names = ("bank_code", "institution_code")
        chosen = {name: self.query[name] for name in names if name in self.query}
        rows = bank_branches(clock.today()).filter(**chosen)
        return answered(page(rows, self.query, lambda found: [_bank(row) for row in found]))


class AccountsView(AgencyView):
    """/tables/accounts"""

    @operation(
        Operation(
            name="table_accounts",
            title_zh="預算科目表",
            title_en="The agency's accounts of a fiscal year",
            tag="tables",
            scope="tables:read",
            query=_YEAR,
            answer=ACCOUNTS,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The accounts of the year asked for, or of this one."""
        year = self.query.get("fiscal_year", clock.today().year - 1911)
        items = [
            {"account_code": code, "account_name": facts.account_name, "gate": facts.gate}
            for code, facts in sorted(ledger.accounts(year).items())
            if facts.agency_code == self.agency_code
        ]
        return answered({"fiscal_year": year, "items": items})


class BalancesView(AgencyView):
    """/balances"""

    @operation(
        Operation(
            name="balances_list",
            title_zh="預算科目餘額",
            title_en="What may still be drawn on each account, now",
            tag="balances",
            scope="balances:read",
            query=_YEAR,
            answer=BALANCES,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """How each account of the year asked for, or of this one, stands."""
        year = self.query.get("fiscal_year", clock.today().year - 1911)
        items = [_balance(row) for row in ledger.positions(year, agency_code=self.agency_code)]
        return answered({"fiscal_year": year, "items": items})


def _bank(row: BankBranch) -> dict[str, str]:
    return {
        "bank_code": row.bank_code,
        "institution_code": row.institution_code,
        "institution_name": row.institution_name,
        "branch_name": row.branch_name,
        "address": row.address,
    }


def _balance(row: ledger.Position) -> dict[str, Any]:
    figures = {name: int(getattr(row, name)) for name in _FIGURES}
    return {"account_code": row.account_code, "account_name": row.account_name, **figures}
