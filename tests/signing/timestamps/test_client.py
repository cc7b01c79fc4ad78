"""Asking for a timestamp: what goes over the wire, and every way in which an answer fails to come."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asn1crypto import tsp

from signing.refusals import Refused
from signing.timestamps.client import TimestampClient, client_of
from signing.timestamps.protocol import query_build, reply_token
from tests.signing import stamps
from tests.signing.forge import AT, tlv
from tests.signing.stamps import LocalAuthority, granted, integer
from treasury.core import clock
from treasury.core.errors import Problem

IMPRINT = bytes(range(32))
QUERY = query_build(imprint=IMPRINT, nonce=7)
TOKEN = stamps.token(b"")


@pytest.fixture
def local() -> Iterator[LocalAuthority]:
    with stamps.serving(LocalAuthority()) as one:
        yield one


def client(url: str, timeout_seconds: float = 5) -> TimestampClient:
    return TimestampClient(url, timeout_seconds=timeout_seconds)


def unavailable(url: str, timeout_seconds: float = 5) -> str:
    with pytest.raises(Problem) as problem:
        client(url, timeout_seconds).ask(QUERY)
    assert (problem.value.code, problem.value.status) == ("timestamp_unavailable", 503)
    return problem.value.detail


@contextmanager
def saying(*answers: bytes, pause_seconds: float = 0, at_once: int = 0) -> Iterator[str]:
    """A server that says what it is told, whatever it is asked: one answer a connection, byte by byte with a pause
    but for the first few."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for number, answer in enumerate(answers):
            pause = pause_seconds if number >= at_once else 0
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                try:
                    for place in range(len(answer)) if pause else ():
                        connection.sendall(answer[place : place + 1])
                        time.sleep(pause)
                    connection.sendall(b"" if pause else answer)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/tsa"
    listening.close()
    thread.join(5)


def http(body: bytes, *, status: str = "200 OK", kind: str = "application/timestamp-reply", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


# The query


def test_a_query_asks_for_the_certificate_and_says_nonce_and_policy() -> None:
    asked = tsp.TimeStampReq.load(query_build(imprint=IMPRINT, nonce=2**62, policy="1.2.3"), strict=True).native

    assert (asked["version"], asked["nonce"], asked["cert_req"], asked["req_policy"]) == ("v1", 2**62, True, "1.2.3")
    assert asked["message_imprint"]["hash_algorithm"]["algorithm"] == "sha256"
    assert asked["message_imprint"]["hashed_message"] == IMPRINT
    assert tsp.TimeStampReq.load(QUERY, strict=True).native["req_policy"] is None


# The connection


def test_a_connection_is_kept_and_opened_anew_once_when_the_authority_has_closed_it(local: LocalAuthority) -> None:
    with clock.frozen(AT):
        one = client(local.url)
        assert reply_token(one.ask(QUERY)) and reply_token(one.ask(QUERY))
        kept = one._own.connection
        assert one._connection() is kept

        kept.sock.shutdown(socket.SHUT_RDWR)
        assert reply_token(one.ask(QUERY))

    assert one._own.connection is not kept
    assert local.asked == 3
    one.close()
    one.close()
    assert client_of(local.url, 5.0) is client_of(local.url, 5.0)


def test_each_thread_has_a_connection_of_its_own(local: LocalAuthority) -> None:
    one, found = client(local.url), []
    with clock.frozen(AT):
        threads = [threading.Thread(target=lambda: found.append(reply_token(one.ask(QUERY)))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(found) == 3
    assert getattr(one._own, "connection", None) is None


@pytest.mark.threat("timestamp-authority-silent")
def test_an_authority_that_closes_after_each_answer_has_no_more_time_for_the_next() -> None:
    closing = http(granted(TOKEN), more="Connection: close\r\n")
    with saying(closing, closing, pause_seconds=0.02, at_once=1) as url:
        one = client(url, 0.5)
        assert one.ask(QUERY)
        begun = time.monotonic()
        with pytest.raises(Problem):
            one.ask(QUERY)

    assert time.monotonic() - begun < 2


@pytest.mark.threat("timestamp-authority-silent")
def test_nobody_there_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()

    assert "refused" in unavailable(f"http://127.0.0.1:{address[1]}").lower()
    assert unavailable("https://127.0.0.1:1", 1)


@pytest.mark.threat("timestamp-authority-silent")
def test_an_authority_that_closes_without_an_answer_is_not_asked_for_ever() -> None:
    with saying(b"") as url:
        assert unavailable(url)


@pytest.mark.threat("timestamp-authority-silent")
@pytest.mark.parametrize("place", ["status line", "headers", "body"])
def test_an_answer_that_drips_is_cut_off_in_time(place: str) -> None:
    whole = http(granted(TOKEN), more="X-Filler: " + "x" * 500 + "\r\n" if place == "headers" else "")
    begun = time.monotonic()

    with saying(whole if place != "status line" else b"HTTP/1.1 " + b"2" * 400, pause_seconds=0.02) as url:
        unavailable(url, 0.3)

    assert time.monotonic() - begun < 3


@pytest.mark.threat("timestamp-authority-silent")
def test_after_a_silence_the_authority_is_left_alone_for_as_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = client(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.3)
        begun = time.monotonic()
        for _ in range(20):
            with pytest.raises(Problem):
                one.ask(QUERY)
        assert time.monotonic() - begun < 1

        time.sleep(0.3)
        with pytest.raises(Problem, match=r"timed out|Remote|closed"):
            one.ask(QUERY)


@pytest.mark.threat("timestamp-authority-silent")
def test_a_kept_connection_that_falls_silent_is_not_asked_twice(local: LocalAuthority) -> None:
    one = client(local.url, 0.4)
    with clock.frozen(AT):
        one.ask(QUERY)
    halted = threading.Event()
    local.answer = lambda query: bytes(halted.wait(5))
    begun = time.monotonic()

    with pytest.raises(Problem):
        one.ask(QUERY)

    assert time.monotonic() - begun < 2
    halted.set()


@pytest.mark.parametrize(
    "answer",
    [
        http(b"x", status="500 Internal Server Error"),
        http(granted(TOKEN), kind="text/html"),
        http(granted(TOKEN), status="302 Found", more="Location: http://127.0.0.1:1/\r\n"),
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_an_answer_that_is_none_is_no_timestamp(answer: bytes) -> None:
    with saying(answer) as url:
        assert unavailable(url)


@pytest.mark.threat("timestamp-reply-large")
def test_an_endless_answer_is_not_read_to_its_end() -> None:
    body = bytes(1_000_000)
    with saying(http(body)) as url:
        assert "66561 bytes" in unavailable(url)


# The reply


@pytest.mark.parametrize("status", [0, 1])
def test_a_granted_reply_gives_the_token_as_it_came(status: int) -> None:
    assert reply_token(granted(TOKEN, status)) == TOKEN


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (tlv(0x30, tlv(0x30, integer(2))), "status 2"),
        (tlv(0x30, tlv(0x30, integer(2), tlv(0x30, tlv(0x0C, b"no")), tlv(0x03, b"\x07\x80"))), "status 2 badAlg"),
        (tlv(0x30, tlv(0x30, integer(2), tlv(0x03, b"\x01\x00\x02"))), "status 2 timeNotAvailable"),
        (tlv(0x30, tlv(0x30, integer(5), tlv(0x03, b"\x06\x00\x00\x00\x40"))), "status 5 systemFailure"),
    ],
)
def test_a_denied_reply_says_why(reply: bytes, told: str) -> None:
    with pytest.raises(Problem) as problem:
        reply_token(reply)

    assert problem.value.code == "timestamp_unavailable"
    assert problem.value.detail.endswith(f"：{told}")


@pytest.mark.threat("timestamp-malformed")
@pytest.mark.parametrize("reply", [b"", b"junk", granted(TOKEN, 2), granted(TOKEN) + b"\0", tlv(0x30, tlv(0x31))])
def test_a_reply_of_another_shape_is_refused(reply: bytes) -> None:
    with pytest.raises(Refused) as refused:
        reply_token(reply)

    assert refused.value.code == "timestamp_malformed"
