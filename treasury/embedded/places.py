"""Where the embedded servers keep their files."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from treasury.embedded.account import Account

CHECKOUT = Path(__file__).resolve().parents[2]
POSTGRES_PORT = 5432
# sun_path holds 108 bytes with its closing NUL; the longest name we put behind the directory is PostgreSQL's.
LONGEST_DIRECTORY = 107 - len(f"/.s.PGSQL.{POSTGRES_PORT}")


@dataclass(frozen=True)
class Places:
    """The directories and files of one pair of servers; `root` is `var/` of the checkout or $EMBEDDED_DIR."""

    root: Path

    @classmethod
    def here(cls) -> "Places":
        """The places of this process: $EMBEDDED_DIR, or `var/` of the checkout."""
        chosen = os.environ.get("EMBEDDED_DIR", "")
        return cls(Path(chosen).resolve() if chosen else CHECKOUT / "var")

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's data."""
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        """What the servers and the processes of a day say."""
        return self.root / "log"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for its whole life: who has it owns the data directories."""
        return self.root / "keeper.lock"

    @property
    def starter_lock(self) -> Path:
        """Held while a client starts a keeper, so that only one of several tries."""
        return self.root / "starter.lock"

    @property
    def state(self) -> Path:
        """JSON written by the keeper: the process ids of keeper and servers."""
        return self.root / "keeper.json"

    @property
    def runtime_record(self) -> Path:
        """Says where the sockets are; their directory has to lie elsewhere, as a socket's path is short."""
        return self.root / "runtime"

    def log(self, name: str) -> Path:
        """The log file of keeper, postgres or valkey."""
        return self.logs / f"{name}.log"

    def recorded_runtime(self) -> Path | None:
        """The short directory of the sockets, if a keeper has already chosen one."""
        try:
            text = self.runtime_record.read_text().strip()
        except FileNotFoundError:
            return None
        return Path(text) if text else None

    def choose_runtime(self, account: Account) -> Path:
        """A short private directory for sockets and copied programs, named after `root` so that it lasts.

        Under the system's temporary directory, because a socket path over 107 bytes is fatal and `var/` may
        lie deep. The choice is recorded: after a crash the addresses stay what clients already know.
        """
        known = self.recorded_runtime()
        if known is not None and _is_private(known, account):
            return known
        name = "epay-" + hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
            made = Path(parent) / name
            if len(os.fsencode(made)) > LONGEST_DIRECTORY - len("-12345678") or not account.can_enter(Path(parent)):
                continue
            try:
                made.mkdir(mode=0o700)
            except FileExistsError:
                if not _is_private(made, account):  # somebody else took the name
                    made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
            account.give(made)
            write_atomically(self.runtime_record, f"{made}\n")
            return made
        raise account.refusal("no temporary directory is short enough and open to it; set TMPDIR=/tmp")

    def make(self, account: Account) -> None:
        """Makes the directories that are missing."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        self.valkey.mkdir(exist_ok=True, mode=0o700)
        account.give(self.valkey)
        if account.owns_checkout:  # root works in somebody's checkout: it shall stay usable without root
            logs = [self.log(name) for name in ("keeper", "postgres", "valkey")]
            for path in (
                self.root,
                self.logs,
                self.keeper_lock,
                self.starter_lock,
                self.runtime_record,
                *logs,
            ):
                if path != self.root and path != self.logs:
                    path.touch()
                account.give(path)


def write_atomically(path: Path, text: str) -> None:
    """Replaces a small file as a whole, so that a reader never sees half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)


def _is_private(path: Path, account: Account) -> bool:
    """Whether the directory is still there, ours alone, and no link planted by someone else."""
    try:
        found = path.lstat()
    except OSError:
        return False
    is_directory = (found.st_mode & 0o170000) == 0o040000
    return is_directory and found.st_uid == account.uid and not found.st_mode & 0o077
