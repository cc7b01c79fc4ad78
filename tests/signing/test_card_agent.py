"""The card agent over HTTP: whom it serves, what its window takes and signs, and what it refuses."""

import base64
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signing.certificates import certificates_load, crls_load
from signing.content import split
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import TrustStore
from signing.simulation import codes
from tests.signing.agent_process import CLOCK, PIN, SITE, START, RunningAgent, agent_running, content, issue, package
from treasury.core import clock

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authorities, and the cards of 行政院's head and accountant."""
    made = tmp_path_factory.mktemp("agent")
    issue(made, {"capacity": "head", "holder": "卓首長"}, {"capacity": "accountant", "holder": "余會計"})
    return made


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[RunningAgent]:
    with agent_running(folder) as agent:
        yield agent


@pytest.fixture
def agent(running: RunningAgent) -> Iterator[RunningAgent]:
    """The agent with every counter full, every card in, and no window left open."""
    for tries in running.cards.glob("*.tries"):
        tries.write_text(" 3 10\n")
    for out in running.cards.glob("*.out"):
        out.unlink()
    yield running
    running.close_all()


@pytest.fixture
def card_no(agent: RunningAgent) -> str:
    """The head's card."""
    slots = agent.ask("/pkcs11info").found["slots"]
    return str(next(one["slotDescription"] for one in slots if one["token"]["label"] == "卓首長"))


_count = 0


def fresh(capacity: str = "head", **given: Any) -> bytes:
    """A content that was never handed over before."""
    global _count
    _count += 1
    return content(capacity=capacity, nonce=f"{_count:043d}", **given)


def handed(agent: RunningAgent, *contents: bytes) -> str:
    """A window that has taken a package."""
    token = agent.window()
    assert agent.take(token, package(*contents, nonce=f"nonce of {token}")).ret_code == codes.OK
    return token


# Who is served


def test_it_listens_on_loopback_alone_on_both_addresses(agent: RunningAgent) -> None:
    assert agent.ask("/pkcs11info").ret_code == codes.OK
    assert agent.ask("/pkcs11info", host="::1", Host=f"[::1]:{agent.port}").ret_code == codes.OK

    with pytest.raises(OSError):
        socket.create_connection((_own_address(), agent.port), timeout=1).close()


def _own_address() -> str:
    """An address of this machine that others can reach, else one that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.2"


@pytest.mark.threat("origin-evil", "host-rebinding")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": SITE}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": "*"}, 403),
        ({"Origin": EVIL}, 403),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:80000"}, 403),
        ({"Host": "rebound.example:61161"}, 403),
        ({"Host": "127.0.0.1"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        # An <img> or <script> of a page elsewhere names no Origin, but the browser says where it comes from.
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": SITE, "Sec_Fetch_Site": "cross-site"}, 200),
    ],
)
def test_readers_are_shown_to_known_pages_and_local_programs(
    agent: RunningAgent, headers: dict[str, str], status: int
) -> None:
    answer = agent.ask("/pkcs11info?withcert=true", **headers)

    assert (answer.status, answer.ret_code) == (status, codes.OK if status == 200 else codes.FORBIDDEN)
    assert answer.headers["Access-Control-Allow-Origin"] == (SITE if headers.get("Origin") == SITE else None)


@pytest.mark.threat("host-rebinding")
def test_two_hosts_are_no_host(agent: RunningAgent) -> None:
    with socket.create_connection(("127.0.0.1", agent.port), timeout=5) as raw:
        host = f"Host: 127.0.0.1:{agent.port}\r\n"
        raw.sendall(f"GET /pkcs11info HTTP/1.1\r\n{host}{host}\r\n".encode())

        assert b" 403 " in raw.recv(100)


def test_a_preflight_is_granted_for_reading_cards_alone(agent: RunningAgent) -> None:
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Private_Network": "true"}

    granted = agent.ask("/pkcs11info", method="OPTIONS", Origin=SITE, **asked)

    assert (granted.status, granted.headers["Access-Control-Allow-Methods"]) == (204, "GET")
    assert granted.headers["Access-Control-Allow-Origin"] == SITE
    assert granted.headers["Access-Control-Allow-Private-Network"] == "true"
    plain = agent.ask("/pkcs11info", method="OPTIONS", Origin=SITE)
    assert plain.headers["Access-Control-Allow-Private-Network"] is None
    for path, origin in (("/sign", SITE), ("/pkcs11info", EVIL), ("/pkcs11info", "null"), ("/popupForm", SITE)):
        assert agent.ask(path, method="OPTIONS", Origin=origin).status == 403


@pytest.mark.parametrize("origin", ["*", "null", "evil", "https://evil.example/path", "HTTPS://EVIL.EXAMPLE", ""])
def test_it_does_not_start_with_an_origin_that_is_none(folder: Path, origin: str) -> None:
    command = [sys.executable, "-m", "signing.simulation.card_service", "--cards", str(folder), "--origin", origin]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 2
    assert "no exact origin" in done.stderr


# The window


@pytest.mark.threat("iframe")
@pytest.mark.parametrize("path", [f"/popupForm?origin={SITE}", "/selfTest.htm", "/popup/popup.js", "/popup/popup.css"])
def test_pages_of_the_agent_are_not_framed_and_run_no_strange_script(agent: RunningAgent, path: str) -> None:
    answer = agent.ask(path)

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status == 200
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert b"<script>" not in answer.body and b"style=" not in answer.body and b"onclick" not in answer.body


@pytest.mark.threat("iframe", "origin-evil")
def test_the_window_opens_for_known_origins_and_never_in_a_frame(agent: RunningAgent) -> None:
    assert agent.ask(f"/popupForm?lang=en&origin={SITE}", Sec_Fetch_Dest="document").status == 200
    assert agent.ask(f"/popupForm?origin={SITE}", Sec_Fetch_Dest="iframe").status == 403
    assert agent.ask(f"/popupForm?origin={SITE}", Sec_Fetch_Dest="object").status == 403
    for origin in (EVIL, "null", "*", "", '"><script>'):
        answer = agent.ask(f"/popupForm?origin={origin}")
        assert (answer.status, b"data-popup" in answer.body) == (403, False)
    assert agent.ask("/popupForm").status == 403


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


def test_what_a_window_has_shown_is_signed_with_the_right_pin(
    agent: RunningAgent, folder: Path, card_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fresh(), fresh()
    token = handed(agent, first, second)

    answers = [agent.sign(token, key, card_no).found for key in ("1", "2")]

    monkeypatch.setenv("CLOCK", CLOCK)
    anchors, below = (
        [one for _, one in certificates_load(folder / "pki" / part)] for part in ("anchors", "intermediates")
    )
    store = TrustStore(anchors, below, [RevocationList(one) for one in crls_load(folder / "pki" / "crls")])
    for given, found in zip((first, second), answers, strict=True):
        message = base64.b64decode(found["signature"])
        signer = gate_pass(store=store, content=given, message=message, at=clock.now())
        assert (signer.message.card_number, found["cardSN"]) == (card_no, card_no)
        assert signer.message.nonce == split(given).head.nonce
    agent.close(token)


@pytest.fixture
def token(agent: RunningAgent) -> str:
    """A window that waits for its PIN."""
    return handed(agent, fresh())


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


def test_only_its_own_windows_speak_for_a_window(agent: RunningAgent, token: str, card_no: str) -> None:
    wanted = {"func": "MakeSignature", "popup": token, "id": "1", "slotDescription": card_no, "pin": PIN}

    for headers in ({"Origin": SITE}, {}, {"Origin": f"http://localhost:{agent.port}"}):
        assert agent.ask("/sign", wanted, **headers).ret_code == codes.FORBIDDEN
        assert agent.ask("/popup/package", {"popup": token}, **headers).ret_code == codes.FORBIDDEN
        assert agent.ask("/popup/close", {"popup": token}, **headers).ret_code == codes.FORBIDDEN
    assert agent.take(agent.window(), package(fresh()), origin=EVIL).ret_code == codes.FORBIDDEN
    assert agent.sign(token, "1", card_no).ret_code == codes.OK


def test_a_pin_is_taken_from_no_page_and_no_program_outside_test_mode(agent: RunningAgent, card_no: str) -> None:
    one = fresh()
    wanted = {
        "func": "MakeSignature",
        "signatureType": "PKCS7",
        "slotDescription": card_no,
        "pin": PIN,
        **package(one)["packages"][0],
    }

    assert [agent.ask("/sign", wanted, **headers).ret_code for headers in ({}, {"Origin": SITE})] == [
        codes.FORBIDDEN
    ] * 2
    certificate = {"func": "GetUserCert", "slotDescription": card_no}
    assert [agent.ask("/sign", certificate, **headers).ret_code for headers in ({}, {"Origin": SITE})] == [codes.OK] * 2
    unlock = {"func": "UnlockPin", "slotDescription": card_no, "userCode": "87654321", "pin": "1"}
    assert agent.ask("/sign", unlock, Origin=SITE).ret_code == codes.FORBIDDEN


# PIN and cards


@pytest.mark.threat("pin-guessed")
def test_wrong_pins_are_counted_across_windows_until_the_user_code(
    agent: RunningAgent, token: str, card_no: str
) -> None:
    said = [agent.sign(token, "1", card_no, pin).found for pin in ("1", "2", "3", PIN)]

    assert [one["last_error"] for one in said] == [0x80000002, 0x80000001, codes.PIN_LOCKED, codes.PIN_LOCKED]
    agent.close(token)
    second = handed(agent, fresh())
    assert agent.sign(second, "1", card_no).found["last_error"] == codes.PIN_LOCKED
    wrong = agent.sign(second, "", card_no, "246810", func="UnlockPin", userCode="0")
    assert wrong.found["last_error"] == codes.PIN_WRONG
    assert agent.sign(second, "", card_no, "", func="UnlockPin", userCode="87654321").ret_code == codes.NO_PIN
    assert agent.sign(second, "", card_no, PIN, func="UnlockPin", userCode="87654321").ret_code == codes.OK
    assert agent.sign(second, "1", card_no).ret_code == codes.OK
    agent.close(second)


@pytest.mark.threat("pin-guessed-in-parallel")
def test_windows_guessing_in_parallel_get_three_tries(agent: RunningAgent, token: str, card_no: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda pin: agent.sign(token, "1", card_no, str(pin)).found["last_error"], range(12)))

    assert sorted(said) == sorted([0x80000002, 0x80000001, *[codes.PIN_LOCKED] * 10])


@pytest.mark.threat("pin-guessed")
def test_guessing_goes_on_counting_when_the_agent_is_killed(folder: Path, agent: RunningAgent, card_no: str) -> None:
    said = []
    for pin in ("1", "2", "3", PIN):
        with agent_running(folder) as another:
            said.append(another.sign(handed(another, fresh()), "1", card_no, pin).found["last_error"])
            another.child.kill()

    assert said == [0x80000002, 0x80000001, codes.PIN_LOCKED, codes.PIN_LOCKED]


def test_a_card_taken_out_is_not_there_until_it_is_put_in(agent: RunningAgent, token: str, card_no: str) -> None:
    slots(agent, "remove", card_no)

    assert agent.sign(token, "1", card_no).ret_code == codes.NO_CARD
    assert card_no not in {one["slotDescription"] for one in agent.ask("/pkcs11info").found["slots"]}
    assert f"out {card_no}" in slots(agent, "list")

    slots(agent, "insert")
    assert agent.sign(token, "1", card_no).ret_code == codes.OK

    slots(agent, "remove")
    assert agent.ask("/pkcs11info").found["slots"] == []


def slots(agent: RunningAgent, *arguments: str) -> str:
    command = [sys.executable, "-m", "signing.simulation.slots", "--cards", str(agent.cards), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_missing_pin_and_cards_out_of_their_time_have_their_codes(
    agent: RunningAgent, folder: Path, token: str, card_no: str
) -> None:
    late = issue(folder, {"capacity": "head", "holder": "明日"}, at=clock.env_for(START + timedelta(days=1)))[0]
    early = issue(
        folder, {"capacity": "head", "holder": "昨日", "years": 1}, at=clock.env_for(START - timedelta(days=400))
    )[0]

    assert agent.sign(token, "1", card_no, "").ret_code == codes.NO_PIN
    assert agent.sign(token, "1", late["card_no"]).ret_code == codes.NOT_YET_VALID
    assert agent.sign(token, "1", early["card_no"]).ret_code == codes.EXPIRED
    assert agent.sign(token, "1", "../../etc/passwd").ret_code == codes.NO_CARD


@pytest.mark.parametrize("length", ["x", "-1", "99999999999999", "70000000"])
def test_a_body_without_a_sensible_length_is_not_read(agent: RunningAgent, length: str) -> None:
    assert agent.ask("/sign", b"", method="POST", Content_Length=length).status == 413


def test_what_is_no_object_is_nothing(agent: RunningAgent) -> None:
    for body in (b"[]", b"{", b"5"):
        assert agent.ask("/popup/alive", body, Origin=agent.own).ret_code == codes.WINDOW_CLOSED
        assert agent.ask("/sign", body, Origin=agent.own).ret_code in (codes.BAD_JSON, codes.FORBIDDEN)
