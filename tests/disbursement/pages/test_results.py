"""支付結果: an agency sees what became of its payments, and of nobody else's."""

from collections.abc import Callable

from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.pages.at_the_desk import multiplied
from tests.disbursement.pages.money import clerk, payer
from tests.disbursement.services.came_back import came_back
from tests.factories import MUSEUM, Desk, statements
from tests.pages import words
from tests.vouchers.examples import cheque

StartBank = Callable[..., BankProcess]
PAGE = "/desk/results/"


def test_paid_is_credited_and_returned_and_open(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    browser = clerk(desk)

    assert line.voucher.number in words(browser.get(PAGE))
    answer = browser.get(f"{PAGE}{line.voucher_id}/")

    (equation,) = answer.context["equations"]
    assert [amount for _, amount in equation.terms] == [400, 200, 0]
    assert equation.adds_up and equation.total[1] == 600
    assert "04 無此帳號" in words(answer)
    assert "000000000002" in browser.get(f"{PAGE}{line.voucher_id}/?format=csv").content.decode()
    assert line.voucher.number in browser.get(f"{PAGE}?format=csv").content.decode()


def test_a_voucher_paid_by_cheque_shows_its_cheques(desk: Desk) -> None:
    desk.stock(1)
    voucher = desk.moved(desk.brought("scheduled", cheque()))

    answer = clerk(desk).get(f"{PAGE}{voucher.pk}/")

    (equation,) = answer.context["equations"]
    assert equation.adds_up and [amount for _, amount in equation.terms] == [30_000, 0, 0]
    assert "NT0000001" in words(answer)
    assert "NT0000001" in clerk(desk).get(f"{PAGE}{voucher.pk}/?format=csv").content.decode()


def test_a_voucher_not_yet_paid_has_no_result(desk: Desk) -> None:
    voucher = desk.brought("accepted")

    answer = clerk(desk).get(f"{PAGE}{voucher.pk}/")

    assert answer.context["equations"] == []
    assert "還沒有支付明細" in words(answer)


def test_another_agencys_results_do_not_exist(desk: Desk) -> None:
    voucher = desk.brought("paying")
    stranger = clerk(desk, MUSEUM)

    assert voucher.number not in words(stranger.get(PAGE))
    assert stranger.get(f"{PAGE}{voucher.pk}/").status_code == 404
    assert stranger.get(f"{PAGE}999999/").status_code == 404
    assert payer(desk).get(f"{PAGE}{voucher.pk}/").status_code == 200


def test_a_long_list_needs_no_more_statements(desk: Desk) -> None:
    voucher = desk.brought("paying")
    browser = clerk(desk)
    few = statements(lambda: browser.get(PAGE))
    multiplied(voucher, 2_000)

    assert statements(lambda: browser.get(PAGE)) == few
