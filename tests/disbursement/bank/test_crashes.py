"""`kill -9` of the bank: nothing acknowledged is lost, nothing is executed twice."""

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from disbursement.bank_client import BankClient, BankUnreachable, OutcomeUnknown
from disbursement.iso20022 import camt053, pain002
from tests.disbursement.bank.bank_process import BankProcess, order, wait_for_results
from tests.disbursement.bank.conftest import FRIDAY

ROUNDS = 6
LINES = 400
LARGE = 20_000


class Treasury(threading.Thread):
    """Submits batches one after another as the product does: an id the bank does not know is told, others are not."""

    def __init__(self, url: str, batches: dict[str, bytes]) -> None:
        super().__init__()
        self.client = BankClient(url, 20)
        self.batches = batches
        self.acknowledged: list[str] = []
        self.doubtful: list[str] = []

    def run(self) -> None:
        for message_id, message in self.batches.items():
            try:
                if self.client.enquire(message_id).status == "unknown":
                    self.client.submit(message_id, message)
                self.acknowledged.append(message_id)
            except (BankUnreachable, OutcomeUnknown):
                self.doubtful.append(message_id)


def _kill_when(bank: BankProcess, treasury: Treasury, is_time: Callable[[], bool], then_seconds: float) -> None:
    """Kills the bank a moment after something is so, or after the treasury has said all it had to say."""
    while treasury.is_alive() and not is_time():
        time.sleep(0.0005)
    time.sleep(then_seconds)
    bank.kill()
    treasury.join()


def test_a_bank_killed_again_and_again_executes_everything_once(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(scenario={"returns": {"000000000007": "24"}, "execution_seconds": 0.01}, opening_twd=10**9)
    batches = {
        message_id: order(message_id, amounts=tuple(range(1, LINES + 1)))
        for message_id in (f"NTA-20250307-{n:05d}" for n in range(ROUNDS * 4))
    }
    acknowledged: list[str] = []
    doubts = 0

    for number in range(ROUNDS):
        treasury = Treasury(bank.url, {key: batches[key] for key in batches if key not in acknowledged})
        treasury.start()
        _kill_when(bank, treasury, partial(_has_acknowledged, treasury, 1 + number % 3), 0.002 * number)
        bank.start()
        doubts += len(treasury.doubtful)
        acknowledged += treasury.acknowledged
        client = bank.client()
        assert [key for key in acknowledged if client.enquire(key).status == "unknown"] == []
    last = Treasury(bank.url, batches)
    last.start()
    last.join()

    client = bank.client()
    reports = [pain002.parse(message) for _, message in wait_for_results(client, len(batches))]
    assert doubts > 0
    assert sorted(report.original_message_id for report in reports) == sorted(batches)
    assert {tuple(report.rejected.values()) for report in reports} == {("24",)}
    entries = camt053.parse(client.statement(FRIDAY.date())).entries
    debited = [entry.message_id for entry in entries if entry.kind == "batch"]
    assert sorted(debited) == sorted(batches)
    assert len({entry.end_to_end_id for entry in entries if entry.kind == "return"}) == len(batches)
    total_twd = LINES * (LINES + 1) // 2 - 8
    assert bank.balance_twd() == 10**9 - len(batches) * total_twd


def test_a_bank_killed_while_it_takes_in_a_large_batch_has_it_whole_or_not_at_all(
    start_bank: Callable[..., BankProcess], tmp_path: Path
) -> None:
    bank = start_bank(opening_twd=10**9)
    message, journal = order("BIG", amounts=(1,) * LARGE), tmp_path / "bank.sqlite-wal"
    for then_seconds in (0, 0.01, 0.05):
        treasury = Treasury(bank.url, {"BIG": message})
        treasury.start()
        _kill_when(bank, treasury, lambda: journal.stat().st_size > 500_000, then_seconds)
        lines, batches = _counted(tmp_path, "lines"), _counted(tmp_path, "batches")
        assert lines == LARGE * batches
        assert batches >= len(treasury.acknowledged)
        bank.start()

    client = bank.client()
    client.submit("BIG", message)
    ((_, result),) = wait_for_results(client, 1)

    assert pain002.parse(result).group_status == "ACSC"
    assert bank.balance_twd() == 10**9 - LARGE


def test_a_bank_killed_while_it_executes_a_large_batch_has_executed_it_whole_or_not_at_all(
    start_bank: Callable[..., BankProcess], tmp_path: Path
) -> None:
    bank = start_bank(scenario={"returns": {"5": "22"}, "execution_seconds": 0.25}, opening_twd=10**9)
    message = order("BIG", amounts=(1,) * LARGE, accounts=("5",) * LARGE)
    for then_seconds in (0.1, 0.25, 0.3, 0.35):
        treasury = Treasury(bank.url, {"BIG": message})
        treasury.start()
        _kill_when(bank, treasury, partial(_has_acknowledged, treasury, 1), then_seconds)
        assert _counted(tmp_path, "lines") == LARGE
        assert _counted(tmp_path, "entries") in {0, LARGE + 1}
        assert _counted(tmp_path, "entries") == (LARGE + 1) * _counted(tmp_path, "results")
        bank.start()

    ((_, result),) = wait_for_results(bank.client(), 1)

    assert len(pain002.parse(result).rejected) == LARGE
    assert _counted(tmp_path, "entries") == LARGE + 1
    assert bank.balance_twd() == 10**9


def _has_acknowledged(treasury: Treasury, count: int) -> bool:
    return len(treasury.acknowledged) >= count


def _counted(directory: Path, table: str) -> int:
    """The rows of a table, read beside the bank."""
    with sqlite3.connect(directory / "bank.sqlite") as books:
        return int(books.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
