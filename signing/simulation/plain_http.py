"""HTTP as the card agent reads it: nothing that has two meanings, nothing that lasts, nothing told in a refusal."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, TypeVar

from signing.simulation import codes
from signing.simulation.agent import answer
from signing.simulation.connections import Connections

# A window hands over up to 500 contents at once; everything else is a few words.
PACKAGE_MAX_BYTES: Final = 64 * 1024 * 1024
WORDS_MAX_BYTES: Final = 64 * 1024
# How long a request may take to arrive, an answer to be made and read, and a connection to say nothing.
REQUEST_SECONDS: Final = 20.0
_ANSWER_SECONDS: Final = 120.0
_IDLE_SECONDS: Final = 60.0
# Headers that decide something: said twice, two readers may believe two things.
_ONCE: Final = (
    "Host",
    "Origin",
    "Content-Length",
    "Content-Type",
    "Sec-Fetch-Site",
    "Sec-Fetch-Dest",
    "Access-Control-Request-Private-Network",
)
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# Every answer says so: nothing of the agent is framed, guessed, stored or told onward.
_ALWAYS: Final = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Origin",
    "Content-Security-Policy": _POLICY,
}


Handler = TypeVar("Handler", bound="PlainHandler")


class PlainHandler(ABC, BaseHTTPRequestHandler):
    """One connection: strict reading, and answers that carry the same headers whatever was asked."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    _is_kept = False

    @property
    def connections(self) -> Connections:
        """Where the server keeps how long this connection may take."""
        return self.server.connections  # type: ignore[attr-defined, no-any-return]

    @abstractmethod
    def is_shared(self) -> bool:
        """Whether the page that asks may read the answer."""

    def handle_one_request(self) -> None:
        """Waits for a request and answers it."""
        if self._is_kept:
            self.connections.allow(self.connection, _IDLE_SECONDS)
        self._is_kept = True
        super().handle_one_request()

    def parse_request(self) -> bool:
        """Reads the headers; False, with the answer sent, for a request that could be read in two ways."""
        self.connections.allow(self.connection, REQUEST_SECONDS)
        if not super().parse_request():
            return False
        if self._is_plain():
            return True
        self.close_connection = True
        self.refuse(400, codes.BAD_JSON)
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the protocol itself refuses, without a word on what was asked."""
        self.close_connection = True
        self.refuse(code, codes.BAD_JSON)

    def version_string(self) -> str:
        """No versions of anything."""
        return "card-agent"

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet: a PIN must never reach a log."""

    def _is_plain(self) -> bool:
        """Whether nothing in the request can be read in two ways: each header that decides once, a length only where
        there is a body, an address of ours."""
        headers = self.headers
        has_body = headers.get("Content-Length", "0") != "0"
        return (
            self.request_version != "HTTP/0.9"
            and self.path.startswith("/")
            and not headers.defects
            and not headers.get_payload()
            and "Transfer-Encoding" not in headers
            and all(len(headers.get_all(name, [])) <= 1 for name in _ONCE)
            and (self.command == "POST" or not has_body)
        )

    def _size(self) -> int | None:
        """How long the body says it is; None for what is no length."""
        said = self.headers.get("Content-Length", "0")
        return int(said) if said.isascii() and said.isdecimal() and len(said) <= 12 else None

    def body(self, max_bytes: int) -> bytes | None:
        """The body; None, with the answer sent where there is somebody to hear it, for one that is no good."""
        size = self._size()
        if size is None or size > max_bytes:
            self.leave_unread(413, codes.BAD_JSON)
            return None
        body = self.rfile.read(size)
        if len(body) < size:
            self.close_connection = True
            return None
        self.connections.allow(self.connection, _ANSWER_SECONDS)
        return body

    def leave_unread(self, status: int, ret_code: int) -> None:
        """Refuses a request without looking at its body; a small one is taken off the line."""
        size = self._size()
        if size is not None and size <= WORDS_MAX_BYTES:
            self.rfile.read(size)
        else:
            self.close_connection = True
        self.refuse(status, ret_code)

    def refuse(self, status: int, ret_code: int) -> None:
        """A refusal: a code, and nothing on what was asked."""
        self.say(status, answer(ret_code))

    def say(self, status: int, value: dict[str, Any]) -> None:
        """An answer of JSON."""
        data = json.dumps(value, ensure_ascii=False).encode()
        # A refusal tells nothing, so that a page we do not know may find out that it is one, not silence.
        more = {"Cross-Origin-Resource-Policy": "cross-origin"} if status == 403 else {}
        self.send(status, data, "application/json; charset=utf-8", more)

    def send(self, status: int, data: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        """An answer with the headers that all have, and `more`; `kind` is its content type, empty for none."""
        self.request_version = self.protocol_version  # whatever the request called itself: answers have headers
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (_ALWAYS | (more or {})).items():
            self.send_header(name, value)
        if self.is_shared():
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()


def answered(step: Callable[[Handler], None]) -> Callable[[Handler], None]:
    """Whatever goes wrong inside is answered in one and the same way: a page learns nothing from a fault."""

    def safely(handler: Handler) -> None:
        try:
            step(handler)
        except ConnectionError:
            raise
        except Exception as error:
            print(f"a request ended by {type(error).__name__}", file=sys.stderr, flush=True)
            handler.close_connection = True
            handler.refuse(500, codes.CARD_ERROR)

    return safely
