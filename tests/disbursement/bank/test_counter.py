"""Cheques, stops and deposits at the bank's counter."""

import time
from collections.abc import Callable

from disbursement.iso20022 import camt053
from tests.disbursement.bank.bank_process import BankProcess
from tests.disbursement.bank.conftest import FRIDAY


def test_a_cheque_is_paid_once_and_not_with_another_amount(bank: BankProcess) -> None:
    first = bank.ask("POST", "/cheques", {"cheque_no": "NT0000001", "amount_twd": 700})
    again = bank.ask("POST", "/cheques", {"cheque_no": "NT0000001", "amount_twd": 700})
    other = bank.ask("POST", "/cheques", {"cheque_no": "NT0000001", "amount_twd": 701})
    uncovered = bank.ask("POST", "/cheques", {"cheque_no": "NT0000002", "amount_twd": 1_000_000})

    assert first == again == (200, {"cheque_no": "NT0000001", "amount_twd": 700, "booked_on": "2025-03-07"})
    assert (other[0], other[1]["code"]) == (409, "cheque_differs")
    assert (uncovered[0], uncovered[1]["code"]) == (422, "cheque_uncovered")
    assert bank.balance_twd() == 999_300


def test_a_stop_works_before_payment_and_comes_too_late_after_it(bank: BankProcess) -> None:
    client = bank.client()
    bank.ask("POST", "/cheques", {"cheque_no": "NT0000001", "amount_twd": 700})

    outcomes = [client.cheque_stop(number) for number in ("NT0000001", "NT0000002", "NT0000002")]

    assert outcomes == ["already_paid", "stopped", "stopped"]
    status, problem = bank.ask("POST", "/cheques", {"cheque_no": "NT0000002", "amount_twd": 1})
    assert (status, problem["code"]) == (422, "cheque_stopped")


def test_a_deposit_is_credited_once(bank: BankProcess) -> None:
    deposit = {"deposit_id": "D1", "amount_twd": 500, "text": "歲入 <繳庫>"}

    first = bank.ask("POST", "/deposits", deposit)
    again = bank.ask("POST", "/deposits", deposit)
    other = bank.ask("POST", "/deposits", {**deposit, "amount_twd": 501})

    assert first == again == (200, {"deposit_id": "D1", "amount_twd": 500, "balance_twd": 1_000_500})
    assert (other[0], other[1]["code"]) == (409, "deposit_differs")
    (entry,) = camt053.parse(bank.client().statement(FRIDAY.date())).entries
    assert (entry.kind, entry.amount_twd, entry.text) == ("deposit", 500, "歲入 <繳庫>")


def test_the_scenario_presents_cheques_on_their_day(start_bank: Callable[..., BankProcess]) -> None:
    cheques = [
        {"cheque_no": "NT0000001", "amount_twd": 700, "on": "2025-03-07"},
        {"cheque_no": "NT0000002", "amount_twd": 1, "on": "2025-03-08"},
    ]
    bank = start_bank(scenario={"present_cheques": cheques})
    deadline = time.monotonic() + 20
    while bank.balance_twd() != 999_300 and time.monotonic() < deadline:
        time.sleep(0.01)

    (entry,) = camt053.parse(bank.client().statement(FRIDAY.date())).entries
    assert (entry.kind, entry.cheque_no) == ("cheque", "NT0000001")
