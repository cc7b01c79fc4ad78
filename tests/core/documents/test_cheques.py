from pathlib import Path

import pytest
from django.test import override_settings
from pypdf import PageObject

from tests.core.documents import examples
from tests.core.documents.reading import pages, reader
from treasury.core.documents import render, render_many
from treasury.core.documents.cheques import layout
from treasury.core.documents.press import TEMPLATES
from treasury.core.errors import Problem

POINTS_PER_TENTH = 72 / 254
SHIPPED = TEMPLATES / "cheque.toml"


def test_a_cheque_carries_what_the_regulations_name() -> None:
    text = pages(render(examples.cheque()))[0]

    for words in [
        "國庫支票",
        "AA0000001",
        "中華民國114年3月10日",
        "翠堤昱企管顧問股份有限公司",
        "NT$1,010,215",
        "新臺幣壹佰零壹萬零貳佰壹拾伍元整",
        "臺灣銀行國庫部",
        "禁止背書轉讓",
        "財政部國庫署",
        "P0310-001",
    ]:
        assert words in text, words


def test_capitals_on_a_cheque_write_inner_zeros() -> None:
    assert "新臺幣壹萬零貳佰壹拾伍元整" in pages(render(examples.cheque(amount_twd=10_215)))[0]


def test_the_largest_amount_and_the_longest_payee_stay_inside_the_page() -> None:
    pdf = render(examples.cheque(amount_twd=999_999_999_999, payee_name=examples.LONG_NAME))

    text = pages(pdf)[0]
    assert "玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元整" in text
    assert examples.LONG_NAME in text
    assert len(pages(pdf)) == 1


def test_a_name_too_long_for_any_size_is_still_printed_whole() -> None:
    assert examples.LONG_NAME * 4 in pages(render(examples.cheque(payee_name=examples.LONG_NAME * 4)))[0]


def test_an_amount_no_cheque_can_write_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        render(examples.cheque(amount_twd=1_000_000_000_000))

    assert caught.value.code == "amount_out_of_range"


def test_only_a_crossed_cheque_has_the_two_lines() -> None:
    crossed, uncrossed = (
        reader(render(examples.cheque(is_crossed=is_crossed))).pages[0].get_contents() for is_crossed in (True, False)
    )

    assert crossed is not None
    assert uncrossed is not None
    assert crossed.get_data().count(b" l\n") == uncrossed.get_data().count(b" l\n") + 2


def test_a_mark_that_is_not_wanted_is_left_out() -> None:
    assert "禁止背書轉讓" not in pages(render(examples.cheque(is_non_endorsable=False)))[0]


def test_things_stand_where_the_layout_says(tmp_path: Path) -> None:
    moved = tmp_path / "moved.toml"
    moved.write_text(SHIPPED.read_text(encoding="utf-8").replace("offset_x = 0", "offset_x = 25"), encoding="utf-8")
    usual = _left_of(reader(render(examples.cheque())).pages[0], "翠堤")
    assert usual == pytest.approx(layout(SHIPPED)["fields"]["payee"]["x"] * POINTS_PER_TENTH, abs=1)

    with override_settings(CHEQUE_LAYOUT=str(moved)):
        shifted = _left_of(reader(render(examples.cheque())).pages[0], "翠堤")

    assert shifted - usual == pytest.approx(25 * POINTS_PER_TENTH, abs=0.1)


def test_on_printed_stock_only_the_variable_fields_are_printed(tmp_path: Path) -> None:
    stock = tmp_path / "stock.toml"
    stock.write_text(
        SHIPPED.read_text(encoding="utf-8").replace("is_preprinted = false", "is_preprinted = true"), encoding="utf-8"
    )

    with override_settings(CHEQUE_LAYOUT=str(stock)):
        text = pages(render(examples.cheque()))[0]

    assert "翠堤昱企管顧問股份有限公司" in text
    assert "NT$1,010,215" in text
    for words in ("國庫支票", "AA0000001", "憑票支付", "禁止背書轉讓"):
        assert words not in text


@pytest.mark.parametrize("words", ["[paper", "[paper]\n[fields]\n[[labels]]"])
def test_a_layout_that_cannot_be_used_is_a_problem(tmp_path: Path, words: str) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(words, encoding="utf-8")

    with pytest.raises(Problem) as caught:
        layout(broken)

    assert caught.value.code == "bad_cheque_layout"
    assert caught.value.file == "broken.toml"


def test_a_layout_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        layout(tmp_path / "none.toml")

    assert caught.value.code == "bad_cheque_layout"


def test_five_hundred_cheques_are_five_hundred_pages() -> None:
    pdf = render_many([examples.cheque(serial=f"{number:07}", amount_twd=number) for number in range(1, 501)])

    assert len(reader(pdf).pages) == 500


def _left_of(page: PageObject, words: str) -> float:
    """The distance of a text from the left edge, in points."""
    found: list[float] = []

    def note(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        if words in text:
            found.append(text_matrix[4] * matrix[0] + matrix[4])

    page.extract_text(visitor_text=note)
    return found[0]
