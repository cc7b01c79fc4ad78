from datetime import UTC, date, datetime

import pytest

from treasury.core.documents.wording import breakable, counted, long_date, moment, serial_lines, short_date
from treasury.core.errors import Problem


def test_dates_and_moments_are_written_in_roc_years_and_taipei_time() -> None:
    assert long_date(date(2025, 3, 5)) == "中華民國 114 年 3 月 5 日"
    assert short_date(date(2025, 3, 5)) == "114/03/05"
    assert moment(datetime(2025, 3, 9, 16, 0, 1, tzinfo=UTC)) == "114/03/10 00:00:01"


def test_what_is_not_there_is_an_empty_text() -> None:
    assert short_date(None) == ""
    assert moment(None) == ""
    assert serial_lines("") == []


def test_counts_have_separators() -> None:
    assert counted(12_345) == "共 12,345 筆"


def test_a_serial_is_cut_into_lines_of_twenty() -> None:
    assert serial_lines("ab" * 15) == ["AB" * 10, "AB" * 5]


def test_only_runs_longer_than_an_account_number_get_break_points() -> None:
    assert breakable("0123456789012345") == "0123456789012345"
    assert breakable("王ABCDEFGHIJKLMNOPQRS") == "王ABCDEF\u200bGHIJKL\u200bMNOPQR\u200bS"


def test_line_ends_and_tabs_are_plain() -> None:
    assert breakable("a\r\nb\rc\td") == "a\nb\nc d"


def test_an_invisible_break_point_of_the_caller_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        breakable("王\u200b明")

    assert caught.value.code == "missing_glyph"
