"""Random days come out of the whole product as the oracle says, which reads the published rules by the letter."""

from datetime import date
from pathlib import Path

import pytest

from tests.journeys.books import outcomes, table_arguments
from tests.journeys.days import own_books
from tests.oracle.generate import MadeDay, make_day


def play_and_compare(made: MadeDay, name: str, out: Path) -> None:
    """Plays every day of a made folder in books of their own and compares outcome and reasons, row by row."""
    played = []
    with own_books(name) as books:
        for day in made.days:
            tables = table_arguments(made.folder) if day is made.days[0] else []
            ended = books.run_day(day.folder, day.on, out / day.name, *tables)
            assert (ended.code, ended.err) == (0, "")
            played += outcomes(out / day.name / "outcome.csv")
        checked = books.manage("check_books")
    assert played == [(row.day, row.agency_code, row.number, row.outcome, row.reasons) for row in made.rows]
    assert checked.code == 0, checked.out


def test_two_days_of_two_agencies(tmp_path: Path, out: Path) -> None:
    made = make_day(7, tmp_path / "made", agencies=2, vouchers=8, on=(date(2025, 6, 30), date(2025, 7, 1)))

    play_and_compare(made, "random", out)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 130))
def test_many_days(seed: int, tmp_path: Path, out: Path) -> None:
    made = make_day(seed, tmp_path / "made", agencies=6, vouchers=30)

    play_and_compare(made, f"random_{seed}", out)
