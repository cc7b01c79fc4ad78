"""The system user the servers run as: PostgreSQL refuses root."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treasury.embedded.failures import EmbeddedError


@dataclass(frozen=True)
class Account:
    """A system user; `switches` when we are root and the servers are to run as another.

    `owns_checkout` when that other is the owner of the checkout.
    """

    name: str
    uid: int
    gid: int
    switches: bool
    owns_checkout: bool = False

    @classmethod
    def for_checkout(cls, checkout: Path) -> "Account":
        """Ourselves; for root the owner of the checkout, or `nobody` where root owns it.

        EmbeddedError for a user id without a passwd entry: initdb cannot run under one.
        """
        if os.geteuid() == 0:
            return _for_root(checkout.stat().st_uid)
        try:
            entry = pwd.getpwuid(os.geteuid())
        except KeyError:
            raise EmbeddedError(
                f"user id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL cannot be initialised "
                "without one. Run as a named user, or set DATABASE_URL and REDIS_URL."
            ) from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, switches=False)

    def popen_options(self) -> Mapping[str, Any]:
        """Keyword arguments for subprocess that make a child run as this user, with its group alone."""
        if not self.switches:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hands a file or directory to this user when we are root."""
        if self.switches:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, directory: Path) -> bool:
        """Whether this user can go into the directory (every parent included)."""
        return self._succeeds(["/bin/sh", "-c", 'cd "$0"', str(directory)])

    def can_run(self, program: Path) -> bool:
        """Whether this user can execute the program where it lies."""
        return self._succeeds([str(program), "--version"])

    def refusal(self, reason: str) -> EmbeddedError:
        """An error that names this user."""
        return EmbeddedError(f"the embedded servers would run as user {self.name!r}, but {reason}")

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, timeout=30, check=False, **self.popen_options()
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0


def _for_root(owner_uid: int) -> Account:
    """The owner of the checkout, so that its data stay usable without root; else `nobody`."""
    for uid in (owner_uid, None):
        if uid == 0:
            continue
        try:
            entry = pwd.getpwnam("nobody") if uid is None else pwd.getpwuid(uid)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switches=True, owns_checkout=uid is not None)
    raise EmbeddedError("PostgreSQL does not run as root, and there is no user `nobody`. Run as an ordinary user.")
