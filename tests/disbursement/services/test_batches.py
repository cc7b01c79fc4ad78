"""通匯: ready instructions in one message per network, told to the bank once whatever gets lost on the way."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from pytest_django import Settings

from disbursement.bank_client import BankRefused, BankUnreachable, OutcomeUnknown
from disbursement.iso20022 import pain001
from disbursement.models import PaymentInstruction, RemittanceBatch
from disbursement.services import bank_results
from disbursement.services.batches import batch_delivered, batch_send, batches_build
from tests.core.threads import alone, wait_for_a_waiter
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import ON, OPENING_TWD, Desk, answered, by_force, fresh, lines_of, many_payees, verbs
from tests.vouchers.examples import Content, changed, entrusted, remittance
from treasury.core.errors import Problem
from treasury.core.models import History, OutboxEvent

INSIDE = {"/network": "intra_bank", "/payee_lines/0/bank_code": "0040059"}
DELIVERED = {"/entrusted/roster/delivered_at": "2025-03-10T10:00:00+08:00"}


def _build(desk: Desk, **given: int) -> list[RemittanceBatch]:
    return batches_build(on=ON, actor=desk.treasurer("payer"), **given)


def _shapes(batches: list[RemittanceBatch]) -> list[tuple[str, str, int, int]]:
    return [(batch.message_id, batch.network, batch.line_count, batch.total_twd) for batch in batches]


def test_each_network_has_its_message_and_an_entrusted_transfer_one_of_its_own(desk: Desk) -> None:
    contents: list[Content] = [
        remittance(),
        changed(remittance(), INSIDE),
        many_payees(2),
        changed(entrusted(), DELIVERED),
        changed(entrusted(), DELIVERED),
    ]
    for content in contents:
        desk.brought("paying", content)

    batches = _build(desk)

    assert _shapes(batches) == [
        ("NTA-20250310-00001", "intra_bank", 1, 30_000),
        ("NTA-20250310-00002", "fisc", 3, 30_400),
        ("NTA-20250310-00003", "entrusted", 1, 60_000),
        ("NTA-20250310-00004", "entrusted", 1, 60_000),
    ]
    assert set(PaymentInstruction.objects.values_list("state", flat=True)) == {"batched"}
    assert {(batch.state, batch.execution_on, str(batch)) for batch in batches} == {
        ("built", ON, batch.message_id) for batch in batches
    }
    events = OutboxEvent.objects.filter(topic="RemittanceBatchBuilt").order_by("id")
    assert [event.payload for event in events] == [{"batch_id": batch.pk} for batch in batches]


def test_the_message_says_of_each_line_what_its_instruction_says(desk: Desk) -> None:
    desk.brought("paying", many_payees(3))

    batch = desk.batch()

    message = bytes(batch.message)
    pain001.validate(message)
    for line in PaymentInstruction.objects.filter(batch=batch):
        assert f"<EndToEndId>{line.end_to_end_id}<".encode() in message
        assert f"<Id>{line.account_no}<".encode() in message
    assert f"<MsgId>{batch.message_id}<".encode() in message
    assert b"<CtrlSum>600<" in message


def test_an_entrusted_batch_takes_its_roster_along_and_no_other_does(desk: Desk) -> None:
    desk.brought("paying", changed(entrusted(), DELIVERED))
    desk.brought("paying")

    plain, entrusted_batch = _build(desk)

    assert plain.roster is None
    rows = [json.loads(line) for line in bytes(entrusted_batch.roster or b"").splitlines()]
    assert [(row["name"], row["amount_twd"]) for row in rows] == [("林小美", 30_000), ("陳大文", 30_000)]


def test_a_message_that_would_be_too_long_is_several(desk: Desk) -> None:
    desk.brought("paying", many_payees(5))

    batches = _build(desk, max_lines=2)

    assert [batch.line_count for batch in batches] == [2, 2, 1]
    assert [batch.total_twd for batch in batches] == [400, 400, 200]


def test_without_anything_ready_there_is_no_batch_and_no_number_is_used(desk: Desk) -> None:
    assert _build(desk) == []
    desk.brought("paying")
    assert _build(desk)[0].message_id == "NTA-20250310-00001"
    assert _build(desk) == []


def test_only_a_payer_or_a_worker_makes_batches(desk: Desk) -> None:
    desk.brought("paying")

    with pytest.raises(Problem) as refused:
        batches_build(on=ON, actor=desk.treasurer("examiner"))

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)
    assert not RemittanceBatch.objects.exists()


def test_of_two_payers_at_once_one_gets_the_lines_and_the_other_nothing(shared_desk: Desk) -> None:
    shared_desk.brought("paying")
    other: list[object] = []
    thread = threading.Thread(target=lambda: other.append(alone(lambda: _build(shared_desk))))

    with transaction.atomic():
        (mine,) = _build(shared_desk)
        thread.start()
        wait_for_a_waiter()
    thread.join()

    assert other == [[]]
    assert RemittanceBatch.objects.get() == mine
    (event,) = OutboxEvent.objects.filter(topic="RemittanceBatchBuilt")
    assert event.payload == {"batch_id": mine.pk}


def test_a_batch_is_brought_to_the_bank_once(desk: Desk, agent_bank: BankProcess) -> None:
    voucher = desk.brought("paying")
    batch = desk.batch()

    batch_send(batch_id=batch.pk)
    batch_send(batch_id=batch.pk)

    assert fresh(batch).state == "sent"
    assert [line.state for line in lines_of(voucher)] == ["sent"]
    assert agent_bank.client().enquire(batch.message_id).status in {"accepted", "credited"}
    assert verbs(batch, "batch") == ["create", "deliver"]


def test_an_entrusted_transfer_reaches_the_bank_with_its_roster(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying", changed(entrusted(), DELIVERED))
    batch = desk.batch()

    batch_send(batch_id=batch.pk)

    outcome = agent_bank.client().roster_outcome(batch.message_id)
    assert (outcome["payee_count"], outcome["total_twd"]) == (2, 60_000)


def test_a_bank_that_cannot_be_reached_changes_nothing_and_is_told_later(
    desk: Desk, start_agent_bank: Callable[..., BankProcess]
) -> None:
    desk.brought("paying")
    batch = desk.batch()
    bank = start_agent_bank()
    bank.kill()

    with pytest.raises(BankUnreachable):
        batch_send(batch_id=batch.pk)
    assert fresh(batch).state == "built"

    start_agent_bank()
    batch_send(batch_id=batch.pk)
    assert fresh(batch).state == "sent"


def test_a_batch_whose_receipt_was_lost_is_asked_after_and_executed_once(
    desk: Desk, start_agent_bank: Callable[..., BankProcess]
) -> None:
    bank = start_agent_bank(drop_after_accept=1)
    voucher = desk.brought("paying")
    batch = desk.batch()

    with pytest.raises(OutcomeUnknown):
        batch_send(batch_id=batch.pk)
    assert fresh(batch).state == "unknown"
    assert [line.state for line in lines_of(voucher)] == ["unknown"]

    batch_send(batch_id=batch.pk)
    assert fresh(batch).state == "sent"
    answered(bank)
    assert fresh(voucher).state == "paid"
    assert bank.balance_twd() == OPENING_TWD - 30_000
    assert [(row.verb, row.source) for row in History.objects.filter(machine="instruction").order_by("id")] == [
        ("create", ""),
        ("put_in_batch", "ready"),
        ("lose_sight", "batched"),
        ("send", "unknown"),
        ("credit", "sent"),
    ]


class _Deaf(BaseHTTPRequestHandler):
    """A bank that has never heard of anything and hangs up on whoever tells it something."""

    def do_GET(self) -> None:
        body = json.dumps({"status": "unknown", "reference": "X"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def deaf_bank(settings: Settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Deaf)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS = f"http://127.0.0.1:{server.server_port}", 5.0
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("deaf_bank")
def test_a_batch_stays_unknown_as_often_as_the_bank_hangs_up(desk: Desk) -> None:
    desk.brought("paying")
    batch = desk.batch()

    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            batch_send(batch_id=batch.pk)

    assert fresh(batch).state == "unknown"
    assert verbs(batch, "batch") == ["create", "lose_batch"]


def test_what_the_bank_refuses_stays_built_and_names_the_banks_reason(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying")
    by_force("UPDATE disbursement_paymentinstruction SET bank_code = '0040059'")  # inside the bank, not through FISC
    batch = desk.batch()

    with pytest.raises(BankRefused) as refused:
        batch_send(batch_id=batch.pk)

    assert refused.value.code == "wrong_network"
    assert fresh(batch).state == "built"
    assert agent_bank.balance_twd() == OPENING_TWD


def test_an_unknown_batch_the_bank_refuses_keeps_no_other_answer_waiting(
    desk: Desk, start_agent_bank: Callable[..., BankProcess]
) -> None:
    bank = start_agent_bank()
    lost = desk.brought("paying")
    lost_batch = desk.batch()
    by_force("UPDATE disbursement_remittancebatch SET state = 'unknown', message = 'garbled'")
    voucher = desk.brought("paying")
    batch_send(batch_id=desk.batch().pk)

    answered(bank)

    assert fresh(voucher).state == "paid"
    assert (fresh(lost_batch).state, fresh(lost).state) == ("unknown", "paying")
    assert bank_results.poll() == 0


def test_delivery_is_noted_once(desk: Desk) -> None:
    desk.brought("paying")
    batch = desk.batch()

    batch_delivered(batch)
    batch_delivered(batch)

    assert verbs(batch, "batch") == ["create", "deliver"]
