"""The embedded Valkey, the broker that wakes workers: what it holds may be lost."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from treasury.embedded import kernel
from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError, log_tail
from treasury.embedded.places import Places
from treasury.embedded.programs import Programs

_START_SECONDS = 30


class Valkey:
    """One Valkey server over `places.valkey`, with an append-only file."""

    def __init__(self, places: Places, account: Account, programs: Programs, runtime: Path) -> None:
        self.places = places
        self.account = account
        self.programs = programs
        self.socket = runtime / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for redis clients."""
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Starts it and waits until it answers; an append-only file it cannot read is moved away first."""
        try:
            self._start_once()
        except EmbeddedError:
            append_only = self.places.valkey / "appendonlydir"
            if not append_only.exists():
                raise
            broken = self.places.valkey / "appendonlydir.broken"
            shutil.rmtree(broken, ignore_errors=True)
            append_only.rename(broken)
            self._start_once()

    def stop(self, patience_seconds: float = 20) -> None:
        """Asks it to end, and kills it when it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _start_once(self) -> None:
        kernel.end_all_in(self.places.valkey, program=self.programs.valkey.name, patience_seconds=2)
        self.socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": ".",
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        command = [str(self.programs.valkey)]
        for name, value in settings.items():
            command += [f"--{name}", value]
        with self.places.log("valkey").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.places.valkey,
                env={"LC_ALL": "C", "TZ": "Asia/Taipei", "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=kernel.die_with_parent(signal.SIGTERM),
                **self.account.popen_options(),
            )
        self._wait_ready(self.process)

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.01)
        self.stop()
        raise EmbeddedError(f"Valkey did not start; its log ends:\n{log_tail(self.places.log('valkey'))}")

    def _answers(self) -> bool:
        """While it still loads its file it answers PING with an error, so only PONG counts."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(5)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
