"""What tests of the whole way share: cards made once, the day's clock, the desk with its people and books, the bank."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker, Settings

from signing.card_client import CardClient
from tests.browser.chromium import chromium
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import ON, OPENING_TWD, Cards, Desk, cards_issue, timestamps_served
from treasury import books
from treasury.core import clock
from treasury.embedded.children import Child

pytest_plugins = ["tests.measured", "tests.tally"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The tests' databases are copied from the template that books are made from, so the migrations run but once."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = books.template()


@pytest.fixture(autouse=True)
def house_language() -> None:
    """Every test begins in the language of the house, whatever the page before it was read in."""
    translation.activate(project.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium for the tests of a module."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def clock_setting() -> str:
    """Monday 10 March 2025, nine in the morning when it is first asked for; from then on time passes for everybody."""
    return clock.env_for(datetime.combine(ON, time(9), clock.ZONE))


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory, clock_setting: str) -> Iterator[Cards]:
    """Simulated authorities, the signers' cards, the card agent and the timestamps, once for all tests."""
    folder = tmp_path_factory.mktemp("signers")
    issued = cards_issue(folder, clock_setting)
    ready = folder / "cards.ready"
    module = [sys.executable, "-m", "signing.simulation.card_service"]
    service = Child(
        "cards",
        [*module, "--test-mode", "--cards", str(folder / "cards"), "--port", "0", "--ready-file", str(ready)],
        env={"CLOCK": clock_setting},
        ready_file=ready,
        log=folder / "cards.log",
    )
    with service, timestamps_served(folder / "pki", clock_setting) as timestamps:
        client = CardClient(service.wait_ready())
        project.TIMESTAMP_URL = timestamps
        yield Cards(folder, issued, client)
        client.close()


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, clock_setting: str) -> None:
    """The clock of the cards and the bank is ours as well."""
    monkeypatch.setenv("CLOCK", clock_setting)


@pytest.fixture
def desk(db: None, day: None, cards: Cards, tmp_path: Path) -> Desk:
    """Two agencies and the treasury with their people, cards, budget and money, rolled back after the test."""
    return Desk(cards, tmp_path)


@pytest.fixture
def shared_desk(transactional_db: None, day: None, cards: Cards, tmp_path: Path) -> Desk:
    """The same for several connections."""
    return Desk(cards, tmp_path)


@pytest.fixture
def start_agent_bank(
    tmp_path: Path, settings: Settings, day: None, clock_setting: str
) -> Iterator[Callable[..., BankProcess]]:
    """Starts the agent bank with a scenario: `start_agent_bank(returns={...})`; our side is told its address."""
    started: list[BankProcess] = []

    def start(*, opening_twd: int = OPENING_TWD, **scenario: Any) -> BankProcess:
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps(scenario))
        store = ["--store", str(tmp_path / "bank.sqlite"), "--opening-twd", str(opening_twd)]
        bank = BankProcess(
            [sys.executable, "-m", "disbursement.simulation.bank", *store, "--scenario", str(path)],
            directory=tmp_path,
            clock_setting=os.environ["CLOCK"],
        )
        started.append(bank)
        bank.start()
        settings.BANK_URL, settings.BANK_TIMEOUT_SECONDS = bank.url, 10.0
        return bank

    yield start
    for bank in started:
        bank.kill()


@pytest.fixture
def agent_bank(start_agent_bank: Callable[..., BankProcess]) -> BankProcess:
    """A bank that credits every line."""
    return start_agent_bank()
