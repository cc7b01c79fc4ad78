"""Where a voucher is written: one agency, one day, and everything the writer may look at."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from .people import People
from .play import Row
from .world import Account, Tables, Voucher, World

LIMIT_TWD = 5_000_000
OPEN_YEAR = 114
EDGES_TWD = (9_999, 10_000, 10_000, 10_001, 499_999, 500_000, 500_000, 500_001, 4_999_999, 5_000_000)
UNKNOWN_BANKS = ("0049990", "7009990", "0509990")  # real institutions, branches that do not exist


@dataclass
class Book:
    """What earlier vouchers left behind, kept apart from the oracle: outcomes, and what was corrected."""

    rows: dict[tuple[str, int, str], Row] = field(default_factory=dict)
    vouchers: dict[tuple[str, int, str], Voucher] = field(default_factory=dict)
    corrected_twd: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def enter(self, agency_code: str, fiscal_year: int, voucher: Voucher, row: Row) -> None:
        """Keep a voucher under its number; the first user of a number stays."""
        key = (agency_code, fiscal_year, voucher["number"])
        if key not in self.rows:
            self.rows[key], self.vouchers[key] = row, voucher
        if row.outcome == "posted":
            for original in voucher["originals"]:
                place = (agency_code, original["number"], original["account_code"])
                self.corrected_twd[place] = self.corrected_twd.get(place, 0) + original["amount_twd"]

    def numbers(self, agency_code: str, *outcomes: str) -> list[str]:
        """Return the numbers of an agency's vouchers of the open year with one of the outcomes."""
        return [
            number
            for (agency, year, number), row in self.rows.items()
            if agency == agency_code and year == OPEN_YEAR and row.outcome in outcomes
        ]


@dataclass
class Desk:
    """One agency's desk on one day; `beyond_sample` allows dates to come and amounts above the limit."""

    rng: Random
    people: People
    tables: Tables
    world: World
    book: Book
    today: date
    agency_code: str
    agency_name: str
    fiscal_year: int = OPEN_YEAR
    beyond_sample: bool = True
    written: int = 0

    def chance(self, share: float) -> bool:
        """Toss a coin that falls on its head so often."""
        return self.rng.random() < share

    def next_number(self, kind: str) -> str:
        """Return a number not used before on this desk; transfers are marked by a T."""
        self.written += 1
        letter = "T" if kind == "transfer" else "P"
        return f"{letter}{self.today:%m%d}-{self.written:03d}"

    def own_accounts(self, gate: str | None = None) -> list[Account]:
        """Return the agency's accounts, of one gate or of both."""
        accounts = self.tables.accounts.values()
        return [
            account for account in accounts if account.agency_code == self.agency_code and gate in (None, account.gate)
        ]

    def foreign_account(self) -> Account:
        """Return an account of another agency."""
        return self.rng.choice([a for a in self.tables.accounts.values() if a.agency_code != self.agency_code])

    def bank_code(self, network: str) -> str:
        """Return a known bank code of a network."""
        codes = sorted(self.tables.bank_codes)
        return self.rng.choice([code for code in codes if code.startswith("004") == (network == "intra_bank")])

    def day(self, offset_days: int) -> str:
        """Return a date so many days from today."""
        return (self.today + timedelta(days=offset_days)).isoformat()

    def amount_twd(self) -> int:
        """Return a total: often at the edge of a rule, mostly ordinary, seldom above the limit."""
        kind = self.rng.random()
        if kind < 0.25:
            return self.rng.choice(EDGES_TWD)
        if kind < 0.29 and self.beyond_sample:
            return self.rng.choice((LIMIT_TWD + 1, self.rng.randint(LIMIT_TWD + 1, 60_000_000)))
        if kind < 0.40:
            return self.rng.randint(1, 12_000)
        return self.rng.randint(10_001, self.rng.choice((60_000, 900_000, 4_000_000)))

    def parts_twd(self, total_twd: int, count: int) -> list[int]:
        """Split a total into at most so many positive parts."""
        count = min(count, total_twd)
        cuts = sorted(self.rng.sample(range(1, total_twd), count - 1))
        return [end - start for start, end in zip([0, *cuts], [*cuts, total_twd], strict=True)]
