"""The embedded PostgreSQL: initialised once, started as a direct child, brought back after a crash."""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from treasury.embedded import kernel
from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError, log_tail
from treasury.embedded.places import POSTGRES_PORT, Places
from treasury.embedded.programs import Programs

NAME = "epay"
MAJOR_VERSION = "18"
# The server's working directory, reached without walking down to it: that works for an unprivileged user even
# where the checkout lies under a directory (such as /root) which that user may not enter.
_WORKING_DIRECTORY = "/proc/self/cwd"
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "Asia/Taipei", "PATH": "/usr/bin:/bin"}
_START_SECONDS = 120  # after a crash the write-ahead log is replayed first
_SETTINGS = {
    "listen_addresses": "",
    "port": str(POSTGRES_PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": NAME,
    "max_connections": "200",
    "shared_buffers": "128MB",
    "dynamic_shared_memory_type": "mmap",  # a container's /dev/shm may be tiny
    "fsync": "on",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "timezone": "Asia/Taipei",
    "log_timezone": "Asia/Taipei",
    "log_line_prefix": "%m [%p] %d ",
    "log_checkpoints": "off",
}


class Postgres:
    """One PostgreSQL server over `places.postgres`."""

    def __init__(self, places: Places, account: Account, programs: Programs, runtime: Path) -> None:
        self.places = places
        self.account = account
        self.programs = programs
        self.runtime = runtime
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address as a libpq URL; the host is the directory of the socket."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.runtime), safe='/')}"

    def start(self) -> None:
        """Initialises the data where there are none, clears what a crash left, starts, waits till ready."""
        if not (self.places.postgres / "PG_VERSION").exists():
            self._initialise()
        self._check_data()
        self._clear_leftovers()
        command = [str(self.programs.postgres), "-D", _WORKING_DIRECTORY]
        for name, value in {**_SETTINGS, "unix_socket_directories": str(self.runtime)}.items():
            command += ["-c", f"{name}={value}"]
        with self.places.log("postgres").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.places.postgres,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=kernel.die_with_parent(signal.SIGINT),
                **self.account.popen_options(),
            )
        self._wait_ready()

    def stop(self, patience_seconds: float = 60) -> None:
        """Fast shutdown: clients are cut off, a checkpoint is written; harder means when it does not end."""
        if self.process is None:
            return
        for number, seconds in (
            (signal.SIGINT, patience_seconds),
            (signal.SIGQUIT, 10),
            (signal.SIGKILL, 10),
        ):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self.process = None
        self._clear_leftovers()

    def _initialise(self) -> None:
        """initdb beside the final place and a rename, so that an interrupted one leaves nothing half made."""
        fresh = self.places.root / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.account.give(fresh)
        options = ("--auth=trust", "--data-checksums", "--encoding=UTF8", "--no-locale", "--no-instructions")
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        initdb = [
            str(self.programs.initdb),
            "-D",
            _WORKING_DIRECTORY,
            f"--username={NAME}",
            *options,
            *locale,
        ]
        self._run_once(fresh, initdb)
        single = [str(self.programs.postgres), "--single", "-D", _WORKING_DIRECTORY, "template1"]
        self._run_once(fresh, single, f"CREATE DATABASE {NAME}\n")
        fresh.rename(self.places.postgres)

    def _run_once(self, directory: Path, command: list[str], text: str = "") -> None:
        done = subprocess.run(
            command,
            cwd=directory,
            env=_ENVIRONMENT,
            input=text.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_START_SECONDS,
            check=False,
            **self.account.popen_options(),
        )
        with self.places.log("postgres").open("ab") as log:
            log.write(done.stdout)
        if done.returncode:
            raise EmbeddedError(f"{Path(command[0]).name} failed:\n{done.stdout.decode(errors='replace')}")

    def _check_data(self) -> None:
        """EmbeddedError when the data are another version's or another user's: nothing is changed then."""
        version = (self.places.postgres / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise EmbeddedError(
                f"{self.places.postgres} was made by PostgreSQL {version}, the installed one is "
                f"{MAJOR_VERSION}. Dump and load it, or move the directory away."
            )
        owner = self.places.postgres.stat().st_uid
        if owner != self.account.uid:
            raise self.account.refusal(
                f"{self.places.postgres} belongs to user id {owner}. Run as that user, or move it away."
            )

    def _clear_leftovers(self) -> None:
        """Ends server processes of an earlier life and removes its pid file and its socket's lock.

        We hold the keeper's lock, so whatever still works in the data directory is an orphan, and a pid in
        those files is at best a zombie or somebody else's; left there, PostgreSQL would refuse to start.
        """
        kernel.end_all_in(self.places.postgres, program="postgres", patience_seconds=2)
        (self.places.postgres / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{POSTGRES_PORT}", f".s.PGSQL.{POSTGRES_PORT}.lock"):
            (self.runtime / name).unlink(missing_ok=True)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        process = self.process
        while process is not None and process.poll() is None and time.monotonic() < deadline:
            if self._says_ready(process.pid):
                return
            time.sleep(0.01)
        raise EmbeddedError(f"PostgreSQL did not start; its log ends:\n{log_tail(self.places.log('postgres'))}")

    def _says_ready(self, pid: int) -> bool:
        """PostgreSQL writes its state on the eighth line of its pid file."""
        try:
            lines = (self.places.postgres / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
