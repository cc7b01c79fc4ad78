"""Executing: fully credited, partly returned, uncovered, or not yet due."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from disbursement.iso20022 import camt053, pain002
from tests.disbursement.bank.bank_process import BankProcess, order, wait_for_results
from tests.disbursement.bank.conftest import FRIDAY

FIRST, SECOND = "NTA-20250307-00001", "NTA-20250307-00002"


def test_a_fully_credited_batch_is_answered_without_lines(bank: BankProcess) -> None:
    client = bank.client()
    client.submit(FIRST, order(FIRST, amounts=(1000, 2500)))

    ((seq, message),) = wait_for_results(client, 1)

    report = pain002.parse(message)
    assert (seq, report.original_message_id, report.group_status) == (1, FIRST, "ACSC")
    assert (report.line_count, report.lines) == (2, ())
    assert client.enquire(FIRST).status == "credited"
    assert client.enquire(f"{FIRST}.1").status == "credited"
    assert client.enquire(f"{FIRST}.1").amount_twd == 2500
    assert client.results(1) == []


def test_lines_are_returned_by_account_with_their_codes(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(scenario={"returns": {"000000000001": "04", "000000000003": "27"}, "fisc_max_twd": 9000})
    client = bank.client()
    client.submit(FIRST, order(FIRST, amounts=(1, 20, 300, 4000, 9001)))

    ((_, message),) = wait_for_results(client, 1)

    report = pain002.parse(message)
    assert report.group_status == "PART"
    assert report.rejected == {f"{FIRST}.1": "04", f"{FIRST}.3": "27", f"{FIRST}.4": "AM02"}
    assert report.lines[0].reason == "無此帳號"
    assert bank.balance_twd() == 1_000_000 - 301
    assert client.enquire(FIRST).status == "partly_returned"
    assert client.enquire(f"{FIRST}.0").status == "credited"
    returned = client.enquire(f"{FIRST}.3")
    assert (returned.status, returned.return_code, returned.message_id) == ("returned", "27", FIRST)
    kinds = [entry.kind for entry in camt053.parse(client.statement(date(2025, 3, 7))).entries]
    assert kinds == ["batch", "return", "return", "return"]


def test_a_batch_the_account_does_not_cover_is_rejected_whole(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(opening_twd=3499)
    client = bank.client()
    client.submit(FIRST, order(FIRST, amounts=(1000, 2500)))
    client.submit(SECOND, order(SECOND, amounts=(3499,)))

    uncovered, covered = (pain002.parse(message) for _, message in wait_for_results(client, 2))

    assert (uncovered.group_status, uncovered.return_code) == ("RJCT", "AM04")
    assert uncovered.rejected == {f"{FIRST}.0": "AM04", f"{FIRST}.1": "AM04"}
    assert client.enquire(FIRST).status == "rejected"
    assert client.enquire(f"{FIRST}.0").return_code == "AM04"
    assert (covered.original_message_id, covered.group_status) == (SECOND, "ACSC")
    assert bank.balance_twd() == 0


def test_a_batch_waits_for_its_day(start_bank: Callable[..., BankProcess]) -> None:
    monday = FRIDAY + timedelta(days=3)
    bank = start_bank()
    client = bank.client()
    client.submit(FIRST, order(FIRST, amounts=(1000,), on=monday.date()))
    client.submit(SECOND, order(SECOND, amounts=(5,)))
    wait_for_results(client, 1)
    assert client.enquire(FIRST).status == "accepted"
    assert client.enquire(f"{FIRST}.0").status == "accepted"
    bank.stop()

    client = start_bank(at=monday).client()
    results = wait_for_results(client, 2)

    assert [pain002.parse(message).original_message_id for _, message in results] == [SECOND, FIRST]
    friday = camt053.parse(client.statement(FRIDAY.date()))
    after = camt053.parse(client.statement(monday.date()))
    assert [entry.message_id for entry in friday.entries] == [SECOND]
    assert [entry.message_id for entry in after.entries] == [FIRST]
    assert (friday.opening_twd, friday.closing_twd) == (1_000_000, 999_995)
    assert (after.opening_twd, after.closing_twd) == (999_995, 998_995)


def test_a_payee_of_a_roster_that_cannot_be_credited_is_named(start_bank: Callable[..., BankProcess]) -> None:
    client = start_bank(scenario={"returns": {"777": "22"}}).client()
    rows = [
        {"name": "林大同", "account_no": "666", "amount_twd": 400},
        {"name": "李四", "account_no": "777", "amount_twd": 5},
    ]
    roster = "\n".join(json.dumps(row) for row in rows).encode()

    client.submit(FIRST, order(FIRST, amounts=(405,), network="entrusted"), roster=roster)

    ((_, message),) = wait_for_results(client, 1)
    assert pain002.parse(message).group_status == "ACSC"
    failed = client.roster_outcome(FIRST)["failed"]
    assert failed == [{"row": 1, "account_no": "777", "amount_twd": 5, "return_code": "22"}]
