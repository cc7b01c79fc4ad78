"""`python -m signing.simulation.timestamp_authority --pki DIR`: the timestamp authority as a process on loopback.

`POST /` takes `application/timestamp-query` and gives `application/timestamp-reply` (RFC 3161, section 3.4). Its clock
is the product's, so `CLOCK` moves it. A certificate renewed meanwhile is used from the next query on.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from signing.simulation.authorities import Pki, write_atomic
from signing.simulation.timestamps import TimestampAuthority

DEFAULT_PORT: Final = 8318
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
_QUERY_MAX_BYTES: Final = 64 * 1024


class Service(ThreadingHTTPServer):
    """An authority, on loopback unless told otherwise."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer: Callable[[bytes], bytes], port: int = 0, host: str = "127.0.0.1") -> None:
        super().__init__((host, port), _Handler)
        self.answer = answer

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        """One query."""
        size = self.headers.get("Content-Length") or ""
        if not size.isdecimal() or len(size) > 9 or int(size) > _QUERY_MAX_BYTES:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")
            return
        query = self.rfile.read(int(size))
        if self.headers.get_content_type() != QUERY_TYPE:
            self._send(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, b"")
        else:
            self._send(HTTPStatus.OK, self.server.answer(query))  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""

    def _send(self, status: HTTPStatus, reply: bytes) -> None:
        self.send_response(status)
        if reply:
            self.send_header("Content-Type", REPLY_TYPE)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)
        self.wfile.flush()


def main(arguments: list[str] | None = None) -> None:
    """Serves until SIGTERM; writes the address to the ready file once it listens."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.timestamp_authority", description=__doc__)
    parser.add_argument("--pki", type=Path, required=True, help="folder of the authorities; made when missing")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 for any free one")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; another only in a network of its own"
    )
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--ordered", action="store_true", help="say that moments are in the order of the tokens")
    given = parser.parse_args(arguments)
    authority = TimestampAuthority(Pki(given.pki), is_ordered=given.ordered)
    service = Service(authority.answer, given.port, given.host)
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
