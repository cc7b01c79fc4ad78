"""The search box: vouchers by reference, number, payee and amount, and never another agency's."""

import pytest

from tests.factories import CABINET, MUSEUM, Desk, many_payees, statements
from tests.pages import words
from tests.vouchers.examples import remittance
from tests.vouchers.pages.conftest import Login
from treasury.core.actors import Actor
from treasury.core.pages.finders import HITS_MAX
from vouchers.pages.finding import FINDERS, found_vouchers


def _named(name: str, amount_twd: int = 30_000) -> dict[str, object]:
    content = remittance()
    line = content["payee_lines"][0] | {"name": name, "account_name": name, "amount_twd": amount_twd}
    accounts = [content["account_lines"][0] | {"amount_twd": amount_twd}]
    return content | {"payee_lines": [line], "total_twd": amount_twd, "account_lines": accounts}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P0310-002", ["P0310-002"]),
        ("p0310-002", ["P0310-002"]),
        ("0003010000/114/P0310-003", ["P0310-003"]),
        ("P0310", ["P0310-003", "P0310-002", "P0310-001"]),
        ("暖陽", ["P0310-002"]),
        ("31,415", ["P0310-002"]),
        ("NT$３１４１５元", ["P0310-002"]),
        ("沒有這個人", []),
        ("0061400000/114/P0310-001", []),
        ("%", []),
        ("9" * 40, []),
    ],
)
def test_it_finds_by_number_reference_payee_and_amount(text: str, found: list[str], desk: Desk) -> None:
    desk.draft()
    desk.draft(_named("暖陽設計有限公司", 31_415))
    desk.draft()

    assert [hit.title for hit in found_vouchers(desk.actor("clerk"), text)] == found


def test_an_agency_finds_its_own_and_the_treasury_all(desk: Desk) -> None:
    desk.draft()

    assert found_vouchers(desk.actor("clerk", MUSEUM), "P0310") == []
    hit = found_vouchers(desk.treasurer("examiner"), "P0310")[0]
    assert hit.about.startswith("行政院 · 晨曦文具有限公司 · ")
    assert (hit.amount_twd, hit.state, hit.machine) == (30_000, "draft", "voucher")


def test_what_fits_twice_is_listed_once(desk: Desk) -> None:
    desk.draft(_named("30000號商行"))

    assert len(found_vouchers(desk.actor("clerk"), "30000")) == 1


def test_the_number_of_statements_does_not_grow_with_what_is_found(desk: Desk) -> None:
    actor: Actor = desk.actor("clerk")
    desk.draft(many_payees(30))
    few = statements(lambda: found_vouchers(actor, "林小美"))
    for _ in range(HITS_MAX + 2):
        desk.draft()

    assert len(found_vouchers(actor, "P0310")) == HITS_MAX
    assert statements(lambda: found_vouchers(actor, "P0310")) <= few


def test_a_single_hit_is_opened_at_once(desk: Desk, login: Login) -> None:
    voucher = desk.draft()

    response = login("clerk").get("/search/", {"q": voucher.number})

    assert response.headers["Location"] == f"/vouchers/{voucher.pk}/"


def test_the_page_lists_what_was_found_with_its_state(desk: Desk, login: Login) -> None:
    desk.draft()
    desk.draft()

    said = words(login("clerk").get("/search/", {"q": "30000"}))

    assert "P0310-001" in said and "P0310-002" in said and "編輯中" in said and "30,000" in said


def test_nothing_found_says_how_to_search(desk: Desk, login: Login) -> None:
    desk.draft()

    other = login("clerk", MUSEUM).get("/search/", {"q": f"{CABINET}/114/P0310-001"})
    nothing = login("clerk").get("/search/", {"q": " \x00"})

    assert other.status_code == 200 and "找不到符合的資料" in words(other)
    assert "請輸入憑單編號" in words(nothing)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("31,415", "amount_from=31415&amount_to=31415"), ("P0310", "number=P0310"), ("暖陽", "payee=")],
)
def test_the_way_to_all_that_was_found_asks_the_list_the_same(text: str, asked: str, desk: Desk) -> None:
    (finder,) = FINDERS
    assert finder.more is not None

    assert asked in finder.more(desk.actor("clerk"), text)
