from pathlib import Path

import pytest

from treasury.core.csvfiles import read_rows, row_problem
from treasury.core.errors import Problem

COLUMNS = ("code", "name")


def write(path: Path, content: bytes) -> Path:
    file = path / "agencies.csv"
    file.write_bytes(content)
    return file


def refused(path: Path, content: bytes) -> Problem:
    with pytest.raises(Problem) as problem:
        list(read_rows(write(path, content), COLUMNS))
    assert problem.value.file == "agencies.csv"
    return problem.value


def test_it_yields_every_row_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "code,name\r\n01,行政院\r\n02,審計部\r\n".encode())

    rows = list(read_rows(file, COLUMNS))

    assert rows == [(2, {"code": "01", "name": "行政院"}), (3, {"code": "02", "name": "審計部"})]


def test_a_byte_order_mark_and_another_order_of_columns_are_understood(tmp_path: Path) -> None:
    file = write(tmp_path, "\ufeffname,code\n行政院,01".encode())

    assert list(read_rows(str(file), COLUMNS)) == [(2, {"code": "01", "name": "行政院"})]


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    file = write(tmp_path, b'code,name\n01,"a\nb"\n\n02,c\n')

    assert [line for line, _ in read_rows(file, COLUMNS)] == [2, 5]


def test_line_separators_of_unicode_do_not_end_a_row(tmp_path: Path) -> None:
    file = write(tmp_path, "code,name\n01,a\u2028b\x0c\n02,c\n".encode())

    assert [line for line, _ in read_rows(file, COLUMNS)] == [2, 3]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        list(read_rows(tmp_path / "none.csv", COLUMNS))

    assert (problem.value.code, problem.value.file) == ("file_unreadable", "none.csv")


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        (b"", "file_columns", "/lines/1"),
        (b"code\n01\n", "file_columns", "/lines/1"),
        (b"code,name,name\n01,a,b\n", "file_columns", "/lines/1"),
        ("代號,名稱\n01,a\n".encode(), "file_columns", "/lines/1"),
        (b"code,name\n01,a\n02\n", "file_row", "/lines/3"),
        (b"code,name\n01,a,b\n", "file_row", "/lines/2"),
        (b'code,name\n01,a\n02,"open\n', "file_row", "/lines/3"),
        (b'code,name\n01,"a"b\n', "file_row", "/lines/2"),
        ("code,name\n01,行政院\n".encode("cp950"), "file_encoding", "/lines/2"),
        (b"code,name\n01,a\n02,\0\n", "file_encoding", "/lines/3"),
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path: Path, content: bytes, code: str, path: str) -> None:
    problem = refused(tmp_path, content)

    assert (problem.code, problem.path) == (code, path)


def test_a_column_is_pointed_at_with_its_slash_escaped() -> None:
    problem = row_problem(7, "no code", column="代號/~總", file="banks.csv")

    assert problem.path == "/lines/7/代號~1~0總"
    assert problem.detail == "line 7: no code"
