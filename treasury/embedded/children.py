"""Processes of ours that must not outlive us: worker, scheduler, agent bank, card agent."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from treasury.embedded import kernel
from treasury.embedded.failures import log_tail
from treasury.embedded.places import CHECKOUT, Places


class ChildFailed(RuntimeError):
    """A child process ended too early or did not become ready; the message carries the end of its log."""


class Child:
    """One child process with its log; the kernel kills it when the thread that started it ends.

    `env` is added to this process's own. `ready_file`, where given, is removed before the start and written
    by the child when it serves; its text (an address, say) is what `wait_ready` returns. `log` defaults to
    `var/log/NAME.log`. Start children from a thread that lives as long as they shall: the main one.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        ready_file: Path | None = None,
        log: Path | None = None,
        cwd: Path = CHECKOUT,
    ) -> None:
        self.name = name
        self.argv = list(argv)
        self.env = dict(env or {})
        self.ready_file = ready_file
        self.log = log or Places.here().log(name)
        self.cwd = cwd
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; ChildFailed when it was never started."""
        if self.process is None:
            raise ChildFailed(f"{self.name} was not started")
        return self.process.pid

    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._is_ours() and not self._has_ended()

    def _is_ours(self) -> bool:
        """Whether its process id is still the one we were given: until it is reaped nobody else can get it."""
        return self.process is not None and self.process.returncode is None

    def _has_ended(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def start(self) -> "Child":
        """Starts it in a process group of its own; call again after it ended."""
        if self.is_running():
            raise ChildFailed(f"{self.name} runs already")
        self.kill()
        if self.ready_file is not None:
            self.ready_file.unlink(missing_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=kernel.die_with_parent(signal.SIGKILL),
            )
        return self

    def wait_ready(self, timeout_seconds: float = 30) -> str:
        """The text of the ready file once the child wrote it; ChildFailed when it ends or takes too long."""
        if self.ready_file is None:
            raise ChildFailed(f"{self.name} has no ready file to wait for")
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                text = self.ready_file.read_text().strip()
                if text:
                    return text
            if not self.is_running():
                raise ChildFailed(f"{self.name} ended before it was ready; its log:\n{log_tail(self.log)}")
            time.sleep(0.01)
        raise ChildFailed(f"{self.name} was not ready after {timeout_seconds} s; its log:\n{log_tail(self.log)}")

    def stop(self, patience_seconds: float = 20) -> None:
        """Asks it to end (SIGTERM), then kills what is left of its group, and reaps it."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)
            deadline = time.monotonic() + patience_seconds
            while not self._has_ended() and time.monotonic() < deadline:
                time.sleep(0.01)
        self.kill()

    def kill(self) -> None:
        """`kill -9` for it and its process group, then reaps it; nothing once that is done."""
        if self.process is not None and self._is_ours():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def __enter__(self) -> "Child":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
