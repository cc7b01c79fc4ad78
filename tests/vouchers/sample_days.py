"""Plays days of voucher files in memory: numbers, balances, advance cases, originals; no database."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.vouchers.worlds import Account, Case, entry_world
from vouchers.facts import VoucherFacts
from vouchers.files import VoucherFile, read_voucher_file
from vouchers.rules import Finding, check_entry, check_examination
from vouchers.rules.worlds import ExaminationWorld, OriginalFacts


@dataclass
class Treasury:
    """The tables of a sample day, and what its vouchers have drawn so far."""

    folder: Path
    open_years: frozenset[int] = frozenset({114})
    accounts: dict[str, Account] = field(default_factory=dict)
    annual_twd: dict[str, int] = field(default_factory=dict)
    bank_codes: set[str] = field(default_factory=set)
    left_twd: dict[tuple[str, str], int] = field(default_factory=dict)
    drawn_twd: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    numbers: set[tuple[str, int, str]] = field(default_factory=set)
    paid: dict[tuple[str, int], dict[str, OriginalFacts]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        for row in _rows(self.folder / "budget.csv"):
            self.accounts[row["account_code"]] = Account(row["agency_code"], row["gate"])
            self.annual_twd[row["account_code"]] = int(row["amount_twd"])
        for row in _rows(self.folder / "banks.csv"):
            institution, branch, *_ = row.values()
            if branch:
                self.bank_codes.add(institution + branch)
        for row in _rows(self.folder / "advance_cases.csv"):
            self.left_twd[row["agency_code"], row["case_no"]] = int(row["approved_twd"])

    def play(self, folder: Path, on: date) -> Iterator[tuple[VoucherFacts, str, tuple[Finding, ...]]]:
        """Facts, outcome and findings of every voucher of a day, in the order taken."""
        for path in sorted(folder.glob("*.json"), key=lambda path: path.name.encode()):
            file = read_voucher_file(path.read_bytes(), path.name)
            for index, content in enumerate(file.vouchers):
                yield self._decide(file, index, content, on)

    def _decide(
        self, file: VoucherFile, index: int, content: dict[str, Any], on: date
    ) -> tuple[VoucherFacts, str, tuple[Finding, ...]]:
        facts = VoucherFacts.from_content(
            content, agency_code=file.agency_code, fiscal_year=file.fiscal_year, index=index
        )
        name = (facts.agency_code, facts.fiscal_year, facts.number)
        world = entry_world(
            today=on,
            year_is_open=facts.fiscal_year in self.open_years,
            accounts=self.accounts,
            bank_codes=self.bank_codes,
            number_taken=name in self.numbers,
        )
        self.numbers.add(name)
        if findings := check_entry(facts, world):
            return facts, "refused", findings
        if facts.is_payment and facts.total_twd > world.epay_limit_twd:
            return facts, "paper", ()
        if findings := check_examination(facts, self._examination_world(facts, on)):
            return facts, "returned", findings
        return facts, self._draw(facts, on), ()

    def _examination_world(self, facts: VoucherFacts, on: date) -> ExaminationWorld:
        left_twd = self.left_twd.get((facts.agency_code, facts.advance_case or ""))
        return ExaminationWorld(
            accounts=self.accounts,
            available_twd={code: self._available_twd(code, on) for code in facts.draws_twd()},
            case=None if left_twd is None else Case(left_twd),
            originals=self.paid[facts.agency_code, facts.fiscal_year],
        )

    def _available_twd(self, code: str, on: date) -> int:
        annual_twd = self.annual_twd[code]
        allotted_twd = annual_twd if on.month == 12 else on.month * (annual_twd // 12)
        return allotted_twd - self.drawn_twd[code]

    def _draw(self, facts: VoucherFacts, on: date) -> str:
        for code, amount_twd in facts.draws_twd().items():
            self.drawn_twd[code] += amount_twd
        if facts.is_advance and facts.advance_case is not None:
            self.left_twd[facts.agency_code, facts.advance_case] -= facts.total_twd
        if not facts.is_payment:
            return "posted"
        if any(stated > on for stated in facts.stated_dates):
            return "scheduled"
        charged: defaultdict[str, int] = defaultdict(int)
        for line in facts.account_lines:
            charged[line.account_code] += line.amount_twd
        self.paid[facts.agency_code, facts.fiscal_year][facts.number] = OriginalFacts(True, charged)
        return "paid"


def expected_rows(folder: Path) -> list[Mapping[str, str]]:
    """The rows of `expected.csv`."""
    return list(_rows(folder / "expected.csv"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
