"""What the kernel knows about processes: whose they are, who outlived its parent, who is to be reaped."""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# Loaded here, not in the child: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel signal the child when the thread that started it ends."""
    parent = os.getpid()

    def ask_kernel() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel


def adopt_orphans() -> None:
    """Makes this process the parent of its descendants' orphans, so that it can reap them."""
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_strangers(own: set[int]) -> None:
    """Reaps every ended child except those in `own`, whose exit somebody else is waiting for."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in own:
            return
        os.waitpid(ended.si_pid, 0)


def working_in(directory: Path) -> list[int]:
    """Ids of the living processes whose working directory is `directory` (zombies have none)."""
    try:
        wanted = directory.stat()
    except FileNotFoundError:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            there = (entry / "cwd").stat()
            if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.append(int(entry.name))
    return found


def end_all_in(directory: Path, *, program: str, patience_seconds: float) -> list[int]:
    """Ends the processes of `program` that still work in `directory`: first asked by SIGQUIT, then killed.

    Only processes whose executable bears that name: a person's shell in the directory is left alone.
    """
    ended: list[int] = []
    deadline = time.monotonic() + patience_seconds
    while True:
        living = [pid for pid in working_in(directory) if _program_of(pid) == program]
        if not living:
            return ended
        hard = time.monotonic() > deadline
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if hard else signal.SIGQUIT)
            if pid not in ended:
                ended.append(pid)
        reap_strangers(set())
        time.sleep(0.02)


def _program_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
    except OSError:
        return ""
