"""Random days come out as the oracle says, which reads the published rules by the letter and shares no code with us."""

from pathlib import Path

import pytest

from tests.oracle.generate import make_day
from tests.vouchers.sample_days import Treasury
from vouchers.rules import reasons


@pytest.mark.parametrize("seed", range(8))
def test_random_days_come_out_as_the_oracle_says(seed: int, tmp_path: Path) -> None:
    made = make_day(seed, tmp_path / "days")
    treasury = Treasury(made.folder)

    played = [
        (day.name, facts.agency_code, facts.number, outcome, reasons(findings))
        for day in made.days
        for facts, outcome, findings in treasury.play(day.folder, day.on)
    ]

    assert played == [(row.day, row.agency_code, row.number, row.outcome, row.reasons) for row in made.rows]
