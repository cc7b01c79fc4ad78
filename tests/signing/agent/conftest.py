"""The card agent with the cards of 行政院's head and accountant, over files and over tokens; one process each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.simulation.authorities import Pki
from tests.signing.agent.process import START, CardStand, RunningAgent, fresh

SOFTHSM = os.environ.get("CARD_MODULE") or "/usr/lib/softhsm/libsofthsm2.so"
HEAD, ACCOUNTANT = "卓首長", "余會計"


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the simulated authorities."""
    folder = tmp_path_factory.mktemp("authorities")
    Pki(folder).make(START)
    return folder


def _stand(pki: Path, cards: Path, module: str = "") -> CardStand:
    stand = CardStand(pki, cards, module)
    stand.issue({"capacity": "head", "holder": HEAD}, {"capacity": "accountant", "holder": ACCOUNTANT})
    return stand


@pytest.fixture(scope="session")
def files(authorities: Path, tmp_path_factory: pytest.TempPathFactory) -> CardStand:
    """Cards as encrypted files."""
    return _stand(authorities, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def tokens(authorities: Path, tmp_path_factory: pytest.TempPathFactory) -> CardStand:
    """Cards as tokens of SoftHSM."""
    assert Path(SOFTHSM).exists(), "no SoftHSM: bin/bootstrap test installs it"
    return _stand(authorities, tmp_path_factory.mktemp("tokens"), SOFTHSM)


@pytest.fixture(scope="session", params=["files", "tokens"])
def stand(request: pytest.FixtureRequest) -> CardStand:
    """Cards of either kind: what holds for one holds for the other."""
    found: CardStand = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def running_files(files: CardStand) -> Iterator[RunningAgent]:
    with files.running() as agent:
        yield agent


@pytest.fixture(scope="session")
def running(stand: CardStand) -> Iterator[RunningAgent]:
    with stand.running() as agent:
        yield agent


def _ready(agent: RunningAgent) -> Iterator[RunningAgent]:
    agent.stand.fill()
    yield agent
    agent.close_all()


@pytest.fixture
def agent(running_files: RunningAgent) -> Iterator[RunningAgent]:
    """The agent over files, with every counter full, every card in, and no window left open."""
    yield from _ready(running_files)


@pytest.fixture
def either(running: RunningAgent) -> Iterator[RunningAgent]:
    """The agent over files, then over tokens, with every counter full, every card in, and no window left open."""
    yield from _ready(running)


@pytest.fixture
def card_no(files: CardStand) -> str:
    """The head's card, over files."""
    return next(card.card_no for card in files.backend().cards() if card.facts["holder"] == HEAD)


@pytest.fixture
def number(stand: CardStand) -> str:
    """The head's card, over either."""
    return next(card.card_no for card in stand.backend().cards() if card.facts["holder"] == HEAD)


@pytest.fixture
def token(agent: RunningAgent) -> str:
    """A window that waits for its PIN."""
    return agent.handed(fresh())
