"""The connections of the card agent's listener: how many there may be, and how long one may take for what it does.

A deadline is a moment, not a pause between bytes, so that nobody keeps a thread by sending a byte now and then.
"""

import socket
import threading
import time
from typing import Final

CONNECTIONS_MAX: Final = 64


class Connections:
    """What is open, each with the moment at which it is cut; safe to use from several threads."""

    def __init__(self) -> None:
        self._until: dict[socket.socket, float] = {}
        self._guard = threading.Lock()

    def admit(self, one: socket.socket, seconds: float) -> bool:
        """Takes a new connection, to be cut after a while; False when there are enough."""
        with self._guard:
            if len(self._until) >= CONNECTIONS_MAX:
                return False
            self._until[one] = time.monotonic() + seconds
            return True

    def allow(self, one: socket.socket, seconds: float) -> None:
        """Gives an open connection so long from now."""
        with self._guard:
            if one in self._until:
                self._until[one] = time.monotonic() + seconds

    def leave(self, one: socket.socket) -> None:
        """A connection is closed."""
        with self._guard:
            self._until.pop(one, None)

    def cut_late(self) -> None:
        """Cuts every connection whose time is over; whoever reads or writes it finds it at its end."""
        now = time.monotonic()
        with self._guard:
            late = [one for one, until in self._until.items() if until < now]
            for one in late:
                del self._until[one]
                _cut(one)


def _cut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it went by itself
