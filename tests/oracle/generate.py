"""Write random days of voucher files whose outcome the published rules decide.

`make_day(seed, folder)` writes a directory like the sample day: tables, `day1/`, `day2/` and `expected.csv`
as the oracle plays it. The same seed and arguments write the same bytes.
"""

import copy
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from .balances import at_the_balance, groundless_transfer, transfer, transfer_at_the_balance
from .correct import RECIPES
from .desk import Book, Desk
from .faults import COMMON, state_dates
from .method_faults import METHOD
from .payee_faults import PAYEE
from .people import People
from .play import Day, Row, judge, outcome_of
from .undecided import open_questions
from .world import Tables, Voucher, World, rows

SAMPLE = Path(__file__).parent.parent / "sample_day"
BUSINESS_DAYS = (
    (date(2025, 3, 7), date(2025, 3, 10)),
    (date(2025, 1, 17), date(2025, 1, 20)),
    (date(2025, 2, 27), date(2025, 3, 3)),
    (date(2025, 6, 30), date(2025, 7, 1)),
    (date(2025, 11, 28), date(2025, 12, 1)),
    (date(2025, 12, 30), date(2025, 12, 31)),
)
BALANCE_RECIPES = {at_the_balance: 12, transfer: 14, transfer_at_the_balance: 3, groundless_transfer: 5}
CHANGES = {**COMMON, **PAYEE, **METHOD}
SELDOM = ("E10", "E11", "E13", "E19", "E23", "E24", "E27", "E29", "E31", "T3")
EXPECTED_COLUMNS = ("day", "agency_code", "number", "outcome", "reasons", "rule", "note")


@dataclass(frozen=True)
class MadeDay:
    """A written directory: its days in order, the tables it is decided by, and what must come out."""

    folder: Path
    days: tuple[Day, ...]
    tables: Tables
    rows: tuple[Row, ...]


def make_day(
    seed: int,
    out_dir: Path,
    *,
    agencies: int = 5,
    vouchers: int = 20,
    on: Sequence[date] | None = None,
    beyond_sample: bool = True,
    source: Path = SAMPLE,
) -> MadeDay:
    """Write random days of voucher files and return what must come out of them.

    `vouchers` is the number in each file; `on` the business days (one or more), chosen by the seed if not
    given; without `beyond_sample` nothing is dated ahead or above 5,000,000. Agencies, accounts and banks
    come from the tables of `source`; most annual amounts are made small, so that balances are reached.
    """
    rng = Random(seed)
    names = write_tables(rng, out_dir, source, agencies)
    tables = Tables.read(out_dir)
    worlds = (World(tables), World(tables, relief_is_spendable=True))
    book, played, days = Book(), [], []
    for position, today in enumerate(on or rng.choice(BUSINESS_DAYS), start=1):
        days.append(Day(out_dir / f"day{position}", today))
        days[-1].folder.mkdir(parents=True)
        for world in worlds:
            world.today = today
        for name, agency_code, fiscal_year in sorted(file_names(rng, list(names)), key=lambda f: f[0].encode()):
            desk = Desk(rng, People(rng), tables, worlds[0], book, today, agency_code, names[agency_code])
            desk.fiscal_year, desk.beyond_sample = fiscal_year, beyond_sample
            desk.written = 500 if name.endswith("-A.json") else 0
            content = []
            for _ in range(vouchers if fiscal_year == 114 else 3):
                voucher, row = next_voucher(desk, worlds, f"day{position}")
                content.append(voucher)
                played.append(row)
            write_file(days[-1].folder / name, agency_code, fiscal_year, content)
    write_expected(out_dir / "expected.csv", played)
    return MadeDay(out_dir, tuple(days), tables, tuple(played))


def file_names(rng: Random, agency_codes: list[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (name, agency, fiscal year): a file per agency, at times a second or one of the closed year."""
    for agency_code in agency_codes:
        yield f"{agency_code}.json", agency_code, 114
        if rng.random() < 0.2:
            yield f"{agency_code}-A.json", agency_code, 114
        if rng.random() < 0.2:
            yield f"{agency_code}-113.json", agency_code, 113


def next_voucher(desk: Desk, worlds: tuple[World, World], day: str) -> tuple[Voucher, Row]:
    """Write vouchers until one is decided, whatever becomes of relieved accounts, and let it happen."""
    while True:
        voucher = candidate(desk)
        if voucher is None or open_questions(voucher, desk.book, desk.agency_code, desk.fiscal_year):
            continue
        first, second = (outcome_of(world, desk.agency_code, desk.fiscal_year, voucher) for world in worlds)
        if first != second:
            continue
        row, _ = (judge(world, day, desk.agency_code, desk.fiscal_year, voucher) for world in worlds)
        desk.book.enter(desk.agency_code, desk.fiscal_year, voucher, row)
        return voucher, row


def candidate(desk: Desk) -> Voucher | None:
    """Write one voucher, correct or with one to three changes."""
    recipes: dict[Any, int] = {**RECIPES, **BALANCE_RECIPES}
    recipe = desk.rng.choices(list(recipes), list(recipes.values()))[0]
    voucher: Voucher | None = copy.deepcopy(recipe(desk))
    if voucher is None:
        return None
    if desk.chance(0.2):
        state_dates(voucher, desk)
    if desk.chance(0.4):
        return voucher
    wanted = desk.rng.choice((1, 1, 1, 2, 3))
    for rule in rules_to_aim_at(desk.rng):
        if wanted and desk.rng.choice(CHANGES[rule])(voucher, desk):
            wanted -= 1
    return voucher


def rules_to_aim_at(rng: Random) -> list[str]:
    """Return all rules in random order, half of the time those first that few vouchers can break."""
    rules = rng.sample(list(CHANGES), len(CHANGES))
    if rng.random() < 0.5:
        rules.sort(key=lambda rule: rule in SELDOM, reverse=True)
    return rules


def write_tables(rng: Random, out_dir: Path, source: Path, count: int) -> dict[str, str]:
    """Write the four tables of a directory; return names of the chosen agencies by code."""
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / "banks.csv").write_bytes((source / "banks.csv").read_bytes())
    chosen = rng.sample(rows(source / "agencies.csv"), count)
    write_rows(out_dir / "agencies.csv", sorted(chosen, key=lambda row: row["agency_code"]))
    budget = rows(source / "budget.csv")
    for row in budget:
        if rng.random() < 0.7:
            row["amount_twd"] = str(rng.choice((rng.randint(12, 900_000), rng.randint(12, 50_000_000))))
    write_rows(out_dir / "budget.csv", budget)
    cases = []
    for number, row in enumerate(chosen * 2, start=1):
        if rng.random() < 0.7:
            case = {"agency_code": row["agency_code"], "case_no": f"ADV114-{number:03d}"}
            case |= {
                "approved_twd": str(rng.randint(20_000, 6_000_000)),
                "approval_doc_no": f"院授主預字第ADV114-{number:03d}號",
            }
            cases.append(case)
    write_rows(out_dir / "advance_cases.csv", cases, ("agency_code", "case_no", "approved_twd", "approval_doc_no"))
    return {row["agency_code"]: row["name"] for row in chosen}


def write_rows(path: Path, table: Sequence[dict[str, str]], columns: Sequence[str] = ()) -> None:
    """Write a table with its header row."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns or list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def write_file(path: Path, agency_code: str, fiscal_year: int, vouchers: list[Voucher]) -> None:
    """Write one voucher file."""
    content = {"format": "epay-vouchers/1", "agency_code": agency_code, "fiscal_year": fiscal_year}
    text = json.dumps(content | {"vouchers": vouchers}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_expected(path: Path, played: Sequence[Row]) -> None:
    """Write what must come out, one row per voucher."""
    table = []
    for row in played:
        values = (row.day, row.agency_code, row.number, row.outcome, row.reasons, ";".join(row.rules), "")
        table.append(dict(zip(EXPECTED_COLUMNS, values, strict=True)))
    write_rows(path, table, EXPECTED_COLUMNS)
