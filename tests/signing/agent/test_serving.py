"""Whom the card agent serves: by address, Host, Origin, and the browser's own word on the request."""

import socket
import subprocess
import sys

import pytest

from signing.simulation import codes
from tests.signing.agent.process import PIN, SITE, CardStand, RunningAgent, fresh, package

EVIL = "https://evil.example"


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


@pytest.mark.threat("preflight-foreign")
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
def test_it_does_not_start_with_an_origin_that_is_none(files: CardStand, origin: str) -> None:
    command = [sys.executable, "-m", "signing.simulation.card_service", "--cards", str(files.cards), "--origin", origin]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 2
    assert "no exact origin" in done.stderr


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
