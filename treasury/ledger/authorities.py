"""What gives the right to spend, how it is named in the books, and what one draw of it means."""

from enum import StrEnum
from typing import NamedTuple, Self


class Kind(StrEnum):
    """What a draw rests on; the general fund is money only and has no authority of its own."""

    BUDGET = "budget"
    CASE = "case"
    FUND = "fund"
    GENERAL = "general"


def budget_key(fiscal_year: int, account_code: str) -> str:
    """The name of a budget line's authority in the books, `budget/114/3203010100`."""
    return f"budget/{fiscal_year}/{account_code}"


def case_key(agency_code: str, case_no: str) -> str:
    """The name of an advance case's authority, `case/0003010000/ADV114-004`."""
    return f"case/{agency_code}/{case_no}"


def fund_key(fund_code: str) -> str:
    """The name of a fund's authority, `fund/F01`."""
    return f"fund/{fund_code}"


def kind_of(key: str) -> Kind:
    """The kind of authority a key names."""
    return Kind(key.partition("/")[0])


class Draw(NamedTuple):
    """An amount taken from (or given back to) one authority: what one or more account lines of a voucher ask for.

    A budget draw with `fund_code` binds both the line's allotment and the fund's balance (B-23.2.2); its money is
    the fund's. An advance draws on its case alone (B-32.0). Money: whole TWD, at least 1.
    """

    kind: Kind
    code: str
    amount_twd: int
    fund_code: str = ""

    @classmethod
    def budget(cls, account_code: str, amount_twd: int, *, fund_code: str = "") -> Self:
        """A draw on a budget line of the posting's fiscal year."""
        return cls(Kind.BUDGET, account_code, amount_twd, fund_code)

    @classmethod
    def case(cls, case_no: str, amount_twd: int) -> Self:
        """A draw on an advance case of the posting's agency; the money is the general fund's."""
        return cls(Kind.CASE, case_no, amount_twd)

    @classmethod
    def fund(cls, fund_code: str, amount_twd: int) -> Self:
        """A draw on a fund's balance, without an allotment."""
        return cls(Kind.FUND, fund_code, amount_twd, fund_code)

    @classmethod
    def general(cls, amount_twd: int) -> Self:
        """Money of the general fund that no authority stands behind (a deposit, say)."""
        return cls(Kind.GENERAL, "", amount_twd)

    def authorities(self, fiscal_year: int, agency_code: str) -> tuple[str, ...]:
        """The keys of every authority this draw binds."""
        if self.kind is Kind.BUDGET:
            key = budget_key(fiscal_year, self.code)
            return (key, fund_key(self.fund_code)) if self.fund_code else (key,)
        if self.kind is Kind.CASE:
            return (case_key(agency_code, self.code),)
        return (fund_key(self.code),) if self.kind is Kind.FUND else ()

    @property
    def source(self) -> str:
        """The key of the fund whose money it is, empty for the general fund."""
        return fund_key(self.fund_code) if self.fund_code else ""
