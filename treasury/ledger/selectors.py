"""Reading the books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from treasury.core.sql import fetch_all
from treasury.ledger.authorities import Kind, budget_key, case_key, fund_key
from treasury.ledger.chart import ACCOUNTS, CHART, CREDIT, DEBIT, FUNDS, MASTER_DEPOSIT
from treasury.ledger.models import AdvanceCase, Authority, BudgetLine, FiscalYear, Fund


class AccountFacts(NamedTuple):
    """One account of a year's budget: whose it is, its gate (`current`, `capital`), its name."""

    agency_code: str
    gate: str
    account_name: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """An advance case and what is left of it, in TWD (B-32.0)."""

    agency_code: str
    case_no: str
    approved_twd: int
    left_twd: int


@dataclass(frozen=True, slots=True)
class Position:
    """How one budget line stands, in TWD: of the year, released so far, and what became of that.

    `net_expended_twd` is what was paid less what transfer vouchers moved elsewhere.
    """

    fiscal_year: int
    account_code: str
    account_name: str
    agency_code: str
    annual_twd: int
    released_twd: int
    available_twd: int
    reserved_twd: int
    expended_twd: int
    relieved_twd: int

    @property
    def net_expended_twd(self) -> int:
        """Paid less relieved."""
        return self.expended_twd - self.relieved_twd


def accounts(fiscal_year: int) -> Mapping[str, AccountFacts]:
    """Every account of a year's budget by its code; one query, for the caller to keep."""
    rows = BudgetLine.objects.filter(fiscal_year=fiscal_year)
    return {
        code: AccountFacts(agency_code, gate, name)
        for code, agency_code, gate, name in rows.values_list("account_code", "agency_code", "gate", "account_name")
    }


def budget_facts(fiscal_year: int) -> dict[str, dict[str, object]]:
    """What the table of a year's budget says of each account, by its code; one query."""
    columns = ("account_code", "account_name", "level", "agency_code", "agency_name", "gate", "annual_twd")
    rows = BudgetLine.objects.filter(fiscal_year=fiscal_year).values(*columns)
    return {row["account_code"]: dict(row) for row in rows}


def year_is_open(fiscal_year: int) -> bool:
    """Whether a year's budget was imported and not closed; any other year counts as closed (B-24.6)."""
    return FiscalYear.objects.filter(year=fiscal_year, state=FiscalYear.State.OPEN).exists()


def available(fiscal_year: int, codes: Iterable[str]) -> dict[str, int]:
    """What may still be drawn on each account of a year, in TWD; codes without a budget line are left out."""
    return _available(Kind.BUDGET, [budget_key(fiscal_year, code) for code in codes])


def fund_available(fund_codes: Iterable[str]) -> dict[str, int]:
    """What may still be drawn on each fund, in TWD; unknown funds are left out (B-23.2.2)."""
    return _available(Kind.FUND, [fund_key(code) for code in fund_codes])


def fund_names(fund_codes: Iterable[str]) -> dict[str, str]:
    """The names of funds by code; unknown ones are left out."""
    return dict(Fund.objects.filter(code__in=set(fund_codes)).values_list("code", "name"))


def _available(kind: Kind, keys: list[str]) -> dict[str, int]:
    rows = Authority.objects.filter(kind=kind, key__in=keys)
    return dict(rows.values_list("code", "available_twd"))


def case(agency_code: str, case_no: str) -> CaseFacts | None:
    """An advance case of an agency, None when there is none of this number (B-31)."""
    found = AdvanceCase.objects.filter(agency_code=agency_code, case_no=case_no).first()
    if found is None:
        return None
    authority = Authority.objects.get(key=case_key(agency_code, case_no))
    return CaseFacts(agency_code, case_no, found.approved_twd, authority.available_twd)


def cases(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], CaseFacts]:
    """Advance cases by (agency code, case number), in two queries; unknown ones are left out (B-31)."""
    wanted = set(names)
    rows = AdvanceCase.objects.filter(case_no__in={case_no for _, case_no in wanted})
    found = {(row.agency_code, row.case_no): row.approved_twd for row in rows}
    keys = {case_key(*name): name for name in wanted & found.keys()}
    left = dict(Authority.objects.filter(key__in=keys).values_list("key", "available_twd"))
    return {name: CaseFacts(*name, found[name], left[key]) for key, name in keys.items()}


def trial_balance() -> dict[str, int]:
    """The balance of every account of the chart by its code, in TWD, positive on the account's normal side."""
    rows = fetch_all("SELECT account_code, side, sum(amount_twd)::bigint FROM ledger_entry GROUP BY 1, 2")
    sums = {(code, side): int(amount_twd) for code, side, amount_twd in rows}
    return {
        account.code: sums.get((account.code, account.side), 0)
        - sums.get((account.code, CREDIT if account.side == DEBIT else DEBIT), 0)
        for account in CHART
    }


def money_balances() -> dict[str, int]:
    """The balances of the money section alone (where the treasury's money is and whose it is), in TWD."""
    rows = fetch_all(
        "SELECT account_code, sum(CASE side WHEN 'D' THEN amount_twd ELSE -amount_twd END)::bigint"
        " FROM ledger_entry WHERE account_code < '8' GROUP BY 1"
    )
    debit_twd = {code: int(amount_twd) for code, amount_twd in rows}
    return {
        account.code: debit_twd.get(account.code, 0) * (1 if account.side == DEBIT else -1)
        for account in CHART
        if account.code < "8"
    }


def fund_balances() -> dict[str, int]:
    """The money of each fund in the master account, account 3201/<fund>, in TWD (B-5)."""
    return {key.partition("/")[2]: amount_twd for key, amount_twd in balances_by_authority(FUNDS).items()}


def balances_by_authority(account_code: str) -> dict[str, int]:
    """The balance of one account kept per authority, by the authority's key, positive on its normal side."""
    rows = fetch_all(
        "SELECT a.key, sum(CASE e.side WHEN %s THEN e.amount_twd ELSE -e.amount_twd END)::bigint"
        " FROM ledger_entry e JOIN ledger_authority a ON a.id = e.authority_id"
        " WHERE e.account_code = %s GROUP BY a.key ORDER BY a.key",
        (ACCOUNTS[account_code].side, account_code),
    )
    return {key: int(amount_twd) for key, amount_twd in rows}


def master_balance() -> int:
    """What the books say lies in the master deposit account at the agent bank, in TWD."""
    return trial_balance()[MASTER_DEPOSIT]


def positions(fiscal_year: int, *, agency_code: str = "") -> list[Position]:
    """How every budget line of a year (of one agency) stands, by account code."""
    rows = fetch_all(
        "SELECT l.fiscal_year, l.account_code, l.account_name, l.agency_code, l.annual_twd,"
        " (SELECT coalesce(sum(m.amount_twd), 0)::bigint FROM ledger_allotment m"
        "  WHERE m.line_id = l.id AND m.released),"
        " a.available_twd, a.reserved_twd, a.expended_twd, a.relieved_twd"
        " FROM ledger_budgetline l JOIN ledger_authority a"
        " ON a.key = 'budget/' || l.fiscal_year || '/' || l.account_code"
        " WHERE l.fiscal_year = %s AND (%s = '' OR l.agency_code = %s) ORDER BY l.account_code",
        (fiscal_year, agency_code, agency_code),
    )
    return [Position(*row) for row in rows]


def agency_name(agency_code: str) -> str:
    """The name an agency has in the newest budget that has lines of it, empty without one."""
    rows = BudgetLine.objects.filter(agency_code=agency_code).order_by("-fiscal_year")
    return rows.values_list("agency_name", flat=True).first() or ""
