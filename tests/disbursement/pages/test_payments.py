"""支付排程: figures add up, one or many vouchers move on, and every refusal says which and why."""

import pytest

from disbursement.models import Cheque, PaymentInstruction
from disbursement.pages.equations import Equation, in_order
from disbursement.services.returns import voucher_return
from tests.disbursement.pages.at_the_desk import at_desk, multiplied
from tests.disbursement.pages.money import ROLES, clerk, form, payer, supervisor, ticked
from tests.factories import Desk, fresh, statements
from tests.pages import words
from tests.vouchers.examples import changed, cheque, remittance
from treasury.core.models import History

PAGE = "/desk/payments/"
LATER = {"/legal_pay_date": "2025-03-20"}


def _act(desk: Desk, verb: str) -> str:
    return f"{PAGE}{verb}/"


def test_the_page_shows_what_is_due_and_two_equations_that_add_up(desk: Desk) -> None:
    accepted, scheduled = desk.brought("accepted"), desk.brought("scheduled")
    desk.brought("received")
    returned = desk.brought("received")
    voucher_return(voucher=returned, actor=desk.treasurer("examiner"), reasons=["R07"])

    answer = payer(desk).get(PAGE)

    equations = {one.title: one for one in answer.context["equations"]}
    received = equations["今日收件"]
    assert [amount for _, amount in received.terms] == [60_000, 30_000, 30_000]
    assert received.total[1] == 120_000
    assert all(one.adds_up for one in equations.values())
    assert equations["公庫存款（帳列）"].total[1] == 1_000_000_000
    text = words(answer)
    assert accepted.number in text and scheduled.number in text and "行政院" in text
    due = answer.context["due"]
    assert (due["to_schedule"].amount_twd, due["to_begin"].amount_twd) == (30_000, 30_000)


def test_what_does_not_add_up_stands_first() -> None:
    right = Equation("right", (("a", 1), ("b", 2)), ("c", 3))
    wrong = Equation("wrong", (("a", 1),), ("c", 3))
    unexplained = Equation("unexplained", (("a", 3),), ("c", 3), is_whole=False)

    assert [one.title for one in in_order([right, wrong, unexplained])] == ["wrong", "unexplained", "right"]


def test_many_are_scheduled_and_begun_and_each_has_its_result(desk: Desk) -> None:
    first, second = desk.brought("accepted"), desk.brought("accepted")
    browser = payer(desk)

    answer = browser.post(_act(desk, "schedule"), ticked(first, second), follow=True)
    assert {fresh(first).state, fresh(second).state} == {"scheduled"}
    assert "已辦理 2 件，合計 60,000 元" in words(answer)

    browser.post(_act(desk, "begin_payment"), ticked(first))
    assert (fresh(first).state, fresh(second).state) == ("paying", "scheduled")
    assert PaymentInstruction.objects.filter(voucher=first, state="ready").count() == 1


def test_one_that_is_refused_does_not_keep_the_others(desk: Desk) -> None:
    good, without_stock = desk.brought("scheduled"), desk.brought("scheduled", cheque())

    answer = payer(desk).post(_act(desk, "begin_payment"), ticked(good, without_stock), follow=True)

    assert (fresh(good).state, fresh(without_stock).state) == ("paying", "scheduled")
    assert "空白支票不足" in words(answer)
    assert "1 件沒有辦理" in words(answer)
    assert not Cheque.objects.exists()


def test_a_voucher_that_is_not_due_yet_is_refused_in_words(desk: Desk) -> None:
    later = desk.brought("scheduled", changed(remittance(), LATER))
    browser = payer(desk)

    answer = browser.post(_act(desk, "begin_payment"), ticked(later), follow=True)

    assert fresh(later).state == "scheduled"
    assert "還沒到應付日" in words(answer)
    assert later.number in words(browser.get(f"{PAGE}?due=later"))
    assert later.number not in words(browser.get(f"{PAGE}?due=today"))


def test_the_same_form_twice_has_one_effect_and_one_page(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    browser, sent = payer(desk), ticked(voucher)

    answers = [browser.post(_act(desk, "schedule"), sent) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert History.objects.filter(machine="voucher", subject_id=voucher.pk, verb="schedule").count() == 1
    assert browser.get(answers[0].url).status_code == 200
    assert supervisor(desk).get(answers[0].url).status_code == 404


def test_a_stale_page_moves_nothing(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    sent = ticked(voucher)
    payer(desk).post(_act(desk, "schedule"), ticked(voucher))

    answer = payer(desk).post(_act(desk, "schedule"), sent, follow=True)

    assert fresh(voucher).state == "scheduled"
    assert "未辦理" in words(answer)


def test_a_supervisor_postpones_with_a_reason_and_nobody_without(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    browser = supervisor(desk)

    assert browser.post(_act(desk, "postpone"), ticked(voucher)).status_code == 422
    browser.post(_act(desk, "postpone"), ticked(voucher, because="庫款調度"))

    assert fresh(voucher).state == "postponed"
    row = History.objects.get(machine="voucher", subject_id=voucher.pk, verb="postpone")
    assert row.because == "庫款調度"


def test_nothing_ticked_is_said_so(desk: Desk) -> None:
    answer = payer(desk).post(_act(desk, "schedule"), form())

    assert answer.status_code == 400
    assert "還沒有勾選" in words(answer)


def test_who_may_not_is_refused(desk: Desk) -> None:
    voucher = desk.brought("scheduled")

    for role in ("examiner", "treasury_admin", "auditor"):
        assert at_desk(desk, role).post(_act(desk, "begin_payment"), ticked(voucher)).status_code == 403
    refused = supervisor(desk).post(_act(desk, "begin_payment"), ticked(voucher), follow=True)
    assert "未辦理" in words(refused)
    assert fresh(voucher).state == "scheduled"
    assert {role: at_desk(desk, role).get(PAGE).status_code for role in ROLES} == dict.fromkeys(ROLES, 200)
    assert clerk(desk).get(PAGE).status_code == 403


def test_the_list_comes_as_a_file(desk: Desk) -> None:
    voucher = desk.brought("accepted")
    browser = payer(desk)

    for kind in ("ods", "xlsx", "csv"):
        assert browser.get(f"{PAGE}?format={kind}").status_code == 200
    assert voucher.number in browser.get(f"{PAGE}?format=csv").content.decode()


@pytest.mark.parametrize("count", [2_000])
def test_a_long_list_needs_no_more_statements(desk: Desk, count: int) -> None:
    voucher = desk.brought("accepted")
    browser = payer(desk)
    multiplied(voucher, 10)
    few = statements(lambda: browser.get(PAGE))
    multiplied(fresh(voucher), 0)
    multiplied(desk.brought("accepted"), count)

    assert statements(lambda: browser.get(PAGE)) == few
