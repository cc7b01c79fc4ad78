"""The bank on the wire: what it does not understand it refuses, and it goes on."""

import socket
from datetime import date

import pytest

from disbursement.bank_client import BankRefused
from tests.disbursement.bank.bank_process import BankProcess


def _raw(bank: BankProcess, request: bytes) -> bytes:
    """The first bytes of the answer to bytes on the wire."""
    host, port = bank.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return wire.recv(4096)


def test_requests_it_does_not_understand_are_problems(bank: BankProcess) -> None:
    asked = {
        ("GET", "/"): 404,
        ("GET", "/nothing"): 404,
        ("GET", "/batches/A/B"): 404,
        ("GET", "/enquiries/a%2Fb"): 400,
        ("GET", "/enquiries/%00"): 400,
        ("GET", "/results"): 400,
        ("GET", "/results?after=-1"): 400,
        ("GET", "/results?after=1&after=2"): 400,
        ("GET", "/statements/2025-02-30"): 400,
        ("GET", "/statements/2025-03-08"): 404,
        ("GET", "/rosters/NONE"): 404,
        ("PUT", "/batches/a%20b"): 400,
    }

    for (method, path), status in asked.items():
        assert bank.ask(method, path, b"" if method == "PUT" else None)[0] == status, path
    for body in (b"", b"[" * 100_000, b"{}", b'{"cheque_no": "A", "amount_twd": 1, "more": 1}'):
        assert bank.ask("POST", "/cheques", body)[0] == 400
    for told in ({"cheque_no": "A", "amount_twd": 1.0}, {"cheque_no": "", "amount_twd": 1}):
        assert bank.ask("POST", "/cheques", told)[0] == 400
    assert bank.ask("POST", "/deposits", {"deposit_id": "D", "amount_twd": 1, "text": "\u0007"})[0] == 400
    assert bank.balance_twd() == 1_000_000


def test_bodies_without_end_or_beyond_the_limit_are_not_read(bank: BankProcess) -> None:
    huge = _raw(bank, b"PUT /batches/A HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
    unstated = _raw(bank, b"PUT /batches/A HTTP/1.1\r\nHost: x\r\n\r\n")
    chunked = _raw(bank, b"PUT /batches/A HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    cut_off = _raw(bank, b"PUT /batches/A HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")

    assert b" 413 " in huge.splitlines()[0]
    assert b" 411 " in unstated.splitlines()[0]
    assert b" 411 " in chunked.splitlines()[0]
    assert b" 400 " in cut_off.splitlines()[0]
    assert bank.ask("GET", "/health") == (200, {"status": "ok"})


def test_a_day_to_come_has_no_statement(bank: BankProcess) -> None:
    with pytest.raises(BankRefused) as refused:
        bank.client().statement(date(2025, 3, 8))

    assert refused.value.status == 404
