"""Play days of voucher files by the letter of the rules: what must come out of each voucher, and why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .entry import DATES, entry_findings, payees
from .treasury import drawn_by_account, is_advance, treasury_findings
from .world import Tables, Voucher, World


@dataclass(frozen=True)
class Day:
    """A folder of voucher files and the day on which they are handed in; `name` is the folder's name."""

    folder: Path
    on: date

    @property
    def name(self) -> str:
        """The value of the column `day`."""
        return self.folder.name

    def files(self) -> list[Path]:
        """Return the voucher files by the bytes of their names."""
        return sorted(self.folder.glob("*.json"), key=lambda path: path.name.encode())


@dataclass(frozen=True)
class Row:
    """One voucher's outcome; `reasons` like "R03;R10". The rules that found something are not compared."""

    day: str
    agency_code: str
    number: str
    outcome: str
    reasons: str
    rules: tuple[str, ...] = field(default=(), compare=False)


def play(days: Sequence[Day], tables: Tables, *, relief_is_spendable: bool = False) -> list[Row]:
    """Return a row for each voucher of the days, in the order in which they are taken."""
    world = World(tables, relief_is_spendable=relief_is_spendable)
    played = []
    for day in days:
        world.today = day.on
        for path in day.files():
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            for voucher in content["vouchers"]:
                played.append(judge(world, day.name, content["agency_code"], content["fiscal_year"], voucher))
    return played


def judge(world: World, day: str, agency_code: str, fiscal_year: int, voucher: Voucher) -> Row:
    """Decide one voucher and let it take its number and draw, so that the next one sees it."""
    outcome, found = outcome_of(world, agency_code, fiscal_year, voucher)
    world.numbers.add((agency_code, fiscal_year, voucher["number"]))
    if outcome in ("paid", "posted", "scheduled"):
        draw(world, agency_code, voucher)
    if outcome == "paid":
        world.paid.add((agency_code, fiscal_year, voucher["number"]))
    reasons = ";".join(sorted({reason for _, reason in found}))
    rules = tuple(dict.fromkeys(rule for rule, _ in found))
    return Row(day, agency_code, voucher["number"], outcome, reasons, rules)


def outcome_of(world: World, agency_code: str, fiscal_year: int, voucher: Voucher) -> tuple[str, list[tuple[str, str]]]:
    """Return outcome and findings of a voucher, changing nothing."""
    if fiscal_year not in world.open_years and "carry_over_ref" not in voucher:
        return "refused", [("E1", "R06")]
    found = entry_findings(voucher, world, agency_code, fiscal_year)
    if found:
        return "refused", found
    if voucher["kind"] == "payment" and voucher["total_twd"] > world.limit_twd:
        return "paper", []
    found = treasury_findings(voucher, world, agency_code, fiscal_year)
    if found:
        return "returned", found
    if voucher["kind"] == "transfer":
        return "posted", []
    stated = [part[name] for part in [voucher, *payees(voucher)] for name in DATES if name in part]
    if any(on > world.today.isoformat() for on in stated):
        return "scheduled", []
    return "paid", []


def draw(world: World, agency_code: str, voucher: Voucher) -> None:
    """Take what an accepted voucher draws from its case or its accounts."""
    if is_advance(voucher):
        case = (agency_code, voucher["advance_case"])
        world.advanced_twd[case] = world.advanced_twd.get(case, 0) + voucher["total_twd"]
        return
    for code, amount_twd in drawn_by_account(voucher).items():
        world.drawn_twd[code] = world.drawn_twd.get(code, 0) + amount_twd
    if world.relief_is_spendable and voucher["kind"] == "transfer":
        for line in voucher["account_lines"]:
            if line.get("side") == "credit":
                code = line["account_code"]
                world.drawn_twd[code] = world.drawn_twd.get(code, 0) - line["amount_twd"]
