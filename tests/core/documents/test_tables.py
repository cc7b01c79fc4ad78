"""The CSV beside a register: the same rows, for machines and for spreadsheets."""

import csv
import io
from datetime import UTC, date, datetime

from tests.core.documents.examples import TODAY
from treasury.core.documents.shapes import Band, Column, Register
from treasury.core.documents.tables import register_csv

COLUMNS = (
    Column(title="編號", kind="code"),
    Column(title="時間", kind="moment"),
    Column(title="日期", kind="date"),
    Column(title="金額", kind="amount", is_totalled=True),
)


def _read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _register(*rows: object) -> Register:
    return Register(treasury="財政部國庫署", title="收件登記簿", columns=COLUMNS, rows=rows, dated_on=TODAY)  # type: ignore[arg-type]


def test_amounts_are_plain_and_moments_iso() -> None:
    at = datetime(2025, 3, 10, 1, 2, 3, 456, tzinfo=UTC)

    data = register_csv(_register(("R1", at, date(2025, 3, 12), 1_234_567), ("R2", None, None, 0)))

    assert data.startswith("\ufeff編號".encode())
    assert _read(data) == [
        ["編號", "時間", "日期", "金額"],
        ["R1", "2025-03-10T09:02:03+08:00", "2025-03-12", "1234567"],
        ["R2", "", "", "0"],
    ]


def test_the_band_of_a_row_is_a_column_of_its_own() -> None:
    row = ("R1", None, None, 1)

    assert _read(register_csv(_register(row, Band("甲"), row, Band("乙"), row))) == [
        ["區段", "編號", "時間", "日期", "金額"],
        ["", "R1", "", "", "1"],
        ["甲", "R1", "", "", "1"],
        ["乙", "R1", "", "", "1"],
    ]


def test_a_text_that_looks_like_a_formula_is_none() -> None:
    cells = [
        row[0] for row in _read(register_csv(_register(*((text, None, None, -1) for text in ("=A1", "+1", "@x")))))
    ]

    assert cells[1:] == ["'=A1", "'+1", "'@x"]
    assert _read(register_csv(_register(("=", None, None, -1))))[1][3] == "-1"
