"""`run_day` in books with a past: a file handed in again, books made anew, a day gone by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.books import SAMPLE, Books, Ended, Row, hand_over, outcomes, table_arguments
from tests.journeys.days import FRIDAY, MONDAY, own_books

CABINET = "0003010000"
VOUCHERS = json.loads((SAMPLE / "day1" / f"{CABINET}.json").read_bytes())["vouchers"]
REMITTED: dict[str, Any] = next(one for one in VOUCHERS if one.get("method") == "remittance")


def payment(number: str, issued_on: str = "2025-03-07", **changes: Any) -> dict[str, Any]:
    """A clean remittance of 行政院."""
    return REMITTED | {"number": number, "issue_date": issued_on} | changes


@dataclass(frozen=True, slots=True)
class Days:
    """Friday; Monday with Friday's file under another name and a new one; Friday again in books made anew."""

    folder: Path
    ended: dict[str, Ended]
    executed: dict[str, int]

    def rows(self, day: str) -> list[Row]:
        return [row[1:] for row in outcomes(self.folder / "out" / day / "outcome.csv")]


def play(books: Books, folder: Path) -> Iterator[tuple[str, Ended, int]]:
    """Plays the three days; yields the name, the end and the lines the bank has executed so far."""
    friday, monday = folder / "friday", folder / "monday"
    hand_over(friday, CABINET, [payment("P-1"), payment("P-2", gate="capital")])
    hand_over(monday, CABINET, [payment("P-1", "2025-03-10"), payment("P-3", "2025-03-10")])
    (monday / "again.json").write_bytes((friday / f"{CABINET}.json").read_bytes())
    for name, day, on, options in (
        ("friday", friday, FRIDAY, table_arguments()),
        ("monday", monday, MONDAY, ["--json"]),
        ("anew", friday, FRIDAY, [*table_arguments(), "--fresh"]),
    ):
        ended = books.run_day(day, on, folder / "out" / name, *options)
        yield name, ended, books.bank("SELECT count(*) FROM lines")[0][0]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    folder = tmp_path_factory.mktemp("days")
    with own_books("again") as books:
        played = list(play(books, folder))
    yield Days(folder, {name: ended for name, ended, _ in played}, {name: lines for name, _, lines in played})


def test_the_same_file_again_is_told_as_it_was_and_not_paid_again(days: Days) -> None:
    assert days.ended["friday"].code == days.ended["monday"].code == 0
    assert days.rows("friday") == [(CABINET, "P-1", "paid", ""), (CABINET, "P-2", "refused", "R04")]
    assert days.rows("monday") == [
        (CABINET, "P-1", "refused", "R04"),
        (CABINET, "P-3", "paid", ""),
        (CABINET, "P-1", "paid", ""),
        (CABINET, "P-2", "refused", "R04"),
    ]
    assert days.executed["monday"] == 2 * days.executed["friday"] > 0


def test_json_prints_a_line_for_each_row_then_the_summary_and_nothing_else(days: Days) -> None:
    *rows, last = days.ended["monday"].lines

    assert [list(row) for row in rows] == [["day", "agency_code", "number", "outcome", "reasons"]] * 4
    assert [tuple(row.values())[1:] for row in rows] == days.rows("monday")
    assert list(last) == ["summary"]
    assert (last["summary"]["vouchers"], last["summary"]["outcomes"]["paid"]["vouchers"]) == (4, 2)


def test_books_made_anew_have_no_past(days: Days) -> None:
    assert (days.ended["anew"].code, days.ended["anew"].err) == (0, "")
    assert days.rows("anew") == days.rows("friday")
    assert days.executed["anew"] == days.executed["friday"]
