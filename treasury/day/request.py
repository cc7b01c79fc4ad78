"""What a day is to be played with."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DayRequest:
    """The arguments of `run_day`; tables that are None stay as the books have them."""

    on: date
    vouchers: Path
    out: Path
    agencies: Path | None = None
    cases: Path | None = None
    budget: Path | None = None
    fiscal_year: int | None = None
    banks: Path | None = None
    bank_scenario: Path | None = None
    is_fresh: bool = False

    @property
    def name(self) -> str:
        """The `day` column of the outcome: the last part of the directory of vouchers."""
        return self.vouchers.resolve().name

    def voucher_files(self) -> list[Path]:
        """Every `*.json` of the directory, sorted by the bytes of its name."""
        return sorted(self.vouchers.glob("*.json"), key=lambda path: os.fsencode(path.name))
