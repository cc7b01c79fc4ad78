"""The whole product as `make serve` runs it, for journeys: web, worker, scheduler, card agent and bank, own books."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.journeys.books import Books
from tests.journeys.days import own_books
from tests.journeys.running import children, command_of

READY_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Served:
    """A treasury at work. `url` is the site, `password` everybody's; `cards` holds number and PIN by user name; `clock`
    is the time that all its processes share."""

    url: str
    agent: str
    password: str
    clock: str
    timestamps: str
    cards: dict[str, dict[str, str]]
    books: Books
    process: "subprocess.Popen[str]"

    def bring(
        self, state: str, count: int = 1, *, agency_code: str, content: dict[str, Any] | None = None
    ) -> list[int]:
        """Has new vouchers of an agency brought to `draft`, `in_review` or `awaiting_accountant` by the services, as
        its people would; `content` changes the voucher. Returns their ids."""
        asked = {"state": state, "count": count, "agency_code": agency_code, "content": content or {}}
        done = subprocess.run(
            [sys.executable, "-m", "tests.browser.bring", self.books.name],
            input=json.dumps(asked),
            env=self.books.environment | {"CLOCK": self.clock},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[int] = json.loads(done.stdout)
        return found

    def day_closed(self) -> tuple[Path, str, datetime]:
        """Has the day's books closed and the log's head made; returns the folder of the anchors, the log's public key
        and the moment."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.browser.close", self.books.name],
            env=self.books.environment | {"CLOCK": self.clock, "TIMESTAMP_URL": self.timestamps},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return self.books.home / "pki" / "anchors", told["log_key"], datetime.fromisoformat(told["at"])

    @contextmanager
    def workers_stopped(self) -> Iterator[None]:
        """Holds the worker and the scheduler still, so that what is due stays due."""
        held = [pid for pid in _descendants(self.process.pid) if "celery" in command_of(pid)]
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in held:
                os.kill(pid, signal.SIGCONT)


def _descendants(pid: int) -> list[int]:
    found = children(pid)
    return [*found, *(below for child in found for below in _descendants(child))]


@contextmanager
def serving(name: str, folder: Path, *options: str) -> Iterator[Served]:
    """Starts `manage.py serve` on free ports and books of its own; stops it as Ctrl-C does."""
    with own_books(name) as books:
        ready = folder / "served.json"
        process = books.start("serve", "--port", "0", "--agent-port", "0", "--ready-file", ready, *options)
        try:
            told = _told(process, ready)
            names = ("url", "agent", "password", "clock", "timestamps", "cards")
            yield Served(*(told[name] for name in names), books, process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _told(process: "subprocess.Popen[str]", ready: Path) -> dict[str, Any]:
    """What the command writes once everything answers."""
    until = time.monotonic() + READY_SECONDS
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise AssertionError("\n".join(process.communicate()))
        time.sleep(0.1)
    told: dict[str, Any] = json.loads(ready.read_text("utf-8"))
    return told
