"""What an agent does with its cards, whatever keeps their keys: encrypted files and PKCS#11 tokens alike."""

import base64
import http.client
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from signing.certificates import certificates_load, crls_load
from signing.content import split
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import TrustStore
from signing.simulation import codes
from signing.simulation.slots import card_insert, card_remove
from tests.signing.agent.process import CLOCK, PIN, CardStand, RunningAgent, fresh
from treasury.core import clock

USER_CODE = "87654321"


def said(agent: RunningAgent, number: str, pin: str, window: str = "") -> int:
    """What a card says to a PIN: 0 when it signed."""
    window = window or agent.handed(fresh())
    found = agent.sign(window, "1", number, pin).found
    agent.close(window)
    return int(found["last_error"] or found["ret_code"])


def unlock(agent: RunningAgent, number: str, user_code: str, pin: str = PIN) -> dict[str, int]:
    window = agent.window()
    found = agent.sign(window, "", number, pin, func="UnlockPin", userCode=user_code).found
    agent.close(window)
    return found


def test_what_a_window_has_shown_is_signed_with_the_right_pin(
    either: RunningAgent, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fresh(), fresh()
    window = either.handed(first, second)

    answers = [either.sign(window, key, number).found for key in ("1", "2")]

    monkeypatch.setenv("CLOCK", CLOCK)
    pki = either.stand.pki
    anchors, below = ([one for _, one in certificates_load(pki / part)] for part in ("anchors", "intermediates"))
    store = TrustStore(anchors, below, [RevocationList(one) for one in crls_load(pki / "crls")])
    for given, found in zip((first, second), answers, strict=True):
        message = base64.b64decode(found["signature"])
        signer = gate_pass(store=store, content=given, message=message, at=clock.now())
        assert (signer.message.card_number, found["cardSN"]) == (number, number)
        assert signer.message.nonce == split(given).head.nonce


def test_readers_tell_number_holder_and_certificate(either: RunningAgent, number: str) -> None:
    slots = {one["slotDescription"]: one["token"] for one in either.ask("/pkcs11info?withcert=true").found["slots"]}

    certificate = either.ask("/sign", {"func": "GetUserCert", "slotDescription": number}).found["certb64"]

    assert len(slots) >= 2
    assert (slots[number]["label"], slots[number]["isValid"]) == ("卓首長", True)
    assert slots[number]["certs"][0]["certb64"] == certificate


@pytest.mark.threat("pin-guessed")
def test_wrong_pins_are_counted_across_windows_until_the_user_code(either: RunningAgent, number: str) -> None:
    heard = [said(either, number, pin) for pin in ("1", "222222", "guess 3", PIN)]

    assert heard == [0x80000002, 0x80000001, codes.PIN_LOCKED, codes.PIN_LOCKED]
    assert unlock(either, number, "00000000")["last_error"] == codes.PIN_WRONG
    assert unlock(either, number, USER_CODE, "")["ret_code"] == codes.NO_PIN
    assert unlock(either, number, USER_CODE, "246810")["ret_code"] == codes.OK
    assert said(either, number, PIN) == 0x80000002
    assert said(either, number, "246810") == 0
    assert unlock(either, number, USER_CODE)["ret_code"] == codes.OK
    assert said(either, number, PIN) == 0


def test_a_right_pin_gives_all_tries_back(either: RunningAgent, number: str) -> None:
    for _ in range(2):
        assert [said(either, number, pin) for pin in ("wrong", "wrong", PIN)] == [0x80000002, 0x80000001, 0]

    assert (either.stand.cards / f"{number}.tries").read_text() == " 3 10\n"


@pytest.mark.threat("user-code-guessed")
def test_ten_wrong_user_codes_end_a_card(either: RunningAgent, number: str) -> None:
    heard = [unlock(either, number, f"{guess:08}")["last_error"] for guess in range(10)]

    assert heard == [codes.PIN_WRONG] * 10
    assert (either.stand.cards / f"{number}.tries").read_text() == " 3  0\n"
    assert unlock(either, number, USER_CODE)["last_error"] == codes.PIN_WRONG


@pytest.mark.parametrize("pin", ["1", "12345", "123456789", "abcdef", "１２３４５６"])
def test_a_new_pin_of_another_shape_costs_no_try(either: RunningAgent, number: str, pin: str) -> None:
    found = unlock(either, number, USER_CODE, pin)

    assert (found["ret_code"], found["last_error"]) == (codes.CARD_ERROR, codes.PIN_LENGTH)
    assert (either.stand.cards / f"{number}.tries").read_text() == " 3 10\n"


@pytest.mark.parametrize("pin", ["", "\ud800", "１２３４５６", "1\x002", "9" * 33, None, 135790])
def test_what_can_be_no_pin_costs_no_try(either: RunningAgent, number: str, pin: str) -> None:
    window = either.handed(fresh())

    assert either.sign(window, "1", number, pin).ret_code == codes.NO_PIN
    assert (either.stand.cards / f"{number}.tries").read_text() == " 3 10\n"


@pytest.mark.threat("pin-guessed-in-parallel")
def test_windows_and_agents_guessing_in_parallel_get_three_tries(either: RunningAgent, number: str) -> None:
    with either.stand.running() as other, ThreadPoolExecutor(8) as pool:
        pairs = [(agent, agent.handed(fresh())) for agent in (either, other)]
        tried = [(*pairs[index % 2], f"{index:06}") for index in range(12)]
        heard = list(pool.map(lambda one: one[0].sign(one[1], "1", number, one[2]).found["last_error"], tried))

    assert sorted(heard) == sorted([0x80000002, 0x80000001, *[codes.PIN_LOCKED] * 10])


@pytest.mark.threat("pin-guessed")
def test_guessing_goes_on_counting_when_the_agent_is_killed(either: RunningAgent, number: str) -> None:
    with either.stand.running() as another:
        heard = [another.sign(another.handed(fresh()), "1", number, "1").found["last_error"]]
        another.child.kill()
    heard += [said(either, number, pin) for pin in ("2", "3", PIN)]

    assert heard == [0x80000002, 0x80000001, codes.PIN_LOCKED, codes.PIN_LOCKED]


@pytest.mark.threat("pin-guessed", "pin-killed-midway")
def test_guesses_in_flight_when_the_agent_is_killed_gain_nothing(either: RunningAgent, number: str) -> None:
    def guess(agent: RunningAgent, window: str, pin: str) -> int:
        try:
            return int(agent.sign(window, "1", number, pin).found["last_error"])
        except (OSError, http.client.HTTPException):
            return -1

    with either.stand.running() as another, ThreadPoolExecutor(4) as pool:
        window = another.handed(fresh())
        asked = [pool.submit(guess, another, window, f"{index:06}") for index in range(4)]
        wait(asked, return_when=FIRST_COMPLETED)
        another.child.kill()
        heard = [one.result() for one in asked]
    heard += [said(either, number, f"{index:06}") for index in range(4, 8)]

    assert heard.count(0x80000002) <= 1
    assert heard.count(0x80000001) <= 1
    assert set(heard) <= {0x80000002, 0x80000001, codes.PIN_LOCKED, -1}
    assert said(either, number, PIN) == codes.PIN_LOCKED


@pytest.mark.threat("pin-replaced")
def test_an_old_pin_is_none_wherever_the_new_one_was_set(either: RunningAgent, stand: CardStand, number: str) -> None:
    assert said(either, number, PIN) == 0
    elsewhere = stand.backend()
    card = elsewhere.card(number)
    assert card is not None

    elsewhere.unlock(card, user_code=USER_CODE, new_pin="246810")

    assert said(either, number, PIN) == 0x80000002
    assert said(either, number, "246810") == 0
    elsewhere.unlock(card, user_code=USER_CODE, new_pin=PIN)


def test_a_card_taken_out_is_not_there_until_it_is_put_in(either: RunningAgent, number: str) -> None:
    card_remove(either.stand.cards, number)

    assert said(either, number, PIN) == codes.NO_CARD
    assert number not in {one["slotDescription"] for one in either.ask("/pkcs11info").found["slots"]}

    card_insert(either.stand.cards, number)
    assert said(either, number, PIN) == 0
