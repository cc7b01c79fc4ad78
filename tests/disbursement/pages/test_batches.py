"""通匯批次: built, sent by a worker, added up, repeated, given up; every file byte by byte."""

from collections.abc import Callable

from pytest_django import Settings

from disbursement.models import InstructionAttempt, PaymentInstruction, RemittanceBatch
from disbursement.selectors.batches import fates_of
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.pages.at_the_desk import at_desk
from tests.disbursement.pages.money import clerk, delivered, form, payer, supervisor
from tests.factories import Desk, answered, by_force, fresh, lines_of, many_payees, statements
from tests.pages import words
from tests.vouchers.examples import changed, entrusted
from treasury.core.models import OutboxEvent
from treasury.invariants import violations
from treasury.ledger import chart
from treasury.ledger import selectors as ledger

StartBank = Callable[..., BankProcess]
PAGE = "/desk/batches/"
DELIVERED = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}


def _page(batch: RemittanceBatch) -> str:
    return f"{PAGE}{batch.pk}/"


def _act(batch: RemittanceBatch, verb: str) -> str:
    return f"{PAGE}{batch.pk}/{verb}/"


def test_the_payer_builds_what_is_ready_and_a_worker_sends_it(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying", many_payees(3))
    browser = payer(desk)
    assert "600" in words(browser.get(PAGE))

    answer = browser.post(f"{PAGE}build/", form(), follow=True)

    batch = RemittanceBatch.objects.get()
    assert answer.redirect_chain[-1][0] == _page(batch)
    assert batch.state == "built"
    assert delivered("RemittanceBatchBuilt")
    answered(agent_bank)
    shown = browser.get(_page(batch))
    (equation,) = shown.context["equations"]
    assert [amount for _, amount in equation.terms] == [600, 0, 0]
    assert equation.adds_up and equation.total[1] == 600
    assert "已回覆" in words(browser.get(PAGE))


def test_the_equation_counts_what_came_back_even_when_it_left_again(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    desk.brought("paying", many_payees(3))
    batch = desk.batch()
    delivered("RemittanceBatchBuilt")
    answered(bank)
    first = fates_of([batch])[batch.pk]
    line = PaymentInstruction.objects.get(state="returned_by_bank")
    path = f"/desk/returned/{line.pk}/correct_payee/"
    right = {"bank_code": "0130017", "account_no": "555555555555", "account_name": "林小美", "because": "更正函"}
    clerk(desk).post(path, form(line, **right))

    fate = fates_of([batch])[batch.pk]
    assert (fate.credited.amount_twd, fate.returned.amount_twd, fate.unknown.amount_twd) == (400, 200, 0)
    assert fate == first and fate.adds_up
    assert "04 無此帳號" in words(payer(desk).get(_page(batch)))


def test_its_files_come_byte_by_byte(desk: Desk) -> None:
    desk.brought("paying", changed(entrusted(), DELIVERED))
    batch = desk.batch()
    browser = at_desk(desk, "auditor")

    assert browser.get(f"{_page(batch)}pain.001.xml").content == bytes(fresh(batch).message)
    assert browser.get(f"{_page(batch)}roster.jsonl").content == bytes(fresh(batch).roster)
    pdf = browser.get(f"/desk/registers/{batch.execution_on:%Y-%m-%d}/remittance-list-{batch.message_id}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert batch.message_id in browser.get(f"{PAGE}?format=csv").content.decode()
    assert "114-00000001-00001-1" in browser.get(f"{_page(batch)}?format=csv").content.decode()


def test_a_batch_without_a_roster_has_none(desk: Desk) -> None:
    desk.brought("paying")

    assert payer(desk).get(f"{_page(desk.batch())}roster.jsonl").status_code == 404
    assert payer(desk).get(f"{PAGE}999/").status_code == 404


def _refused(desk: Desk) -> RemittanceBatch:
    """A batch that the bank would not take, and says why."""
    desk.brought("paying", many_payees(2))
    batch = desk.batch()
    by_force("UPDATE disbursement_remittancebatch SET message = 'garbled'")
    assert not delivered("RemittanceBatchBuilt")
    return batch


def test_what_the_bank_refused_is_shown_with_its_words_and_may_be_given_up(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _refused(desk)
    browser = payer(desk)
    text = words(browser.get(_page(batch)))
    assert "銀行拒收這一批" in text and "已試 1 次" in text
    assert "銀行拒收" in words(browser.get(PAGE))

    assert browser.post(_act(batch, "void"), form(batch)).status_code == 422
    browser.post(_act(batch, "void"), form(batch, because="銀行代號與通匯系統不符"))

    assert fresh(batch).state == "rejected"
    assert {line.return_code for line in PaymentInstruction.objects.all()} == {"NARR"}
    balance = ledger.trial_balance()
    assert (balance[chart.IN_TRANSIT], balance[chart.RETURNED]) == (0, 400)
    assert not OutboxEvent.objects.filter(topic="RemittanceBatchBuilt", done_at__isnull=True).exists()
    assert [one.name for one in violations() if one.invariant != 7] == []
    browser.post(_act(batch, "repeat"), form(batch, because="更正後再送"))
    assert {line.state for line in PaymentInstruction.objects.all()} == {"ready"}
    assert InstructionAttempt.objects.filter(batch=batch).count() == 2


def test_only_what_was_certainly_refused_may_be_given_up(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying")
    untried = desk.batch()
    browser = payer(desk)

    answer = browser.post(_act(untried, "void"), form(untried, because="不送了"))
    assert answer.status_code == 409
    assert "銀行沒有拒收這一批" in words(answer)
    delivered("RemittanceBatchBuilt")
    answer = browser.post(_act(untried, "void"), form(untried, because="不送了"))
    assert (answer.status_code, fresh(untried).state) == (409, "sent")


def test_sending_now_hurries_the_news_that_waits_and_asks_about_what_is_unknown(
    desk: Desk, start_agent_bank: StartBank
) -> None:
    bank = start_agent_bank(drop_after_accept=1)
    voucher = desk.brought("paying")
    batch = desk.batch()
    assert not delivered("RemittanceBatchBuilt")
    assert fresh(batch).state == "unknown"
    browser = payer(desk)
    assert "不確定銀行是否收到" in words(browser.get(_page(batch)))

    browser.post(_act(batch, "send"), form(batch))

    assert OutboxEvent.objects.filter(topic="RemittanceBatchBuilt").count() == 1
    assert delivered("RemittanceBatchBuilt")
    assert fresh(batch).state == "sent"
    answered(bank)
    assert fresh(voucher).state == "paid"
    answer = browser.post(_act(batch, "send"), form(batch))
    assert answer.status_code == 409


def test_a_bank_that_is_away_is_said_so(desk: Desk, settings: Settings) -> None:
    settings.BANK_URL = "http://127.0.0.1:9"
    desk.brought("paying")
    batch = desk.batch()
    assert not delivered("RemittanceBatchBuilt")

    text = words(payer(desk).get(_page(batch)))

    assert "還沒有送到銀行" in text and "銀行拒收" not in text


def test_a_rejected_batch_goes_out_again_once(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(opening_twd=100)
    desk.brought("paying", many_payees(2))
    batch = desk.batch()
    delivered("RemittanceBatchBuilt")
    answered(bank)
    browser = payer(desk)
    assert "還有 2 筆待處理" in words(browser.get(_page(batch)))
    sent = form(batch, because="存款已補足")

    for _ in range(2):
        browser.post(_act(batch, "repeat"), sent)

    assert PaymentInstruction.objects.filter(state="ready", attempt=2).count() == 2


def test_who_may_not_is_refused(desk: Desk) -> None:
    desk.brought("paying")
    batch = desk.batch()

    for role in ("examiner", "supervisor", "treasury_admin", "auditor"):
        assert at_desk(desk, role).post(_act(batch, "send"), form(batch)).status_code == 403
        assert at_desk(desk, role).post(f"{PAGE}build/", form()).status_code == 403
    assert clerk(desk).get(PAGE).status_code == 403
    assert supervisor(desk).get(_page(batch)).status_code == 200


def test_a_stale_page_moves_nothing(desk: Desk, agent_bank: BankProcess) -> None:
    batch = _refused(desk)
    sent = form(batch, because="放棄")
    by_force("UPDATE disbursement_remittancebatch SET state = 'sent'")

    answer = payer(desk).post(_act(batch, "void"), sent)

    assert answer.status_code == 409
    assert "不是最新的" in words(answer)


def test_a_long_batch_needs_no_more_statements(desk: Desk) -> None:
    browser = payer(desk)
    counted = []
    for count in (10, 2_000):
        voucher = desk.brought("paying", many_payees(count))
        assert len(lines_of(voucher)) == count
        batch = desk.batch()
        counted.append((statements(lambda: browser.get(PAGE)), statements(lambda b=batch: browser.get(_page(b)))))

    assert counted[0] == counted[1]
