"""退匯: corrected by one, sent again by another, or given back; an agency sees its own lines and no others."""

from collections.abc import Callable

from disbursement.models import PaymentInstruction, ReturnSlip
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.pages.at_the_desk import at_desk
from tests.disbursement.pages.money import clerk, form, payer
from tests.disbursement.services.came_back import came_back
from tests.factories import CABINET, MUSEUM, Desk, by_force, fresh, statements
from tests.pages import words

StartBank = Callable[..., BankProcess]
PAGE = "/desk/returned/"
RIGHT = {"bank_code": "0130017", "account_no": "555555555555", "account_name": "林小美", "because": "更正函"}


def _page(line: PaymentInstruction) -> str:
    return f"{PAGE}{line.pk}/"


def _act(line: PaymentInstruction, verb: str) -> str:
    return f"{PAGE}{line.pk}/{verb}/"


def test_the_clerk_corrects_and_the_payer_sends_again(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    at_agency = clerk(desk)
    text = words(at_agency.get(PAGE))
    assert line.end_to_end_id in text and "04 無此帳號" in text
    shown = payer(desk).get(PAGE)
    (equation,) = shown.context["equations"]
    assert equation.adds_up and equation.total[1] == 200

    wrong = at_agency.post(_act(line, "correct_payee"), form(line, **RIGHT | {"bank_code": "9999999"}))
    assert wrong.status_code == 422
    assert "沒有這個銀行代號" in words(wrong)
    assert 'value="9999999"' in wrong.content.decode()
    sent = form(line, **RIGHT)
    for _ in range(2):
        at_agency.post(_act(line, "correct_payee"), sent)
    assert (fresh(line).state, fresh(line).account_no) == ("corrected", "555555555555")
    assert at_agency.post(_act(line, "ready_again"), form(line)).status_code == 403

    payer(desk).post(_act(line, "ready_again"), form(line))

    assert (fresh(line).state, fresh(line).attempt) == ("ready", 2)
    assert "114-00000001-00002-1" in words(payer(desk).get(_page(line)))


def test_whoever_corrects_does_not_send(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    browser = payer(desk)
    browser.post(_act(line, "correct_payee"), form(line, **RIGHT))

    answer = browser.get(_page(line))
    assert "請由另一位支付人員重匯" in words(answer)
    assert browser.post(_act(line, "ready_again"), form(line)).status_code == 403
    assert fresh(line).state == "corrected"


def test_what_cannot_be_corrected_is_given_back_by_a_slip(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    browser = payer(desk)

    assert browser.post(_act(line, "return_to_treasury"), form(line)).status_code == 422
    browser.post(_act(line, "return_to_treasury"), form(line, because="受款人已歇業"))

    assert fresh(line).state == "returned_to_treasury"
    assert str(ReturnSlip.objects.get()) == "114-1"
    assert "支出收回書 114-1" in words(browser.get(_page(line)))
    assert line.end_to_end_id not in words(browser.get(PAGE))
    assert line.end_to_end_id in words(browser.get(f"{PAGE}?state=returned_to_treasury"))


def test_another_agencys_line_does_not_exist(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    stranger = clerk(desk, MUSEUM)

    assert line.end_to_end_id not in words(stranger.get(PAGE))
    assert stranger.get(_page(line)).status_code == 404
    assert stranger.post(_act(line, "correct_payee"), form(line, **RIGHT)).status_code == 404
    assert stranger.get(f"{PAGE}?agency={CABINET}&format=csv").content.decode().count("\n") == 1
    assert fresh(line).state == "returned_by_bank"


def test_who_may_not_is_refused(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)

    for role in ("examiner", "supervisor", "auditor"):
        assert at_desk(desk, role).get(_page(line)).status_code == 200
        assert at_desk(desk, role).post(_act(line, "correct_payee"), form(line, **RIGHT)).status_code == 403
    for role in ("reviewer", "accountant", "head"):
        assert at_desk(desk, role, CABINET).get(_page(line)).status_code == 200
        assert at_desk(desk, role, CABINET).post(_act(line, "correct_payee"), form(line, **RIGHT)).status_code == 403
    assert payer(desk).post(_act(line, "credit"), form(line)).status_code == 404


def test_a_stale_page_moves_nothing(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    sent = form(line, because="受款人已歇業")
    clerk(desk).post(_act(line, "correct_payee"), form(line, **RIGHT))

    answer = payer(desk).post(_act(line, "return_to_treasury"), sent)

    assert (answer.status_code, fresh(line).state) == (409, "corrected")


def test_a_long_list_needs_no_more_statements(desk: Desk, start_agent_bank: StartBank) -> None:
    line, _ = came_back(desk, start_agent_bank)
    browsers = [payer(desk), clerk(desk)]
    few = [statements(lambda b=one: b.get(PAGE)) for one in browsers]
    by_force(
        "INSERT INTO disbursement_paymentinstruction (voucher_id, seq, attempt, end_to_end_id, network, bank_code,"
        " account_no, account_name, amount_twd, state, batch_id, return_code, returned_on)"
        " SELECT voucher_id, seq + n, 1, 'x' || n, network, bank_code, account_no, account_name, amount_twd, state,"
        " batch_id, return_code, returned_on FROM disbursement_paymentinstruction, generate_series(10, 2000) AS n"
        " WHERE id = %s",
        line.pk,
    )

    assert [statements(lambda b=one: b.get(PAGE)) for one in browsers] == few
