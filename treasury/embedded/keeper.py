"""The keeper: parent of both servers for as long as anybody holds a connection to it.

Started by `client.ensure()` as `python -m treasury.embedded.keeper ROOT FD`; FD is the first client's
connection. A client that connects is told the addresses as one JSON line and then keeps the connection open.
When the last one is closed the keeper stops listening, stops both servers, reaps them and ends; a client that
waits for that on its half-closed connection sees the end of file when the keeper is gone.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from treasury.embedded import kernel, programs
from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError
from treasury.embedded.places import CHECKOUT, Places, write_atomically
from treasury.embedded.postgres import Postgres
from treasury.embedded.valkey import Valkey

_LOCK_SECONDS = 90  # an earlier keeper may still be writing its last checkpoint
_CRASHES_ALLOWED = 10
_CRASHES_WITHIN_SECONDS = 60


class Keeper:
    """Both servers, the listening socket and the clients that hold on."""

    def __init__(self, places: Places, first: socket.socket) -> None:
        self.places = places
        self.account = Account.for_checkout(CHECKOUT)
        places.make(self.account)
        self.runtime = places.choose_runtime(self.account)
        found = programs.find(self.account, self.runtime)
        self.postgres = Postgres(places, self.account, found, self.runtime)
        self.valkey = Valkey(places, self.account, found, self.runtime)
        self.clients: set[socket.socket] = {first}
        self.leaving: set[socket.socket] = set()
        self.selector = selectors.DefaultSelector()
        self.crashes: deque[float] = deque(maxlen=_CRASHES_ALLOWED)
        self.told_to_stop = False
        self.listener = self._listen()

    def run(self) -> None:
        """Starts, serves until nobody is left, stops."""
        wake = self._watch_signals()
        try:
            self._start_servers()
            for client in set(self.clients):
                self._welcome(client)
            while self.clients and not self.told_to_stop:
                for key, _ in self.selector.select():
                    self._attend(key.fileobj, wake)
                self._mend()
        finally:
            self._stop()

    def _listen(self) -> socket.socket:
        path = self.runtime / "keeper.sock"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(128)
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        return listener

    def _watch_signals(self) -> socket.socket:
        """A socket that becomes readable when a child ends or somebody asks us to stop."""
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        self._writer = writer  # kept, or it would be closed
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.selector.register(reader, selectors.EVENT_READ)
        return reader

    def _on_terminate(self, *_: object) -> None:
        self.told_to_stop = True

    def _start_servers(self) -> None:
        self.postgres.start()
        self.valkey.start()
        self._write_state()

    def _write_state(self) -> None:
        state = {"keeper": os.getpid()}
        for name, server in (("postgres", self.postgres), ("valkey", self.valkey)):
            if server.process is not None:
                state[name] = server.process.pid
        write_atomically(self.places.state, json.dumps(state) + "\n")

    def _welcome(self, client: socket.socket) -> None:
        client.setblocking(False)
        self.clients.add(client)
        self.selector.register(client, selectors.EVENT_READ)
        answer = {"database_url": self.postgres.url, "redis_url": self.valkey.url}
        with contextlib.suppress(OSError):  # gone already: the selector will say so
            client.sendall(json.dumps(answer).encode() + b"\n")

    def _attend(self, ready: object, wake: socket.socket) -> None:
        if ready is self.listener:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                self._welcome(self.listener.accept()[0])
        elif ready is wake:
            with contextlib.suppress(BlockingIOError):
                while wake.recv(4096):
                    pass
        elif isinstance(ready, socket.socket):
            self._hear(ready)

    def _hear(self, client: socket.socket) -> None:
        """End of file is all a client says: it leaves. The last one is left waiting until we are gone.

        Whatever else it may send is dropped.
        """
        try:
            if client.recv(4096):
                return
        except BlockingIOError:
            return
        except ConnectionError:
            pass
        self.selector.unregister(client)
        self.clients.discard(client)
        if self.clients:
            with contextlib.suppress(OSError):
                client.sendall(b"others stay\n")
            client.close()
        else:
            self.leaving.add(client)

    def _mend(self) -> None:
        """Brings back a server that ended by itself and reaps its orphans."""
        own = {server.process.pid for server in (self.postgres, self.valkey) if server.process}
        kernel.reap_strangers(own)
        for server in (self.postgres, self.valkey):
            if self.told_to_stop or server.process is None or server.process.poll() is None:
                continue
            name = type(server).__name__
            _say(f"{name} ended with {server.process.returncode}; starting it again")
            self._count_crash(name)
            server.start()
            self._write_state()
            _say(f"{name} is back")

    def _count_crash(self, name: str) -> None:
        self.crashes.append(time.monotonic())
        too_many = len(self.crashes) == _CRASHES_ALLOWED
        if too_many and self.crashes[-1] - self.crashes[0] < _CRASHES_WITHIN_SECONDS:
            raise EmbeddedError(f"{name} keeps ending; see {self.places.log(name.lower())}")

    def _stop(self) -> None:
        """Listens no longer, so that a new client starts a new keeper, then stops the servers."""
        (self.runtime / "keeper.sock").unlink(missing_ok=True)
        self.listener.close()
        self.valkey.stop()
        self.postgres.stop()
        kernel.reap_strangers(set())
        self.places.state.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # copied programs stay for the next time
            self.runtime.rmdir()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The keeper's lock, waited for while an earlier keeper is still ending."""
    with path.open("a") as file:
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"another keeper holds {path} and does not end") from None
                time.sleep(0.02)
        yield


def _say(text: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} [{os.getpid()}] {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Runs one keeper; an error goes to the first client as a JSON line, and to the log."""
    places = Places(Path(sys.argv[1]))
    first = socket.socket(fileno=int(sys.argv[2]))
    first.set_inheritable(False)
    kernel.adopt_orphans()
    try:
        with _locked(places.keeper_lock):
            Keeper(places, first).run()
    except (EmbeddedError, OSError) as error:
        _say(f"failed: {error}")
        with contextlib.suppress(OSError):
            first.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
