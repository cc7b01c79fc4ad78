"""How often a PIN may still be guessed: a counter file beside each card, ours whatever keeps the key.

A try is spent before a code is compared and given back after it was right. What the file says survives `kill -9` at
any point, and is held against other processes while a code is compared. A file that is gone or says nothing locks the
card: losing the counter gives nobody more tries.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

from signing.simulation.authorities import write_atomic

TRIES: Final = 3
USER_CODE_TRIES: Final = 10


class WrongPin(Exception):
    """The PIN or user code was wrong; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left


class CardLocked(Exception):
    """No tries remain: the user code is needed, or, without tries of that, a new card."""


def tries_write(path: Path) -> None:
    """The counter of a new card, all tries left."""
    write_atomic(path, _line(TRIES, USER_CODE_TRIES), mode=0o600)


class Tries:
    """The counter of one card, from the moment it is read until the answer stands in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "Tries":
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise CardLocked from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            left, user_code_left = os.pread(self._handle, 16, 0).split()
            self.left, self.user_code_left = int(left), int(user_code_left)
        except ValueError:
            os.close(self._handle)
            raise CardLocked from None
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def spend(self, *, durable: bool) -> None:
        """Takes one try before the PIN is looked at; CardLocked when there is none."""
        if self.left <= 0:
            raise CardLocked
        self.left -= 1
        self._write(durable=durable)

    def spend_user_code(self) -> None:
        """Takes one try of the user code; CardLocked when there is none."""
        if self.user_code_left <= 0:
            raise CardLocked
        self.user_code_left -= 1
        self._write(durable=True)

    def give_back(self, *, durable: bool) -> None:
        """All tries again after a right PIN."""
        self.left = TRIES
        self._write(durable=durable)

    def give_back_all(self) -> None:
        """All tries of both again after a right user code."""
        self.left, self.user_code_left = TRIES, USER_CODE_TRIES
        self._write(durable=True)

    def flush(self) -> None:
        """Brings what was written to the disk."""
        os.fdatasync(self._handle)

    def _write(self, *, durable: bool) -> None:
        os.pwrite(self._handle, _line(self.left, self.user_code_left), 0)
        if durable:
            self.flush()


def _line(left: int, user_code_left: int) -> bytes:
    return f"{left:2} {user_code_left:2}\n".encode()
