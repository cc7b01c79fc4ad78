"""What was handed to windows before, so that it is never taken again: also after a restart, and by no other agent.

A file of digests of one length, the newest last. Agents that share a folder of cards share it.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

_MARK_BYTES: Final = 32


class Handed:
    """The newest digests of nonces and contents, in memory and, where there is a file, on disk.

    Whoever calls it sees to it that no two threads do so at once.
    """

    def __init__(self, path: Path | None = None, *, remembered_max: int = 20_000) -> None:
        self._path = path
        self._max = remembered_max
        self._seen: dict[bytes, None] = {}
        self._read_bytes = 0

    def take(self, marks: list[bytes], *, only_look: bool = False) -> bool:
        """Whether none of the digests (32 bytes each) was here before; they are now, unless one only looks."""
        if self._path is None:
            return self._take(marks, only_look)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            end_bytes = self._catch_up(handle)
            is_new = self._take(marks, only_look)
            if is_new and not only_look:
                os.pwrite(handle, b"".join(marks), end_bytes)
                os.fdatasync(handle)
                self._read_bytes = end_bytes + len(marks) * _MARK_BYTES
            return is_new
        finally:
            os.close(handle)

    def _take(self, marks: list[bytes], only_look: bool) -> bool:
        if any(mark in self._seen for mark in marks):
            return False
        if not only_look:
            self._remember(marks)
        return True

    def _catch_up(self, handle: int) -> int:
        """Reads what others added, cuts what is too old; where the next digest goes (a torn one is written over)."""
        end_bytes = os.fstat(handle).st_size // _MARK_BYTES * _MARK_BYTES
        if end_bytes < self._read_bytes:
            self._read_bytes = 0  # somebody has cut it
        added = os.pread(handle, end_bytes - self._read_bytes, self._read_bytes)
        self._remember([added[at : at + _MARK_BYTES] for at in range(0, len(added), _MARK_BYTES)])
        if end_bytes > 2 * self._max * _MARK_BYTES:
            kept = b"".join(self._seen)
            os.ftruncate(handle, 0)
            os.pwrite(handle, kept, 0)
            end_bytes = len(kept)
        self._read_bytes = end_bytes
        return end_bytes

    def _remember(self, marks: list[bytes]) -> None:
        self._seen |= dict.fromkeys(marks)
        while len(self._seen) > self._max:
            del self._seen[next(iter(self._seen))]
