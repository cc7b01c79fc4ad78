"""Asking a timestamp authority over HTTP: one kept connection for each thread, a limit of size and one of time."""

import contextlib
import http.client
import socket
import threading
import time
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from signing.cms import SIZE_MAX_BYTES
from signing.timestamps.protocol import QUERY_TYPE, REPLY_TYPE, timestamp_unavailable

# A token and the status around it.
_REPLY_MAX_BYTES: Final = SIZE_MAX_BYTES + 1024


class TimestampClient:
    """Speaks to one authority; usable from several threads, each with a connection of its own.

    After an authority kept somebody waiting to the end, it is not asked again for as long: whoever signs fifty
    vouchers waits once.
    """

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._address, self._path = parts.netloc, parts.path or "/"
        self._timeout_seconds = timeout_seconds
        self._own = threading.local()
        self._silent_until = 0.0

    def ask(self, query: bytes) -> bytes:
        """The authority's reply (DER) to a query (DER); Problem `timestamp_unavailable` (503) without one in time."""
        begun = time.monotonic()
        if begun < self._silent_until:
            raise timestamp_unavailable("it did not answer a moment ago")
        deadline = begun + self._timeout_seconds
        try:
            return self._ask(query, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            if time.monotonic() >= deadline:
                self._silent_until = time.monotonic() + self._timeout_seconds
            raise timestamp_unavailable(str(error) or type(error).__name__) from None

    def close(self) -> None:
        """Gives up this thread's connection."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None

    def _ask(self, query: bytes, deadline: float) -> bytes:
        """One request; only a kept connection that the authority has closed meanwhile is opened anew, once."""
        is_kept = getattr(self._own, "connection", None) is not None
        try:
            return self._ask_once(query, deadline)
        except ConnectionError:
            self.close()
            if not is_kept or time.monotonic() >= deadline:
                raise
            return self._ask_once(query, deadline)

    def _ask_once(self, query: bytes, deadline: float) -> bytes:
        connection = self._connection()
        # A socket's own timeout starts anew with every byte; this one ends the whole of it.
        watch = threading.Timer(deadline - time.monotonic(), _end, (connection.sock,))
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", self._path, query, {"Content-Type": QUERY_TYPE})
            answer = connection.getresponse()
            reply = answer.read(_REPLY_MAX_BYTES + 1)
        finally:
            watch.cancel()
        if connection.sock is None:
            # The authority ends it with the answer; opened anew by itself, it would have no watch over it.
            self.close()
        kind = answer.headers.get_content_type()
        if answer.status != http.HTTPStatus.OK or kind != REPLY_TYPE or len(reply) > _REPLY_MAX_BYTES:
            raise ValueError(f"HTTP {answer.status}, {kind}, {len(reply)} bytes")
        return reply

    def _connection(self) -> http.client.HTTPConnection:
        """This thread's connection, opened if need be."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._kind(self._address, timeout=self._timeout_seconds)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._own.connection = connection
        return connection


def _end(connected: socket.socket) -> None:
    """Ends what is read from a socket, as the other side's silence would."""
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


@lru_cache(maxsize=4)
def client_of(url: str, timeout_seconds: float) -> TimestampClient:
    """The client of an authority's address, one for the process."""
    return TimestampClient(url, timeout_seconds=timeout_seconds)
