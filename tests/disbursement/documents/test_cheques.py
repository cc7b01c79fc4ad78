"""A cheque's face: payee, amount in both writings, who pays, crossed or not, never endorsable."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from disbursement.documents import cheque_shapes, cheques_issued
from tests.core.documents.reading import pages
from tests.factories import CABINET, ON, Desk
from tests.vouchers.examples import changed, cheque
from treasury.core.amounts import to_chinese_amount
from treasury.core.documents import render_many
from treasury.core.errors import Problem
from treasury.core.models import Parameter
from treasury.settings import BASE_DIR


def test_each_cheque_of_the_day_is_a_page_in_the_order_of_the_numbers(desk: Desk) -> None:
    desk.stock(2)
    for changes in ({}, {"/cheque/crossing": "uncrossed"}):
        desk.moved(desk.brought("scheduled", changed(cheque(), changes)))

    shapes = cheque_shapes(cheques_issued(on=ON))
    texts = pages(render_many(shapes))

    assert [(shape.series, shape.serial) for shape in shapes] == [("NT", "0000001"), ("NT", "0000002")]
    assert [shape.is_crossed for shape in shapes] == [True, False]
    for number, text in enumerate(texts, 1):
        for value in (
            "國庫支票",
            f"NT000000{number}",
            "中華民國114年3月10日",
            "林小美",
            to_chinese_amount(30_000, mode="cheque"),
            "NT$30,000",
            "臺灣銀行公庫部",
            "財政部國庫署",
            "00400000000018",
            f"{CABINET}P0310-00{number}",
            "禁止背書轉讓",
        ):
            assert value in text, value


def test_another_days_cheques_are_not_among_them(desk: Desk) -> None:
    desk.stock(2)
    desk.moved(desk.brought("scheduled", cheque()))

    assert list(cheques_issued(on=ON - timedelta(days=1))) == []
    assert len(cheques_issued(on=ON)) == 1


@pytest.mark.parametrize(("profile", "title"), [("nta", "國庫支票"), ("taichung", "市庫支票")])
def test_the_title_follows_the_treasury(desk: Desk, profile: str, title: str) -> None:
    desk.stock(1)
    desk.moved(desk.brought("scheduled", cheque()))
    Parameter.objects.filter(name="profile").update(value=profile)

    assert [shape.title for shape in cheque_shapes(cheques_issued(on=ON))] == [title]


def test_a_treasury_lays_out_its_own_cheques(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    desk.stock(1)
    desk.moved(desk.brought("scheduled", cheque()))
    shipped = (BASE_DIR / "templates" / "documents" / "cheque.toml").read_text("utf-8")
    own = tmp_path / "cheque.toml"
    own.write_text(shipped.replace("is_preprinted = false", "is_preprinted = true"), "utf-8")

    settings.CHEQUE_LAYOUT = str(own)
    (text,) = pages(render_many(cheque_shapes(cheques_issued(on=ON))))

    assert "NT$30,000" in text
    assert "國庫支票" not in text
    settings.CHEQUE_LAYOUT = str(tmp_path / "missing.toml")
    with pytest.raises(Problem) as refused:
        render_many(cheque_shapes(cheques_issued(on=ON)))
    assert refused.value.code == "bad_cheque_layout"
