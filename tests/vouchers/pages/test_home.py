"""Home: the queues with their counts, what is due, what is new, what may still be spent."""

from datetime import timedelta

from tests.factories import MUSEUM, ON, Desk, by_force, statements
from tests.pages import words
from tests.vouchers.pages.conftest import Login
from vouchers.due_selectors import AT_AGENCY, AT_TREASURY, due_counts
from vouchers.states import STATES


def _due(voucher: object, days: int) -> None:
    by_force(
        "UPDATE vouchers_voucher SET payable_on = %s WHERE id = %s",
        ON + timedelta(days=days),
        voucher.pk,  # type: ignore[attr-defined]
    )


def test_it_says_what_waits_and_what_is_due(desk: Desk, login: Login) -> None:
    late, today, ahead = desk.draft(), desk.draft(), desk.draft()
    _due(late, -1)
    _due(ahead, 1)

    said = words(login("clerk").get("/"))

    assert "3 編輯中" in said
    assert "已逾期 1 件" in said and "今天到期 1 件" in said
    assert "114/03/09（日） 逾期" in said
    due = said[said.index("應付日已到") : said.index("最近的憑單")]
    assert late.number in due and today.number in due and ahead.number not in due


def test_nothing_due_says_nothing(desk: Desk, login: Login) -> None:
    _due(desk.draft(), 1)

    assert "應付日已到" not in words(login("clerk").get("/"))


def test_an_agency_sees_its_own_balances_and_vouchers(desk: Desk, login: Login) -> None:
    voucher = desk.draft()

    own, other = words(login("clerk").get("/")), words(login("clerk", MUSEUM).get("/"))

    assert "3203010100 一般行政" in own and "3,000,000" in own and voucher.number in own
    assert "展覽推廣" in other and "一般行政" not in other and voucher.number not in other


def test_the_treasury_sees_what_lies_with_it(desk: Desk, login: Login) -> None:
    desk.draft()
    received = desk.brought("received")

    said = words(login("examiner", "").get("/"))

    assert "支付日已到，尚未支付" in said and "今天到期 1 件" in said
    assert received.number in said and "最近的憑單" not in said


def test_every_open_state_is_watched_by_one_side() -> None:
    over = {"paid", "posted", "cancelled", "paying"}

    assert set(AT_AGENCY) | set(AT_TREASURY) == set(STATES) - over
    assert not set(AT_AGENCY) & set(AT_TREASURY)


def test_home_asks_as_often_with_many_as_with_few(desk: Desk, login: Login) -> None:
    client = login("clerk")
    desk.draft()
    client.get("/")
    few = statements(lambda: client.get("/"))
    for _ in range(15):
        desk.draft()

    assert statements(lambda: client.get("/")) == few
    assert due_counts("", AT_AGENCY, ON).total == 16
