"""Write the sample day that ships with the product: two days of six agencies, and what must come out.

`python -m demo.make_sample_day [FOLDER]` writes `day1/`, `day2/` and `expected.csv` beside the small tables
of `demo/sample_day` (or into FOLDER). It needs the standard library only, and the same tables give the same
bytes. Agencies, accounts, amounts of the budget and bank branches are real; payees, their numbers and their
accounts are invented, and a number that belongs to somebody does so by chance. Outcomes stand with the cases.
"""

import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from demo.making import academy, fire, forestry, library, museum, prosecutors
from demo.making.office import Case, Office
from demo.making.tables import SAMPLE_DAY, read_accounts, read_approvals, read_payees

FRIDAY, MONDAY = date(2025, 3, 7), date(2025, 3, 10)
COLUMNS = ("day", "agency_code", "number", "outcome", "reasons", "rule", "note")
Writer = Callable[[Office], None]
AGENCIES: dict[str, tuple[str, Writer, Writer]] = {
    "0003400000": ("國立故宮博物院", museum.first_day, museum.second_day),
    "0008510000": ("內政部消防署", fire.first_day, fire.second_day),
    "0021800000": ("國立公共資訊圖書館", library.first_day, library.second_day),
    "0023100000": ("法務部司法官學院", academy.first_day, academy.second_day),
    "0023500000": ("臺灣臺中地方檢察署", prosecutors.first_day, prosecutors.second_day),
    "0051020000": ("農業部林業及自然保育署", forestry.first_day, forestry.second_day),
}


def write(folder: Path) -> list[tuple[str, str, Case]]:
    """Write both days and `expected.csv` into a folder; return (day, agency, case) in the order taken."""
    accounts, payees, approvals = read_accounts(), read_payees(), read_approvals()
    offices = [Office(code, title, accounts, payees, approvals) for code, (title, _, _) in AGENCIES.items()]
    handed_in = []
    for office in offices:
        office.begin(FRIDAY)
        AGENCIES[office.code][1](office)
        write_file(folder / "day1" / f"{office.code}.json", office.code, 114, office.cases)
        handed_in += [("day1", office.code, case) for case in office.cases]
    for office in offices:
        if office.code == "0051020000":
            office.begin(MONDAY)
            forestry.closed_year(office)
            write_file(folder / "day2" / f"{office.code}-113.json", office.code, 113, office.cases)
            handed_in += [("day2", office.code, case) for case in office.cases]
        office.begin(MONDAY)
        AGENCIES[office.code][2](office)
        write_file(folder / "day2" / f"{office.code}.json", office.code, 114, office.cases)
        handed_in += [("day2", office.code, case) for case in office.cases]
    write_expected(folder / "expected.csv", handed_in)
    return handed_in


def write_file(path: Path, agency_code: str, fiscal_year: int, cases: Sequence[Case]) -> None:
    """Write one voucher file."""
    content = {"format": "epay-vouchers/1", "agency_code": agency_code, "fiscal_year": fiscal_year}
    vouchers = [case.voucher for case in cases]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content | {"vouchers": vouchers}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_expected(path: Path, handed_in: Sequence[tuple[str, str, Case]]) -> None:
    """Write what must come out, one row per voucher."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for day, agency_code, case in handed_in:
            writer.writerow(
                [day, agency_code, case.voucher["number"], case.outcome, case.reasons, case.rule, case.note]
            )


def main(arguments: Sequence[str]) -> None:
    """Write the sample day and say how much was written."""
    folder = Path(arguments[0]) if arguments else SAMPLE_DAY
    handed_in = write(folder)
    print(f"{len(handed_in)} vouchers of {len(AGENCIES)} agencies written to {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
