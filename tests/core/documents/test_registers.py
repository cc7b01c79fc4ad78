from datetime import date

import pytest

from tests.core.documents import examples
from tests.core.documents.reading import counts_its_pages, pages, reader
from treasury.core.documents import render
from treasury.core.documents.registers import ROWS_MAX, volumes
from treasury.core.documents.shapes import Band, Column
from treasury.core.errors import Problem


def test_a_register_has_its_columns_its_rows_and_their_sums() -> None:
    texts = pages(render(examples.register(3, notes=("收件 3＝通過 3",), made_at=examples.at(17, 30))))

    assert len(texts) == 1
    for words in [
        "財政部國庫署",
        "憑單收件登記簿",
        "RECEPTIONREGISTER",
        "中華民國114年3月10日",
        "單位：新臺幣元",
        "R0000003114/03/1009:03:00行政院13",
        "合計共3筆36",
        "收件3＝通過3",
        "製表",
        "列印時間114/03/1017:30:00",
    ]:
        assert words in texts[0], words


def test_totals_run_over_the_pages_of_a_long_register() -> None:
    texts = pages(render(examples.register(200)))

    assert len(texts) > 3
    assert counts_its_pages(texts)
    assert all("累計（接下頁）" in text for text in texts[:-1])
    assert "合計共200筆20020,100" in texts[-1]
    assert ["覆核" in text for text in texts] == [False] * (len(texts) - 1) + [True]


def test_a_register_stands_upright_when_asked() -> None:
    page = reader(render(examples.register(1, is_landscape=False))).pages[0]

    assert page.mediabox.height > page.mediabox.width


def test_a_day_summary_has_bands_and_empty_cells_and_needs_no_totals() -> None:
    summary = examples.register(
        title="日結總表",
        columns=(Column(title="項目"), Column(title="件數", width=25, kind="count"), Column(title="日期", kind="date")),
        rows=(Band("憑單"), ("收件", 1_240, date(2025, 3, 10)), ("退件", None, None)),
        signers=(),
    )

    text = pages(render(summary))[0]

    assert "憑單收件1,240114/03/10退件" in text
    assert "合計" not in text
    assert "製表" not in text


def test_a_band_counts_neither_as_a_row_nor_in_the_sums() -> None:
    rows = (Band("上午"), *examples.register(2).rows)

    assert "合計共2筆23" in pages(render(examples.register(rows=rows)))[0]


def test_an_empty_register_is_one_page_with_zero_sums() -> None:
    texts = pages(render(examples.register(0)))

    assert len(texts) == 1
    assert "合計共0筆00" in texts[0]


def test_the_last_row_moves_on_when_the_seals_find_no_room_below() -> None:
    for count in range(14, 30):
        texts = pages(render(examples.register(count)))

        assert counts_its_pages(texts), count
        assert "製表" in texts[-1], count
        assert f"R{count:07}" in texts[-1], count


def test_a_register_too_long_to_set_is_printed_in_volumes() -> None:
    long = examples.register(ROWS_MAX + 1, subject="全日")
    with pytest.raises(Problem) as caught:
        render(long)
    assert caught.value.code == "register_too_long"

    first, second = volumes(long)

    assert len(first.rows) == ROWS_MAX
    assert second.subject == "全日 第 2 冊，共 2 冊"
    assert "全日第2冊，共2冊" in pages(render(second))[0]
    assert volumes(first) == (first,)
