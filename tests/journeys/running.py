"""A day while it is being played: how far it is, and the processes it consists of, to be killed."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from tests.journeys.books import Books, Ended

# The stages a day tells, in order, by a word of their line; each is said when it begins.
STAGES = (
    "loading tables",
    "starting bank",
    "taking in voucher files",
    "reviewing",
    "issuing",
    "signing and releasing",
    "reception",
    "examination",
    "paying",
    "reconciliation",
    "transparency log",
    "printing",
    "checking the books",
)
_COMMANDS = {
    "worker": "celery",
    "bank": "disbursement.simulation.bank",
    "cards": "signing.simulation.card_service",
    "timestamps": "signing.simulation.timestamp_authority",
}


class RunningDay:
    """`run_day` in the background; its lines are read as they come."""

    def __init__(self, books: Books, *arguments: str | Path) -> None:
        self.books = books
        self.process: subprocess.Popen[str] = books.start("run_day", *arguments)
        self._said: list[str] = []
        self._errors: list[str] = []
        self._news = threading.Condition()
        self._open = 2
        self._readers = [
            threading.Thread(target=self._read, args=pipe, daemon=True)
            for pipe in ((self.process.stdout, self._said), (self.process.stderr, self._errors))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe: object, into: list[str]) -> None:
        for line in pipe:  # type: ignore[attr-defined]
            with self._news:
                into.append(line)
                self._news.notify_all()
        with self._news:
            self._open -= 1
            self._news.notify_all()

    def reaches(self, stage: str, timeout_seconds: float = 180) -> bool:
        """Waits until a stage begins; False when the day ended before."""
        with self._news:
            self._news.wait_for(lambda: self._has_said(stage) or self._open == 0, timeout_seconds)
            return self._has_said(stage)

    def _has_said(self, stage: str) -> bool:
        return any(stage in line for line in self._said)

    def pid(self, name: str) -> int | None:
        """The process of a part: `run_day` itself, `postgres`, `valkey`, or one of `_COMMANDS`; None where dead."""
        if name == "run_day":
            return self.process.pid
        if name in ("postgres", "valkey", "keeper"):
            return int(json.loads((self.books.root / "keeper.json").read_text())[name])
        return next((pid for pid in children(self.process.pid) if _COMMANDS[name] in command_of(pid)), None)

    def kill(self, name: str) -> bool:
        """`kill -9` for one part; False when it was not there."""
        pid = self.pid(name)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None

    def ended(self, timeout_seconds: float = 300) -> Ended:
        """Waits until it has ended; killed when that takes too long."""
        try:
            self.process.wait(timeout_seconds)
        finally:
            self.process.kill()
            self.process.wait()
            for reader in self._readers:
                reader.join(10)
        return Ended(self.process.returncode, "".join(self._said), "".join(self._errors))


def children(pid: int) -> list[int]:
    """The processes a process started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def command_of(pid: int) -> str:
    """The command line of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def left_over(books: Books, seconds: float = 20) -> list[str]:
    """Command lines of what still works on some books when everybody has had time to end."""
    deadline = time.monotonic() + seconds
    while found := [command for pid in _all_pids() if _works_on(books, pid) and (command := command_of(pid))]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return found


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _works_on(books: Books, pid: int) -> bool:
    command = command_of(pid)
    return f"run_{books.name}" in command or f"--books {books.name} " in f"{command} "
