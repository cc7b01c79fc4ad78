"""The client against servers that are no bank: what was lost, and what cannot have been said, are told apart."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from disbursement.bank_client import BankClient, BankRefused, BankUnreachable, OutcomeUnknown

Start = Callable[[bytes], str]


@pytest.fixture
def answering() -> Iterator[Start]:
    """Starts a server that answers every request with the given bytes and hangs up; returns its address."""
    listeners: list[socket.socket] = []

    def start(answer: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    wire, _ = listener.accept()
                except OSError:
                    return
                with wire:
                    wire.recv(65536)
                    wire.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _http(status: str, body: bytes = b"", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n".encode() + body


def test_without_a_listener_nothing_was_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    with BankClient(address, 2) as client, pytest.raises(BankUnreachable) as unreachable:
        client.submit("A", b"<x/>")

    assert (unreachable.value.code, unreachable.value.status) == ("bank_unreachable", 503)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        _http("200 OK", b"no json"),
        _http("200 OK", b"[]"),
        _http("200 OK", b"{}"),
        _http("200 OK", b'{"message_id": "A", "receipt_no": "1", "received_at": "x", "line_count": 1, "total_twd": 1}'),
        _http("500 Oops"),
        _http("302 Found", headers="Location: http://127.0.0.1:1/\r\n"),
    ],
)
def test_a_submission_whose_answer_is_lost_is_of_unknown_outcome(answering: Start, answer: bytes) -> None:
    client = BankClient(answering(answer), 2)

    with pytest.raises(OutcomeUnknown):
        client.submit("A", b"<x/>")
    with pytest.raises(BankUnreachable):
        client.enquire("A")
    with pytest.raises(BankUnreachable):
        client.results(0)


def test_a_bank_that_takes_nothing_has_heard_nothing(answering: Start) -> None:
    with pytest.raises(BankUnreachable):
        BankClient(answering(_http("503 Busy")), 2).submit("A", b"<x/>")


def test_a_refusal_carries_the_banks_words(answering: Start) -> None:
    told = '{"code": "batch_id_taken", "detail": "其他內容", "path": "/x"}'.encode()

    with pytest.raises(BankRefused) as refused:
        BankClient(answering(_http("409 Conflict", told)), 2).submit("A", b"<x/>")
    with pytest.raises(BankRefused) as wordless:
        BankClient(answering(_http("404 Not Found", b"?")), 2).statement(date(2025, 3, 7))

    problem = refused.value
    assert (problem.code, problem.detail, problem.path, problem.status) == ("batch_id_taken", "其他內容", "/x", 409)
    assert (wordless.value.code, wordless.value.status) == ("bank_refused", 404)


def test_a_bank_that_always_has_more_to_repeat_does_not_keep_us(answering: Start) -> None:
    page = b'{"results": [{"seq": 2, "message": "<b/>"}, {"seq": 1, "message": "<a/>"}], "has_more": true}'
    client = BankClient(answering(_http("200 OK", page)), 2)

    assert client.results(0) == [(1, b"<a/>"), (2, b"<b/>")]
    assert client.results(2) == []
