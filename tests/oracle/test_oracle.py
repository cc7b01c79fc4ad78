"""The oracle is trusted because it reproduces the published day to the letter."""

from datetime import date
from pathlib import Path

import pytest

from .checkdigits import is_right
from .names import has_bad_blank
from .play import Day, play
from .world import Tables, rows

SAMPLE = Path(__file__).parent.parent / "sample_day"


@pytest.mark.parametrize("relief_is_spendable", [False, True])
def test_it_reproduces_the_published_day(relief_is_spendable: bool) -> None:
    days = [Day(SAMPLE / "day1", date(2025, 3, 7)), Day(SAMPLE / "day2", date(2025, 3, 10))]

    played = play(days, Tables.read(SAMPLE), relief_is_spendable=relief_is_spendable)

    keys = ("day", "agency_code", "number", "outcome", "reasons")
    expected = [tuple(row[key] for key in keys) for row in rows(SAMPLE / "expected.csv")]
    assert [tuple(getattr(row, key) for key in keys) for row in played] == expected


@pytest.mark.parametrize(
    ("id_type", "text", "right"),
    [
        ("ubn", "04595257", True),
        ("ubn", "12345675", True),
        ("ubn", "04595252", True),
        ("ubn", "12345670", True),
        ("ubn", "00501502", False),
        ("ubn", "1234567", False),
        ("national_id", "A123456789", True),
        ("national_id", "A123456788", False),
        ("resident_id", "A800000014", True),
        ("resident_id", "A800000015", False),
        ("national_id", "A800000014", False),
        ("passport", "ANY-THING", True),
    ],
)
def test_it_knows_the_published_check_digits(id_type: str, text: str, right: bool) -> None:
    assert is_right(id_type, text) is right


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("林霖恩", False),
        (" 林霖恩", True),
        ("林霖恩\u3000", True),
        ("林 霖恩", True),
        ("林\u3000霖恩", True),
        ("Haldwick Research Limited", False),
        ("Haldwick  Research Limited", True),
        ("Haldwick Research Limited ", True),
    ],
)
def test_it_knows_where_a_blank_is_wrong(name: str, bad: bool) -> None:
    assert has_bad_blank(name) is bad
