"""A bank process of our own for each test, on a day of its own, with its books under the test's directory."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from disbursement.bank_client import BankClient
from tests.disbursement.bank.bank_process import BankProcess
from treasury.core import clock

FRIDAY = datetime(2025, 3, 7, 9, 0, tzinfo=clock.ZONE)


@pytest.fixture
def start_bank(tmp_path: Path) -> Iterator[Callable[..., BankProcess]]:
    """Starts a bank: `start_bank(scenario={...}, at=moment, opening_twd=N)`; the books outlive it within the test."""
    started: list[BankProcess] = []

    def start(
        *, scenario: dict[str, Any] | None = None, at: datetime = FRIDAY, opening_twd: int = 1_000_000
    ) -> BankProcess:
        arguments = ["--store", str(tmp_path / "bank.sqlite"), "--opening-twd", str(opening_twd)]
        if scenario is not None:
            path = tmp_path / "scenario.json"
            path.write_text(json.dumps(scenario))
            arguments += ["--scenario", str(path)]
        bank = BankProcess(
            [sys.executable, "-m", "disbursement.simulation.bank", *arguments],
            directory=tmp_path,
            clock_setting=clock.env_for(at),
        )
        started.append(bank)
        return bank.start()

    yield start
    for bank in started:
        bank.kill()


@pytest.fixture
def bank(start_bank: Callable[..., BankProcess]) -> BankProcess:
    """A bank without bad manners and a million dollars on the account."""
    return start_bank()


@pytest.fixture
def client(bank: BankProcess) -> BankClient:
    """A conversation with that bank."""
    return bank.client()
