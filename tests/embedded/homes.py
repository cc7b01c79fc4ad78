"""Embedded servers of their own for one test, and processes that use them."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]

# Prints what it holds as one JSON line, then runs each line it is given until its standard input is closed.
_CLIENT = """
import dataclasses, json, os, sys
from treasury import embedded
servers = embedded.ensure()
def show():
    print(json.dumps({"servers": dataclasses.asdict(embedded.ensure()),
                      "pids": dataclasses.asdict(embedded.processes())}), flush=True)
show()
for line in sys.stdin:
    exec(line)
"""


class Client:
    """A process that calls `ensure()` and holds on until `leave()` or `kill()`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CLIENT],
            cwd=CHECKOUT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._facts: dict[str, Any] = {}
        self._heard = b""

    @property
    def facts(self) -> dict[str, Any]:
        """What it printed when its servers were ready: addresses and process ids."""
        if not self._facts:
            self._facts = json.loads(self.hear())
        return self._facts

    @property
    def database_url(self) -> str:
        return str(self.facts["servers"]["database_url"])

    @property
    def redis_url(self) -> str:
        return str(self.facts["servers"]["redis_url"])

    @property
    def pids(self) -> dict[str, int]:
        return dict(self.facts["pids"])

    def say(self, line: str) -> None:
        """Has the client run one line of Python."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """The next line it prints, within a minute."""
        assert self.process.stdout is not None
        while b"\n" not in self._heard:
            ready, _, _ = select.select([self.process.stdout], [], [], 60)
            assert ready, "the client said nothing for a minute"
            chunk = os.read(self.process.stdout.fileno(), 65536)
            assert chunk, "the client ended"
            self._heard += chunk
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()

    def leave(self) -> None:
        """Has it end normally and waits until it has."""
        assert self.facts
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.communicate(timeout=60)


class Home:
    """A directory of servers of its own, and the clients that a test started on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clients: list[Client] = []

    def client(self, **environment: str) -> Client:
        """A new client process; its facts are read when they are first asked for."""
        client = Client({"EMBEDDED_DIR": str(self.root), **environment})
        self.clients.append(client)
        return client

    def refused(self, **environment: str) -> str:
        """The error a client meets that cannot get its servers."""
        done = subprocess.run(
            [sys.executable, "-c", "from treasury import embedded; embedded.ensure()"],
            cwd=CHECKOUT,
            env={**os.environ, "EMBEDDED_DIR": str(self.root), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, done.stdout
        return done.stderr

    def pids(self) -> dict[str, int]:
        """The keeper's and the servers' process ids as they are now; empty when no keeper runs."""
        with contextlib.suppress(FileNotFoundError):
            return dict(json.loads((self.root / "keeper.json").read_text()))
        return {}

    def close(self) -> None:
        """Kills the clients that are left, waits for their servers' end, clears what a killed keeper left."""
        for client in self.clients:
            if client.process.poll() is None:
                client.kill()
        for client in self.clients:
            pids = client._facts.get("pids", {}).values()
            # A shutdown writes a checkpoint, and that waits for a disk that other tests keep busy.
            assert eventually(lambda pids=pids: not any(map(is_alive, pids)), 120)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree((self.root / "runtime").read_text().strip(), ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether the condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
