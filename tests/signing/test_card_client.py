"""What the product makes of a card agent that misbehaves (a stand-in on loopback, for what ours never answers)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from signing.card_client import CardClient
from treasury.core.errors import Problem


class Odd(BaseHTTPRequestHandler):
    """Answers what the test has put in."""

    protocol_version = "HTTP/1.1"
    answers: list[bytes] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        data = self.answers.pop(0)
        if data:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def client() -> Iterator[CardClient]:
    server = HTTPServer(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield CardClient(f"http://127.0.0.1:{server.server_port}", timeout_seconds=5)
    server.shutdown()
    thread.join()
    server.server_close()


def problem_of(client: CardClient) -> Problem:
    with pytest.raises(Problem) as problem:
        client.certificate("GC1")
    return problem.value


def test_an_unknown_refusal_shows_its_number(client: CardClient) -> None:
    Odd.answers = [json.dumps({"ret_code": 0x76009999, "last_error": 0}).encode()]

    problem = problem_of(client)

    assert problem.code == "card_refused"
    assert "0x76009999" in problem.detail


def test_a_kept_connection_that_broke_is_opened_anew_once(client: CardClient) -> None:
    good = json.dumps({"ret_code": 0, "certb64": "AAAA"}).encode()
    Odd.answers = [good, good]
    assert client.certificate("GC1") == b"\0\0\0"
    assert client.certificate("GC1") == b"\0\0\0"

    Odd.answers = [b"", good]
    assert problem_of(client).code == "card_service_down"
    assert Odd.answers == [good]


def test_a_new_connection_that_breaks_is_not_tried_again_and_an_odd_answer_is_no_answer(client: CardClient) -> None:
    Odd.answers = [b"", b""]
    assert problem_of(client).code == "card_service_down"
    assert Odd.answers == [b""]

    Odd.answers = [b"not json", b"not json"]
    assert problem_of(client).code == "card_service_down"
