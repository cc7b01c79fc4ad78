"""The client's side: find the keeper or start it, and hold on to it."""

import atexit
import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treasury.embedded.failures import EmbeddedError, log_tail
from treasury.embedded.places import CHECKOUT, Places

_ANSWER_SECONDS = 240
_END_SECONDS = 90


@dataclass(frozen=True)
class Servers:
    """The addresses of both servers: a libpq URL and a redis URL, both over unix sockets."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Processes:
    """Process ids of this moment; the servers' change when the keeper brings one back."""

    keeper: int
    postgres: int
    valkey: int


@dataclass
class _Hold:
    """Our open connection; `keeper` when we are the process that started it."""

    connection: socket.socket
    servers: Servers
    places: Places
    keeper: subprocess.Popen[bytes] | None = None


_lock = threading.RLock()
_hold: _Hold | None = None


def ensure() -> Servers:
    """The addresses of the running servers.

    The first call of a process finds or starts them and holds on until exit. Later calls are cheap: they
    look whether the keeper still lives, and start another where it was killed. EmbeddedError when
    ENV=production or when the servers cannot run here.
    """
    global _hold
    if os.environ.get("ENV") == "production":
        raise EmbeddedError("embedded servers are refused when ENV=production; set DATABASE_URL and REDIS_URL")
    with _lock:
        places = Places.here()
        if _hold is not None and (_hold.places != places or not _is_open(_hold.connection)):
            _let_go()
        if _hold is None:
            _hold = _join(places) or _start(places)
        return _hold.servers


def release() -> None:
    """Lets go; whoever is last waits until keeper and servers have ended. Runs by itself at exit."""
    with _lock:
        _let_go()


def processes() -> Processes:
    """Process ids of the keeper and the servers, for tests that kill them; EmbeddedError when none runs."""
    try:
        return Processes(**json.loads(Places.here().state.read_text()))
    except (OSError, TypeError, ValueError):
        raise EmbeddedError("no keeper runs here") from None


def _is_open(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _join(places: Places) -> _Hold | None:
    """Holds on to a keeper that already runs; None where there is none, or it is just ending."""
    runtime = places.recorded_runtime()
    if runtime is None:
        return None
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(runtime / "keeper.sock"))
        answer = _answer(connection)
    except PermissionError:
        connection.close()
        raise EmbeddedError(f"the servers of {places.root} run as another user; stop them or use that user") from None
    except OSError:
        answer = None
    if answer is None:
        connection.close()
        return None
    return _Hold(connection, _servers(answer), places)


def _start(places: Places) -> _Hold:
    """Starts a keeper, unless another client did so while we waited for the starter's lock."""
    try:
        places.logs.mkdir(parents=True, exist_ok=True)
        with _starting(places):
            return _join(places) or _spawn(places)
    except PermissionError as error:
        raise EmbeddedError(f"{error}: {places.root} belongs to another user") from None


@contextlib.contextmanager
def _starting(places: Places) -> Iterator[None]:
    with places.starter_lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _spawn(places: Places) -> _Hold:
    ours, theirs = socket.socketpair()
    _cut(places.log("keeper"), places.log("postgres"), places.log("valkey"))
    with theirs, places.log("keeper").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "treasury.embedded.keeper", str(places.root), str(theirs.fileno())],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    answer = _answer(ours)
    if answer is None or "error" in answer:
        ours.close()
        keeper.wait(_END_SECONDS)
        reason = answer["error"] if answer else f"the keeper ended; its log:\n{log_tail(places.log('keeper'))}"
        raise EmbeddedError(reason)
    return _Hold(ours, _servers(answer), places, keeper)


def _answer(connection: socket.socket) -> dict[str, Any] | None:
    """The keeper's one line; None when it closed without a word."""
    connection.settimeout(_ANSWER_SECONDS)
    received = b""
    while not received.endswith(b"\n"):
        chunk = connection.recv(4096)
        if not chunk:
            return None
        received += chunk
    connection.settimeout(None)
    answer: dict[str, Any] = json.loads(received)
    return answer


def _servers(answer: dict[str, Any]) -> Servers:
    return Servers(database_url=answer["database_url"], redis_url=answer["redis_url"])


def _cut(*logs: Path, limit_bytes: int = 5_000_000) -> None:
    """Keeps one earlier log beside a fresh one when it has grown long."""
    for log in logs:
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > limit_bytes:
                log.replace(log.with_suffix(".log.1"))


def _let_go() -> None:
    global _hold
    hold, _hold = _hold, None
    if hold is None:
        return
    with hold.connection as connection, contextlib.suppress(OSError, subprocess.TimeoutExpired):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(_END_SECONDS)
        was_last = connection.recv(4096) == b""
        if was_last and hold.keeper is not None:
            hold.keeper.wait(_END_SECONDS)


def _after_fork_in_child() -> None:
    """A forked child holds on by itself: its parent's exit shall not take the servers away."""
    global _hold, _lock
    _lock = threading.RLock()
    inherited, _hold = _hold, None
    if inherited is not None:
        inherited.connection.close()
        with contextlib.suppress(OSError, EmbeddedError):
            _hold = _join(inherited.places)


atexit.register(release)
os.register_at_fork(after_in_child=_after_fork_in_child)
