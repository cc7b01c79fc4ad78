"""The counter of tries when somebody pulls the plug: killed for good at every point around a comparison."""

import signal
import subprocess
import sys
from itertools import pairwise

import pytest

from signing.simulation.backends import CardBackend, CardLocked, WrongPin
from signing.simulation.cards import Card
from tests.signing.agent.process import PIN, CardStand

DATA = b"the signed attributes"


@pytest.fixture
def backend(stand: CardStand) -> CardBackend:
    """Either back end in this process, with every counter full."""
    stand.fill()
    return stand.backend()


@pytest.fixture
def card(backend: CardBackend, number: str) -> Card:
    """The head's card."""
    found = backend.card(number)
    assert found is not None
    return found


def killed(stand: CardStand, card: Card, point: str, pin: str = PIN) -> str:
    """What the counter says after a process was killed at a point."""
    given = [str(stand.cards), stand.module, card.card_no, point, pin]
    done = subprocess.run([sys.executable, "-m", "tests.signing.agent.dying", *given], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return card.tries_path.read_text()


@pytest.mark.threat("pin-killed-midway")
def test_a_kill_between_decrement_and_comparison_costs_the_try_even_of_a_right_pin(
    stand: CardStand, backend: CardBackend, card: Card
) -> None:
    counted = [killed(stand, card, "before", pin) for pin in ("000000", PIN, PIN)]

    assert counted == [" 2 10\n", " 1 10\n", " 0 10\n"]
    with pytest.raises(CardLocked):
        backend.sign(card, pin=PIN, data=DATA)


@pytest.mark.threat("pin-killed-midway")
def test_a_kill_after_a_right_pin_gives_nothing_that_was_not_there(
    stand: CardStand, backend: CardBackend, card: Card
) -> None:
    assert killed(stand, card, "after") == " 2 10\n"

    with pytest.raises(WrongPin) as wrong:
        backend.sign(card, pin="000000", data=DATA)

    assert wrong.value.left == 1
    assert backend.sign(card, pin=PIN, data=DATA)
    assert card.tries_path.read_text() == " 3 10\n"


@pytest.mark.threat("user-code-guessed")
def test_a_kill_before_the_user_code_is_compared_costs_one_of_its_tries(stand: CardStand, card: Card) -> None:
    assert killed(stand, card, "unlock") == " 3  9\n"


@pytest.mark.threat("counter-lost")
@pytest.mark.parametrize("said", [None, "", "many tries", "-5 10\n", "3"])
def test_a_counter_that_is_lost_or_says_nothing_locks_the_card(
    backend: CardBackend, card: Card, said: str | None
) -> None:
    if said is None:
        card.tries_path.unlink()
    else:
        card.tries_path.write_text(said)

    try:
        with pytest.raises(CardLocked):
            backend.sign(card, pin=PIN, data=DATA)
    finally:
        card.tries_path.write_text(" 3 10\n")


def test_what_is_spent_is_on_disk_before_anything_is_compared(
    backend: CardBackend, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    compare = backend._sign
    monkeypatch.setattr(backend, "_sign", lambda *given: (seen.append(card.tries_path.read_text()), compare(*given))[1])

    for pin in ("000000", "111111"):
        with pytest.raises(WrongPin):
            backend.sign(card, pin=pin, data=DATA)

    assert seen == [" 2 10\n", " 1 10\n"]
    assert all(before > after for before, after in pairwise(seen))
