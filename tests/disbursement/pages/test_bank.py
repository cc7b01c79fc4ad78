"""銀行回覆: what came in, what it says, byte by byte; and the question whether there is more."""

from collections.abc import Callable

from disbursement.models import BankMessage
from disbursement.services.statements import statement_apply, statement_fetch
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.disbursement.pages.at_the_desk import at_desk
from tests.disbursement.pages.money import clerk, delivered, form, payer
from tests.factories import ON, Desk, answered, by_force, fresh, many_payees, statements
from tests.pages import words
from treasury.core.models import OutboxEvent

StartBank = Callable[..., BankProcess]
PAGE = "/desk/bank/"


def _told(desk: Desk, start: StartBank) -> tuple[BankMessage, BankMessage]:
    """An answer with a returned line, and the statement of the day."""
    bank = start(returns={"000000000002": "04"})
    desk.brought("paying", many_payees(3))
    desk.batch()
    delivered("RemittanceBatchBuilt")
    answered(bank)
    statement = statement_fetch(on=ON)
    statement_apply(message=statement, on=ON)
    return BankMessage.objects.get(kind="pain.002"), statement


def test_every_message_is_listed_with_its_batch_and_opens_in_words(desk: Desk, start_agent_bank: StartBank) -> None:
    answer, statement = _told(desk, start_agent_bank)
    browser = payer(desk)

    listed = words(browser.get(PAGE))
    assert "批次回覆" in listed and "對帳單" in listed and "NTA-20250310-00001" in listed
    said = words(browser.get(f"{PAGE}{answer.pk}/"))
    assert "04 無此帳號" in said and "114-00000001-00002-1" in said
    shown = browser.get(f"{PAGE}{statement.pk}/")
    (equation,) = shown.context["equations"]
    assert [amount for _, amount in equation.terms] == [1_000_000_000, 200, -600]
    assert equation.adds_up and equation.total[1] == 999_999_600
    assert "整批扣款" in words(shown)


def test_messages_come_byte_by_byte_and_as_tables(desk: Desk, start_agent_bank: StartBank) -> None:
    answer, statement = _told(desk, start_agent_bank)
    browser = at_desk(desk, "auditor", language="en")

    for message in (answer, statement):
        assert browser.get(f"{PAGE}{message.pk}/raw/").content == bytes(message.body)
        assert "114-00000001-00002-1" in browser.get(f"{PAGE}{message.pk}/?format=csv").content.decode()
    assert "no such account" in words(browser.get(f"{PAGE}{answer.pk}/"))
    assert browser.get(f"{PAGE}999/").status_code == 404


def test_a_message_that_cannot_be_read_is_shown_as_it_is(desk: Desk) -> None:
    broken = BankMessage.objects.create(
        kind="camt.053", reference="broken", body=b"<nothing", received_at="2025-03-10T09:00:00+08:00"
    )

    answer = payer(desk).get(f"{PAGE}{broken.pk}/")

    assert answer.status_code == 200
    assert "bank_message" in answer.content.decode()


def test_polling_now_wakes_a_worker_once(desk: Desk, agent_bank: BankProcess) -> None:
    voucher = desk.brought("paying")
    desk.batch()
    delivered("RemittanceBatchBuilt")
    wait_for_results(agent_bank.client(), 1)
    browser = payer(desk)

    for _ in range(2):
        answer = browser.post(f"{PAGE}poll/", form(), follow=True)

    assert "背景作業正在查詢銀行" in words(answer)
    assert OutboxEvent.objects.filter(topic="BankPollDue").count() == 1
    assert delivered("BankPollDue")
    assert delivered("BankResultStored")
    assert fresh(voucher).state == "paid"


def test_who_may_not_is_refused(desk: Desk) -> None:
    for role in ("examiner", "treasury_admin", "auditor"):
        assert at_desk(desk, role).get(PAGE).status_code == 200
        assert at_desk(desk, role).post(f"{PAGE}poll/", form()).status_code == 403
    assert clerk(desk).get(PAGE).status_code == 403
    assert payer(desk).get(f"{PAGE}poll/").status_code == 405


def test_a_long_list_needs_no_more_statements(desk: Desk, start_agent_bank: StartBank) -> None:
    _told(desk, start_agent_bank)
    browser = payer(desk)
    few = statements(lambda: browser.get(PAGE))
    by_force(
        "INSERT INTO disbursement_bankmessage (kind, reference, body, received_at)"
        " SELECT kind, 'x' || n, body, received_at FROM disbursement_bankmessage, generate_series(1, 1000) AS n"
        " WHERE kind = 'pain.002'"
    )

    assert statements(lambda: browser.get(PAGE)) == few
