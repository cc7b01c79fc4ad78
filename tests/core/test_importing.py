from pathlib import Path

import pytest

from treasury.core.errors import Problem
from treasury.core.importing import Row, rows_of

COLUMNS = ("code", "name")


def row(name: str) -> Row:
    return Row("table.csv", 7, {"name": name})


@pytest.mark.parametrize("name", ["臺灣銀行", "臺灣　銀行", "臺 灣", "臺" * 10, "a"])
def test_a_text_is_taken_as_it_stands(name: str) -> None:
    assert row(name).text("name", 10) == name


@pytest.mark.parametrize("name", ["", " 臺灣", "臺灣　", "臺" * 11, "臺\n灣", "臺\u200b灣", "臺\u2028灣", "臺\x07灣"])
def test_a_text_that_is_empty_too_long_or_hides_something_is_refused(name: str) -> None:
    with pytest.raises(Problem) as refused:
        row(name).text("name", 10)

    assert (refused.value.code, refused.value.path, refused.value.file) == ("file_row", "/lines/7/name", "table.csv")


def test_a_text_may_be_empty_where_that_is_said() -> None:
    assert row("").text("name", 10, may_be_empty=True) == ""


def test_the_second_of_two_rows_with_one_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("code,name\n01,行政院\n02,審計部\n01,考試院\n")

    with pytest.raises(Problem) as refused:
        list(rows_of(file, COLUMNS, key=lambda row: row.values["code"], key_column="code"))

    assert refused.value.path == "/lines/4/code"
    assert "line 2" in refused.value.detail
