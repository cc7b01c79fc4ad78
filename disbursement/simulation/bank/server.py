"""The bank on the wire: HTTP/1.1 on the loopback interface, problems as JSON objects."""

import json
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from disbursement.simulation.bank import acceptance, counter, enquiries, results, statements
from disbursement.simulation.bank.execution import Executor
from disbursement.simulation.bank.scenario import Scenario
from disbursement.simulation.bank.store import Store
from treasury.core.errors import Problem

MAX_BODY_BYTES = 64 * 2**20
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,34}")
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{0,100}")


@dataclass(slots=True)
class Bank:
    """What the handlers share."""

    store: Store
    scenario: Scenario
    executor: Executor
    institution_code: str
    drops_left: int


class Server(ThreadingHTTPServer):
    """One thread per connection; the kernel may give the address again at once after a crash."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.bank: Bank | None = None


class Handler(BaseHTTPRequestHandler):
    """One request: a bounded body in, one JSON or XML answer out."""

    protocol_version = "HTTP/1.1"
    server_version = "AgentBank"
    sys_version = ""
    timeout = 120
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Questions."""
        self._serve()

    def do_PUT(self) -> None:
        """What has an id of the treasury's."""
        self._serve()

    def do_POST(self) -> None:
        """What happens at the counter."""
        self._serve()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are not logged; what happened stands in the books."""

    def _serve(self) -> None:
        bank = self.server.bank
        assert bank is not None
        try:
            body = self._body()
            answer = _answer(bank, self.command, self.path, body)
            status, content = 200, answer.encode()
        except Problem as problem:
            status, content = problem.status, json.dumps(problem.as_dict(), ensure_ascii=False).encode()
        is_health = self.path == "/health"
        if bank.scenario.slow_seconds and not is_health:
            time.sleep(bank.scenario.slow_seconds)
        if status == 200 and self.command == "PUT" and self.path.startswith("/batches/") and bank.drops_left > 0:
            bank.drops_left -= 1
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        kind = "application/xml" if content.startswith(b"<?xml") else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        """The body by its stated length; Problem when it is not stated, too long or cut off."""
        stated = self.headers.get("Content-Length", "0" if self.command == "GET" else "")
        if self.headers.get("Transfer-Encoding") or not re.fullmatch(r"[0-9]{1,12}", stated):
            self.close_connection = True
            raise Problem("length_required", "a body comes with its length", status=411)
        if int(stated) > MAX_BODY_BYTES:
            self.close_connection = True
            raise Problem("body_too_large", f"at most {MAX_BODY_BYTES} bytes are taken", status=413)
        body = self.rfile.read(int(stated))
        if len(body) < int(stated):
            self.close_connection = True
            raise Problem("body_cut_off", "the body ended early", status=400)
        return body


def _answer(bank: Bank, method: str, target: str, body: bytes) -> str:
    """The answer to one request; Problem 404 for an address that is none."""
    path, _, query = target.partition("?")
    name, *rest = (unquote(part) for part in path.removeprefix("/").split("/"))
    act = _ROUTES.get((method, name, len(rest)))
    if act is None:
        raise Problem("not_found", f"{method} {path[:100]} is nothing here", status=404)
    told = act(bank, rest[0] if rest else query, body)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def _batch(bank: Bank, message_id: str, body: bytes) -> dict[str, Any]:
    receipt = acceptance.batch_accept(
        bank.store, message_id=_id(message_id), message=body, institution_code=bank.institution_code
    )
    bank.executor.wake()
    return receipt


def _results(bank: Bank, query: str, _: bytes) -> dict[str, Any]:
    found = re.fullmatch(r"after=([0-9]{1,15})", query)
    if found is None:
        raise Problem("bad_request", "after=NUMBER is wanted", status=400)
    after = int(found[1])
    return results.results_after(bank.store, after=max(0, after - 1) if bank.scenario.repeat_answers else after)


def _statement(bank: Bank, day: str, _: bytes) -> str:
    try:
        return statements.statement_of(bank.store, on=date.fromisoformat(day))
    except ValueError:
        raise Problem("bad_request", f"{day[:40]} is no date", status=400) from None


def _cheque(bank: Bank, _: str, body: bytes) -> dict[str, Any]:
    told = _object(body, "cheque_no", "amount_twd")
    return counter.cheque_present(bank.store, cheque_no=_id(told["cheque_no"]), amount_twd=_amount(told))


def _deposit(bank: Bank, _: str, body: bytes) -> dict[str, Any]:
    told = _object(body, "deposit_id", "amount_twd", "text")
    text = told["text"]
    if not (isinstance(text, str) and _TEXT.fullmatch(text)):
        raise Problem("bad_request", "the text has at most 100 printable characters", path="/text", status=400)
    return counter.deposit_take(bank.store, deposit_id=_id(told["deposit_id"]), amount_twd=_amount(told), text=text)


_ROUTES: dict[tuple[str, str, int], Callable[[Bank, str, bytes], dict[str, Any] | str]] = {
    ("GET", "health", 0): lambda bank, _, __: {"status": "ok"},
    ("GET", "account", 0): lambda bank, _, __: enquiries.account_answer(bank.store),
    ("PUT", "batches", 1): _batch,
    ("PUT", "rosters", 1): lambda bank, key, body: acceptance.roster_accept(
        bank.store, message_id=_id(key), content=body
    ),
    ("GET", "rosters", 1): lambda bank, key, _: acceptance.roster_outcome(bank.store, message_id=_id(key)),
    ("GET", "enquiries", 1): lambda bank, key, _: enquiries.enquiry_answer(bank.store, reference=_id(key)),
    ("GET", "results", 0): _results,
    ("GET", "statements", 1): _statement,
    ("POST", "cheques", 0): _cheque,
    ("PUT", "stops", 1): lambda bank, key, _: counter.cheque_stop(bank.store, cheque_no=_id(key)),
    ("POST", "deposits", 0): _deposit,
}


def _id(text: Any) -> str:
    """An id of at most 35 plain characters; Problem 400."""
    if not (isinstance(text, str) and _ID.fullmatch(text)):
        raise Problem("bad_request", "an id is 1 to 35 letters, digits or . _ : + -", status=400)
    return text


def _amount(told: dict[str, Any]) -> int:
    amount_twd = told["amount_twd"]
    if type(amount_twd) is not int or not 0 < amount_twd < 10**15:
        raise Problem("bad_request", "an amount is whole dollars", path="/amount_twd", status=400)
    return amount_twd


def _object(body: bytes, *keys: str) -> dict[str, Any]:
    """A JSON object with exactly these keys (`text` may be missing); Problem 400."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not told.keys() <= set(keys) or not set(keys) - {"text"} <= told.keys():
        raise Problem("bad_request", f"a JSON object with {', '.join(keys)} is wanted", status=400)
    return {"text": "", **told}
