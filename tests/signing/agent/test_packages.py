"""What a window of the card agent takes, shows and signs, over HTTP."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from signing.simulation import codes
from tests.signing.agent.process import START, CardStand, RunningAgent, content, fresh, package
from treasury.core import clock


def test_the_window_shows_what_the_bytes_say(agent: RunningAgent) -> None:
    many, one = fresh(payees=12), fresh("accountant", number="P0307-009")

    shown = agent.take(agent.window(), package(many, one, nonce="what the bytes say")).found["contents"]

    assert [(line["id"], line["number"], line["capacity"]) for line in shown] == [
        ("1", "P0307-002", "head"),
        ("2", "P0307-009", "accountant"),
    ]
    assert (shown[0]["total_twd"], len(shown[0]["payees"])) == (1200, 12)
    assert shown[0]["payees"][0] == {"name": "禾穹晟文具行", "amount_twd": 100}
    assert shown[0]["agency_code"] == "0003010000"
    assert len(shown[0]["digest"]) == 64


def test_payees_that_do_not_add_up_are_shown_with_their_sum(agent: RunningAgent) -> None:
    odd = fresh().replace(b'"total_twd":100', b'"total_twd":999')
    transfer = fresh().replace(b'"payee_lines":', b'"payees":')

    shown = agent.take(agent.window(), package(odd, transfer, nonce="does not add up")).found["contents"]

    assert [(one["payees_twd"], one["total_twd"], len(one["payees"])) for one in shown] == [
        (100, 999, 1),
        (100, 100, 0),
    ]


@pytest.mark.threat("window-second")
def test_a_window_takes_one_package(agent: RunningAgent, token: str) -> None:
    again = agent.take(token, package(fresh(), nonce="another nonce"))

    assert again.ret_code == codes.REPLAYED


@pytest.mark.threat("window-second")
def test_a_second_window_waits_until_the_first_is_done(agent: RunningAgent, token: str) -> None:
    second = agent.window()
    assert agent.take(second, package(fresh(), nonce="second window")).ret_code == codes.WINDOW_BUSY

    agent.close(token)

    assert agent.take(second, package(fresh(), nonce="second window")).ret_code == codes.OK
    agent.close(second)


@pytest.mark.threat("package-replayed")
def test_what_was_handed_over_once_is_never_taken_again(agent: RunningAgent) -> None:
    given = package(fresh(), nonce="used for the first time")
    first = agent.window()
    assert agent.take(first, given).ret_code == codes.OK
    agent.close(first)

    repeats = [given, package(fresh(), nonce="used for the first time"), {**given, "nonce": "a nonce of its own"}]

    assert [agent.take(agent.window(), one).ret_code for one in repeats] == [codes.REPLAYED] * 3


@pytest.mark.threat("package-replayed")
def test_what_was_handed_over_is_known_to_other_agents_and_after_a_kill(agent: RunningAgent, files: CardStand) -> None:
    given, later = (package(fresh(), nonce=f"before the {what}") for what in ("kill", "restart"))
    with files.running() as first:
        assert first.take(first.window(), given).ret_code == codes.OK
        first.child.kill()

    assert agent.take(agent.window(), given).ret_code == codes.REPLAYED
    window = agent.window()
    assert agent.take(window, later).ret_code == codes.OK
    with files.running() as second:
        assert [second.take(second.window(), one).ret_code for one in (given, later)] == [codes.REPLAYED] * 2


def test_a_closed_or_unknown_window_signs_nothing(agent: RunningAgent, token: str, card_no: str) -> None:
    assert agent.sign("unknown", "1", card_no).ret_code == codes.WINDOW_CLOSED
    assert agent.sign(token, "2", card_no).ret_code == codes.NO_CONTENT
    agent.close(token)
    assert agent.sign(token, "1", card_no).ret_code == codes.WINDOW_CLOSED
    assert agent.ask("/popup/alive", {"popup": token}, Origin=agent.own).ret_code == codes.WINDOW_CLOSED


def test_a_window_signs_what_it_was_given_whatever_comes_later(agent: RunningAgent, token: str, card_no: str) -> None:
    other = base64.b64encode(fresh()).decode()

    found = agent.sign(token, "1", card_no, tbs=other, tbsEncoding="base64", nonce="other").found

    assert found["ret_code"] == codes.OK
    assert other.encode() not in base64.b64decode(found["signature"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"packages": []}, codes.NO_CONTENT),
        ({"packages": "x"}, codes.NO_CONTENT),
        ({"packages": [{}] * 501}, codes.NO_CONTENT),
        ({"packages": [1]}, codes.BAD_JSON),
        ({"packages": [{"id": "1", "tbs": 5}]}, codes.BAD_JSON),
        ({"nonce": ""}, codes.BAD_JSON),
        ({"nonce": 12345678}, codes.BAD_JSON),
    ],
)
def test_a_package_of_another_shape_is_refused(agent: RunningAgent, change: dict[str, Any], code: int) -> None:
    given = package(fresh(), nonce="another shape") | change

    assert agent.take(agent.window(), given).ret_code == code


@pytest.mark.threat("raw-signature")
@pytest.mark.parametrize(
    "change",
    [
        {"tbs": base64.b64encode(b"raw digest bytes").decode()},
        {"tbs": base64.b64encode(content() + b" ").decode()},
        {"tbs": base64.b64encode(content().replace(b'"amount_twd":100', b'"amount_twd":"100"')).decode()},
        {"tbs": base64.b64encode(content().replace(b'"payee_lines":[', b'"payee_lines":{"a":[', 1)).decode()},
        {"tbs": base64.b64encode(content().replace(b',"total_twd":100', b"")).decode()},
        {"tbs": base64.b64encode(content().replace("禾穹晟文具行".encode(), b"", 2)).decode() + "%"},
        {"tbsEncoding": "NONE"},
        {"hashAlgorithm": "SHA1"},
    ],
)
def test_it_shows_and_signs_nothing_but_our_canonical_content(agent: RunningAgent, change: dict[str, Any]) -> None:
    given = package(fresh(), nonce="not canonical")
    given["packages"][0] |= change

    assert agent.take(agent.window(), given).ret_code == codes.REFUSED_CONTENT


@pytest.mark.threat("raw-signature")
def test_raw_signatures_are_refused_everywhere(agent: RunningAgent, token: str, card_no: str) -> None:
    given = package(fresh(), nonce="raw signature")
    given["packages"][0]["signatureType"] = "PKCS1"

    assert agent.take(agent.window(), given).ret_code == codes.BAD_FUNCTION
    assert agent.sign(token, "1", card_no, func="MakeRawSignature").ret_code == codes.BAD_FUNCTION


def test_a_missing_pin_and_cards_out_of_their_time_have_their_codes(
    agent: RunningAgent, files: CardStand, token: str, card_no: str
) -> None:
    late = files.issue({"holder": "明日"}, at=clock.env_for(START + timedelta(days=1)))[0]
    early = files.issue({"holder": "昨日", "years": 1}, at=clock.env_for(START - timedelta(days=400)))[0]

    assert agent.sign(token, "1", card_no, "").ret_code == codes.NO_PIN
    assert agent.sign(token, "1", late["card_no"]).ret_code == codes.NOT_YET_VALID
    assert agent.sign(token, "1", early["card_no"]).ret_code == codes.EXPIRED
    assert agent.sign(token, "1", "../../etc/passwd").ret_code == codes.NO_CARD
