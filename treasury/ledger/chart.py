"""The chart of accounts: which accounts there are, in which section, and how each is kept.

Two sections, each balancing by itself in every posting. *Money* says where the treasury's money is and to whom it
belongs; *budget* says how much of each authority to spend (a budget line, an advance case, a fund) is still free.
The list is executed: it makes the database's CHECK, the booking function's columns are tested against it, and the
table in `docs/ledger.md` is generated from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The side of an entry: amounts are always above zero, the side gives the direction.
DEBIT: Final = "D"
CREDIT: Final = "C"


class Section(StrEnum):
    """The two halves of the books; debits equal credits in each of them."""

    MONEY = "money"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its code, names and normal side.

    `per_authority`: kept apart for each authority, so an entry must name one. `column`: the column of the authority
    that always shows this account's balance.
    """

    code: str
    name_zh: str
    name_en: str
    side: str
    section: Section
    per_authority: bool = False
    column: str = ""


MASTER_DEPOSIT: Final = "1101"
IN_TRANSIT: Final = "2101"
CHEQUES_OUTSTANDING: Final = "2102"
RETURNED: Final = "2103"
GENERAL: Final = "3101"
FUNDS: Final = "3201"
CONTROL: Final = "8101"
AVAILABLE: Final = "8201"
RESERVED: Final = "8202"
EXPENDED: Final = "8203"
RELIEVED: Final = "8204"
SETTLED: Final = "8205"
EXCESS: Final = "8206"
UNEXPLAINED: Final = "8207"

_MONEY, _BUDGET = Section.MONEY, Section.BUDGET

CHART: Final[tuple[Account, ...]] = (
    Account(MASTER_DEPOSIT, "公庫總存款戶", "master deposit account", DEBIT, _MONEY),
    Account(IN_TRANSIT, "匯款在途", "remittances in transit", CREDIT, _MONEY),
    Account(CHEQUES_OUTSTANDING, "未兌付支票", "cheques outstanding", CREDIT, _MONEY),
    Account(RETURNED, "退匯待處理", "returned remittances", CREDIT, _MONEY),
    Account(GENERAL, "公庫存款－總預算", "general fund", CREDIT, _MONEY),
    Account(FUNDS, "公庫存款－特種基金及專戶", "funds and special accounts", CREDIT, _MONEY, True),
    Account(CONTROL, "核定可支用數", "allotment control", DEBIT, _BUDGET, True),
    Account(AVAILABLE, "可支用餘額", "available", CREDIT, _BUDGET, True, "available_twd"),
    Account(RESERVED, "審核保留數", "reserved", CREDIT, _BUDGET, True, "reserved_twd"),
    Account(EXPENDED, "支付實現數", "expended", CREDIT, _BUDGET, True, "expended_twd"),
    Account(RELIEVED, "轉正沖減數", "relieved", DEBIT, _BUDGET, True, "relieved_twd"),
    Account(SETTLED, "已歸墊數", "settled", CREDIT, _BUDGET, True, "settled_twd"),
    Account(EXCESS, "轉正溢沖數", "relieved above spending", DEBIT, _BUDGET, True),
    Account(UNEXPLAINED, "轉正溢沖待查數", "relief above spending, to be explained", CREDIT, _BUDGET, True),
)

ACCOUNTS: Final[dict[str, Account]] = {account.code: account for account in CHART}
CODES: Final[tuple[str, ...]] = tuple(ACCOUNTS)
PER_AUTHORITY: Final[tuple[str, ...]] = tuple(account.code for account in CHART if account.per_authority)
COLUMNS: Final[dict[str, str]] = {account.code: account.column for account in CHART if account.column}
