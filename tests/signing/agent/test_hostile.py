"""Hostile clients of the card agent on the bare wire: requests with two meanings, bodies without end, patience."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from signing.simulation import card_service, codes, plain_http
from signing.simulation.agent import Agent
from signing.simulation.card_service import Service
from signing.simulation.connections import CONNECTIONS_MAX
from tests.signing.agent.process import PIN, SITE, CardStand, RunningAgent, fresh

EVIL = "https://evil.example"
CHECKOUT = str(Path(__file__).resolve().parents[3]).encode()


def wire(port: int, *parts: bytes, pause_seconds: float = 0) -> bytes:
    """Everything that comes back for some bytes, until the agent closes; the pieces are sent with pauses."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        for part in parts:
            try:
                raw.sendall(part)
            except ConnectionError:
                break
            time.sleep(pause_seconds)
        found = b""
        try:
            while piece := raw.recv(65536):
                found += piece
        except ConnectionError:
            pass
        return found


def get(port: int, path: str = "/pkcs11info", *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


# Requests that could be read in two ways


@pytest.mark.threat("request-smuggled")
@pytest.mark.parametrize(
    "headers",
    [
        ["Host: 127.0.0.1:{port}"],
        ["Host: evil.example"],
        ["Origin: {site}", "Origin: https://evil.example"],
        ["Origin: https://evil.example", "Origin: {site}"],
        ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
        ["Content-Length: 5"],
        ["Content-Length: 0", "Content-Length: 40"],
        ["Transfer-Encoding: chunked"],
        ["Transfer-Encoding: identity", "Content-Length: 4"],
        ["no colon in this line", "Origin: https://evil.example"],
        ["Origin : https://evil.example"],
    ],
)
def test_a_request_that_can_be_read_in_two_ways_ends_the_connection(agent: RunningAgent, headers: list[str]) -> None:
    given = [one.format(port=agent.port, site=SITE) for one in headers]

    found = wire(agent.port, get(agent.port, "/pkcs11info", *given) + get(agent.port))

    assert found.startswith(b"HTTP/1.1 400 ")
    assert found.count(b"HTTP/1.1") == 1
    assert b"slots" not in found


@pytest.mark.threat("request-smuggled")
@pytest.mark.parametrize("length", ["4, 4", "+4", "0x4", "\xb2", ""])
def test_a_post_whose_length_can_be_read_in_two_ways_is_not_read(agent: RunningAgent, length: str) -> None:
    lines = ["POST /sign HTTP/1.1", f"Host: 127.0.0.1:{agent.port}", f"Content-Length: {length}", "", "{}  "]

    found = wire(agent.port, "\r\n".join(lines).encode("latin-1"))

    assert found.startswith(b"HTTP/1.1 413 ")
    assert found.count(b"HTTP/1.1") == 1


@pytest.mark.threat("host-rebinding", "request-smuggled")
@pytest.mark.parametrize("path", ["http://evil.example/pkcs11info", "pkcs11info", "*"])
def test_an_address_that_is_not_ours_is_not_read(agent: RunningAgent, path: str) -> None:
    assert wire(agent.port, get(agent.port, path)).startswith(b"HTTP/1.1 400 ")


def test_folded_and_broken_origins_are_none_that_are_known(agent: RunningAgent) -> None:
    for origin in (f"Origin:\r\n {SITE}", f"Origin: {SITE}\r\n x", f"Origin: {SITE},{SITE}", f"Origin: {SITE}/"):
        assert wire(agent.port, get(agent.port, "/pkcs11info", origin, "Connection: close")).startswith(
            b"HTTP/1.1 403 "
        )


# Bodies


@pytest.mark.threat("body-huge")
def test_a_strange_page_is_refused_before_its_body_is_read(agent: RunningAgent) -> None:
    begun = time.monotonic()

    answers = [
        agent.ask(path, b"", method="POST", Origin=EVIL, Content_Length="60000000")
        for path in ("/sign", "/popup/package")
    ]

    assert [one.status for one in answers] == [403, 403]
    assert time.monotonic() - begun < plain_http.REQUEST_SECONDS / 2


@pytest.mark.threat("body-huge")
@pytest.mark.parametrize("length", ["x", "-1", "99999999999999", "70000000"])
def test_a_body_without_a_sensible_length_is_not_read(agent: RunningAgent, length: str) -> None:
    package = agent.ask("/popup/package", b"", method="POST", Origin=agent.own, Content_Length=length)

    assert package.status == 413
    assert agent.ask("/sign", b"", method="POST", Content_Length=length).status == 413


@pytest.mark.threat("body-huge")
def test_only_a_package_may_be_long(agent: RunningAgent) -> None:
    long = b" " * (64 * 1024 + 1)

    assert [agent.ask(path, long, Origin=agent.own).status for path in ("/sign", "/popup/alive", "/popup/close")] == [
        413
    ] * 3
    assert agent.ask("/popup/package", long, Origin=agent.own).ret_code == codes.FORBIDDEN


def test_what_is_no_object_is_nothing(agent: RunningAgent) -> None:
    for body in (b"[]", b"{", b"5", b"[" * 50_000, b'{"popup": ["x"], "origin": {}}'):
        assert agent.ask("/popup/alive", body, Origin=agent.own).ret_code == codes.WINDOW_CLOSED
        assert agent.ask("/popup/package", body, Origin=agent.own).ret_code == codes.FORBIDDEN
        assert agent.ask("/sign", body, Origin=agent.own).ret_code in (codes.BAD_JSON, codes.FORBIDDEN)


# Patience


@pytest.fixture
def impatient(files: CardStand, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of an agent that gives a request, and a connection that says nothing, a moment."""
    monkeypatch.setattr(plain_http, "REQUEST_SECONDS", 0.4)
    monkeypatch.setattr(card_service, "REQUEST_SECONDS", 0.4)
    monkeypatch.setattr(plain_http, "_IDLE_SECONDS", 0.4)
    service = Service(Agent(files.backend()), 0, frozenset({SITE}))
    thread = threading.Thread(target=service.serve)
    thread.start()
    yield int(service.url.rpartition(":")[2])
    service.stop()
    thread.join()


@pytest.mark.threat("client-slow")
@pytest.mark.parametrize("what", ["silence", "line", "headers", "body", "kept"])
def test_whoever_takes_too_long_is_cut_however_steadily_they_send(impatient: int, what: str) -> None:
    post = f"POST /sign HTTP/1.1\r\nHost: 127.0.0.1:{impatient}\r\nContent-Length: 900\r\n\r\n".encode()
    begun = {
        "silence": b"",
        "line": b"GET /",
        "headers": f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{impatient}\r\nX: ".encode(),
        "body": post,
        "kept": get(impatient, "/selfTest.htm"),
    }[what]
    trickle = [] if what in ("silence", "kept") else [b"x"] * 100

    before = time.monotonic()
    found = wire(impatient, begun, *trickle, pause_seconds=0.05)

    assert time.monotonic() - before < 5
    assert found.startswith(b"HTTP/1.1 200") if what == "kept" else found == b""


@pytest.mark.threat("client-slow")
def test_there_is_an_end_to_connections_and_room_again_after_it(impatient: int) -> None:
    with ExitStack() as stack:
        for _ in range(CONNECTIONS_MAX):
            stack.enter_context(socket.create_connection(("127.0.0.1", impatient)))
        assert wire(impatient, get(impatient, "/selfTest.htm")) == b""

    time.sleep(0.6)
    assert wire(impatient, get(impatient, "/selfTest.htm", "Connection: close")).startswith(b"HTTP/1.1 200")


# What is told


@pytest.mark.threat("refusal-telling")
def test_refusals_say_a_code_and_nothing_on_what_was_asked(agent: RunningAgent) -> None:
    asked = [
        get(agent.port, "/secret-path", "Connection: close"),
        get(agent.port).replace(b"GET", b"BREW"),
        get(agent.port).replace(b"HTTP/1.1", b"HTTP/9.9"),
        get(agent.port).replace(b"HTTP/1.1", b"nonsense here"),
        get(agent.port).replace(b" HTTP/1.1", b""),
        get(agent.port).replace(b"GET", b"HEAD"),
        get(agent.port, "/" + "x" * 70_000),
        get(agent.port, "/pkcs11info", *[f"X-{index}: y" for index in range(200)]),
        get(agent.port, "/pkcs11info", "Origin: https://secret.example", "Connection: close"),
    ]

    for request in asked:
        found = wire(agent.port, request)
        head, _, body = found.partition(b"\r\n\r\n")
        assert int(head.split()[1]) in (400, 403, 404, 414, 431, 501, 505)
        assert body == b"" or body.startswith(b'{"ret_code": 1979711')
        for word in (b"ecret", b"BREW", b"Python", b"Traceback", CHECKOUT, b"BaseHTTP", b"Access-Control-Allow"):
            assert word not in found
        assert b"Server: card-agent\r\n" in found and b"X-Frame-Options: DENY\r\n" in found


@pytest.mark.threat("refusal-telling")
def test_a_fault_inside_is_a_code_and_the_log_has_neither_pin_nor_content(
    agent: RunningAgent, token: str, card_no: str
) -> None:
    assert agent.sign(token, "1", card_no).ret_code == codes.OK
    agent.sign(token, "", card_no, "24681357", func="UnlockPin", userCode="11223344")
    broken = agent.stand.cards / "GC00000000000000.card"
    broken.write_text('{"holder": "a broken file')
    try:
        found = agent.ask("/pkcs11info")
    finally:
        broken.unlink()

    assert (found.status, found.found) == (500, {"ret_code": codes.CARD_ERROR, "last_error": 0})
    log = (agent.stand.cards / "agent.log").read_text()
    assert "JSONDecodeError" in log
    assert not any(secret in log for secret in (PIN, "24681357", "11223344", "holder", "P0307", "Traceback"))


@pytest.mark.threat("refusal-telling")
def test_a_card_that_is_absent_and_one_that_never_was_are_answered_alike(
    agent: RunningAgent, token: str, card_no: str
) -> None:
    agent.stand.cards.joinpath(f"{card_no}.out").touch()

    answers = [agent.sign(token, "1", number).body for number in (card_no, "GC11111111111111", "../x", "")]

    assert len(set(answers)) == 1


@pytest.mark.threat("cookie-riding")
def test_the_agent_neither_sets_nor_heeds_cookies(agent: RunningAgent, card_no: str) -> None:
    package = {"func": "GetUserCert", "slotDescription": card_no}
    token = agent.window()
    alive = {"popup": token}

    answers = [
        agent.ask("/pkcs11info", Origin=SITE, Cookie=f"popup={token}"),
        agent.ask(f"/popupForm?origin={SITE}", Cookie="a=b"),
        agent.ask("/sign", package, Origin=SITE, Cookie=f"popup={token}"),
        agent.ask("/popup/alive", {}, Origin=agent.own, Cookie=f"popup={token}"),
        agent.ask("/popup/alive", alive, Origin=agent.own),
    ]

    assert [one.ret_code for one in answers[3:]] == [codes.WINDOW_CLOSED, codes.OK]
    for one in answers:
        assert one.headers["Set-Cookie"] is None
        assert one.headers["Access-Control-Allow-Credentials"] is None
        assert one.headers["Vary"] == "Origin"


@pytest.mark.threat("raw-signature")
def test_a_window_names_what_it_was_shown_and_nothing_else(agent: RunningAgent, card_no: str) -> None:
    token = agent.handed(fresh())

    codes_said = [agent.sign(token, key, card_no).ret_code for key in ("2", "", None, ["1"], 1, "1 ")]

    assert codes_said == [codes.NO_CONTENT] * 6
