"""The card agent with the cards of 行政院's head and accountant, over files and over tokens; one process each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from signing.simulation.authorities import Pki
from tests.browser.chromium import chromium
from tests.signing.agent.process import SITE, START, CardStand, RunningAgent, fresh
from tests.signing.agent.window import REBOUND
from tests.signing.signing_site import SigningSite, site_running

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
def site_server() -> Iterator[SigningSite]:
    """A site that agents know, beside the address that has no page behind it."""
    with site_running("") as site:
        yield site


@pytest.fixture(scope="session")
def running_files(files: CardStand, site_server: SigningSite) -> Iterator[RunningAgent]:
    with files.running(origins=(SITE, site_server.url)) as agent:
        yield agent


@pytest.fixture(scope="session")
def running_tokens(tokens: CardStand, site_server: SigningSite) -> Iterator[RunningAgent]:
    with tokens.running(origins=(SITE, site_server.url)) as agent:
        yield agent


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, stand: CardStand) -> RunningAgent:
    found: RunningAgent = request.getfixturevalue("running_tokens" if stand.module else "running_files")
    return found


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


# In the browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """In which a name of an attacker's leads to this machine."""
    with chromium(f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def site(site_server: SigningSite, agent: RunningAgent) -> SigningSite:
    """The site, which asks the agent over files, with two contents never handed over before."""
    many, one = fresh(payees=12), fresh(number="P0307-003")
    site_server.agent_url, site_server.contents = agent.url, [many, one]
    site_server.card_no, site_server.card_nos = "", None
    site_server.problem, site_server.results, site_server.page = None, None, ""
    return site_server
