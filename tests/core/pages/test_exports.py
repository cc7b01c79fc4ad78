"""A list as a file, opened again as a spreadsheet would."""

from datetime import date, datetime
from typing import Any

import pytest
import tablib
from django.http import HttpResponse

from treasury.core.clock import ZONE
from treasury.core.errors import Problem
from treasury.core.pages import exports
from treasury.core.pages.exports import FORMATS, exported

ROWS = (
    ["晨曦文具有限公司", "0040059", 1234567, date(2025, 3, 10), datetime(2025, 3, 10, 14, 5, tzinfo=ZONE), None],
    ['=HYPERLINK("http://example.org")', "+1", -5, date(2025, 3, 11), None, "@SUM(A1)"],
    ["＝HYPERLINK(1)", "\n=1", 0, None, None, "－1"],
)
TITLES = ["受款人", "代號", "金額", "日期", "時間", "備註"]


def _opened(kind: str) -> tuple[HttpResponse, Any]:
    response = exported(kind=kind, name="憑單-20250310", titles=TITLES, rows=ROWS)
    data: Any = response.content.decode("utf-8-sig") if kind == "csv" else response.content
    return response, tablib.Dataset().load(data, format=kind)


@pytest.mark.parametrize("kind", list(FORMATS))
def test_every_format_opens_again_with_the_same_rows(kind: str) -> None:
    response, table = _opened(kind)

    assert response.headers["Content-Type"] == FORMATS[kind]
    assert response.headers["Content-Disposition"].endswith(f"filename*=UTF-8''%E6%86%91%E5%96%AE-20250310.{kind}")
    assert table.headers == TITLES
    name, code, amount_twd, on = table[0][:4]
    assert (name, code, float(amount_twd), on) == ("晨曦文具有限公司", "0040059", 1234567, "2025-03-10")
    assert table[0][4] == "2025-03-10T14:05:00+08:00"


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_amounts_stay_numbers_in_a_spreadsheet(kind: str) -> None:
    _, table = _opened(kind)

    assert table[0][2] == 1234567 and table[1][2] == -5
    assert isinstance(table[0][1], str)


@pytest.mark.parametrize("kind", list(FORMATS))
def test_no_text_runs_as_a_formula(kind: str) -> None:
    _, table = _opened(kind)

    cells = [str(table[1][place]) for place in (0, 1, 5)]
    assert cells == ['\'=HYPERLINK("http://example.org")', "'+1", "'@SUM(A1)"]
    assert all(str(table[2][place]).startswith("'") for place in (0, 1, 5))


def test_a_format_there_is_not_is_refused() -> None:
    with pytest.raises(Problem, match="ods, xlsx, csv"):
        exported(kind="pdf", name="x", titles=TITLES, rows=ROWS)


def test_there_is_an_end_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_MAX", 1)

    with pytest.raises(Problem) as refused:
        exported(kind="csv", name="x", titles=TITLES, rows=ROWS)

    assert refused.value.code == "export_too_long"
