"""Random days are fit for comparing: valid by the contract, decided by the rules, and full of every rule."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from .desk import Book
from .fonts import unprintable
from .generate import MadeDay, make_day
from .play import judge, play
from .undecided import open_questions
from .world import World

SCHEMA = Path(__file__).parents[2] / "vouchers" / "schema" / "voucher-file.schema.json"
SEEDS = range(12)
RULES = [f"E{number}" for number in range(1, 32)] + [f"T{number}" for number in range(1, 6)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[MadeDay]:
    """A dozen random directories."""
    folder = tmp_path_factory.mktemp("days")
    return [make_day(seed, folder / str(seed)) for seed in SEEDS]


def files(days: list[MadeDay]) -> list[Path]:
    """Return every voucher file."""
    return [path for made_day in days for day in made_day.days for path in day.files()]


def test_every_rule_is_broken_somewhere_and_every_outcome_comes(made: list[MadeDay]) -> None:
    broken = Counter(rule for made_day in made for row in made_day.rows for rule in row.rules)
    outcomes = {row.outcome for made_day in made for row in made_day.rows}

    assert [rule for rule in RULES if not broken[rule]] == []
    assert outcomes == {"paid", "posted", "refused", "returned", "scheduled", "paper"}


def test_reasons_come_alone_and_together(made: list[MadeDay]) -> None:
    reasons = {row.reasons for made_day in made for row in made_day.rows}

    assert {"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R09", "R10", "R01;R02"} <= reasons
    assert len({text for text in reasons if ";" in text}) > 15


def test_every_file_is_valid_by_the_contract(made: list[MadeDay]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    for path in files(made):
        assert list(validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))) == [], path


def test_nothing_is_left_open_by_the_rules(made: list[MadeDay]) -> None:
    for made_day in made:
        world, book = World(made_day.tables), Book()
        for day in made_day.days:
            world.today = day.on
            for path in day.files():
                content = json.loads(path.read_text(encoding="utf-8"))
                agency_code, fiscal_year = content["agency_code"], content["fiscal_year"]
                for voucher in content["vouchers"]:
                    assert open_questions(voucher, book, agency_code, fiscal_year) == []
                    row = judge(world, day.name, agency_code, fiscal_year, voucher)
                    book.enter(agency_code, fiscal_year, voucher, row)


def test_every_character_can_be_printed(made: list[MadeDay]) -> None:
    assert unprintable(json.loads(path.read_text(encoding="utf-8")) for path in files(made)) == set()


@pytest.mark.parametrize("relief_is_spendable", [False, True])
def test_the_written_directory_plays_as_promised(made: list[MadeDay], relief_is_spendable: bool) -> None:
    for made_day in made:
        played = play(made_day.days, made_day.tables, relief_is_spendable=relief_is_spendable)

        assert tuple(played) == made_day.rows


def test_the_same_seed_writes_the_same_bytes(made: list[MadeDay], tmp_path: Path) -> None:
    again = make_day(SEEDS[0], tmp_path)

    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    first = {path.relative_to(made[0].folder): path.read_bytes() for path in made[0].folder.rglob("*.*")}
    assert written == first
    assert again.rows == made[0].rows


def test_without_going_beyond_the_sample_nothing_waits(tmp_path: Path) -> None:
    made_day = make_day(1, tmp_path, beyond_sample=False)

    assert {row.outcome for row in made_day.rows} == {"paid", "posted", "refused", "returned"}
