"""日結核對: opened, reconciled by a worker, explained in words, closed when everything agrees."""

from datetime import datetime

from disbursement.models import Reconciliation, TreasuryDay
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.pages.at_the_desk import at_desk
from tests.disbursement.pages.money import clerk, delivered, form, payer, supervisor
from tests.factories import ON, Desk, by_force, statements
from tests.pages import words
from treasury.core import clock
from treasury.core.models import History

PAGE = "/desk/reconciliation/"
DAY = f"{PAGE}{ON.isoformat()}/"


def test_a_worker_reconciles_the_day_and_the_page_adds_up(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying")
    batch = desk.batch()
    browser = payer(desk)
    assert "還沒有核對" in words(browser.get(DAY))
    sent = form()

    for _ in range(2):
        answer = browser.post(f"{DAY}reconcile/", sent, follow=True)

    assert "背景作業正在取回對帳單" in words(answer)
    assert delivered("StatementDue")
    shown = browser.get(DAY)
    assert all(one.adds_up for one in shown.context["equations"])
    text = words(shown)
    assert f"{batch.message_id} 代庫銀行尚未扣帳 30,000" in text
    assert "已日結" in text
    assert Reconciliation.objects.count() == 1
    said = list(History.objects.filter(machine="day").order_by("pk").values_list("verb", "actor_role"))
    assert said == [("open", "system"), ("reconcile", "payer"), ("close", "system")]


def test_a_difference_stands_first_in_words_and_keeps_the_day_open(desk: Desk, agent_bank: BankProcess) -> None:
    agent_bank.ask("POST", "/cheques", {"cheque_no": "NT9999999", "amount_twd": 700})
    browser = supervisor(desk)
    browser.post(f"{DAY}reconcile/", form())
    delivered("StatementDue")

    answer = browser.get(DAY)

    text = words(answer)
    assert text.index("2 項差異待查") < text.index("未達帳明細")
    assert "銀行列有支票兌付，帳上無此項" in text
    assert not answer.context["equations"][0].adds_up
    refused = browser.post(f"{DAY}close/", form())
    assert refused.status_code == 409
    assert "還沒有核對相符" in words(refused)
    assert TreasuryDay.objects.get().closed_at is None
    english = words(at_desk(desk, "auditor", language="en").get(DAY))
    assert "the bank booked a paid cheque that the books do not know" in english


def test_what_agrees_is_closed_by_a_person(desk: Desk, agent_bank: BankProcess) -> None:
    browser = supervisor(desk)
    browser.post(f"{DAY}reconcile/", form())
    delivered("StatementDue")
    by_force("UPDATE disbursement_treasuryday SET closed_at = NULL")

    browser.post(f"{DAY}close/", form())

    assert TreasuryDay.objects.get().closed_at is not None
    assert History.objects.filter(machine="day", verb="close", actor_role="supervisor").exists()


def test_the_day_is_opened_from_the_page(desk: Desk) -> None:
    browser = supervisor(desk)
    with clock.frozen(datetime(2025, 3, 11, 8, tzinfo=clock.ZONE)):
        assert "開日" in words(browser.get(PAGE))
        browser.post(f"{PAGE}2025-03-11/open/", form())
        assert browser.post(f"{PAGE}2025-03-12/open/", form()).status_code == 409

    assert TreasuryDay.objects.filter(on="2025-03-11").exists()


def test_a_difference_kept_as_a_sentence_is_still_read(desk: Desk, agent_bank: BankProcess) -> None:
    browser = supervisor(desk)
    browser.post(f"{DAY}reconcile/", form())
    delivered("StatementDue")
    by_force(
        "UPDATE disbursement_reconciliation SET differences ="
        """ '[{"item": "NT0000001", "amount_twd": 5, "reason": "not yet presented", "is_open": false}]'"""
    )

    assert "受款人尚未提示兌付" in words(browser.get(DAY))
    assert "受款人尚未提示兌付" in browser.get(f"{DAY}?format=csv").content.decode()


def test_its_papers_open(desk: Desk) -> None:
    browser = payer(desk)

    assert browser.get(f"/desk/registers/{ON.isoformat()}/day-summary.pdf").content.startswith(b"%PDF")
    assert browser.get(f"{PAGE}?format=ods").status_code == 200
    assert browser.get(f"{PAGE}2025-03-07/").status_code == 404


def test_who_may_not_is_refused(desk: Desk) -> None:
    for role in ("examiner", "treasury_admin", "auditor"):
        browser = at_desk(desk, role)
        assert browser.get(DAY).status_code == 200
        assert {browser.post(f"{DAY}{verb}/", form()).status_code for verb in ("open", "reconcile", "close")} == {403}
    assert clerk(desk).get(PAGE).status_code == 403
    assert payer(desk).post(f"{DAY}forget/", form()).status_code == 404


def test_many_days_need_no_more_statements(desk: Desk) -> None:
    browser = payer(desk)
    few = statements(lambda: browser.get(PAGE))
    by_force(
        'INSERT INTO disbursement_treasuryday ("on", opened_at) SELECT day, day FROM'
        " generate_series('2019-01-01'::date, '2024-06-30', '1 day') AS day"
    )

    assert statements(lambda: browser.get(PAGE)) == few
