"""`python -m signing.simulation.card_service --cards DIR`: the card agent as a process on loopback.

`GET /pkcs11info[?withcert=true]`, `POST /sign` (a JSON body, or the form field `tbsPackage`), `GET /selfTest.htm`.
The Host header must name loopback and the port it listens on; an Origin must be on the allow-list (`--origin`).
"""

import argparse
import json
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from signing.simulation.agent import BAD_JSON, VERSION, Agent, answer
from signing.simulation.authorities import write_atomic

DEFAULT_PORT: Final = 61161
_FORBIDDEN: Final = 0x7600000F
_BODY_MAX_BYTES: Final = 64 * 1024 * 1024


class Service(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, agent: Agent, port: int, origins: frozenset[str]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.agent = agent
        self.origins = origins
        self.hosts = frozenset(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Readers and self test."""
        address = urlsplit(self.path)
        if not self._allowed():
            self._answer(403, answer(_FORBIDDEN))
        elif address.path == "/pkcs11info":
            wanted = parse_qs(address.query).get("withcert") == ["true"]
            self._answer(200, self.server.agent.readers(with_certificates=wanted))
        elif address.path == "/selfTest.htm":
            self._answer(200, answer(0, serverVersion=VERSION))
        else:
            self._answer(404, answer(BAD_JSON))

    def do_POST(self) -> None:
        """One package to sign."""
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= _BODY_MAX_BYTES:
            self.close_connection = True
            self._answer(413, answer(BAD_JSON))
            return
        body = self.rfile.read(size)
        if not self._allowed():
            self._answer(403, answer(_FORBIDDEN))
        elif self.path != "/sign":
            self._answer(404, answer(BAD_JSON))
        else:
            self._answer(200, self._handle(body))

    def _handle(self, body: bytes) -> dict[str, Any]:
        try:
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                body = parse_qs(body.decode(), strict_parsing=True)["tbsPackage"][0].encode()
            package = json.loads(body)
        except (ValueError, KeyError, RecursionError):
            return answer(BAD_JSON)
        return self.server.agent.handle(package)

    def _allowed(self) -> bool:
        """Whether Host is loopback with our port and Origin, where given, is one we know (never `*` or `null`)."""
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in self.server.hosts and (origin is None or origin in self.server.origins)

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        origin = self.headers.get("Origin")
        if origin in self.server.origins:
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Vary", "Origin")
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet: a PIN must never reach a log."""


def main(arguments: list[str] | None = None) -> None:
    """Serves until SIGTERM; writes the address to the ready file once it listens."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.card_service", description=__doc__)
    parser.add_argument("--cards", type=Path, required=True, help="folder of the cards")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 for any free one")
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--origin", action="append", default=[], help="web origin that may ask; repeatable")
    given = parser.parse_args(arguments)
    service = Service(Agent(given.cards), given.port, frozenset(given.origin))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=service.shutdown).start())
    if given.ready_file:
        write_atomic(given.ready_file, service.url.encode())
    else:
        print(service.url, flush=True)
    service.serve_forever(poll_interval=0.1)
    service.server_close()
    sys.exit(0)


if __name__ == "__main__":
    main()
