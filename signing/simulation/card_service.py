"""`python -m signing.simulation.card_service --cards DIR`: the card agent as a process on loopback.

`GET /pkcs11info[?withcert=true]`, `POST /sign` (a JSON body, or the form field `tbsPackage`), `GET /popupForm`,
`GET /selfTest.htm`, on 127.0.0.1 and [::1] alone. The Host header must name loopback and the port it listens on; an
Origin must be on the allow-list (`--origin`). PINs are taken by its own window only; `--test-mode` also takes them from
local programs that name no Origin.
"""

import argparse
import errno
import re
import signal
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from signing.simulation.agent import Agent
from signing.simulation.authorities import write_atomic
from signing.simulation.backends import CardFailed, backend_of
from signing.simulation.connections import Connections
from signing.simulation.plain_http import REQUEST_SECONDS
from signing.simulation.serving import Handler

DEFAULT_PORT: Final = 61161
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.\[\]:-]+")
_PORTS_TRIED: Final = 20


class _Listener(ThreadingHTTPServer):
    """One loopback address."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: str, port: int, agent: Agent, origins: frozenset[str], *, is_test: bool) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), Handler)
        self.agent = agent
        self.origins = origins
        self.is_test = is_test
        self.connections = Connections()
        self.hosts = frozenset(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for one more connection."""
        return self.connections.admit(request, REQUEST_SECONDS)

    def service_actions(self) -> None:
        """Cuts whoever takes too long; called all the while."""
        self.connections.cut_late()

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection."""
        self.connections.leave(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says what kind of fault it was, for a log that must never hold a PIN; nothing for a client that left."""
        kind = sys.exc_info()[0]
        if kind is not None and not issubclass(kind, ConnectionError):
            print(f"a connection ended by {kind.__name__}", file=sys.stderr, flush=True)


class Service:
    """The agent on 127.0.0.1 and, where the machine has it, on [::1], on the same port."""

    def __init__(self, agent: Agent, port: int, origins: frozenset[str], *, is_test: bool = False) -> None:
        for attempt in range(_PORTS_TRIED):
            self._first = _Listener("127.0.0.1", port, agent, origins, is_test=is_test)
            try:
                self._second = _Listener("::1", self._first.server_port, agent, origins, is_test=is_test)
            except OSError as error:
                if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    self._second = self._first
                elif port == 0 and attempt + 1 < _PORTS_TRIED:
                    self._first.server_close()
                    continue
                else:
                    raise
            break

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._first.server_port}"

    def serve(self) -> None:
        """Serves until `stop`."""
        if self._second is not self._first:
            threading.Thread(target=self._second.serve_forever, args=(0.1,), daemon=True).start()
        self._first.serve_forever(poll_interval=0.1)
        self._first.server_close()

    def stop(self) -> None:
        """Ends `serve`, from another thread."""
        self._first.shutdown()


def main(arguments: list[str] | None = None) -> None:
    """Serves until SIGTERM; writes the address to the ready file once it listens."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.card_service", description=__doc__)
    parser.add_argument("--cards", type=Path, required=True, help="folder of the cards")
    parser.add_argument("--module", default="", help="library of a PKCS#11 module whose tokens the cards are")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 for any free one")
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--origin", action="append", default=[], type=_origin, help="origin that may ask; repeatable")
    parser.add_argument("--test-mode", action="store_true", help="take PINs from local programs, too")
    given = parser.parse_args(arguments)
    backend = backend_of(given.cards, given.module)
    try:
        backend.check()
    except CardFailed as failed:
        parser.error(f"the module {given.module} does not work: {failed}")
    agent = Agent(backend)
    service = Service(agent, given.port, frozenset(given.origin), is_test=given.test_mode)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=service.stop).start())
    if given.ready_file:
        write_atomic(given.ready_file, service.url.encode())
    else:
        print(service.url, flush=True)
    service.serve()
    sys.exit(0)


def _origin(text: str) -> str:
    """An exact web origin: never `*`, `null` or an address with a path."""
    if not _ORIGIN.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no exact origin like https://epay.example")
    return text


if __name__ == "__main__":
    main()
