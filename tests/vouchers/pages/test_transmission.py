"""The transmission board: what was released, when the treasury took it in, and what has waited too long (B-13)."""

from datetime import timedelta

import pytest

from disbursement.services.returns import voucher_return
from tests.factories import MUSEUM, Desk, fresh
from tests.pages import words
from tests.vouchers.pages.conftest import Login
from treasury.core import clock
from treasury.core.models import History
from vouchers.services.preparation import voucher_withdraw


def test_released_vouchers_wait_with_their_minutes_and_later_an_alert(desk: Desk, login: Login) -> None:
    voucher = desk.brought("released")
    releaser = login("releaser")

    early = releaser.get("/vouchers/transmission/")
    with clock.frozen(clock.now() + timedelta(minutes=29)):
        almost = login("releaser").get("/vouchers/transmission/")
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        late = login("releaser").get("/vouchers/transmission/")

    assert [row.pk for row in early.context["waiting"]] == [voucher.pk]
    assert (early.context["late_count"], almost.context["late_count"], late.context["late_count"]) == (0, 0, 1)
    assert "1 件放行已逾 30 分鐘，公庫尚未收件" in words(late)
    assert "逾時" in words(late)
    assert "逾時" not in words(early)


def test_each_voucher_has_its_moments_on_the_way(desk: Desk, login: Login) -> None:
    received, accepted, returned = desk.brought("received"), desk.brought("accepted"), desk.brought("received")
    voucher_return(voucher=returned, actor=desk.treasurer("examiner"), reasons=["R07"])

    rows = {row.pk: row for row in login("releaser").get("/vouchers/transmission/").context["listing"].shown}

    assert list(rows) == [returned.pk, accepted.pk, received.pk]
    assert rows[received.pk].received_at and rows[received.pk].decided_at is None
    assert rows[accepted.pk].decided_at >= rows[accepted.pk].received_at >= rows[accepted.pk].released_at
    assert rows[returned.pk].decided_at == _at(returned.pk, "return_to_agency")


def _at(pk: int, verb: str) -> object:
    return History.objects.get(machine="voucher", subject_id=pk, verb=verb).at


def test_a_withdrawn_voucher_leaves_the_board(desk: Desk, login: Login) -> None:
    voucher = desk.brought("released")
    voucher_withdraw(voucher=voucher, actor=desk.actor("releaser"), because="金額誤植")

    answer = login("clerk").get("/vouchers/transmission/")

    assert fresh(voucher).state == "draft"
    assert answer.context["waiting"] == [] and answer.context["listing"].shown == []


@pytest.mark.parametrize(("role", "status"), [("clerk", 200), ("accountant", 200), ("reviewer", 403), ("admin", 403)])
def test_the_board_is_for_those_who_watch_transmission(desk: Desk, login: Login, role: str, status: int) -> None:
    desk.brought("released")

    answer = login(role).get("/vouchers/transmission/")

    assert answer.status_code == status


def test_an_agency_watches_its_own_vouchers_only(desk: Desk, login: Login) -> None:
    voucher = desk.brought("released")

    assert login("releaser", MUSEUM).get("/vouchers/transmission/").context["waiting"] == []
    assert [row.pk for row in login("supervisor", "").get("/vouchers/transmission/").context["waiting"]] == [voucher.pk]


def test_the_board_refreshes_itself_and_repeats_no_alert_by_itself(desk: Desk, login: Login) -> None:
    desk.brought("released")
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        releaser = login("releaser")
        opened = releaser.get("/vouchers/transmission/").content.decode()
        polled = releaser.get("/vouchers/transmission/", headers={"HX-Request": "true", "X-Poll": "1"}).content.decode()

    assert 'data-every-seconds="15" hx-get="/vouchers/transmission/"' in opened
    assert 'role="alert" data-alert' in opened and 'class="notice stop" data-alert' in polled
