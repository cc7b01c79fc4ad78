"""Random days, judged by the product and by an independent reading of the rules, come out alike."""

from pathlib import Path

import pytest

from tests.journeys.books import outcomes, table_arguments
from tests.journeys.days import own_books
from tests.oracle.generate import make_day

NIGHTLY_SEEDS = range(100, 120)


def plays_alike(seed: int, folder: Path, *, agencies: int, vouchers: int) -> None:
    """Plays a generated pair of days and compares every row with the oracle's."""
    made = make_day(seed, folder / "made", agencies=agencies, vouchers=vouchers)
    expected = outcomes(made.folder / "expected.csv")
    with own_books(f"random_{seed}") as books:
        found = []
        for place, day in enumerate(made.days):
            tables = table_arguments(made.folder) if place == 0 else []
            out = folder / day.folder.name
            ended = books.run_day(day.folder, day.on, out, *tables)
            assert (ended.code, ended.err) == (0, "")
            found += outcomes(out / "outcome.csv")
        assert books.manage("check_books").code == 0
    assert found == expected


@pytest.mark.parametrize("seed", [11, 42])
def test_a_random_day_comes_out_as_the_rules_say(seed: int, tmp_path: Path) -> None:
    plays_alike(seed, tmp_path, agencies=2, vouchers=10)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_many_random_days_come_out_as_the_rules_say(seed: int, tmp_path: Path) -> None:
    plays_alike(seed, tmp_path, agencies=5, vouchers=30)
