"""Local programs and the card agent in test mode, which takes PINs of them: `CardClient` and the bare protocol."""

import json
import urllib.parse
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from signing.card_client import CardClient
from signing.certificates import certificates_load, crls_load
from signing.cms import message_read
from signing.content import content_build
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import TrustStore
from tests.signing.agent.process import CLOCK, PIN, CardStand, RunningAgent
from tests.signing.documents import NONCE, document
from treasury.core import clock
from treasury.core.errors import Problem

CONTENT = content_build(document=document(), capacity="head", nonce=NONCE, statement_version="1")


@pytest.fixture(scope="module")
def serving(files: CardStand) -> Iterator[RunningAgent]:
    with files.running("--test-mode") as agent:
        yield agent


@pytest.fixture
def open_agent(serving: RunningAgent) -> RunningAgent:
    """The agent in test mode, with every counter full."""
    serving.stand.fill()
    return serving


@pytest.fixture
def client(open_agent: RunningAgent) -> Iterator[CardClient]:
    client = CardClient(open_agent.url, timeout_seconds=20)
    yield client
    client.close()


def problem_of(client: CardClient, card_no: str, pin: str, content: bytes = CONTENT) -> Problem:
    with pytest.raises(Problem) as problem:
        client.sign(card_no=card_no, pin=pin, content=content)
    return problem.value


def test_a_card_signs_what_passes_the_gate(
    client: CardClient, files: CardStand, card_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = client.sign(card_no=card_no, pin=PIN, content=CONTENT, nonce=NONCE)

    monkeypatch.setenv("CLOCK", CLOCK)
    anchors, below = ([one for _, one in certificates_load(files.pki / part)] for part in ("anchors", "intermediates"))
    store = TrustStore(anchors, below, [RevocationList(one) for one in crls_load(files.pki / "crls")])
    signer = gate_pass(store=store, content=CONTENT, message=message, at=clock.now())
    assert signer.certificate.der == client.certificate(card_no)
    assert (signer.message.card_number, signer.message.nonce) == (card_no, NONCE)
    assert abs(signer.message.signing_time - clock.now()) < timedelta(minutes=1)


def test_the_readers_are_listed(client: CardClient, card_no: str) -> None:
    listed = {one.card_no: one for one in client.cards(with_certificates=True)}

    assert listed[card_no].certificate == client.certificate(card_no)
    assert listed[card_no].label == "卓首長"
    assert all(one.certificate == b"" for one in client.cards())


def test_refusals_of_a_card_are_problems_in_words(client: CardClient, open_agent: RunningAgent, card_no: str) -> None:
    first, second, third, right = (problem_of(client, card_no, pin) for pin in ("1", "2", "3", PIN))

    assert [one.detail for one in (first, second)] == [f"密碼錯誤，尚可再試 {left} 次" for left in (2, 1)]
    assert [one.code for one in (first, second, third, right)] == ["card_pin_wrong"] * 2 + ["card_locked"] * 2
    unlock = {"func": "UnlockPin", "slotDescription": card_no, "userCode": "87654321", "pin": PIN}
    assert open_agent.ask("/sign", unlock).ret_code == 0
    assert client.sign(card_no=card_no, pin=PIN, content=CONTENT)


@pytest.mark.threat("raw-signature")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"raw text",
        b'{"typ":"epay-voucher/1"}',
        CONTENT + b" ",
        CONTENT.replace(b'"revision":1', b'"revision":1.0'),
    ],
)
def test_it_signs_nothing_but_our_canonical_content(client: CardClient, card_no: str, content: bytes) -> None:
    found = problem_of(client, card_no, PIN, content)

    assert found.code == ("card_refuses_content" if content else "card_no_content")


def test_an_absent_card_and_a_missing_pin_have_their_codes(client: CardClient, card_no: str) -> None:
    assert problem_of(client, "GC00000000000000", PIN).code == "card_absent"
    assert problem_of(client, "../../etc/passwd", PIN).code == "card_absent"
    assert problem_of(client, card_no, "").code == "card_no_pin"


@pytest.mark.parametrize("body", [b"x", b"[]", b"[" * 100_000, b'{"a":', b"9" * 5000])
def test_a_package_that_is_no_object_is_bad_json(open_agent: RunningAgent, body: bytes) -> None:
    assert open_agent.ask("/sign", body).ret_code == 0x7600000B


def test_the_form_field_of_the_browser_is_understood(open_agent: RunningAgent, card_no: str) -> None:
    package = {"func": "GetUserCert", "slotDescription": card_no}
    form = urllib.parse.urlencode({"tbsPackage": json.dumps(package)}).encode()
    kind = {"Content_Type": "application/x-www-form-urlencoded"}

    assert open_agent.ask("/sign", form, **kind).found["cardSN"] == card_no
    assert open_agent.ask("/sign", b"other=1", **kind).ret_code == 0x7600000B
    assert open_agent.ask("/sign", b"&".join([b"a=1"] * 50), **kind).ret_code == 0x7600000B


@pytest.mark.threat("raw-signature")
def test_raw_signatures_and_other_functions_are_refused(open_agent: RunningAgent, card_no: str) -> None:
    wanted = {"slotDescription": card_no, "pin": PIN, "tbs": CONTENT.decode(), "tbsEncoding": "NONE"}
    sign = {**wanted, "func": "MakeSignature", "signatureType": "PKCS7"}

    def code(package: dict[str, Any]) -> int:
        return open_agent.ask("/sign", package).ret_code

    assert code({**sign, "signatureType": "PKCS1"}) == 0x76000002
    assert code({**wanted, "func": "Decrypt"}) == 0x76000002
    assert code({**sign, "hashAlgorithm": "SHA1"}) == 0x76000010
    assert code({**sign, "tbs": "%", "tbsEncoding": "base64"}) == 0x76000003
    assert code(sign) == 0


@pytest.mark.threat("origin-evil", "host-rebinding")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Host": "rebound.example"},
        {"Host": "127.0.0.1"},
    ],
)
def test_test_mode_serves_no_strange_page_either(
    open_agent: RunningAgent, card_no: str, headers: dict[str, str]
) -> None:
    answer = open_agent.ask("/sign", {"func": "GetUserCert", "slotDescription": card_no}, **headers)

    assert answer.ret_code == 0x7600000F


def test_a_service_that_is_gone_is_a_problem(files: CardStand, card_no: str) -> None:
    with files.running("--test-mode") as agent:
        client = CardClient(agent.url, timeout_seconds=20)
        client.certificate(card_no)

    with pytest.raises(Problem) as problem:
        client.certificate(card_no)

    assert (problem.value.code, problem.value.status) == ("card_service_down", 503)


def test_it_signs_many_over_one_connection(client: CardClient, files: CardStand) -> None:
    numbers = [card.card_no for card in files.backend().cards() if card.facts["holder"] in ("卓首長", "余會計")]

    messages = [client.sign(card_no=numbers[index % 2], pin=PIN, content=CONTENT) for index in range(40)]

    assert len({message_read(message).card_number for message in messages}) == 2
