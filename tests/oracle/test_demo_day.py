"""The sample day that ships with the product comes out as its cases say, by oracle and contract."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from demo.make_sample_day import write

from .checkdigits import is_right
from .desk import Book
from .fonts import unprintable
from .play import Day, Row, judge, play
from .undecided import open_questions
from .world import Tables, World, rows

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "demo" / "sample_day"
SCHEMA = ROOT / "vouchers" / "schema" / "voucher-file.schema.json"
DAYS = [Day(FOLDER / "day1", date(2025, 3, 7)), Day(FOLDER / "day2", date(2025, 3, 10))]
COLUMNS = ("day", "agency_code", "number", "outcome", "reasons")


def contents() -> list[dict[str, object]]:
    """Return every voucher file of the day."""
    return [json.loads(path.read_text(encoding="utf-8")) for day in DAYS for path in day.files()]


@pytest.mark.parametrize("relief_is_spendable", [False, True])
def test_the_oracle_plays_what_the_cases_say(relief_is_spendable: bool) -> None:
    played = play(DAYS, Tables.read(FOLDER), relief_is_spendable=relief_is_spendable)

    expected = [tuple(row[column] for column in COLUMNS) for row in rows(FOLDER / "expected.csv")]
    assert [tuple(getattr(row, column) for column in COLUMNS) for row in played] == expected


def test_the_script_writes_the_shipped_bytes(tmp_path: Path) -> None:
    write(tmp_path)

    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (FOLDER / path.relative_to(tmp_path)).read_bytes(), path.name
    assert len(list(tmp_path.rglob("*.json"))) == len(list(FOLDER.rglob("*.json")))


def test_every_file_is_valid_by_the_contract() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    assert [list(validator.iter_errors(content)) for content in contents()] == [[]] * 13


def test_nothing_is_left_open_by_the_rules() -> None:
    world, book = World(Tables.read(FOLDER)), Book()

    for day in DAYS:
        world.today = day.on
        for path in day.files():
            content = json.loads(path.read_text(encoding="utf-8"))
            place = (content["agency_code"], content["fiscal_year"])
            for voucher in content["vouchers"]:
                assert open_questions(voucher, book, *place) == [], (place, voucher["number"])
                row: Row = judge(world, day.name, *place, voucher)
                book.enter(*place, voucher, row)


def test_every_outcome_and_every_reason_a_file_can_have_comes() -> None:
    expected = rows(FOLDER / "expected.csv")
    outcomes = Counter(row["outcome"] for row in expected)
    reasons = {reason for row in expected for reason in row["reasons"].split(";") if reason}

    assert set(outcomes) == {"paid", "posted", "refused", "returned", "scheduled", "paper"}
    assert reasons == {"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R09", "R10"}
    assert len(expected) == 111


def test_payees_have_right_identifiers_and_known_banks() -> None:
    bank_codes = Tables.read(FOLDER).bank_codes

    for payee in rows(ROOT / "demo" / "payees.csv"):
        assert not payee["id"] or is_right(payee["id_type"], payee["id"]), payee["key"]
        assert not payee["bank_code"] or payee["bank_code"] in bank_codes, payee["key"]


def test_every_character_can_be_printed() -> None:
    assert unprintable(contents()) == set()
