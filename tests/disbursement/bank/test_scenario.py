"""A slow, forgetful or repetitive bank, and scenarios that are none."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from disbursement.bank_client import OutcomeUnknown
from disbursement.iso20022 import pain002
from tests.disbursement.bank.bank_process import BankProcess, order, wait_for_results

FIRST = "NTA-20250307-00001"


def test_a_bank_that_drops_the_line_after_accepting_has_accepted(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(scenario={"drop_after_accept": 2})
    client, message = bank.client(), order(FIRST, amounts=(1000,))

    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            client.submit(FIRST, message)
    wait_for_results(client, 1)

    assert client.enquire(FIRST).status == "credited"
    assert client.submit(FIRST, message).total_twd == 1000
    assert bank.balance_twd() == 1_000_000 - 1000


def test_a_slow_bank_leaves_the_outcome_open_until_it_is_asked(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(scenario={"slow_seconds": 0.6})

    with pytest.raises(OutcomeUnknown):
        bank.client(timeout=0.2).submit(FIRST, order(FIRST, amounts=(1000,)))

    assert bank.client().enquire(FIRST).status in {"accepted", "credited"}


def test_a_bank_that_repeats_itself_says_nothing_new(start_bank: Callable[..., BankProcess]) -> None:
    bank = start_bank(scenario={"repeat_answers": True})
    client = bank.client()
    client.submit(FIRST, order(FIRST, amounts=(1000,)))

    (first_seq, first), (second_seq, second) = wait_for_results(client, 2)

    assert (first_seq, second_seq) == (1, 2)
    assert first == second
    assert pain002.parse(first).message_id == pain002.parse(second).message_id
    assert [row["seq"] for row in bank.ask("GET", "/results?after=2")[1]["results"]] == [2]
    assert client.results(2) == []


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("no json", ""),
        ("[]", ""),
        ('{"colour": 1}', "/colour"),
        ('{"returns": {"1": "77"}}', "/returns"),
        ('{"slow_seconds": -1}', "/slow_seconds"),
        ('{"drop_after_accept": true}', "/drop_after_accept"),
        ('{"repeat_answers": 1}', "/repeat_answers"),
        ('{"present_cheques": [{"cheque_no": "NT1"}]}', "/present_cheques/0"),
    ],
)
def test_a_scenario_that_is_none_stops_the_start(tmp_path: Path, content: str, path: str) -> None:
    scenario = tmp_path / "scenario.json"
    scenario.write_text(content)

    ended = _run("--store", str(tmp_path / "bank.sqlite"), "--scenario", str(scenario))

    problem = json.loads(ended.stderr)
    assert ended.returncode == 2
    assert (problem["code"], problem["path"], problem["file"]) == ("bank_scenario", path, str(scenario))


def test_two_banks_do_not_keep_the_same_books(bank: BankProcess, tmp_path: Path) -> None:
    ended = _run("--store", str(tmp_path / "bank.sqlite"))

    assert (ended.returncode, json.loads(ended.stderr)["code"]) == (2, "bank_cannot_start")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "disbursement.simulation.bank", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
